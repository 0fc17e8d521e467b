import { createHash } from "node:crypto";
import type { Message, Outcome } from "../domain/delivery.ts";
import { SendError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import type { Context } from "./context.ts";
import { AUTOMATIC_HEADERS, senderDomain } from "./message.ts";

/** A mail to an administrator or approver. `key` names it for ever: "receipt/2026-10-12"; no addresses in it. */
export type Notice = {
  readonly key: string;
  readonly to: { readonly name: string; readonly address: string };
} & Pick<Message, "subject" | "text" | "html" | "attachments">;

/** What came of a notice, and of one that did not leave a problem. */
export type Told = { readonly outcome: Outcome; readonly problems: readonly Problem[] };

/**
 * Sends a notice that may leave once: its row is written before the first connection. Null when it has left, or may have. Of a mail
 * that did not leave a problem is given, `notice/` and the beginning of its key its cause.
 */
export async function sendNotice(ctx: Context, notice: Notice): Promise<Told | null> {
  const message = messageOf(ctx, notice);
  if (!(await ctx.store.notices.begin(notice.key, message.messageId, ctx.now()))) return null;
  let outcome: Outcome;
  try {
    outcome = await ctx.channel.send(message);
  } catch (error) {
    // Also a bug's: nothing was handed over before the message stood.
    await ctx.store.notices.finish(notice.key, "failed", "could not be composed");
    if (!(error instanceof SendError)) throw error;
    outcome = { state: "failed", reply: error.message, mayPass: error.mayPass, stop: false };
    return { outcome, problems: [problemOf(notice, outcome)] };
  }
  // A notice asks nobody before its body leaves, so that none is kept back.
  const state = outcome.state === "suppressed" ? "failed" : outcome.state;
  await ctx.store.notices.finish(notice.key, state, withoutAddresses(outcome.reply));
  ctx.log("notice", { key: notice.key, state: outcome.state });
  return { outcome, problems: outcome.state === "accepted" ? [] : [problemOf(notice, outcome)] };
}

/** Stands for an address in a key. */
export function addressMark(address: string): string {
  return createHash("sha256").update(address.toLowerCase()).digest("hex").slice(0, 12);
}

function problemOf({ key }: Notice, outcome: Outcome): Problem {
  const how = outcome.state === "unknown" ? "may or may not have arrived, and is not sent again" : "did not leave";
  return {
    cause: `notice/${key}`,
    severity: "partial",
    message: `the mail ${key} ${how}: ${withoutAddresses(outcome.reply)}`,
  };
}

function messageOf(ctx: Context, { key, to, ...parts }: Notice): Message {
  const { from, replyTo } = ctx.settings.mail;
  const name = key.replace(/[^A-Za-z0-9._-]/g, "-");
  const hash = createHash("sha256").update(`${key}\n${to.address.toLowerCase()}`).digest("hex").slice(0, 20);
  return {
    messageId: `<766-${name}.${hash}@${senderDomain(ctx.settings)}>`,
    from,
    ...(replyTo === undefined ? {} : { replyTo }),
    to,
    ...parts,
    date: ctx.now(),
    headers: AUTOMATIC_HEADERS,
    fileName: name,
  };
}

function withoutAddresses(reply: string): string {
  return reply.replace(/[^\s<>"]+@[^\s<>"]+/g, "…");
}
