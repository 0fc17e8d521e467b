import { InvalidArgumentError } from "commander";
import { redact } from "../adapters/log.ts";
import type { Context } from "../pipeline/context.ts";
import { resend, resolveUnknown, type SentByHand } from "../pipeline/resend.ts";
import { actorOf } from "./actor.ts";
import { list } from "./ledgers.ts";
import { readReason } from "./reason.ts";
import { printJson, type Register, type Terminal, withProvince } from "./terminal.ts";

/** `deliveries list|resolve|resend`: who got what, and an administrator's word about it. */
export const registerDeliveries: Register = (program, terminal) => {
  const deliveries = program.command("deliveries").description("who got what");
  list(deliveries.command("list").description("every delivery and its state"), terminal, async (store) =>
    (await store.deliveries.list()).map((row) => ({ ...row })),
  );
  deliveries
    .command("resolve")
    .argument("<id>", "the number of a delivery that is unknown")
    .description(
      "say what came of a mail nobody knows it of: it was sent, or it is to be sent again under the same Message-ID",
    )
    .requiredOption("--as <word>", "sent or resend", readWord)
    .option("--json", "print one JSON document")
    .action(async (id: string, options: { as: "sent" | "resend"; json?: boolean }) => {
      // Here "--as" is the word about the mail; who gives it stands before the command: "diemtin --as NAME deliveries resolve".
      const actor = actorOf(terminal, program);
      const done = await withProvince(terminal, (ctx) => resolveUnknown(ctx, { id, as: options.as, actor }));
      if (options.as === "sent") {
        if (options.json === true) printJson(terminal, { delivery: id, state: "accepted" });
        else terminal.print(`delivery ${id} counts as accepted, by ${actor}'s word; nothing was sent`);
        return;
      }
      tell(terminal, done, options.json === true);
    });
  deliveries
    .command("resend")
    .argument("<edition>", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .argument("<recipient>", "the address, or the number of the delivery it is about")
    .description("send an edition's stored bytes to one person once more, with the subject [Gửi lại]")
    .requiredOption("--reason <text>", "why; it is kept with your name")
    .option("--json", "print one JSON document")
    .action(async (edition: string, recipient: string, options: { reason: string; json?: boolean }, command) => {
      const reason = readReason(options.reason);
      const actor = actorOf(terminal, command);
      const send = (ctx: Context) => resend(ctx, { edition, recipient, reason, actor });
      tell(terminal, await withProvince(terminal, send), options.json === true);
    });
};

function tell(terminal: Terminal, { delivery, outcome }: SentByHand, json: boolean): void {
  const state = outcome?.state ?? "queued";
  const reply = outcome === null ? "its issue is held, or another worker has it" : redact(outcome.reply);
  if (json) printJson(terminal, { delivery, state, reply });
  else terminal.print(`delivery ${delivery}: ${state}; ${reply}`);
  terminal.exit(state === "accepted" ? 0 : 1);
}

function readWord(text: string): "sent" | "resend" {
  if (text === "sent" || text === "resend") return text;
  throw new InvalidArgumentError("write sent or resend");
}
