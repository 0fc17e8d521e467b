import { foldAddress, type Outcome } from "../domain/delivery.ts";
import { SendError, UsageError } from "../domain/errors.ts";
import { recordAction } from "./actions.ts";
import { notLiveProblem } from "./consent.ts";
import type { Context } from "./context.ts";
import { deliveryDeadline } from "./delivery-deadline.ts";
import { messageId } from "./message.ts";
import { provinceOf } from "./province.ts";
import { sendOne } from "./send-one.ts";
import type { StoredDelivery } from "./store.ts";

/** What came of a message sent by hand: its delivery, and the outcome; null when a hold or another worker has it. */
export type SentByHand = { readonly delivery: string; readonly outcome: Outcome | null };

/**
 * Takes an administrator's word about a delivery nobody knows the outcome of: it was sent, or it is sent again, now, under the same
 * Message-ID, so that a reader who has got it sees one mail. The word is recorded before its effect.
 * @throws {UsageError} when there is no such delivery or it is not, or no longer, unknown.
 */
export async function resolveUnknown(
  ctx: Context,
  { id, as, actor }: { readonly id: string; readonly as: "sent" | "resend"; readonly actor: string },
): Promise<SentByHand> {
  const row = await deliveryOf(ctx, id);
  if (row.state !== "unknown")
    throw new UsageError(`delivery ${id} is ${row.state}, not unknown: there is nothing to resolve`);
  if (as === "resend") await checkFree(ctx);
  const at = ctx.now();
  await recordAction(ctx.store, { actor, command: "deliveries resolve", arguments: { id, as }, at });
  const resolved = await ctx.store.deliveries.resolve(id, as, { by: actor, at, deadline: await deadlineOf(ctx, row) });
  if (!resolved)
    throw new UsageError(`delivery ${id} has been resolved by somebody else a moment ago; "diemtin deliveries list"`);
  return { delivery: id, outcome: as === "sent" ? null : await sendOne(ctx, id) };
}

/**
 * Sends an edition to a person once more, as a message of its own with the stored bytes, now. The person must have a delivery of it:
 * by address, in any spelling of its case, or by that delivery's number.
 * @throws {UsageError} when there is none, when it is still being sent or owed, or is unknown (resolve it first).
 */
export async function resend(
  ctx: Context,
  asked: { readonly edition: string; readonly recipient: string; readonly reason: string; readonly actor: string },
): Promise<SentByHand> {
  const { edition: key, recipient, reason, actor } = asked;
  const edition = await ctx.store.editions.find(key);
  if (edition === null) throw new UsageError(`there is no edition ${key}; "diemtin editions list" shows them`);
  const own = (await ctx.store.deliveries.list([key])).filter(
    ({ id, recipient: address }) => id === recipient || foldAddress(address) === foldAddress(recipient),
  );
  const last = own.at(-1);
  if (last === undefined)
    throw new UsageError(`nobody with that address was owed ${key}; "diemtin deliveries list" shows who was`);
  checkEnded(last);
  await checkFree(ctx);
  const at = ctx.now();
  await recordAction(ctx.store, {
    ...{ actor, command: "deliveries resend", at },
    arguments: { edition: key, delivery: last.id, reason },
  });
  const id = await ctx.store.deliveries.resend(last.id, {
    messageIdOf: (purpose) => messageId(edition, last.recipient, { settings: ctx.settings, purpose }),
    deadline: await deadlineOf(ctx, last),
  });
  if (id === null)
    throw new UsageError(
      `${key} was sent again by somebody else a moment ago, or its reader was erased; nothing was sent`,
    );
  return { delivery: id, outcome: await sendOne(ctx, id) };
}

async function deliveryOf(ctx: Context, id: string): Promise<StoredDelivery> {
  const row = /^[1-9]\d{0,17}$/.test(id) ? await ctx.store.deliveries.find(id) : null;
  if (row === null) throw new UsageError(`there is no delivery ${id}; "diemtin deliveries list" shows them`);
  return row;
}

/** One that may still leave by itself, or may have left, would come twice. */
function checkEnded({ id, state }: StoredDelivery): void {
  if (state === "unknown")
    throw new UsageError(
      `delivery ${id} is unknown: say first what came of it, "diemtin deliveries resolve ${id} --as sent|resend"`,
    );
  if (state === "queued" || state === "sending")
    throw new UsageError(`delivery ${id} is ${state}: it is still on its way; "diemtin run redeliver" hurries it`);
}

/** What holds every mail holds one sent by hand. */
async function checkFree(ctx: Context): Promise<void> {
  if (ctx.settings.mail.rehearsalTo !== undefined)
    throw new UsageError("mail.rehearsal_to is set: nothing is sent to readers while a rehearsal goes on");
  const province = provinceOf(ctx);
  if ((await ctx.store.goLives.find(province)) === null) throw new UsageError(notLiveProblem(province, 1).message);
  const held = (await ctx.channel.held?.()) ?? null;
  if (held !== null) throw new SendError(held, { mayPass: true });
}

async function deadlineOf(ctx: Context, row: StoredDelivery): Promise<Date> {
  const edition = await ctx.store.editions.find(row.edition);
  if (edition === null) throw new Error(`deliver: there is no edition ${row.edition}`);
  return deliveryDeadline(edition, ctx.settings.delivery, { byHand: true, startedAt: ctx.now() });
}
