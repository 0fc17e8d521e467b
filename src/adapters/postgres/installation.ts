import type { Knex } from "knex";
import { change, inTransaction, query } from "./sql.ts";

/** Which installation a database belongs to. */
export type Installation = {
  readonly id: string;
  /** False in a database that was restored or copied from another and not confirmed since. */
  readonly original: boolean;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
};

/** Any number that no other lock of this program uses. */
const LOCK_KEY = 766_006;

/**
 * Gives a database that belongs to no installation its id, a UUID; true when it was given now. `before` runs first and may refuse,
 * so that the id stands outside before it stands in the database. Of several processes at once one succeeds.
 */
export async function enrol(knex: Knex, id: string, before: () => Promise<void>): Promise<boolean> {
  if ((await readInstallation(knex)) !== null) return false;
  return inTransaction(knex, async (transaction) => {
    await query(transaction, `select pg_advisory_xact_lock(?)`, [LOCK_KEY]);
    if ((await readInstallation(transaction)) !== null) return false;
    await before();
    const mark = await markOf(transaction);
    await change(transaction, `insert into installation (id, mark) values (?, ?)`, [id, mark]);
    return true;
  });
}

/** Null before the first `enrol`. */
export async function readInstallation(knex: Knex): Promise<Installation | null> {
  const [row] = await query<{ id: string; mark: string; confirmed_at: Date | null; confirmed_by: string | null }>(
    knex,
    `select id, mark, confirmed_at, confirmed_by from installation`,
  );
  if (row === undefined) return null;
  const original = row.mark === (await markOf(knex));
  return { id: row.id, original, confirmedAt: row.confirmed_at, confirmedBy: row.confirmed_by };
}

/** An administrator says that this database may send. */
export async function confirmInstallation(knex: Knex, actor: string, at: Date): Promise<void> {
  const changed = await change(knex, `update installation set mark = ?, confirmed_at = ?, confirmed_by = ?`, [
    await markOf(knex),
    at,
    actor,
  ]);
  if (changed !== 1) throw new Error(`the database belongs to no installation: ${changed} rows were confirmed`);
}

/** How many mails wait to be sent, and suppressing them: what a restored copy still owes, the original may have sent. */
export async function suppressOwed(knex: Knex, reply: string): Promise<number> {
  return change(
    knex,
    `update deliveries set state = 'suppressed', may_pass = false, reply = ?
     where state = 'queued' or (state = 'failed' and may_pass)`,
    [reply],
  );
}

/** Mails that the next run would send. */
export async function countOwed(knex: Knex): Promise<number> {
  const [row] = await query<{ owed: string }>(
    knex,
    `select count(*) as owed from deliveries where state = 'queued' or (state = 'failed' and may_pass)`,
  );
  return Number(row?.owed ?? 0);
}

/**
 * A dump and its restoration give every table a number of its own, a clone gives the database one, a new server its identifier: one
 * of the three differs in every copy but one of the server's files. The identifier is left out where the server keeps it from us.
 */
async function markOf(knex: Knex): Promise<string> {
  const [row] = await query<{ place: string; may: boolean }>(
    knex,
    `select (select oid from pg_database where datname = current_database()) || '/' || 'installation'::regclass::oid as place,
       has_function_privilege('pg_control_system()', 'execute') as may`,
  );
  if (row === undefined) throw new Error("the database gave no number of its own");
  if (!row.may) return row.place;
  const [server] = await query<{ identifier: string }>(
    knex,
    `select system_identifier::text as identifier from pg_control_system()`,
  );
  return `${server?.identifier ?? ""}/${row.place}`;
}
