import type { Notice } from "../domain/bounce.ts";
import type { Context } from "./context.ts";
import { readEnvelopeToken } from "./tokens.ts";

/** What became of one mail of the mailbox. `unmatched` and `no-bounce` have changed nothing. */
export type TakenNotice = {
  readonly result: "bounced" | "delayed" | "again" | "unmatched" | "no-bounce";
  /** The delivery it belongs to, or for an unmatched one, the delivery it claims to belong to. */
  readonly delivery: string | null;
  readonly status: string | null;
  readonly suppressed: boolean;
  readonly why: string;
};

/**
 * Believes a notice only when it carries the token of an envelope sender this database has made: whoever knows a Message-ID can write
 * a notice, and must not be able to cut somebody off. Such a one is named with the delivery it speaks of, and changes nothing.
 */
export async function takeNotice(ctx: Context, notice: Notice): Promise<TakenNotice> {
  const { report } = notice;
  if (report === null) return { result: "no-bounce", delivery: null, status: null, suppressed: false, why: notice.why };
  const key = await ctx.store.bounces.envelopeKey();
  const signed = notice.tokens.flatMap((token) => readEnvelopeToken(key, token) ?? []);
  const { status, action, reply } = report;
  const [delivery] = signed;
  if (delivery === undefined || new Set(signed).size > 1 || (await ctx.store.people.delivery(delivery)) === null) {
    const claimed = delivery === undefined ? await claimedBy(ctx, notice) : null;
    const why =
      claimed !== null
        ? `it names the Message-ID of delivery ${claimed} and carries no token of ours: look at it by hand`
        : "it carries no token of a delivery of this database";
    return { result: "unmatched", delivery: claimed, status, suppressed: false, why };
  }
  const noted = await ctx.store.bounces.note({ notice: notice.id, delivery, action, status, reply }, ctx.now());
  ctx.log("bounce", { delivery, action, status, noted: noted.noted, suppressed: noted.suppressed });
  return { result: noted.noted, delivery, status, suppressed: noted.suppressed, why: reply };
}

async function claimedBy(ctx: Context, { messageIds }: Notice): Promise<string | null> {
  for (const messageId of messageIds) {
    const delivery = await ctx.store.bounces.withMessageId(messageId);
    if (delivery !== null) return delivery;
  }
  return null;
}
