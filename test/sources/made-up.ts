import { GROUPS, type Group } from "../../src/domain/indicator.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Answer, Snapshot } from "../../src/domain/snapshot.ts";
import { GROUP_ENDPOINTS } from "../../src/sources/evaluation-api.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";

/** What a JSON answer is made of; tests change it freely. */
export type Json = { [key: string]: unknown };

export type Scores = Readonly<Record<Group, number>>;
/** A made-up unit; scores in hundredths. */
export type MadeUnit = { readonly code: string; readonly name: string; readonly id: string; readonly scores: Scores };

export const GROUP_NAMES = Object.keys(GROUP_ENDPOINTS) as (keyof typeof GROUP_ENDPOINTS)[];
export const MAXIMA: Scores = { CKMB: 1800, TDGQ: 2000, CLGQ: 1200, TTTT: 1000, MDHL: 1800, MDSH: 2200 };
const RADAR = ["CKMB", "TDGQ", "ONLINE_SERVICE", "MDHL", "MDSH"] as const;

export function snapshotOf(
  answers: readonly Answer[],
  given: Partial<Omit<Snapshot, "period">> & { period?: string } = {},
): Snapshot {
  const { period = "2026", ...rest } = given;
  const parsed = parsePeriod(period);
  if (parsed === null) throw new Error(`no period: ${period}`);
  const takenAt = new Date("2026-10-09T06:00:00+07:00");
  return { source: "evaluation-api", scope: "H49", takenAt, ...rest, period: parsed, answers };
}

export function answerOf(endpoint: string, body: unknown, given: Partial<Answer> = {}): Answer {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return {
    endpoint,
    request: null,
    status: 201,
    headers: {},
    body: new Uint8Array(bytes),
    receivedAt: new Date("2026-10-09T06:00:00+07:00"),
    ...given,
  };
}

/** Scores that differ from unit to unit and never come near a maximum. */
export function scoresOf(seed: number): Scores {
  return Object.fromEntries(GROUPS.map((group, at) => [group, 500 + ((seed * 37 + at * 11) % 400)])) as Scores;
}

export function totalOf(scores: Scores): number {
  return GROUPS.reduce((sum, group) => sum + scores[group], 0);
}

/** The first units are agencies, the others communes. */
export function unitsOf(scope: string, agencies: number, communes: number): MadeUnit[] {
  return [...Array(agencies + communes).keys()].map((index) => ({
    code: `${scope}.${index < agencies ? index + 1 : 100 + index - agencies}`,
    name: index < agencies ? `Sở Thứ ${index + 1}` : `UBND xã Thứ ${index - agencies + 1}`,
    id: `00000000-0000-7000-8000-${String(index + 1).padStart(12, "0")}`,
    scores: scoresOf(index),
  }));
}

const isAgency = (unit: MadeUnit) => unit.name.startsWith("Sở");

function envelope(data: Json): Json {
  return { code: "OK", data, message: "OK" };
}

function placeOf(scope: string): Json {
  const province = PROVINCES_CATALOGUE.find(({ code }) => code === scope);
  return { departmentId: province?.departmentId, departmentName: province?.name, departmentCode: scope };
}

function headOf(total: number, radar: Scores): Json {
  const score = (code: (typeof RADAR)[number]) => (code === "ONLINE_SERVICE" ? radar.CLGQ + radar.TTTT : radar[code]);
  const maximum = (code: (typeof RADAR)[number]) => (code === "ONLINE_SERVICE" ? 22 : MAXIMA[code] / 100);
  return {
    overview: { departmentName: "Cả nước", departmentCode: null, totalScore: total / 100, totalMaxScore: 100 },
    growthPercent: 1,
    radar: RADAR.map((code) => ({ code, name: code, score: score(code) / 100, maxScore: maximum(code) })),
    donuts: { onlineDossier: [{ code: "ONLINE", name: "x", value: 12, percent: 60 }], onlineProvision: null },
    monthlyChart: [
      { month: "01", averageScore: 50.5 },
      { month: "12", averageScore: null },
    ],
    dossierChart: [{ month: "01", onTimePct: 80.01, overduePct: 19.99 }],
  };
}

/** The national ranking of the 34 provinces. */
export function national(change: (code: string, scores: Scores) => Scores = (_, scores) => scores): Json {
  const radar = scoresOf(99);
  const evaluation = PROVINCES_CATALOGUE.map(({ code, name, departmentId }, index) => {
    const scores = change(code, scoresOf(index));
    const total = totalOf(scores) / 100;
    return {
      departmentId,
      departmentName: name,
      departmentCode: code === "H37" ? "000.00.00.H37" : code,
      totalScore: total,
      ratio: total,
      scoreDelta: 1.5,
      groupScores: Object.fromEntries(GROUPS.map((group) => [group, scores[group] / 100])),
    };
  });
  return envelope({ ...headOf(totalOf(radar), radar), evaluation });
}

