import { GROUPS } from "../domain/indicator.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { DataFault } from "./fault-plan.ts";

type Json = Record<string, unknown>;
/** The parts of an answer's `data` that faults touch. */
type Parts = { readonly data: Json; readonly head: Json; readonly rows: Json[] };

const EXTRA_ID = "00000000-0000-7fff-8fff-ffffffffffff";

/** Faults that change what is asked for, not what is answered; `answer.ts` carries them out. */
type Elsewhere = "wrong-code" | "stale" | "wrong-period";

const SPOILERS: Readonly<Record<Exclude<DataFault, Elsewhere>, (parts: Parts) => void>> = {
  "short-list": ({ rows }) => {
    rows.length = Math.floor(rows.length / 2);
  },
  "duplicate-row": ({ rows }) => {
    if (rows[0] !== undefined && rows.length > 1) rows[rows.length - 1] = { ...rows[0] };
  },
  "unknown-group": unknownGroup,
  "text-for-number": ({ rows }) => setScore(rows[0], () => "không có"),
  "out-of-range": ({ rows }) => setScore(rows[0], (_score, maximum) => maximum + 4.5),
  "sum-off": ({ rows, head }) => {
    for (const part of [rows[0], head]) setScore(part, (score) => round(score + (score >= 0.5 ? -0.5 : 0.5)));
  },
  "wrong-unit": ({ head }) => {
    const other = PROVINCES_CATALOGUE.find(
      (province) => province.code !== head["departmentCode"] && province.code !== "H21",
    );
    if (other === undefined) return;
    head["departmentName"] = other.name;
    if ("departmentCode" in head) head["departmentCode"] = other.code;
    if ("departmentId" in head) head["departmentId"] = other.departmentId;
  },
  "zero-group": zeroGroup,
  "missing-unit": ({ data, rows }) => {
    rows.pop();
    recount(data, rows.length);
  },
  "extra-unit": ({ data, rows, head }) => {
    const last = rows[rows.length - 1];
    if (last === undefined) return;
    const code = head["departmentCode"] === null ? "H99" : "H21.999";
    const extra: Json = { ...last, departmentId: EXTRA_ID, departmentName: "UBND xã Mới Lập" };
    if ("departmentCode" in last) extra["departmentCode"] = code;
    rows.push(extra);
    recount(data, rows.length);
  },
};

/** Spoils a copy of an answer's `data`. The faults of `Elsewhere` leave it as it is. */
export function spoil(data: Json, fault: DataFault): Json {
  const copy = structuredClone(data);
  const head = copy["overview"] ?? copy["parent"];
  const rows = copy["evaluation"] ?? copy["children"];
  if (isElsewhere(fault) || !isJson(head) || !Array.isArray(rows)) return copy;
  SPOILERS[fault]({ data: copy, head, rows });
  return copy;
}

function isElsewhere(fault: DataFault): fault is Elsewhere {
  return fault === "wrong-code" || fault === "stale" || fault === "wrong-period";
}

/** A code nobody knows, wherever the answer speaks of groups or components; trees get a `groupScores` of their own. */
function unknownGroup({ data, rows }: Parts): void {
  const first = rows[0];
  if (first === undefined) return;
  if (Array.isArray(data["radar"]))
    data["radar"].push({ code: "XYZ", name: "Nhóm lạ", score: 1, maxScore: 5, ratio: 20 });
  const metrics = first["metrics"];
  if (Array.isArray(metrics)) {
    metrics.push({ code: "XYZ", name: "Chỉ số lạ", numerator: 1, denominator: 2, ratio: 50, score: 1, maxScore: 2 });
  } else if (!("childGroup" in first)) {
    first["groupScores"] = { ...(isJson(first["groupScores"]) ? first["groupScores"] : {}), XYZ: 1 };
  }
}

/** A whole group at 0 for everybody, totals following: digitisation in the ranking, the endpoint's own group elsewhere. */
function zeroGroup({ data, head, rows }: Parts): void {
  const group = GROUPS[5];
  for (const part of [head, ...rows]) {
    const groups = part["groupScores"];
    if (isJson(groups)) {
      const lost = Number(groups[group]);
      groups[group] = 0;
      setScore(part, (score) => round(score - lost));
    } else if (!("radar" in data)) {
      setScore(part, () => 0);
      for (const metric of listOf(part["metrics"])) if (typeof metric["score"] === "number") metric["score"] = 0;
    }
  }
  for (const axis of listOf(data["radar"])) {
    if (axis["code"] !== group) continue;
    const lost = Number(axis["score"]);
    axis["score"] = 0;
    axis["ratio"] = 0;
    setScore(head, (score) => round(score - lost));
  }
}

/** Changes a row's score, whichever name it has, and the ratio of a total with it. */
function setScore(row: Json | undefined, change: (score: number, maximum: number) => unknown): void {
  if (row === undefined) return;
  const key = "totalScore" in row ? "totalScore" : "score";
  const maximum = Number(row["totalMaxScore"] ?? row["maxScore"] ?? 100);
  const value = change(Number(row[key]), maximum);
  row[key] = value;
  if (maximum === 100) row["ratio"] = value;
}

function recount(data: Json, total: number): void {
  if (isJson(data["pagination"])) data["pagination"]["total"] = total;
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
