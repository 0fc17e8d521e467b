import { resolve } from "node:path";
import { eachImapMail } from "../adapters/bounce-imap.ts";
import { readNotice } from "../adapters/bounce-mail.ts";
import { type StoredMail, storedMails } from "../adapters/bounce-sources.ts";
import { readConfig, requireProvince } from "../config.ts";
import { dayOf } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { recordAction } from "../pipeline/actions.ts";
import { type TakenNotice, takeNotice } from "../pipeline/bounces.ts";
import { tellOfPeople } from "../pipeline/tidings.ts";
import { actorOf } from "./actor.ts";
import { inContext, printJson, type Register, type Terminal } from "./terminal.ts";

type Read = TakenNotice & { readonly mail: string };

const RESULTS: readonly TakenNotice["result"][] = ["bounced", "delayed", "again", "unmatched", "no-bounce"];

/** `bounces read`: what came back, matched to the mails it speaks of. */
export const registerBounces: Register = (program, terminal) => {
  const bounces = program.command("bounces").description("mail that came back");
  bounces
    .command("read")
    .argument("[source]", "a mail, an mbox, a folder of mails, or imaps://…; without it the mailbox of IMAP_URL")
    .option("--json", "print one JSON document")
    .description(
      "read delivery reports: mark mails that did not arrive, and send nothing more to addresses that do not work",
    )
    .action(async (source: string | undefined, options: { json?: boolean }) => {
      const config = readConfig(terminal);
      requireProvince(config);
      const from = source ?? config.imapUrl ?? null;
      if (from === null) throw new UsageError("name a file, a folder or an imaps:// address, or set IMAP_URL");
      const isMailbox = /^imaps?:\/\//i.test(from);
      const read: Read[] = [];
      const untold = await inContext({ config, world: terminal }, async (ctx) => {
        const take = async ({ name, raw }: StoredMail): Promise<boolean> => {
          const taken = await takeNotice(ctx, await readNotice(raw));
          read.push({ mail: isMailbox ? name : name.replace(`${terminal.cwd}/`, ""), ...taken });
          return taken.delivery !== null && taken.result !== "unmatched";
        };
        await recordAction(ctx.store, {
          ...{ actor: actorOf(terminal, program), command: "bounces read", at: terminal.now() },
          arguments: { source: isMailbox ? "mailbox" : from },
        });
        if (isMailbox) await eachImapMail(from, take);
        else for await (const mail of storedMails(resolve(terminal.cwd, from))) await take(mail);
        return tellOfPeople(ctx, dayOf(terminal.now()));
      });
      show(terminal, read, options.json === true);
      for (const { message } of untold) terminal.progress(message);
      if (untold.length > 0) terminal.exit(3);
    });
};

function show(terminal: Terminal, read: readonly Read[], json: boolean): void {
  const counts = Object.fromEntries(
    RESULTS.map((result) => [result, read.filter((one) => one.result === result).length]),
  );
  if (json) return printJson(terminal, { mails: read, counts });
  for (const { mail, result, delivery, status, suppressed, why } of read)
    terminal.print(
      `${result.padEnd(10)} ${delivery === null ? "" : `delivery ${delivery} `}${status ?? ""}${suppressed ? " address suppressed" : ""}  ${mail}: ${why}`,
    );
  terminal.print(RESULTS.map((result) => `${counts[result]} ${result}`).join(", "));
}