/** A province's ranking: totals only. */
export function ranking(scope: string, units: readonly MadeUnit[]): Json {
  const radar = scoresOf(50);
  const head = headOf(totalOf(radar), radar);
  return envelope({
    ...head,
    overview: { ...placeOf(scope), departmentId: undefined, totalScore: totalOf(radar) / 100, totalMaxScore: 100 },
    evaluation: units.map((unit) => ({
      departmentId: unit.id,
      departmentName: unit.name,
      departmentCode: unit.code,
      totalScore: totalOf(unit.scores) / 100,
      ratio: 1,
      scoreDelta: null,
      childGroup: isAgency(unit) ? "AGENCY" : "COMMUNE",
    })),
  });
}

/** One of the six group answers, in the endpoint's own shape. */
export function group(endpoint: (typeof GROUP_NAMES)[number], scope: string, units: readonly MadeUnit[]): Json {
  const code = GROUP_ENDPOINTS[endpoint];
  const maximum = MAXIMA[code] / 100;
  const level = (unit: MadeUnit) => (isAgency(unit) ? "PROVINCE" : "COMMUNE");
  const own = scoresOf(50)[code] / 100;
  if (endpoint.endsWith("-tree")) {
    const score = endpoint === "dvc-progress-tree" ? "score" : "totalScore";
    const maxScore = endpoint === "dvc-progress-tree" ? "maxScore" : "totalMaxScore";
    return envelope({
      parent: { ...placeOf(scope), totalScore: own, totalMaxScore: maximum, totalReceived: 9, totalOnTime: 8 },
      children: units.map((unit) => ({
        departmentId: unit.id,
        departmentName: unit.name,
        departmentCode: unit.code,
        level: level(unit),
        [score]: unit.scores[code] / 100,
        [maxScore]: maximum,
        totalReceived: 40,
        totalOnTime: 39,
        totalOverdue: 1,
      })),
    });
  }
  // Portal observation: transparency and satisfaction give no codes; digitizing does.
  const coded = endpoint === "dossier-digitized";
  const { departmentCode, ...nameless } = placeOf(scope);
  const component = { transparency: "DOSSIER_SYNC", "dossier-digitized": "REUSED_DIGITIZED_DATA" }[endpoint as string];
  const metrics = () => [
    {
      code: component ?? "PETITION_PROCESSING_ON_TIME",
      numerator: 3,
      denominator: 7,
      score: null,
      maxScore: component === "REUSED_DIGITIZED_DATA" ? 2 : 6,
    },
  ];
  return envelope({
    overview: {
      ...nameless,
      ...(coded ? { departmentCode } : {}),
      totalScore: own,
      totalMaxScore: maximum,
      metrics: metrics(),
    },
    evaluation: units.map((unit, index) => ({
      stt: index + 1,
      departmentId: unit.id,
      departmentName: unit.name.toLocaleUpperCase("vi"),
      ...(coded ? { departmentCode: unit.code } : {}),
      departmentLevel: level(unit),
      totalScore: unit.scores[code] / 100,
      totalMaxScore: maximum,
      metrics: metrics(),
    })),
    pagination: { total: units.length, currentPage: 1, pageSize: 300, totalPages: 1 },
  });
}

/** The seven answers of a province, each open to change before it is sealed as bytes. */
export function provinceAnswers(
  scope: string,
  units: readonly MadeUnit[],
  change: Partial<Record<string, (json: Json) => unknown>> = {},
): Answer[] {
  const seal = (endpoint: string, json: Json) => {
    const changed = change[endpoint]?.(json) ?? json;
    return isAnswer(changed) ? changed : answerOf(endpoint, changed);
  };
  return [
    seal("service-results", ranking(scope, units)),
    ...GROUP_NAMES.map((endpoint) => seal(endpoint, group(endpoint, scope, units))),
  ];
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "receivedAt" in value;
}

/** The `data` of an answer's JSON. */
export function dataOf(json: Json): Json {
  return json["data"] as Json;
}

/** The rows of an answer's JSON, whatever the endpoint calls them. */
export function rowsOf(json: Json): Json[] {
  return (dataOf(json)["evaluation"] ?? dataOf(json)["children"]) as Json[];
}

/** One row of an answer's JSON. */
export function rowOf(json: Json, index: number): Json {
  const row = rowsOf(json)[index];
  if (row === undefined) throw new Error(`no row ${index}`);
  return row;
}

/** Sets fields of a part of an answer. */
export function set(target: Json, fields: Json): void {
  Object.assign(target, fields);
}
