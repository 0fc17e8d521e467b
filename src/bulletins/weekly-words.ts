import type { Sight } from "../domain/board.ts";
import { dayAndMonth, dayOf, daysBetween, shortDate, timeOf } from "../domain/calendar.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { olderFigures } from "./wording.ts";

/** "Tuần 41"; after a week that was off altogether "Tuần 7 và Tuần 8". */
export function weekNames({ week }: Pick<WeeklyInput, "week">): string {
  const names = (week.weeks ?? [week.week]).map((number) => `Tuần ${number}`);
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} và ${last}`;
}

/** "so với tuần trước (05/10)"; when more than the week lies between, "so với bản tin trước (28/09)". */
export function sinceWords(input: WeeklyInput): string {
  return input.before === null ? "" : `so với ${otherSide(input)} (${dayAndMonth(input.before.day)})`;
}

/** The head of a table's column of changes: "So với tuần trước"; when more than the week lies between, its date: "So với 28/09". */
export function sinceTitle(input: WeeklyInput): string {
  const { before } = input;
  return before === null || isUsual(input) ? "So với tuần trước" : `So với ${dayAndMonth(before.day)}`;
}

function otherSide(input: WeeklyInput): string {
  return isUsual(input) ? "tuần trước" : "bản tin trước";
}

/** One week is covered, and the other side is of its first days or the Sunday before. */
function isUsual({ before, week }: WeeklyInput): boolean {
  return before === null || (daysBetween(before.day, week.to) <= 7 && (week.weeks ?? []).length < 2);
}

/** The year the figures are counted over. In week 53 it is not the year the week belongs to. */
export function figuresYear({ provinces }: Pick<WeeklyInput, "provinces">): number {
  return Number(provinces.view.snapshot.period.slice(0, 4));
}

/** A sentence on figures that are not of the day of issue; none when they are. */
export function olderWords({ day }: Pick<WeeklyInput, "day">, sight: Sight): string[] {
  const { takenAt } = sight.view.snapshot;
  const taken = dayOf(takenAt);
  return taken < day ? [olderFigures(`${timeOf(takenAt)} ngày ${shortDate(taken)}`)] : [];
}
