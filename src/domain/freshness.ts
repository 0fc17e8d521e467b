import { dayOf, daysBetween } from "./calendar.ts";
import { indicatorCode, isHeadline, TOTAL } from "./indicator.ts";
import type { Observation } from "./observation.ts";
import { type Period, parsePeriod, periodEnd, periodKey, periodStart } from "./period.ts";
import type { Answer, Finding } from "./snapshot.ts";
import { COUNTRY } from "./unit.ts";

/** What is looked at: a snapshot and when it is judged. */
export type Taken = {
  readonly source: string;
  readonly scope: string;
  readonly period: Period;
  readonly takenAt: Date;
};

/** A complete snapshot with the same headline figures. */
export type Alike = { readonly id: string; readonly period: string; readonly takenAt: Date };

/** A server's clock may be this far off ours before its answers are doubted. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Figures may stand still for so many days: a month and its year of which no more was counted yet are the same figures. */
const LAG_DAYS = 5;

/**
 * The headline figures of a snapshot's units as one text, the same whatever order the rows came in; null without totals.
 * Its hash is the snapshot's fingerprint.
 */
export function headlineText(
  observations: readonly Observation[],
  taken: Pick<Taken, "scope" | "period">,
): string | null {
  const own = periodKey(taken.period);
  const rows = observations.filter(
    ({ unit, indicator, period }) =>
      period === own && unit !== COUNTRY && unit !== taken.scope && isHeadline(indicatorCode(indicator)),
  );
  if (!rows.some(({ indicator }) => indicatorCode(indicator) === TOTAL)) return null;
  return rows
    .map(({ unit, indicator, value }) => `${unit} ${indicator} ${value}`)
    .sort()
    .join("\n");
}

/**
 * Doubts about when and over what the figures were counted: figures of an older day answered again although newer ones were seen,
 * figures of another period, a snapshot from the future, a server whose clock is off.
 * `newest` is the fingerprint of the newest complete snapshot of the period before this one.
 */
export function freshnessFindings(
  taken: Taken,
  seen: {
    readonly alike: readonly Alike[];
    readonly isNewest: boolean;
    readonly answers: readonly Answer[];
    readonly now: Date;
  },
): readonly Finding[] {
  const own = periodKey(taken.period);
  const older = seen.alike.find(({ period }) => period === own);
  const other = foreign(taken, seen.alike);
  const place = `(scope ${taken.scope}, period ${own})`;
  const doubt = (code: string, what: string): Finding => ({
    code,
    severity: "incomplete",
    message: `${taken.source}: ${what} ${place}`,
  });
  const off = seen.answers.flatMap((answer) => {
    const date = Date.parse(answer.headers["date"] ?? "");
    return Number.isNaN(date) || Math.abs(date - answer.receivedAt.getTime()) <= CLOCK_TOLERANCE_MS
      ? []
      : [{ answer, date }];
  });
  return [
    ...(older === undefined || seen.isNewest
      ? []
      : [
          doubt(
            "stale",
            `the figures of snapshot ${older.id} of ${older.takenAt.toISOString()} again, although newer ones were seen since`,
          ),
        ]),
    ...(other === undefined
      ? []
      : [doubt("wrong-period", `the same figures as snapshot ${other.id} of period ${other.period}`)]),
    ...(taken.takenAt.getTime() - seen.now.getTime() > CLOCK_TOLERANCE_MS
      ? [doubt("future", `taken at ${taken.takenAt.toISOString()}, which is still to come`)]
      : []),
    ...off.slice(0, 1).map(({ answer, date }) => ({
      ...doubt(
        "clock-off",
        `the server's clock says ${new Date(date).toISOString()}, ours ${answer.receivedAt.toISOString()} at ${answer.endpoint}`,
      ),
      endpoint: answer.endpoint,
    })),
  ];
}

/** The same figures of another period that counts over other days; a year in January, a quarter in its first month do not. */
function foreign(taken: Taken, alike: readonly Alike[]): Alike | undefined {
  const others = alike.filter(({ period }) => period !== periodKey(taken.period));
  const spans = others.flatMap((other) => {
    const period = parsePeriod(other.period);
    return period === null ? [] : [{ other, ...spanOf(period, other.takenAt) }];
  });
  const { start, end } = spanOf(taken.period, taken.takenAt);
  const isExplained = spans.some((span) => span.start === start && Math.abs(daysBetween(span.end, end)) <= LAG_DAYS);
  return spans.find((span) => span.start !== start || !isExplained)?.other;
}

/** The days figures of a period were counted over when they were taken. */
function spanOf(period: Period, takenAt: Date) {
  const [end, day] = [periodEnd(period), dayOf(takenAt)];
  return { start: periodStart(period), end: end < day ? end : day };
}
