import { ImapFlow } from "imapflow";
import { describeError, FetchError, UsageError } from "../domain/errors.ts";
import { MOST_MAIL_BYTES } from "./bounce-mail.ts";
import type { StoredMail } from "./bounce-sources.ts";
import { isLoopback } from "./channels/smtp-url.ts";

/** At most so many mails are read in one go; the rest the next time. */
const MOST_MAILS = 2000;
const TIMEOUT_MS = 60_000;

/**
 * Reads the unseen mails of a mailbox one by one; a mail is marked as seen once `take` says that it is done with. Mails that are not
 * ours to handle stay unseen for people. TLS is demanded but on the loopback, and the certificate checked.
 * @throws {UsageError} for a wrong URL, {FetchError} for a server that cannot be used; neither names user, password or URL.
 */
export async function eachImapMail(url: string, take: (mail: StoredMail) => Promise<boolean>): Promise<void> {
  const { box, ...options } = optionsOf(url);
  const client = new ImapFlow({ ...options, logger: false, socketTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS });
  // The library also tells a lost connection as an event; the command at hand fails by itself.
  client.on("error", () => undefined);
  let own: unknown = null;
  try {
    await client.connect();
    await client.mailboxOpen(box);
    const unseen = (await client.search({ seen: false }, { uid: true })) || [];
    for (const uid of unseen.slice(0, MOST_MAILS)) {
      const query = { uid: true, source: { maxLength: MOST_MAIL_BYTES + 1 } };
      const mail = await client.fetchOne(String(uid), query, { uid: true });
      if (!mail || mail.source === undefined) continue;
      const done = await take({ name: `${box} ${uid}`, raw: mail.source }).catch((error: unknown) => {
        own = error;
        throw error;
      });
      if (done) await client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true });
    }
    await client.logout();
  } catch (error) {
    client.close();
    if (own !== null) throw own;
    throw new FetchError(
      `bounces: the mailbox ${box} at ${options.host}:${options.port} cannot be read: ${reasonOf(error, options.auth)}; check IMAP_URL`,
      { mayPass: true, stop: true },
    );
  }
}

function optionsOf(text: string) {
  if (!URL.canParse(text))
    throw new UsageError("the mailbox's address is not of the form imaps://USER:PASSWORD@HOST/INBOX");
  const url = new URL(text);
  const secure = url.protocol === "imaps:";
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const mistakes = [
    ...(secure || url.protocol === "imap:" ? [] : ["the mailbox's address must begin with imaps:// or imap://"]),
    ...(user === "" || pass === ""
      ? [
          "the mailbox's address names no user and password: put the whole address into IMAP_URL and leave the argument out",
        ]
      : []),
  ];
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const box = decodeURIComponent(url.pathname.slice(1)) || "INBOX";
  return {
    ...{ host, port: url.port === "" ? (secure ? 993 : 143) : Number(url.port), secure, box },
    ...(secure ? {} : { doSTARTTLS: !isLoopback(host) }),
    auth: { user, pass },
  };
}

/** A server's words without what it was told. */
function reasonOf(error: unknown, { user, pass }: { readonly user: string; readonly pass: string }): string {
  const response = error instanceof Error && "responseText" in error ? ` (${String(error.responseText)})` : "";
  const text = `${describeError(error)}${response}`.replaceAll(pass, "[hidden]").replaceAll(user, "[hidden]");
  return text.replace(/[\p{Cc}\s]+/gu, " ").slice(0, 200);
}
