import { foldAddress, type MayLeave, type Message, type Outcome, type Recipient } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import { scopeOf } from "../domain/unit.ts";
import type { Context } from "./context.ts";
import { nextTry } from "./delivery-deadline.ts";
import { frozenEdition } from "./frozen.ts";
import { ledgerMail } from "./ledger-mail.ts";
import { issueDay, readersOf } from "./readers.ts";
import type { StoredDelivery } from "./store.ts";

/** So many refusals for suspicion of unwanted mail, one after the other, end a run: they are about us, not about the recipients. */
const MOST_POLICY_REFUSALS = 3;

type Row = StoredDelivery & { readonly name: string };

/** True when a recipient should get an edition. The weekly speaks about the province, to anybody in it who asked for it. */
export function receives(recipient: Recipient, edition: Pick<Edition, "bulletin" | "audience">): boolean {
  if (!recipient.bulletins.includes(edition.bulletin)) return false;
  if (recipient.unit === edition.audience) return true;
  return edition.bulletin === "weekly" && scopeOf(recipient.unit) === edition.audience;
}

/**
 * One delivery, by whichever process: composed, claimed, sent, written down. Right before the body leaves it is asked once more
 * whether the claim still holds, the issue is not held and its person may have it. Null when another worker has it or had it, or
 * somebody holds the issue.
 */
export async function sendOne(ctx: Context, id: string): Promise<Outcome | null> {
  const row = await ctx.store.deliveries.find(id);
  if (row === null) throw new Error(`deliver: there is no delivery ${id}`);
  const { edition, files } = await frozenEdition(ctx.store, row.edition);
  const compose = await ledgerMail(ctx, { row, edition, files });
  const claim = { instance: ctx.instance, at: ctx.now() };
  if (!(await ctx.store.deliveries.claim(id, claim.instance, claim.at))) return null;
  const gate = gateOf(ctx, { row, edition, claim });
  const outcome = await send(ctx, () => ({ ...compose(), mayLeave: gate.mayLeave }));
  if (gate.lost()) {
    await ctx.store.deliveries.giveBack(id, ctx.instance);
    return null;
  }
  return note(ctx, { row, claim }, outcome);
}

type Claimed = {
  readonly row: Row;
  readonly edition: Edition;
  readonly claim: { readonly instance: string; readonly at: Date };
};

/** The last questions before the body leaves, and whether it was the claim that was lost. */
function gateOf(ctx: Context, { row, edition, claim }: Claimed) {
  let lost = false;
  const mayLeave: MayLeave = async () => {
    const refusal = await personsRefusal(ctx, { row, edition });
    if (refusal !== null) return refusal;
    lost = !(await ctx.store.deliveries.handOver(row.id, claim, ctx.now()));
    return lost ? "the claim was given to somebody else, or the issue is held" : null;
  };
  return { mayLeave, lost: () => lost };
}

const REFUSALS = {
  left: "is not on the list for it on that day",
  paused: "gets nothing for now: a pause",
  suppressed: "gets nothing any more: the address does not work",
} as const;

/** Ends a delivery whose person has left the list since it was owed, without a word to the relay. */
export async function suppressLeft(ctx: Context, id: string): Promise<void> {
  if (!(await ctx.store.deliveries.claim(id, ctx.instance, ctx.now()))) return;
  await ctx.store.deliveries.finish(id, { state: "suppressed", reply: `its reader ${REFUSALS.left}` }, ctx.now());
}

/** Why its person may not have a mail any more; null when they may. A rehearsal goes to the office itself. */
async function personsRefusal(ctx: Context, { row, edition }: { row: Row; edition: Edition }): Promise<string | null> {
  if (row.purpose === "rehearsal") return null;
  const day = issueDay(edition);
  const permission = await ctx.store.recipients.mayReceive(row.recipient, row.unit, edition.bulletin, day);
  if (permission.may) return null;
  // Listed for another unit as well: the weekly, and a digest whose row was written for a former post, may still be theirs.
  const folded = foldAddress(row.recipient);
  const readers = await readersOf(ctx.store)(edition);
  const other = readers.some((reader) => foldAddress(reader.email) === folded && receives(reader, edition));
  return other ? null : `its reader ${REFUSALS[permission.reason]}`;
}

async function note(ctx: Context, { row, claim }: Pick<Claimed, "row" | "claim">, outcome: Outcome): Promise<Outcome> {
  const { id } = row;
  const at = ctx.now();
  const waits = outcome.state === "failed" && outcome.mayPass;
  const notBefore = waits ? { notBefore: nextTry({ id, attempts: row.attempts + 1 }, at) } : {};
  await ctx.store.deliveries.finish(id, outcome, { at, claim, ...notBefore });
  const { state, reply } = outcome;
  ctx.log("delivery", { id, edition: row.edition, state, reply });
  if (outcome.state !== "failed") return outcome;
  if (outcome.refusal === "address")
    await ctx.store.people.suppress({ address: row.recipient, cause: "refused", reply, delivery: id, at });
  if (outcome.refusal !== "policy" || outcome.stop) return outcome;
  const refused = await ctx.store.deliveries.policyRefusals(MOST_POLICY_REFUSALS);
  return refused === MOST_POLICY_REFUSALS ? { ...outcome, stop: true } : outcome;
}

/** A message that may not be composed was certainly not sent; any other error is a bug and leaves the row `sending`. */
async function send(ctx: Context, compose: () => Message): Promise<Outcome> {
  try {
    return await ctx.channel.send(compose());
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { state: "failed", reply: error.message, mayPass: error.mayPass, stop: false, refusal: "message" };
  }
}
