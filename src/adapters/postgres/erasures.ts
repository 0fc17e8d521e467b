import type { Knex } from "knex";
import { dayOf, shortDate } from "../../domain/calendar.ts";
import { foldAddress, type Recipient } from "../../domain/delivery.ts";
import { UsageError } from "../../domain/errors.ts";
import type { Store } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

type People = Store["people"];

/** People who asked to be forgotten, and send logs that have grown old. */
export function erasuresIn(knex: Knex): Pick<People, "reference" | "erase" | "erasedAmong" | "forgetBefore"> {
  return {
    async reference(address) {
      const [row] = await query<{ hash: string }>(knex, `select tombstone_of(?) as hash`, [foldAddress(address)]);
      return (row?.hash ?? "").slice("erased:".length, "erased:".length + 12);
    },
    erase: (erased) => inTransaction(knex, (transaction) => erase(transaction, erased)),
    erasedAmong: (addresses) => erasedAmong(knex, addresses),
    forgetBefore: (cutoff) => inTransaction(knex, (transaction) => forgetBefore(transaction, cutoff)),
  };
}

/** What stands in a delivery's row instead of the person; the relay's words may name them too. */
const WITHOUT_PERSON = `folded = tombstone_of(folded), address = tombstone_of(folded), name = '', reply = null,
  message_id = '<erased-' || id || '>',
  state = case when state = 'queued' or (state = 'failed' and may_pass) then 'suppressed' else state end, may_pass = false`;

async function erase(transaction: Knex, given: Parameters<People["erase"]>[0]): ReturnType<People["erase"]> {
  const { by, at, reason } = given;
  const folded = foldAddress(given.address);
  const own = `(select id from deliveries where folded = ?)`;
  await change(transaction, `update delivery_attempts set reply = '' where delivery_id in ${own}`, [folded]);
  const bounces = await change(transaction, `delete from bounces where delivery_id in ${own}`, [folded]);
  const deliveries = await change(transaction, `update deliveries set ${WITHOUT_PERSON} where folded = ?`, [folded]);
  const recipients = await change(transaction, `delete from recipients where folded = ?`, [folded]);
  const pauses = await change(transaction, `delete from pauses where folded = ?`, [folded]);
  const suppressions = await change(transaction, `delete from suppressions where folded = ?`, [folded]);
  if (bounces + deliveries + recipients + pauses + suppressions === 0) return null;
  await change(
    transaction,
    `insert into erasures (tombstone, erased_at, erased_by, reason) values (tombstone_of(?), ?, ?, ?)
     on conflict (tombstone) do update set erased_at = excluded.erased_at, erased_by = excluded.erased_by,
       reason = excluded.reason, readmitted_at = null, readmitted_by = null`,
    [folded, at, by, reason],
  );
  return { recipients, deliveries };
}

async function erasedAmong(knex: Knex, addresses: readonly string[]): ReturnType<People["erasedAmong"]> {
  const rows = await query<{ folded: string; at: Date; reason: string }>(
    knex,
    `select asked.folded, erased_at as at, reason
     from unnest(?::text[]) as asked (folded) join erasures on tombstone = tombstone_of(asked.folded)
     where readmitted_at is null`,
    [addresses.map(foldAddress)],
  );
  return new Map(rows.map(({ folded, ...erased }) => [folded, erased]));
}

/** Lets people who were erased onto the list again when somebody says so by name; otherwise a UsageError with their places. */
export async function readmit(
  transaction: Knex,
  recipients: readonly Recipient[],
  again: Parameters<Store["recipients"]["replace"]>[1],
): Promise<void> {
  const erased = await erasedAmong(
    transaction,
    recipients.map(({ email }) => email),
  );
  if (erased.size === 0) return;
  if (again === undefined)
    throw new UsageError(
      recipients.flatMap(({ email }, index) => {
        const found = erased.get(foldAddress(email));
        if (found === undefined) return [];
        return [`recipient ${index + 1} was erased on ${shortDate(dayOf(found.at))} and is not added in silence`];
      }),
    );
  await change(
    transaction,
    `update erasures set readmitted_at = ?, readmitted_by = ?
     where readmitted_at is null and tombstone in (select tombstone_of(folded) from unnest(?::text[]) as asked (folded))`,
    [again.at, again.by, [...erased.keys()]],
  );
}

async function forgetBefore(transaction: Knex, cutoff: Date): ReturnType<People["forgetBefore"]> {
  const attempts = await change(transaction, `delete from delivery_attempts where at < ?`, [cutoff]);
  const bounces = await change(transaction, `delete from bounces where read_at < ?`, [cutoff]);
  await change(transaction, `delete from pauses where ended_at < ?`, [cutoff]);
  await change(transaction, `delete from suppressions where lifted_at < ?`, [cutoff]);
  const deliveries = await change(
    transaction,
    `update deliveries set ${WITHOUT_PERSON} where owed_at < ? and folded not like 'erased:%'`,
    [cutoff],
  );
  return { attempts, deliveries, bounces };
}
