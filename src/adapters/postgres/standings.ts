import type { Knex } from "knex";
import { change, query } from "./sql.ts";

/** What the register needs to know of a snapshot. */
export type StandingSnapshot = { readonly id: string; readonly scope: string; readonly takenAt: Date };

/** Lets one transaction at a time change the register of units: the order in which units are first seen decides their standing. */
export async function lockRegister(transaction: Knex): Promise<void> {
  await query(transaction, `select pg_advisory_xact_lock(766002)`);
}

/**
 * What a complete snapshot makes of the units of its scope. The scope's first complete snapshot confirms all its units and lets
 * every other provisional one wait; so does one taken before every other, read later (history): it confirms, and no more.
 */
export async function applyStandings(transaction: Knex, snapshot: StandingSnapshot, codes: string[]): Promise<void> {
  const [others] = await query<{ count: number; earliest: Date | null }>(
    transaction,
    `select count(*)::int as count, min(taken_at) as earliest
     from snapshots
     where scope = ? and complete and id <> ?::bigint`,
    [snapshot.scope, snapshot.id],
  );
  const first = others === undefined || others.earliest === null;
  if (!first && snapshot.takenAt.getTime() >= (others.earliest?.getTime() ?? 0)) return;
  await change(
    transaction,
    `update units set standing = 'confirmed' where scope = ? and code = any(?::text[]) and standing <> 'confirmed'`,
    [snapshot.scope, codes],
  );
  if (!first) return;
  await change(transaction, `update units set standing = 'waiting' where scope = ? and standing = 'provisional'`, [
    snapshot.scope,
  ]);
}
