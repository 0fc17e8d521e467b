import { createHash } from "node:crypto";
import type { Command } from "commander";
import { redact } from "../adapters/log.ts";
import { dayOf } from "../domain/calendar.ts";
import { foldAddress, type Message } from "../domain/delivery.ts";
import { type Edition, editionKey } from "../domain/edition.ts";
import { ReadError, SendError, UsageError } from "../domain/errors.ts";
import type { Settings } from "../domain/settings.ts";
import { recordAction } from "../pipeline/actions.ts";
import type { Context } from "../pipeline/context.ts";
import { composeMessage, senderDomain } from "../pipeline/message.ts";
import { render } from "../pipeline/publish.ts";
import { isAllowed, isMailAddress } from "../pipeline/recipient-row.ts";
import { actorOf } from "./actor.ts";
import { checked, compose } from "./preview.ts";
import { type Register, readDay, withProvince } from "./terminal.ts";

type Options = { readonly to: string; readonly bulletin: string; readonly unit?: string; readonly for?: string };

/** `send-test`: one edition as its readers would get it, to one address, outside the ledger. */
export const registerSendTest: Register = (program, terminal) => {
  program
    .command("send-test")
    .description("compose one edition and send it to one address, marked [THỬ]; nothing of it stands in the ledger")
    .requiredOption("--to <address>", "the one address it goes to")
    .requiredOption("--bulletin <name>", "daily or weekly")
    .option("--unit <code>", "the unit of a daily digest (default: the province)")
    .option("--for <date>", "the day of issue (default: today)")
    .action(async (options: Options, command: Command) => {
      const actor = actorOf(terminal, command);
      const bulletin = checked(options.bulletin, {
        ...(options.unit === undefined ? {} : { unit: options.unit }),
        out: "",
      });
      const day = options.for === undefined ? dayOf(terminal.now()) : readDay(options.for, "--for");
      await withProvince(terminal, async (ctx, province) => {
        refuse(options.to, ctx.settings);
        const unit = options.unit ?? province;
        const { editions, problems } = await compose(ctx, { bulletin, province, unit, day, now: ctx.now() });
        const [edition] = editions;
        if (edition === undefined)
          throw problems[0] === undefined
            ? new UsageError(
                `there is no unit ${unit} among the figures of ${day}; "diemtin units list" shows the codes`,
              )
            : new ReadError(problems[0].message);
        const given = { bulletin, unit: edition.audience, for: day };
        await recordAction(ctx.store, { at: ctx.now(), actor, command: "send-test", arguments: given });
        if (ctx.channel.warning !== undefined) ctx.progress(ctx.channel.warning);
        const outcome = await ctx.channel.send(await testMessage(ctx, edition, options.to));
        if (outcome.state !== "accepted")
          throw new SendError(
            `the test mail ${outcome.state === "unknown" ? "may or may not have arrived" : "did not leave"}: ${outcome.reply}; "diemtin doctor" tries the relay and says what to check`,
            { mayPass: true },
          );
        terminal.print(redact(`${editionKey(edition)} sent as a test: ${outcome.reply}`));
      });
    });
};

/** Throws UsageError for an address nothing may go to. The administrator's own is always allowed. */
function refuse(to: string, { mail }: Settings): void {
  if (!isMailAddress(to)) throw new UsageError("--to: this is no mail address");
  const isAdmin = mail.admin !== undefined && foldAddress(mail.admin) === foldAddress(to);
  if (!isAdmin && !isAllowed(to, mail.allowedDomains))
    throw new UsageError("--to: mail.allowed_domains does not name this address's domain; nothing was sent");
}

/** As its reader would get it, but for the mark in the subject and a Message-ID of its own. */
async function testMessage(ctx: Context, edition: Edition, to: string): Promise<Message> {
  const recipient = { name: "Thử", position: "", email: to, unit: edition.audience, bulletins: [edition.bulletin] };
  const message = composeMessage({ edition, files: await render(ctx, edition), settings: ctx.settings, recipient });
  const hash = createHash("sha256")
    .update(`${message.messageId}\n${ctx.now().toISOString()}`)
    .digest("hex")
    .slice(0, 20);
  return {
    ...message,
    messageId: `<766-test.${hash}@${senderDomain(ctx.settings)}>`,
    subject: `[THỬ] ${message.subject}`,
    fileName: `test_${message.fileName}_${hash.slice(0, 8)}`,
  };
}
