import { readCount } from "../domain/figure.ts";
import type { Group } from "../domain/indicator.ts";
import { type Level, normaliseCode, PROVINCES } from "../domain/unit.ts";
import { COUNTS, EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import type { AnswerReader } from "./evaluation-api-ranking.ts";
import { isObject, type JsonObject, lookUp, readId, readScore, readText } from "./json.ts";
import { PROVINCES_CATALOGUE } from "./province-catalogue.ts";

type GroupReader = AnswerReader & {
  readonly group: Group;
  /** The id the request named; null when the request is not known (imported answers). */
  readonly askedId: string | null;
};
type RowReader = GroupReader & { readonly unit: string };

const LEVELS: Readonly<Record<string, Level>> = { PROVINCE: "agency", COMMUNE: "commune" };

/**
 * Reads one of the six group endpoints. Two shapes: trees (`parent`, `children[]`) and metrics (`overview`, `evaluation[]`).
 * A child of the progress tree gives its score as `score`, everybody else as `totalScore` (portal observation).
 */
export function readGroup(data: JsonObject, reader: GroupReader): void {
  const parent = data["parent"] ?? data["overview"];
  const rows = data["children"] ?? data["evaluation"];
  if (!isObject(parent)) return reader.notes.incomplete("shape", "no parent and no overview", { found: parent });
  if (!Array.isArray(rows))
    return reader.notes.incomplete("shape", "no list children and no list evaluation", { found: rows });
  if (!echoes(parent, reader)) return;
  readFigures(parent, { ...reader, unit: reader.ledger.parent });
  for (const row of rows) {
    if (isObject(row)) readRow(row, { ...reader, parentId: parent["departmentId"] });
    else reader.notes.incomplete("shape", "a row that is no object", { found: row });
  }
  readPaging(data["pagination"], rows.length, reader);
}

/**
 * The parent must be the place that was asked: by its code where the endpoint gives one, otherwise by its portal id, the
 * one that was asked or the shipped one. A province whose id is not known at all is taken at its word.
 */
function echoes(parent: JsonObject, { notes, ledger, askedId }: GroupReader): boolean {
  const code = parent["departmentCode"];
  const id = parent["departmentId"];
  if (typeof code === "string") {
    if (normaliseCode(code) === ledger.parent) return true;
  } else if (ledger.scope === PROVINCES) {
    if (code === null || code === undefined) return true;
  } else {
    const shipped = PROVINCES_CATALOGUE.find((province) => province.code === ledger.scope)?.departmentId;
    const known = [shipped, askedId].filter((own) => typeof own === "string");
    if (typeof id === "string" && (known.length === 0 || known.includes(id))) return true;
  }
  notes.incomplete("wrong-scope", `the answer speaks of another place than ${ledger.scope}`, { found: code ?? id });
  return false;
}

function readRow(row: JsonObject, reader: GroupReader & { readonly parentId: unknown }): void {
  const { notes, ledger } = reader;
  const id = readId(row["departmentId"], "departmentId", notes);
  const name = readText(row["departmentName"], "departmentName", { notes });
  const level = ledger.scope === PROVINCES ? "province" : lookUp(LEVELS, row["level"] ?? row["departmentLevel"]);
  if (level === undefined)
    notes.incomplete("unknown-level", "a level we do not know", { found: row["level"] ?? row["departmentLevel"] });
  if (id === null || name === null || level === undefined) return;
  if (id === reader.parentId)
    return notes.incomplete("wrong-unit", `${ledger.scope} stands among its own units`, { found: name });
  const unit = ledger.identify({ id, code: row["departmentCode"], name, level }, notes);
  if (unit === null) return;
  if (!ledger.member(reader.endpoint, unit))
    return notes.incomplete("duplicate-unit", "a unit that appears twice", { unit });
  readFigures(row, { ...reader, unit });
}

/** The group's score of one row, its counts and its components. */
function readFigures(row: JsonObject, reader: RowReader): void {
  const { notes, ledger, unit, group, answer } = reader;
  const maximum = EVALUATION_2026.maxima[group];
  const stated = row["totalMaxScore"] ?? row["maxScore"];
  if (stated !== undefined && stated !== maximum / 100) {
    return notes.incomplete("maximum-changed", `the maximum of ${group} is not ${maximum / 100}`, {
      unit,
      indicator: group,
      found: stated,
    });
  }
  const value = readScore(row["totalScore"] === undefined ? row["score"] : row["totalScore"], maximum, {
    notes,
    place: { unit, indicator: group },
  });
  if (value === null) notes.remark("blank-group", "the portal gives no score for a group", { unit, indicator: group });
  if (value !== undefined) ledger.put({ unit, code: group, value, answer });
  readCounts(row, reader);
  readComponents(row["metrics"], reader);
}

function readCounts(row: JsonObject, { notes, ledger, unit, group, answer }: RowReader): void {
  const fields: Readonly<Record<string, string>> = Object.hasOwn(COUNTS, group)
    ? COUNTS[group as keyof typeof COUNTS]
    : {};
  for (const [code, field] of Object.entries(fields)) {
    if (row[field] === undefined || row[field] === null) continue;
    const value = readCount(row[field]);
    if (value === null)
      notes.remark("count-unreadable", `a count in ${field} that cannot be read`, {
        unit,
        indicator: group,
        found: row[field],
      });
    else ledger.put({ unit, code: `${group}.${code}`, value, answer });
  }
}

/** Components keep numerator, denominator, score and the portal's data-quality flag; null stays null. */
function readComponents(metrics: unknown, reader: RowReader): void {
  if (metrics === undefined || metrics === null) {
    const { notes, unit, group } = reader;
    if (EVALUATION_2026.components.some((component) => component.group === group))
      notes.remark("components-missing", "no list metrics", { unit, indicator: group, found: metrics });
    return;
  }
  for (const metric of Array.isArray(metrics) ? metrics : [metrics]) {
    const known = isObject(metric)
      ? EVALUATION_2026.components.find(({ code, group }) => code === metric["code"] && group === reader.group)
      : undefined;
    if (!isObject(metric) || known === undefined) {
      reader.notes.remark("unknown-component", "a component we do not know", {
        unit: reader.unit,
        indicator: reader.group,
        found: isObject(metric) ? metric["code"] : metric,
      });
      continue;
    }
    readComponent(metric, { ...reader, code: `${known.group}.${known.code}`, maximum: known.maximum });
  }
}

type ComponentReader = RowReader & { readonly code: string; readonly maximum: number };

function readComponent(metric: JsonObject, { notes, ledger, unit, answer, code, maximum }: ComponentReader): void {
  const place = { unit, indicator: code };
  const stated = metric["maxScore"];
  if (stated !== undefined && stated !== maximum / 100)
    return notes.incomplete("maximum-changed", `the maximum of ${code} is not ${maximum / 100}`, {
      ...place,
      found: stated,
    });
  const status = metric["dataQualityStatus"];
  const flag = typeof status === "string" && /^[0-9A-Z_]{1,60}$/.test(status) ? { flag: status } : {};
  if (status !== undefined && status !== null && flag.flag === undefined)
    notes.remark("flag-unreadable", "a data-quality flag we cannot read", { ...place, found: status });
  const score = readScore(metric["score"], maximum, { notes, place });
  if (score !== undefined) ledger.put({ unit, code: `${code}.score`, value: score, answer, ...flag });
  for (const part of ["numerator", "denominator"]) {
    const raw = metric[part];
    const value = raw === null || raw === undefined ? null : readCount(raw);
    if (raw !== null && raw !== undefined && value === null)
      notes.remark("count-unreadable", `a ${part} that cannot be read`, { ...place, found: raw });
    else ledger.put({ unit, code: `${code}.${part}`, value, answer, ...flag });
  }
}

/** `pagination.total` must be the number of rows: a cut list still states the whole number (portal observation). */
function readPaging(paging: unknown, rows: number, { notes }: GroupReader): void {
  if (!isObject(paging) || paging["total"] === undefined) return;
  if (paging["total"] !== rows)
    notes.incomplete("short-list", `a list of ${rows} rows whose pagination.total says otherwise`, {
      found: paging["total"],
    });
}
