import type { Outcome } from "../domain/delivery.ts";
import type { Context } from "../pipeline/context.ts";

/**
 * What the ledger says came of a delivery whose worker fell silent after it had noted the outcome and before it could tell; null when
 * none was noted.
 */
export async function notedOutcome(ctx: Pick<Context, "store">, delivery: string): Promise<Outcome | null> {
  const row = await ctx.store.deliveries.find(delivery);
  if (row === null) return null;
  const reply = row.reply ?? "";
  // A notice of failure comes later, and tells of itself.
  if (row.state === "accepted" || row.state === "bounced") return { state: "accepted", reply };
  if (row.state === "unknown" || row.state === "suppressed") return { state: row.state, reply };
  // What may pass is due, and is tried again by whoever asks.
  return row.state === "failed" ? { state: "failed", reply, mayPass: false, stop: false } : null;
}
