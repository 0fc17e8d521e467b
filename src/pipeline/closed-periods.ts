import type { Day } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import {
  isOpen,
  type Period,
  parsePeriod,
  periodEnd,
  periodKey,
  periodStart,
  previousPeriod,
} from "../domain/period.ts";

/** More periods than anybody means. */
const MOST_PERIODS = 120;

/** The ends of a stretch of periods as typed, and what its source can answer. */
export type Stretch = {
  readonly from: string;
  readonly to: string;
  readonly today: Day;
  readonly kinds: readonly Period["kind"][];
  /** The first year the source knows. */
  readonly since: number;
};

/**
 * Every period from one to another of the same kind, both included, oldest first; all of them over.
 * Throws UsageError with the way that works for what the portal cannot give.
 */
export function closedPeriods({ from, to, today, kinds, since }: Stretch): readonly Period[] {
  const [first, last] = [readPeriod(from, "--from"), readPeriod(to, "--to")];
  const wrong = [first, last].find(({ kind }) => !kinds.includes(kind));
  if (wrong !== undefined)
    throw new UsageError(`${periodKey(wrong)}: the portal answers for ${kinds.join(", ")}, not for a ${wrong.kind}`);
  if (first.kind !== last.kind)
    throw new UsageError(`--from ${from} is a ${first.kind} and --to ${to} a ${last.kind}; ask for one kind at a time`);
  if (periodStart(first) > periodStart(last)) throw new UsageError(`--from ${from} lies after --to ${to}`);
  if (first.year < since)
    throw new UsageError(
      `${periodKey(first)}: the portal of today knows nothing before ${since}; bring stored answers of that time with "diemtin import MANIFEST"`,
    );
  if (isOpen(last, today)) throw new UsageError(stillRunning(last, today));
  const periods: Period[] = [];
  for (let period = last; periodStart(period) >= periodStart(first); period = previousPeriod(period)) {
    periods.unshift(period);
    if (periods.length > MOST_PERIODS)
      throw new UsageError(`${from} to ${to} are more than ${MOST_PERIODS} periods; ask for fewer at a time`);
  }
  return periods;
}

function stillRunning(period: Period, today: Day): string {
  const key = periodKey(period);
  if (periodStart(period) > today) return `${key} has not begun; there is nothing to ask`;
  return (
    `${key} runs until ${periodEnd(period)}: the portal gives its state of now only ("diemtin run collect"); ` +
    `a past day's state of a running period comes with "diemtin import MANIFEST", from answers stored on that day`
  );
}

function readPeriod(text: string, option: string): Period {
  const period = parsePeriod(text);
  if (period === null) throw new UsageError(`${option}: "${text}" is no period; write 2026, 2026-Q3 or 2026-10`);
  return period;
}
