import { indicatorCode, isHeadline, TOTAL } from "./indicator.ts";
import type { Observation } from "./observation.ts";
import { type Period, parsePeriod, periodKey, periodStart } from "./period.ts";
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
  const other = seen.alike.find(({ period }) => period !== own && startOf(period) !== periodStart(taken.period));
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

function startOf(key: string): string | null {
  const period = parsePeriod(key);
  return period === null ? null : periodStart(period);
}
