import type { Knex } from "knex";
import { isDay } from "../../domain/calendar.ts";
import { UsageError } from "../../domain/errors.ts";
import type { Store, StoredUnit } from "../../pipeline/store.ts";
import { amendUnits } from "./amend-units.ts";
import { change, inTransaction, query } from "./sql.ts";

/** The register of units. */
export function unitsIn(knex: Knex): Store["units"] {
  return {
    list: (scope) => listUnits(knex, scope ?? null),
    confirm: (codes) => confirmUnits(knex, codes),
    close: (code, from, mergedInto) => closeUnit(knex, { code, from, mergedInto: mergedInto ?? null }),
    name: (code, printName) => nameUnit(knex, code, printName),
    amend: (amendments) => amendUnits(knex, amendments),
    portalId: (code, source) => portalIdOf(knex, code, source),
  };
}

type Row = {
  readonly code: string;
  readonly scope: string;
  readonly name: string;
  readonly print_name: string | null;
  readonly level: StoredUnit["level"];
  readonly standing: StoredUnit["standing"];
  readonly closed_from: string | null;
  readonly merged_into: string | null;
};

/** All units, or a scope's, by code, each with the newest name any snapshot showed. */
async function listUnits(knex: Knex, scope: string | null): Promise<readonly StoredUnit[]> {
  const rows = await query<Row>(
    knex,
    `select u.code, u.scope, n.name, u.print_name, u.level, u.standing, u.closed_from::text as closed_from, u.merged_into
     from units u
     join lateral (select name from unit_names where code = u.code order by seen_at desc limit 1) n on true
     where ?::text is null or u.scope = ?
     order by u.code`,
    [scope, scope],
  );
  return rows.map((row) => ({
    code: row.code,
    scope: row.scope,
    name: row.name,
    printName: row.print_name,
    level: row.level,
    standing: row.standing,
    closedFrom: row.closed_from,
    mergedInto: row.merged_into,
  }));
}

/** Confirms the named units, or all, and gives how many were not confirmed before. Unknown codes: a UsageError, nothing changed. */
async function confirmUnits(knex: Knex, codes: readonly string[] | "all"): Promise<number> {
  if (codes === "all") return change(knex, `update units set standing = 'confirmed' where standing <> 'confirmed'`);
  return inTransaction(knex, async (transaction) => {
    await checkUnits(transaction, codes);
    return change(
      transaction,
      `update units set standing = 'confirmed' where code = any(?::text[]) and standing <> 'confirmed'`,
      [[...codes]],
    );
  });
}

type Closing = { readonly code: string; readonly from: string; readonly mergedInto: string | null };

async function closeUnit(knex: Knex, { code, from, mergedInto }: Closing): Promise<void> {
  if (!isDay(from)) throw new UsageError(`unit ${code}: "${from}" is not a day of the form 2025-07-01`);
  if (mergedInto === code) throw new UsageError(`unit ${code} cannot be merged into itself`);
  await inTransaction(knex, async (transaction) => {
    if (mergedInto !== null) await checkUnits(transaction, [mergedInto]);
    const changed = await change(
      transaction,
      `update units set closed_from = ?::date, merged_into = ? where code = ?`,
      [from, mergedInto, code],
    );
    if (changed === 0) throw new UsageError(noUnit(code));
  });
}

async function nameUnit(knex: Knex, code: string, printName: string): Promise<void> {
  const changed = await change(knex, `update units set print_name = ? where code = ?`, [
    printName.normalize("NFC"),
    code,
  ]);
  if (changed === 0) throw new UsageError(noUnit(code));
}

async function portalIdOf(knex: Knex, code: string, source: string): Promise<string | null> {
  const [row] = await query<{ portal_id: string }>(
    knex,
    `select portal_id from unit_portal_ids where code = ? and source = ?`,
    [code, source],
  );
  return row?.portal_id ?? null;
}

async function checkUnits(transaction: Knex, codes: readonly string[]): Promise<void> {
  const unknown = await query<{ code: string }>(
    transaction,
    `select given.code from unnest(?::text[]) as given (code)
     where not exists (select from units where units.code = given.code)
     order by given.code`,
    [[...codes]],
  );
  if (unknown.length > 0) throw new UsageError(unknown.map(({ code }) => noUnit(code)));
}

function noUnit(code: string): string {
  return `there is no unit ${code}: see "units list"`;
}
