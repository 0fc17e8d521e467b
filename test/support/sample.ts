import { isDeepStrictEqual } from "node:util";
import { type Period, parsePeriod } from "../../src/domain/period.ts";
import { COUNTRY } from "../../src/domain/unit.ts";
import { dataOf, type Endpoint } from "../../src/sample/answer.ts";

export type Json = Record<string, unknown>;

/** The group each endpoint scores. */
export const GROUP_OF = {
  transparency: "CKMB",
  "dvc-progress-tree": "TDGQ",
  "provide-online-tree": "CLGQ",
  "formality-online-payment-tree": "TTTT",
  "handling-satisfaction": "MDHL",
  "dossier-digitized": "MDSH",
} as const satisfies Partial<Record<Endpoint, string>>;
export const GROUP_ENDPOINTS = Object.keys(GROUP_OF) as (keyof typeof GROUP_OF)[];

export function period(key: string): Period {
  const parsed = parsePeriod(key);
  if (parsed === null) throw new Error(`no period: ${key}`);
  return parsed;
}

/** What the sample answers about a place on a day, as anybody would parse it. */
export function sampleData(endpoint: Endpoint, place: string, key: string, day: string): Json {
  const question = {
    place: place === "provinces" ? COUNTRY : place,
    period: period(key),
    page: { currentPage: 1, pageSize: 300 },
  };
  return JSON.parse(JSON.stringify(dataOf(endpoint, question, day))) as Json;
}

export function headOf(data: Json): Json {
  return (data["overview"] ?? data["parent"]) as Json;
}

export function rowsOf(data: Json): Json[] {
  return (data["evaluation"] ?? data["children"]) as Json[];
}

/** A row's score in whole hundredths; throws when it has more decimals than two. */
export function scoreOf(row: Json): number {
  return hundredths(row["totalScore"] ?? row["score"]);
}

export function hundredths(points: unknown): number {
  const whole = Math.round(Number(points) * 100);
  if (typeof points !== "number" || whole / 100 !== points) throw new Error(`not a score: ${JSON.stringify(points)}`);
  return whole;
}

/** Rows that differ between two lists, by departmentId. */
export function changedRows(before: readonly Json[], after: readonly Json[]): Json[] {
  const old = new Map(before.map((row) => [row["departmentId"], row]));
  return after.filter((row) => !isDeepStrictEqual(old.get(row["departmentId"]), row));
}
