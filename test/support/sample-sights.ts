import type { DailyInput } from "../../src/bulletins/daily-input.ts";
import { readConfig } from "../../src/config.ts";
import { analyse } from "../../src/domain/analysis.ts";
import { boardOf, type Sight } from "../../src/domain/board.ts";
import { dayOf, instantAt } from "../../src/domain/calendar.ts";
import { HEADLINES } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { type RegisteredUnit, rankedAlike, viewOf } from "../../src/domain/view.ts";
import { nextWorkingDay, workingCalendar } from "../../src/domain/working-calendar.ts";
import { EVALUATION_2026 } from "../../src/indicators/evaluation-2026.ts";
import { dataOf, ENDPOINTS } from "../../src/sample/answer.ts";
import { SAMPLE_SETTINGS } from "../../src/sample/setup.ts";
import { evaluationApi } from "../../src/sources/evaluation-api.ts";
import { period } from "./sample.ts";

/** The settings of the sample province's office. */
export const OFFICE_SETTINGS: Settings = (() => {
  const read = readConfig({ env: {}, cwd: "/", file: false });
  const { notice: _, ...issuer } = SAMPLE_SETTINGS.issuer;
  return { ...read.settings, ...SAMPLE_SETTINGS, issuer };
})();

export type Seen = {
  readonly period?: string;
  /** What becomes of the figures before they are shown. */
  readonly change?: (rows: readonly Observation[]) => readonly Observation[];
  readonly rename?: (unit: RegisteredUnit) => RegisteredUnit;
  readonly dated?: Sight["dated"];
  /** Communes that the changed figures speak of besides the sample's. */
  readonly extra?: readonly string[];
};

const readings = new Map<string, ReturnType<typeof evaluationApi.read>>();

/** What the sample portal answered at 06:00 on a day, read; each answer is made once. */
function readingOf(scope: string, day: string, key: string) {
  const known = readings.get(`${scope} ${day} ${key}`);
  if (known !== undefined) return known;
  const takenAt = instantAt(day, "06:00");
  const place = scope === "provinces" ? "VN" : scope;
  const answers = (scope === "provinces" ? ENDPOINTS.slice(0, 1) : ENDPOINTS).map((endpoint) => {
    const data = dataOf(endpoint, { place, period: period(key), page: { currentPage: 1, pageSize: 300 } }, day);
    const body = new TextEncoder().encode(JSON.stringify({ code: "OK", data, message: "" }));
    return { endpoint, request: null, status: 201, headers: {}, body, receivedAt: takenAt };
  });
  const reading = evaluationApi.read({ source: evaluationApi.name, scope, period: period(key), takenAt, answers });
  readings.set(`${scope} ${day} ${key}`, reading);
  return reading;
}

/** Every figure of an answer of the sample portal. */
export function sampleRows(scope: string, day: string): readonly Observation[] {
  return readingOf(scope, day, day.slice(0, 4)).observations;
}

/** What the sample portal says of the provinces, or of a province's units, at 06:00 on a day, as the readers see it. */
export function sampleSight(scope: string, day: string, seen: Seen = {}): Sight {
  const key = seen.period ?? day.slice(0, 4);
  const takenAt = instantAt(day, "06:00");
  const reading = readingOf(scope, day, key);
  const extra = (seen.extra ?? []).map((code) => ({ code, name: `UBND xã ${code}`, level: "commune" as const }));
  const register = [...reading.units, ...extra].map(
    ({ code, name, level }): RegisteredUnit => ({
      ...{ code, name, level, printName: null, standing: "confirmed", closedFrom: null },
    }),
  );
  const rename = seen.rename ?? ((unit: RegisteredUnit) => unit);
  const rows = seen.change === undefined ? reading.observations : seen.change(reading.observations);
  const id = `${scope} ${key} ${day}`;
  const snapshot = { id, source: evaluationApi.name, scope, period: key, takenAt, complete: true };
  const view = viewOf(snapshot, rows, register.map(rename));
  return { view, board: boardOf(view), dated: seen.dated ?? new Map(), snapshots: [id] };
}

/** A unit's digest of a day as its composer gets it: compared with the sight of the last issue's day, or with nothing. */
export function dailyInputOf(
  unit: string,
  [then, now]: readonly [Sight | null, Sight],
  given: Partial<DailyInput> & { readonly day: string; readonly last?: string },
): DailyInput {
  const registered = now.view.units.get(unit);
  if (registered === undefined) throw new Error(`no unit ${unit} in ${now.view.snapshot.id}`);
  const { last, ...changed } = given;
  const rules = { maxima: EVALUATION_2026.maxima, thresholds: OFFICE_SETTINGS.thresholds, noise: 5 };
  const isAnalysed = then !== null && then.dated.size === 0 && now.dated.size === 0;
  const same = (code: string) =>
    HEADLINES.every((indicator) => then?.view.value(code, indicator) === now.view.value(code, indicator));
  return {
    settings: OFFICE_SETTINGS,
    unit: registered,
    now,
    before:
      then === null
        ? null
        : {
            sight: then,
            counts: then,
            day: last ?? dayOf(then.view.snapshot.takenAt),
            rankedAlike: rankedAlike(then.view, now.view, registered.level),
            analysis: isAnalysed ? analyse([then.view, now.view], rules) : null,
          },
    counts: now,
    months: [],
    movers: [],
    unchanged: then !== null && [...now.view.units.keys()].every(same),
    memory: [],
    stalled: new Set(),
    revised: [],
    drift: null,
    trend: null,
    nextIssue: nextWorkingDay(workingCalendar([]), given.day),
    recent: [],
    ...changed,
  };
}
