import type { Knex } from "knex";
import { isDay } from "../../domain/calendar.ts";
import { UsageError } from "../../domain/errors.ts";
import type { UnitAmendment } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

/**
 * Sets print names, closures and mergers by code, all or nothing, and gives how many units changed; null clears.
 * A UsageError names every unknown code and every day that is none.
 */
export async function amendUnits(knex: Knex, amendments: readonly UnitAmendment[]): Promise<number> {
  return inTransaction(knex, async (transaction) => {
    const mistakes = [...amendments.flatMap(mistakesIn), ...(await unknownCodes(transaction, amendments))];
    if (mistakes.length > 0) throw new UsageError(mistakes);
    let changed = 0;
    for (const { code, printName, closedFrom, mergedInto } of amendments) {
      const values = [printName?.normalize("NFC") ?? null, closedFrom, mergedInto];
      changed += await change(
        transaction,
        `update units set print_name = ?, closed_from = ?::date, merged_into = ?
         where code = ? and (print_name, closed_from, merged_into) is distinct from (?, ?::date, ?)`,
        [...values, code, ...values],
      );
    }
    return changed;
  });
}

function mistakesIn({ code, closedFrom, mergedInto }: UnitAmendment): readonly string[] {
  if (closedFrom !== null && !isDay(closedFrom))
    return [`unit ${code}: "${closedFrom}" is not a day of the form 2025-07-01`];
  if (mergedInto === code) return [`unit ${code} cannot be merged into itself`];
  if (mergedInto !== null && closedFrom === null)
    return [`unit ${code} is merged into ${mergedInto} but has no closing day`];
  return [];
}

/** A merger that is recorded already may name a unit no snapshot has shown yet: an exported list can be imported again. */
async function unknownCodes(transaction: Knex, amendments: readonly UnitAmendment[]): Promise<readonly string[]> {
  const rows = await query<{ code: string }>(
    transaction,
    `select given.code
     from unnest(?::text[]) as given (code)
     where not exists (select from units where units.code = given.code)
     union
     select given.target
     from unnest(?::text[], ?::text[]) as given (code, target)
     where given.target <> ''
       and not exists (
         select from units
         where units.code = given.target or (units.code = given.code and units.merged_into = given.target))
     order by 1`,
    [
      amendments.map(({ code }) => code),
      amendments.map(({ code }) => code),
      amendments.map(({ mergedInto }) => mergedInto ?? ""),
    ],
  );
  return rows.map(({ code }) => `there is no unit ${code}: see "units list"`);
}
