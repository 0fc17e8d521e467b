import { dayAndMonth, dayOf } from "../domain/calendar.ts";
import type { Group } from "../domain/indicator.ts";
import type { View } from "../domain/view.ts";
import type { DailyInput } from "./daily-input.ts";

/** The view that holds the counts behind a unit's scores. */
export function countsView(input: DailyInput): View | null {
  return input.counts?.view ?? null;
}

/** The same of the baseline; null without one. */
export function countsViewThen(input: DailyInput): View | null {
  return input.before?.counts?.view ?? null;
}

/**
 * Where the counts behind a group are of another moment than the scores beside them (the units' answer of the group failed today,
 * the provinces' did not): " (số liệu ngày 09/10)", otherwise "".
 */
export function countsDate({ counts, now }: DailyInput, group: Group): string {
  const since = counts === null || counts === now ? undefined : counts.dated.get(group);
  return since === undefined ? "" : ` (số liệu gốc ngày ${dayAndMonth(dayOf(since))})`;
}

/** The change of each group since the baseline; null for a group whose figures are not of today. */
export function groupDelta(input: DailyInput, group: Group): number | null {
  const now = input.now.view.value(input.unit.code, group);
  const then = input.before?.sight.view.value(input.unit.code, group);
  if (input.now.dated.has(group) || typeof now !== "number" || typeof then !== "number") return null;
  return now - then;
}
