import { UsageError } from "../domain/errors.ts";
import { readCount } from "../domain/figure.ts";
import { indicatorId, TOTAL } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import { type Period, periodKey } from "../domain/period.ts";
import type { Finding, Request, Scope, Snapshot } from "../domain/snapshot.ts";
import { isProvinceCode, isUnitCode, type Level, normaliseCode, PROVINCES, type Unit } from "../domain/unit.ts";
import { REST_JSP_2025 } from "../indicators/rest-jsp-2025.ts";
import { type Notes, notesFor } from "./findings.ts";
import { isObject, type JsonObject, readId, readJson, readScore, readText } from "./json.ts";
import { belongsToScope } from "./province-catalogue.ts";
import type { Reading, Source } from "./source.ts";

const NAME = "rest-jsp";
const SERVICE = "report_tinh_766_service";

/**
 * The portal of 2022 to 2025: POST /jsp/rest.jsp, form field `params`, HTTP 200, a bare array of rows, every value a string.
 * One answer holds all provinces, or a province's agencies and communes together; ROW_STT ranks both together, without
 * ties, so blocks come from LOAI_COQUAN and ranks are computed.
 */
export const restJsp: Source = {
  name: NAME,
  scheme: REST_JSP_2025,
  periods: ["year", "half", "quarter", "month"],
  defaultBase: "https://dichvucong.gov.vn",
  endpoints: [SERVICE],
  requests,
  read,
};

function requests(period: Period, scope: Scope): readonly Request[] {
  if (scope.code !== PROVINCES && scope.portalId === undefined) {
    throw new UsageError(`${NAME}: no agency id is known for province ${scope.code} (asked for ${periodKey(period)})`);
  }
  const params = {
    type: "ref",
    service: SERVICE,
    p_nam: String(period.year),
    p_6thang: period.kind === "half" ? period.index : 0,
    p_quy: period.kind === "quarter" ? period.index : 0,
    p_thang: period.kind === "month" ? period.index : 0,
    p_tinh_id: scope.portalId ?? 0,
    p_loaidonvi: 1,
    loaichitieu: 0,
    pageIndex: 1,
    // With 100, a province of more than 100 units may be cut (portal observation).
    pageSize: 1000,
  };
  const headers = {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "x-requested-with": "XMLHttpRequest",
  };
  return [
    {
      endpoint: SERVICE,
      method: "POST",
      path: "/jsp/rest.jsp",
      headers,
      body: new URLSearchParams({ params: JSON.stringify(params) }).toString(),
    },
  ];
}

function read(snapshot: Snapshot): Reading {
  const findings: Finding[] = [];
  const units: Unit[] = [];
  const observations: Observation[] = [];
  const [answer] = snapshot.answers;
  if (answer === undefined || snapshot.answers.length !== 1) {
    const found = snapshot.answers.length;
    notesFor(NAME, null, findings).incomplete("answer-missing", "exactly one answer is expected", { found });
    return { units, observations, findings, sound: snapshot.answers.map(() => false) };
  }
  const notes = notesFor(NAME, answer.endpoint, findings);
  const rows = readJson(answer, notes);
  if (Array.isArray(rows)) readRows(rows, { snapshot, notes, units, observations });
  else if (rows !== undefined) notes.incomplete("shape", "an answer that is no list", { found: rows });
  return { units, observations, findings, sound: [notes.isSound()] };
}

type Reader = {
  readonly snapshot: Snapshot;
  readonly notes: Notes;
  readonly units: Unit[];
  readonly observations: Observation[];
};

