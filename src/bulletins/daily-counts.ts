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

/** The change of each group since the baseline; null for a group whose figures are not of today. */
export function groupDelta(input: DailyInput, group: Group): number | null {
  const now = input.now.view.value(input.unit.code, group);
  const then = input.before?.sight.view.value(input.unit.code, group);
  if (input.now.dated.has(group) || typeof now !== "number" || typeof then !== "number") return null;
  return now - then;
}
