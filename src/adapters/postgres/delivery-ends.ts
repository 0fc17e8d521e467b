import type { Knex } from "knex";
import type { Outcome } from "../../domain/delivery.ts";
import type { Abandoned, LateDelivery } from "../../pipeline/store.ts";
import { change, inTransaction, parseId, query } from "./sql.ts";

type Finished = {
  readonly id: string;
  readonly outcome: Outcome;
  readonly at: Date;
  /** When it may be tried again. */
  readonly notBefore?: Date;
  /** Whose word it is; absent: whoever has the claim now. */
  readonly claim?: { readonly instance: string; readonly at: Date };
};

/**
 * Notes what came of a claimed delivery. Also after the claim was given up: only its own worker can still know better, and its
 * word replaces "unknown". A worker that was stopped for longer than its claim lasts has no word about the claim of the next one, or
 * its failure would make a mail owed that the other is handing over. Anything else is a bug.
 */
export async function finish(knex: Knex, { id, outcome, at, notBefore, claim }: Finished): Promise<void> {
  const mayPass = outcome.state === "failed" && outcome.mayPass;
  const refusal = outcome.state === "failed" ? (outcome.refusal ?? null) : null;
  // One statement: the outcome and the attempt are written together, with one message to the server.
  const noted = await change(
    knex,
    `with ended as (
       update deliveries
       set state = ?, reply = ?, may_pass = ?, attempts = attempts + 1, claimed_at = null, not_before = ?, refusal = ?
       where id = ?::bigint and (state = 'sending' or (state = 'unknown' and claimed_at is not null))
         and (?::text is null or (instance = ? and claimed_at = ?))
       returning id, attempts, state, reply, instance, refusal
     )
     insert into delivery_attempts (delivery_id, attempt, at, state, reply, instance, refusal)
     select id, attempts, ?::timestamptz, state, reply, instance, refusal from ended`,
    [
      ...[outcome.state, storable(outcome.reply), mayPass, notBefore ?? null, refusal, parseId(id)],
      ...[claim?.instance ?? null, claim?.instance ?? null, claim?.at ?? null, at],
    ],
  );
  if (noted !== 1) throw new Error(`delivery ${id} was not being sent, yet an outcome "${outcome.state}" came for it`);
}

/** Puts a claimed row back as it was: nothing was said to the relay about it. */
export async function giveBack(knex: Knex, id: string, instance: string): Promise<void> {
  await change(
    knex,
    `update deliveries
     set state = case when attempts = 0 then 'queued' else 'failed' end, may_pass = attempts > 0, claimed_at = null
     where id = ?::bigint and state = 'sending' and instance = ? and handed_at is null`,
    [parseId(id), instance],
  );
}

/**
 * Gives up claims made before an instant whose workers never wrote an outcome. One whose body was being handed over is `unknown`, so
 * that nothing is sent again by itself; one that had not come so far was certainly not sent and stays owed.
 */
export async function abandonStale(knex: Knex, before: Date): Promise<Abandoned> {
  return inTransaction(knex, async (transaction) => {
    const given = await query<{ id: string; at: Date; handed: boolean }>(
      transaction,
      `update deliveries
       set state = case when handed_at is null then 'failed' else 'unknown' end, may_pass = handed_at is null,
         attempts = attempts + 1,
         reply = case when handed_at is null then 'the sending process ended before it handed over the message'
           else 'the sending process ended without noting an outcome' end
       where state = 'sending' and claimed_at < ?
       returning id, claimed_at as at, handed_at is not null as handed`,
      [before],
    );
    for (const { id, at } of given) await noteAttempt(transaction, id, at);
    const unknown = given.filter(({ handed }) => handed).length;
    return { unknown, owed: given.length - unknown };
  });
}

/** Gives up what is still owed of editions after its deadline. */
export async function giveUpLate(
  knex: Knex,
  editionKeys: readonly string[],
  at: Date,
): Promise<readonly LateDelivery[]> {
  const rows = await query<LateDelivery>(
    knex,
    `update deliveries
     set state = 'failed', may_pass = false, late = true,
       reply = concat_ws('; ', 'late: not sent before its deadline', reply)
     where edition = any(?::text[]) and deadline < ? and (state = 'queued' or (state = 'failed' and may_pass))
     returning id, edition, unit, attempts`,
    [[...editionKeys], at],
  );
  return rows;
}

/** What is owed of these is not tried by itself before an instant. */
export async function postpone(knex: Knex, ids: readonly string[], until: Date): Promise<void> {
  await change(
    knex,
    `update deliveries set not_before = greatest(not_before, ?::timestamptz)
     where id = any(?::bigint[]) and (state = 'queued' or (state = 'failed' and may_pass))`,
    [until, [...ids]],
  );
}

/** Of the last so many attempts, how many were refused as unwanted mail. */
export async function policyRefusals(knex: Knex, last: number): Promise<number> {
  const [row] = await query<{ refused: number }>(
    knex,
    `select count(*) filter (where refusal = 'policy')::int as refused
     from (select refusal from delivery_attempts order by at desc, delivery_id desc limit ?) as latest`,
    [last],
  );
  return row?.refused ?? 0;
}

type Resolution = {
  readonly id: string;
  readonly as: "sent" | "resend";
  readonly by: string;
  readonly at: Date;
  readonly deadline: Date;
};

/** Compare-and-set: false when the delivery is not, or no longer, unknown. Its worker's word comes too late from then on. */
export async function resolve(knex: Knex, { id, as, by, at, deadline }: Resolution): Promise<boolean> {
  const state = as === "sent" ? "accepted" : "queued";
  const reply = `resolved by ${by} at ${at.toISOString()}: ${as === "sent" ? "it was sent" : "it is sent again"}`;
  const changed = await change(
    knex,
    `update deliveries set state = ?, reply = ?, may_pass = false, claimed_at = null, not_before = null, deadline = ?
     where id = ?::bigint and state = 'unknown'`,
    [state, storable(reply), deadline, parseId(id)],
  );
  return changed === 1;
}

async function noteAttempt(transaction: Knex, id: string, at: Date): Promise<void> {
  await change(
    transaction,
    `insert into delivery_attempts (delivery_id, attempt, at, state, reply, instance, refusal)
     select id, attempts, ?, state, reply, instance, refusal from deliveries where id = ?::bigint`,
    [at, id],
  );
}

/** A relay's reply is outside text: a text column takes everything but the character 0. */
function storable(reply: string): string {
  return reply.replaceAll("\0", "\ufffd");
}
