import { dayOf } from "./calendar.ts";
import { GROUPS, indicatorCode, isHeadline, schemeOf, TOTAL } from "./indicator.ts";
import { MERGER_DAY, PROVINCES_SINCE_MERGER } from "./merger.ts";
import type { Observation } from "./observation.ts";
import { type Period, periodEnd, periodKey } from "./period.ts";
import type { Finding } from "./snapshot.ts";
import { THRESHOLDS, type Thresholds } from "./thresholds.ts";
import { type Level, PROVINCES, type Unit } from "./unit.ts";

/** What is known before a snapshot is judged. */
export type Expectation = {
  /** Unit codes of the scope's last complete snapshot before this one, without closed and unconfirmed ones; null when there is none. */
  readonly codes: ReadonlySet<string> | null;
  /** The shipped number of agencies and communes of a province; null when unknown. */
  readonly counts: { readonly agencies: number; readonly communes: number } | null;
  /** Observations of the last complete snapshot of the same period; null when there is none. */
  readonly previous: readonly Observation[] | null;
  /** From when on a group's drop to nothing is the source's fault; the defaults when absent. */
  readonly zero?: Thresholds["zero"];
};

/** What is judged. */
export type Candidate = {
  readonly source: string;
  readonly scope: string;
  readonly period: Period;
  readonly takenAt: Date;
  readonly units: readonly Unit[];
  readonly observations: readonly Observation[];
  readonly findings: readonly Finding[];
  readonly sound: readonly boolean[];
};

/** The verdict: complete only without any incomplete finding. An answer a guard distrusts is not sound. */
export type Verdict = {
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  readonly sound: readonly boolean[];
};

/** Findings an administrator may release by `snapshots accept`: the answers can be read, only their content is in doubt. */
export const RELEASABLE: ReadonlySet<string> = new Set([
  "unit-missing",
  "unit-count",
  "zero-guard",
  "refreshes-differ",
  "group-cover",
  "stale",
  "wrong-period",
  "future",
  "clock-off",
]);

/** Totals and groups of different refreshes may be this far apart, hundredths. */
const SUM_TOLERANCE = 5;

/** Judges a reading against what the scope should hold. */
export function judge(candidate: Candidate, expectation: Expectation): Verdict {
  const findings = [...candidate.findings];
  const totals = new Map(
    candidate.observations
      .filter((row) => indicatorCode(row.indicator) === TOTAL && row.period === periodKey(candidate.period))
      .map((row) => [row.unit, row.answer]),
  );
  const ranked = candidate.units.filter((unit) => totals.has(unit.code));
  const rankingSound = ranked.some((unit) => candidate.sound[totals.get(unit.code) ?? -1] === true);
  if (rankingSound && isAsserted(candidate)) findings.push(...expectedUnits(candidate, ranked, expectation));
  const distrusted = zeroGuard(candidate, expectation);
  findings.push(...distrusted.map(({ finding }) => finding));
  const unfit = unfitAnswers(candidate, findings, new Set(totals.values()));
  const sound = candidate.sound.map(
    (isSound, answer) => isSound && !unfit(answer) && !distrusted.some((guard) => guard.answers.has(answer)),
  );
  return { complete: !findings.some(({ severity }) => severity === "incomplete"), findings, sound };
}

/** A ranking that lacks a unit gives no ranks; group answers of another refresh than the totals are not printed beside them. */
function unfitAnswers(
  candidate: Candidate,
  findings: readonly Finding[],
  rankings: ReadonlySet<number>,
): (answer: number) => boolean {
  const has = (...codes: readonly string[]) =>
    findings.some(({ code, severity }) => severity === "incomplete" && codes.includes(code));
  const rankingUnfit = has("unit-missing", "unit-count");
  const groupsUnfit = has("refreshes-differ") && candidate.sound.length > 1;
  const allUnfit = has("stale", "wrong-period", "future", "clock-off");
  return (answer) => allUnfit || (rankings.has(answer) ? rankingUnfit : groupsUnfit);
}

/** Unit counts are asserted for periods that end, and snapshots taken, after the merger; earlier years are history. */
function isAsserted(candidate: Candidate): boolean {
  return periodEnd(candidate.period) >= MERGER_DAY && dayOf(candidate.takenAt) >= MERGER_DAY;
}