function readRows(rows: readonly unknown[], reader: Reader): void {
  if (rows.length === 0) reader.notes.incomplete("empty", "an empty list of units");
  const codes = new Set<string>();
  const ids = new Set<string>();
  let lastRow = 0;
  for (const row of rows) {
    if (!isObject(row)) {
      reader.notes.incomplete("shape", "a row that is no object", { found: row });
      continue;
    }
    lastRow = Math.max(lastRow, readCount(row["ROW_STT"]) ?? 0);
    const unit = readUnit(row, reader);
    if (unit === null) continue;
    if (codes.has(unit.code) || ids.has(unit.portalId ?? "")) {
      reader.notes.incomplete("duplicate-unit", "a unit that appears twice", { unit: unit.code, found: unit.portalId });
      continue;
    }
    codes.add(unit.code);
    ids.add(unit.portalId ?? "");
    reader.units.push(unit);
    readScores(row, unit.code, reader);
  }
  const { scope } = reader.snapshot;
  if (scope !== PROVINCES && rows.length > 0 && ![...codes].some((code) => code.startsWith(`${scope}.`)))
    reader.notes.incomplete("wrong-scope", `an answer without a single unit of ${scope}`);
  // Portal observation: ROW_STT runs 1 … N without gaps, so a number above N means rows are missing.
  if (lastRow > rows.length)
    reader.notes.incomplete("short-list", `a list of ${rows.length} rows numbered up to ${lastRow}`, {
      found: lastRow,
    });
}

function readUnit(row: JsonObject, { snapshot, notes }: Reader): Unit | null {
  const id = readId(row["ID"], "ID", notes);
  const name = readText(row["TEN_COQUAN"] ?? row["TEN"], "TEN_COQUAN", { notes });
  if (id === null || name === null) return null;
  const raw = row["MA_COQUAN"];
  const stated = typeof raw === "string" ? normaliseCode(raw) : "";
  const code = isUnitCode(stated) ? stated : `X-${id}`;
  if (code !== stated)
    notes.remark("unit-code", `a unit code in no form we know; the unit is known as ${code}`, { found: raw });
  const level = levelOf(row["LOAI_COQUAN"], name);
  if (level === null) {
    notes.incomplete("unknown-level", "a LOAI_COQUAN we do not know", { unit: code, found: row["LOAI_COQUAN"] });
    return null;
  }
  const { scope } = snapshot;
  const inScope = scope === PROVINCES ? isProvinceCode(code) : belongsToScope(code, scope, snapshot.period);
  if ((level === "province") !== (scope === PROVINCES) || !(inScope || code !== stated)) {
    notes.incomplete("wrong-unit", `a unit that does not belong to scope ${scope}`, { unit: code, found: name });
    return null;
  }
  return { code, name, level, portalId: id, ...(snapshot.scope === PROVINCES ? {} : { parent: snapshot.scope }) };
}

/** LOAI_COQUAN 1 province, 2 agency, 3 below. Before 2025-07-01 those below include districts, told by their name. */
function levelOf(kind: unknown, name: string): Level | null {
  if (kind === "1") return "province";
  if (kind === "2") return "agency";
  if (kind === "3") return /^UBND\s+(huyện|quận|thị xã|thành phố|TP)(?=[\s.])/iu.test(name) ? "district" : "commune";
  return null;
}

/** Scores come as text; a number instead means another service answered. Six groups add up to the total exactly (774 of 774 rows). */
function readScores(row: JsonObject, unit: string, { snapshot, notes, observations }: Reader): void {
  const { maxima, groups } = REST_JSP_2025;
  const period = periodKey(snapshot.period);
  const put = (code: string, value: number | null) =>
    observations.push({ unit, indicator: indicatorId(REST_JSP_2025, code), period, value, answer: 0 });
  let sum: number | null = 0;
  for (const group of groups) {
    const value = readScore(row[group], maxima[group], { notes, place: { unit, indicator: group } });
    if (value === undefined || value === null) sum = null;
    else if (sum !== null) sum += value;
    if (value !== undefined) put(group, value);
  }
  const total = readScore(row["TONG_SCORE"], maxima.TOTAL, { notes, place: { unit, indicator: TOTAL } });
  if (total !== undefined) put(TOTAL, total);
  if (sum !== null && typeof total === "number" && sum !== total) {
    notes.incomplete("sum-off", `the six groups add up to ${sum / 100}, the total says ${total / 100}`, { unit });
  }
}
