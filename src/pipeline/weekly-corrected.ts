import type { CorrectedIssue } from "../bulletins/weekly-input.ts";
import { CORRECTION_DAYS } from "../bulletins/weekly-method.ts";
import { addDays, type Day, dayOf, instantAt } from "../domain/calendar.ts";
import { scopeOf } from "../domain/unit.ts";
import { unitName } from "../domain/view.ts";
import type { Context } from "./context.ts";

/** Corrections of the province's and its units' bulletins in the four weeks up to an issue's moment, newest first. */
export async function correctedIssues(
  { store }: Pick<Context, "store">,
  at: { readonly province: string; readonly day: Day; readonly asOf: Date },
): Promise<readonly CorrectedIssue[]> {
  const since = instantAt(addDays(at.day, -CORRECTION_DAYS));
  const reissued = (await store.editions.list(since)).filter(
    ({ audience, reissue, composedAt }) =>
      reissue > 0 && composedAt <= at.asOf && (audience === at.province || scopeOf(audience) === at.province),
  );
  if (reissued.length === 0) return [];
  const names = new Map((await store.units.list(at.province)).map((unit) => [unit.code, unitName(unit)]));
  return reissued
    .sort((a, b) => b.composedAt.getTime() - a.composedAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(({ bulletin, audience, issue, reissue, composedAt }) => ({
      ...{ bulletin, issue, reissue, day: dayOf(composedAt) },
      name: audience === at.province ? "tỉnh" : (names.get(audience) ?? audience),
    }));
}
