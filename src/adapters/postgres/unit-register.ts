import type { Knex } from "knex";
import { dayOf } from "../../domain/calendar.ts";
import type { Unit } from "../../domain/unit.ts";
import { change } from "./sql.ts";

/** The snapshot that shows units. */
export type Showing = { readonly id: string; readonly source: string; readonly scope: string; readonly takenAt: Date };

/** Learns the units a snapshot shows: new codes, new names with their day, the publisher's ids. Knows what it knew already. */
export async function registerUnits(transaction: Knex, showing: Showing, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return;
  await addUnits(transaction, showing, units);
  await moveNames(transaction, showing, units);
  await addNames(transaction, showing, units);
  await learnPortalIds(transaction, showing, units);
}

/** A unit first seen after a complete snapshot of its scope waits for confirmation; before the first one it is provisional. */
async function addUnits(transaction: Knex, showing: Showing, units: readonly Unit[]): Promise<void> {
  await change(
    transaction,
    `insert into units (code, scope, level, standing)
     select shown.code, ?, shown.level,
       case when exists (select from snapshots where scope = ? and complete and id <> ?::bigint)
         then 'waiting' else 'provisional' end
     from unnest(?::text[], ?::text[]) as shown (code, level)
     order by shown.code
     on conflict (code) do nothing`,
    [showing.scope, showing.scope, showing.id, codesOf(units), units.map((unit) => unit.level)],
  );
}

/** A name already known from a later moment was shown now: it holds from now on. */
async function moveNames(transaction: Knex, showing: Showing, units: readonly Unit[]): Promise<void> {
  await change(
    transaction,
    `update unit_names later
     set seen_at = ?, valid_from = ?::date
     from unnest(?::text[], ?::text[]) as shown (code, name)
     where later.code = shown.code and later.name = shown.name
       and later.seen_at = (select min(n.seen_at) from unit_names n where n.code = shown.code and n.seen_at > ?)
       and not exists (select from unit_names n where n.code = shown.code and n.seen_at = ?)
       and shown.name is distinct from (
         select n.name from unit_names n where n.code = shown.code and n.seen_at < ? order by n.seen_at desc limit 1)`,
    [
      ...[showing.takenAt, dayOf(showing.takenAt), codesOf(units), namesOf(units)],
      ...[showing.takenAt, showing.takenAt, showing.takenAt],
    ],
  );
}

/** A name other than the one that holds at the moment of the snapshot begins there. Names that began later stay the newer ones. */
async function addNames(transaction: Knex, showing: Showing, units: readonly Unit[]): Promise<void> {
  await change(
    transaction,
    `insert into unit_names (code, name, seen_at, valid_from)
     select shown.code, shown.name, ?, ?::date
     from unnest(?::text[], ?::text[]) as shown (code, name)
     where shown.name is distinct from (
       select n.name from unit_names n where n.code = shown.code and n.seen_at <= ? order by n.seen_at desc limit 1)
     on conflict (code, seen_at) do nothing`,
    [showing.takenAt, dayOf(showing.takenAt), codesOf(units), namesOf(units), showing.takenAt],
  );
}

async function learnPortalIds(transaction: Knex, showing: Showing, units: readonly Unit[]): Promise<void> {
  const known = units.filter((unit) => unit.portalId !== undefined);
  await change(
    transaction,
    `insert into unit_portal_ids as known (code, source, portal_id, seen_at)
     select distinct on (shown.code) shown.code, ?, shown.portal_id, ?
     from unnest(?::text[], ?::text[]) as shown (code, portal_id)
     order by shown.code
     on conflict (code, source) do update
     set portal_id = excluded.portal_id, seen_at = excluded.seen_at
     where known.seen_at < excluded.seen_at`,
    [showing.source, showing.takenAt, codesOf(known), known.map((unit) => unit.portalId ?? "")],
  );
}

function codesOf(units: readonly Unit[]): string[] {
  return units.map((unit) => unit.code);
}

function namesOf(units: readonly Unit[]): string[] {
  return units.map((unit) => unit.name);
}