function expectedUnits(candidate: Candidate, ranked: readonly Unit[], expectation: Expectation): Finding[] {
  const note = (severity: Finding["severity"], code: string, message: string, unit?: string): Finding => ({
    severity,
    code,
    message: `${candidate.source}: ${message} (scope ${candidate.scope}, period ${periodKey(candidate.period)}${unit === undefined ? "" : `, unit ${unit}`})`,
    ...(unit === undefined ? {} : { unit }),
  });
  const { codes } = expectation;
  if (codes === null)
    return shippedCounts(candidate, expectation).flatMap(({ level, count }) => {
      const found = ranked.filter((unit) => unit.level === level).length;
      return found >= count
        ? []
        : [note("incomplete", "unit-count", `${found} units of level ${level}, at least ${count} are expected`)];
    });
  const present = new Set(ranked.map((unit) => unit.code));
  return [
    ...[...codes]
      .filter((code) => !present.has(code))
      .map((code) =>
        note(
          "incomplete",
          "unit-missing",
          'a unit of the last complete snapshot is missing; if it was dissolved: "units close"',
          code,
        ),
      ),
    ...[...present]
      .filter((code) => !codes.has(code))
      .map((code) =>
        note("remark", "unit-new", 'a unit not in the last complete snapshot; it waits for "units confirm"', code),
      ),
  ];
}

function shippedCounts(candidate: Candidate, { counts }: Expectation): { level: Level; count: number }[] {
  if (candidate.scope === PROVINCES) return [{ level: "province", count: PROVINCES_SINCE_MERGER }];
  if (counts === null) return [];
  return [
    { level: "agency", count: counts.agencies },
    { level: "commune", count: counts.communes },
  ];
}

type Block = { had: number; lost: number; answers: Set<number> };

/**
 * Compares each group, and the total, with the previous complete snapshot of the period, block by block. A total that
 * counts a group's zero is as false as the group: then the ranking is distrusted with it.
 */
function zeroGuard(
  candidate: Candidate,
  { previous, zero = THRESHOLDS.zero }: Expectation,
): { finding: Finding; answers: ReadonlySet<number> }[] {
  const level = new Map(candidate.units.map((unit) => [unit.code, unit.level]));
  const own = periodKey(candidate.period);
  const now = new Map(
    candidate.observations.filter((row) => row.period === own).map((row) => [`${row.unit}|${row.indicator}`, row]),
  );
  const blocks = new Map<string, Block>();
  for (const before of previous ?? []) {
    const { unit, indicator, value } = before;
    const after = now.get(`${unit}|${indicator}`);
    const code = indicatorCode(indicator);
    if (before.period !== own || value === null || value <= 0 || !level.has(unit) || after === undefined) continue;
    if (!isHeadline(code)) continue;
    const key = `${level.get(unit)}|${code}`;
    const block = blocks.get(key) ?? { had: 0, lost: 0, answers: new Set<number>() };
    blocks.set(key, block);
    block.had += 1;
    block.answers.add(after.answer);
    if (after.value !== null && after.value !== 0) continue;
    block.lost += 1;
    const total = now.get(`${unit}|${schemeOf(indicator)}.${TOTAL}`);
    if (value > SUM_TOLERANCE && total !== undefined && countsZero(total, now)) block.answers.add(total.answer);
  }
  return [...blocks].flatMap(([key, { had, lost, answers }]) => {
    if (lost < zero.units || lost * 100 < had * zero.percent) return [];
    const [block = "", indicator = ""] = key.split("|");
    const message = `${candidate.source}: ${lost} of ${had} units of level ${block} fell to 0 or blank in ${indicator} at once (scope ${candidate.scope}, period ${own}); a fault of the source unless "snapshots accept" says otherwise`;
    return [{ finding: { severity: "incomplete", code: "zero-guard", indicator, message }, answers }];
  });
}

/** True when a unit's groups, as they stand now, add up to its total: the total has lost what the group lost. */
function countsZero(total: Observation, now: ReadonlyMap<string, Observation>): boolean {
  if (total.value === null) return true;
  let sum = 0;
  for (const group of GROUPS) sum += now.get(`${total.unit}|${schemeOf(total.indicator)}.${group}`)?.value ?? 0;
  return Math.abs(sum - total.value) <= SUM_TOLERANCE;
}
