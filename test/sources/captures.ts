import { existsSync, readFileSync } from "node:fs";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";

/** Real answers, kept beside the checkout and never in it. */
const FOLDER = new URL("../../../shared/captures/", import.meta.url);
export const PRESENT = existsSync(FOLDER);

const REST = "report_tinh_766_service";
const AN_GIANG = { source: "rest-jsp", scope: "H01" } as const;
const OCT_11 = "2025-10-11T13:01:35Z";
const OCT_15 = "2025-10-15T01:46:24Z";
const RANKING = "service-results";
const PHU_THO = ["transparency", "dvc-progress-tree", "provide-online-tree", "formality-online-payment-tree"].concat(
  "handling-satisfaction",
  "dossier-digitized",
);

type Capture = {
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly takenAt: string;
  /** Endpoint → file. */
  readonly files: Readonly<Record<string, string>>;
  /** What must keep it from being complete; absent for a whole answer. */
  readonly refused?: string;
};

/** Every real answer there is, as the snapshots they belong to. */
export const CAPTURES: Readonly<Record<string, Capture>> = {
  oct7: national("2026-10-06T21:00:00Z", "captured-2026-10-07"),
  oct9early: national("2026-10-08T21:00:00Z", "captured-2026-10-09.early"),
  oct9: national("2026-10-09T07:00:00Z", "captured-2026-10-09"),
  giaLai9: giaLai("2026-10-08T21:00:00Z", "captured-2026-10-09"),
  giaLai10: giaLai("2026-10-09T07:00:00Z", "captured-2026-10-10.early"),
  phuTho: {
    source: "evaluation-api",
    scope: "H44",
    period: "2026-08",
    takenAt: "2026-09-26T18:14:00Z",
    files: Object.fromEntries(PHU_THO.map((name) => [name, `gen-b/phu-tho/${name}.month-2026-08.json`])),
    refused: "short-list",
  },
  year11: restJsp("provinces", "2025", OCT_11, "2025-10-11T130135Z/provinces.year-2025"),
  month11: restJsp("provinces", "2025-10", OCT_11, "2025-10-11T130135Z/provinces.month-2025-10"),
  year15: restJsp("provinces", "2025", OCT_15, "2025-10-15T014624Z/provinces.year-2025"),
  month15: restJsp("provinces", "2025-10", OCT_15, "2025-10-15T014624Z/provinces.month-2025-10"),
  anGiang: restJsp("H01", "2025", OCT_11, "2025-10-11T130135Z/units-398126.year-2025"),
  communes: {
    ...restJsp("H01", "2025", OCT_15, "2025-10-15T014624Z/communes-398126.year-2025"),
    refused: "short-list",
  },
  agencies: {
    ...restJsp(AN_GIANG.scope, "2025-10", OCT_15, "2025-10-15T014624Z/agencies-398126.month-2025-10"),
    refused: "short-list",
  },
};

function national(takenAt: string, name: string): Capture {
  const files = { [RANKING]: `gen-b/national/service-results.year-2026.${name}.json` };
  return { source: "evaluation-api", scope: "provinces", period: "2026", takenAt, files };
}

function giaLai(takenAt: string, name: string): Capture {
  const files = { [RANKING]: `gen-b/gia-lai/service-results.${name}.json` };
  return { source: "evaluation-api", scope: "H21", period: "2026", takenAt, files, refused: "answer-missing" };
}

function restJsp(scope: string, period: string, takenAt: string, name: string): Capture {
  return { source: "rest-jsp", scope, period, takenAt, files: { [REST]: `gen-a/${name}.json` } };
}

/** The names of the captures. */
export const CAPTURE_NAMES = Object.keys(CAPTURES);

export function capture(name: string): Capture {
  const found = CAPTURES[name];
  if (found === undefined) throw new Error(`no capture ${name}`);
  return found;
}

/** A capture as a snapshot to read. */
export function capturedSnapshot(name: string): Snapshot {
  const { source, scope, period: key, takenAt: at, files } = capture(name);
  const period = parsePeriod(key);
  if (period === null) throw new Error(`no period: ${key}`);
  const takenAt = new Date(at);
  const answers = Object.entries(files).map(([endpoint, file]) => ({
    endpoint,
    request: null,
    status: null,
    headers: {},
    body: new Uint8Array(readFileSync(new URL(file, FOLDER))),
    receivedAt: takenAt,
  }));
  return { source, scope, period, takenAt, answers };
}

/** One answer of a capture as anybody would parse it. */
export function rawJson(name: string, endpoint = Object.keys(capture(name).files)[0] ?? ""): unknown {
  return JSON.parse(readFileSync(new URL(capture(name).files[endpoint] ?? "", FOLDER), "utf8"));
}

/**
 * A figure as it stands in the raw text, in whole hundredths, without the reader under test: the digits before and after the point are
 * joined as text.
 */
export function rawHundredths(value: unknown): number {
  const [whole = "", part = ""] = String(value).split(".");
  if (part.length > 2 || !/^\d+$/.test(whole + part)) throw new Error(`not a figure of two decimals: ${String(value)}`);
  return Number(whole + part.padEnd(2, "0"));
}

/** One row of a raw answer, whatever the generation calls its fields. */
export type RawRow = {
  readonly code: string;
  readonly name: string;
  /** "1", "2", "3", "AGENCY", "COMMUNE", or "province": only good for telling blocks apart. */
  readonly block: string;
  readonly total: unknown;
  readonly groups: Readonly<Record<string, unknown>> | null;
};

/** The rows of a capture's ranking. */
export function rawRows(name: string): readonly RawRow[] {
  type Row = Readonly<Record<string, unknown>>;
  const json = rawJson(name);
  if (Array.isArray(json))
    return (json as Row[]).map((row) => ({
      code: String(row["MA_COQUAN"]).replace("000.00.00.", ""),
      name: String(row["TEN_COQUAN"]),
      block: String(row["LOAI_COQUAN"]),
      total: row["TONG_SCORE"],
      groups: row,
    }));
  const { evaluation } = (json as { data: { evaluation: Row[] } }).data;
  return evaluation.map((row) => ({
    code: String(row["departmentCode"]),
    name: String(row["departmentName"]),
    block: String(row["childGroup"] ?? "province"),
    total: row["totalScore"],
    groups: (row["groupScores"] as Row | undefined) ?? null,
  }));
}
