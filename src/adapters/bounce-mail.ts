import { createHash } from "node:crypto";
import PostalMime, { type Email } from "postal-mime";
import type { Notice } from "../domain/bounce.ts";
import { type RecipientReport, readDeliveryReport } from "../domain/dsn.ts";
import { describeError } from "../domain/errors.ts";
import { redact } from "./log.ts";

/** A notice returns at most our own mail, whose attachments are small. Bytes. */
export const MOST_MAIL_BYTES = 10 * 1024 * 1024;
const MOST_REPLY_LETTERS = 300;
const MOST_WORDS = 20;
/** The address a notice was sent to, as the servers on its way write it down; all but To are written by our own side. */
const RECEIVED_AS = ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];
const TOKEN = /(?<![0-9a-z])[1-9]\d{0,17}-[0-9a-f]{24}(?![0-9a-z])/gi;
const MESSAGE_ID = /<[^<>\s]{3,250}@[^<>\s]{1,250}>/g;

/** Reads one mail, whatever it is. Never throws for a mail that is broken; the notice says so. */
export async function readNotice(raw: Uint8Array): Promise<Notice> {
  const unknown = (id: string, why: string): Notice => ({ id, report: null, why, tokens: [], messageIds: [] });
  const hash = `sha256:${createHash("sha256").update(raw).digest("hex")}`;
  if (raw.length > MOST_MAIL_BYTES) return unknown(hash, `${raw.length} bytes, more than a notice has`);
  let mail: Email;
  try {
    mail = await PostalMime.parse(raw, {
      ...{ forceRfc822Attachments: true, attachmentEncoding: "arraybuffer" },
      ...{ maxNestingDepth: 30, maxHeadersSize: 512 * 1024 },
    });
  } catch (error) {
    return unknown(hash, `no mail that can be read: ${redact(describeError(error))}`);
  }
  const id = MESSAGE_ID.exec(mail.messageId ?? "")?.[0] ?? hash;
  MESSAGE_ID.lastIndex = 0;
  const status = partOf(mail, ["message/delivery-status", "message/global-delivery-status"]);
  if (status === null) return unknown(id, kindOf(mail));
  const report = readDeliveryReport(status);
  if (report === null) return unknown(id, "a delivery report whose fields are not those of RFC 3464");
  const returned = headersOf(partOf(mail, ["message/rfc822", "text/rfc822-headers", "message/global"]) ?? "");
  const headers = mail.headers.filter(({ key }) => RECEIVED_AS.includes(key)).map(({ value }) => value);
  const worst = worstOf(report.recipients);
  return {
    ...{ id, why: worst === null ? "a report of a mail that arrived" : "" },
    report: worst,
    tokens: wordsIn([...headers, ...report.envelope, ...fieldsIn(returned, "return-path")], TOKEN),
    messageIds: wordsIn(fieldsIn(returned, "message-id"), MESSAGE_ID),
  };
}

/** Of several recipients (a mailbox that forwards) the one that matters most: given up for good, given up, delayed. */
function worstOf(recipients: readonly RecipientReport[]): Notice["report"] {
  const order = (one: RecipientReport) =>
    one.action === "failed" ? (one.status.startsWith("5") ? 0 : 1) : one.action === "delayed" ? 2 : 3;
  const [worst] = recipients.toSorted((one, other) => order(one) - order(other));
  if (worst === undefined || worst.action === "delivered") return null;
  const words = redact(`${worst.status} ${worst.diagnostic}`.replace(/[\p{Cc}\s]+/gu, " ").trim());
  const reply = words.length > MOST_REPLY_LETTERS ? `${words.slice(0, MOST_REPLY_LETTERS - 1)}…` : words;
  return { action: worst.action, status: worst.status, reply };
}

function partOf(mail: Email, types: readonly string[]): string | null {
  const part = mail.attachments.find(({ mimeType }) => types.includes(mimeType));
  if (part === undefined) return null;
  return typeof part.content === "string" ? part.content : new TextDecoder().decode(part.content);
}

function kindOf(mail: Email): string {
  const auto = mail.headers.find(({ key }) => key === "auto-submitted")?.value.toLowerCase() ?? "no";
  const type = mail.headers.find(({ key }) => key === "content-type")?.value.toLowerCase() ?? "";
  if (type.includes("disposition-notification")) return "a receipt of reading";
  return auto.startsWith("no") ? "no delivery report" : "an automatic answer, no delivery report";
}

/** The header block of a returned mail, unfolded. */
function headersOf(text: string): string {
  const block = text.replace(/\r\n?/g, "\n").split("\n\n", 1)[0] ?? "";
  return block.replace(/\n[ \t]+/g, " ");
}

function fieldsIn(headers: string, name: string): readonly string[] {
  return headers.split("\n").filter((line) => line.toLowerCase().startsWith(`${name}:`));
}

function wordsIn(texts: readonly string[], pattern: RegExp): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.match(pattern) ?? []))].slice(0, MOST_WORDS);
}
