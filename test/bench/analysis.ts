import { analyse } from "../../src/domain/analysis.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import { GROUPS, HEADLINES, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import { type RegisteredUnit, viewOf } from "../../src/domain/view.ts";
import { COUNTS, EVALUATION_2026 } from "../../src/indicators/evaluation-2026.ts";

/** Milliseconds of analysing one day against the day before: views, shifts, jumps, and every unit's net, parts and places. */
export type MeasuredAnalysis = {
  readonly units: number;
  readonly observations: number;
  readonly milliseconds: number;
  /** Of one processor: what a busy machine does not stretch. */
  readonly processor: number;
};

const PROVINCE = 149;
const COUNTRY = 3_877;

/** One province's day and, as one block set, the country's; the median of some runs after a first. */
export function measureAnalysis(): { readonly province: MeasuredAnalysis; readonly country: MeasuredAnalysis } {
  return { province: measure(PROVINCE, 9), country: measure(COUNTRY, 3) };
}

function measure(units: number, runs: number): MeasuredAnalysis {
  const register = Array.from(
    { length: units },
    (_, index): RegisteredUnit => ({
      code: `H21.${index}`,
      name: `UBND xã ${index}`,
      printName: null,
      level: index % 11 === 0 ? "agency" : "commune",
      standing: "confirmed",
      closedFrom: null,
    }),
  );
  const days = [0, 1].map((day) => register.flatMap(({ code }, index) => observationsOf(code, index, day)));
  const times = Array.from({ length: runs + 1 }, () => once(days, register)).slice(1);
  const middle = (of: "wall" | "processor") =>
    times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  return { units, observations: days.flat().length, milliseconds: middle("wall"), processor: middle("processor") };
}

/** Each unit's total, groups, components with counts, and the counts beside them. */
function observationsOf(unit: string, index: number, day: number): readonly Observation[] {
  // Most move by less than 0,30 in a day, one in fifty by far more.
  const moved = (salt: number) =>
    ((index * 37 + salt * 101) % 300) + day * (((index * 13 + salt * 7) % 30) + ((index + salt) % 50 === 0 ? 400 : 0));
  const figures = new Map<string, number>(GROUPS.map((group, salt) => [group, 200 + moved(salt)]));
  figures.set(
    TOTAL,
    [...figures.values()].reduce((sum, value) => sum + value, 0),
  );
  for (const [salt, { group, code }] of EVALUATION_2026.components.entries())
    for (const part of ["score", "numerator", "denominator"]) figures.set(`${group}.${code}.${part}`, moved(salt));
  for (const [group, counts] of Object.entries(COUNTS))
    for (const [salt, count] of Object.keys(counts).entries()) figures.set(`${group}.${count}`, moved(salt));
  return [...figures].map(([code, value]) => ({
    unit,
    indicator: `${EVALUATION_2026.id}.${code}`,
    period: "2026",
    value,
    answer: 0,
  }));
}

function once(days: readonly (readonly Observation[])[], register: readonly RegisteredUnit[]) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const views = days.map((observations, day) => {
    const takenAt = instantAt(`2026-10-${String(9 + day).padStart(2, "0")}`, "06:00");
    const snapshot = { id: `s${day}`, source: "evaluation-api", scope: "H21", period: "2026", takenAt, complete: true };
    return viewOf(snapshot, observations, register);
  });
  const analysis = analyse(views, { maxima: EVALUATION_2026.maxima, thresholds: THRESHOLDS, noise: 5 });
  let told = analysis.jumps.length;
  for (const { code } of register) {
    if (analysis.split(code) !== null) told += 1;
    for (const indicator of HEADLINES) {
      if (analysis.net(code, indicator) !== null) told += 1;
      if (analysis.attribution(code, indicator) !== null) told += 1;
    }
  }
  if (told < register.length) throw new Error(`the analysis of ${register.length} units told only ${told} things`);
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - start, processor: (user + system) / 1000 };
}
