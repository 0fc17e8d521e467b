import { readCount } from "../domain/figure.ts";
import type { Group } from "../domain/indicator.ts";
import { type Level, normaliseCode, PROVINCES } from "../domain/unit.ts";
import { COUNTS, EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import type { AnswerReader } from "./evaluation-api-ranking.ts";
import { isObject, type JsonObject, readScore, readText } from "./json.ts";
import { PROVINCES_CATALOGUE } from "./province-catalogue.ts";

type GroupReader = AnswerReader & { readonly group: Group };
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
    if (isObject(row)) readRow(row, reader);
    else reader.notes.incomplete("shape", "a row that is no object", { found: row });
  }
  readPaging(data["pagination"], rows.length, reader);
}

/** The parent must be the place that was asked: by its code where the endpoint gives one, otherwise by its portal id. */
function echoes(parent: JsonObject, { notes, ledger }: GroupReader): boolean {
  const code = parent["departmentCode"];
  const id = parent["departmentId"];
  if (typeof code === "string") {
    if (normaliseCode(code) === ledger.parent) return true;
  } else if (ledger.scope === PROVINCES) {
    if (code === null || code === undefined) return true;
  } else {
    const known = PROVINCES_CATALOGUE.find((province) => province.departmentId === id);
    if (known === undefined ? typeof id === "string" : known.code === ledger.scope) return true;
  }
  notes.incomplete("wrong-scope", `the answer speaks of another place than ${ledger.scope}`, { found: code ?? id });
  return false;
}

function readRow(row: JsonObject, reader: GroupReader): void {
  const { notes, ledger } = reader;
  const id = readText(row["departmentId"], "departmentId", { notes });
  const name = readText(row["departmentName"], "departmentName", { notes });
  const level = ledger.scope === PROVINCES ? "province" : LEVELS[String(row["level"] ?? row["departmentLevel"])];
  if (level === undefined)
    notes.incomplete("unknown-level", "a level we do not know", { found: row["level"] ?? row["departmentLevel"] });
  if (id === null || name === null || level === undefined) return;
  const rawCode = row["departmentCode"];
  const unit = ledger.identify(
    { id, code: typeof rawCode === "string" && rawCode !== "" ? rawCode : null, name, level },
    notes,
  );
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
  if (metrics === undefined || metrics === null) return;
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
  const flag =
    typeof metric["dataQualityStatus"] === "string"
      ? { flag: metric["dataQualityStatus"].normalize("NFC").slice(0, 60) }
      : {};
  const score = readScore(metric["score"], maximum, { notes, place: { unit, indicator: code } });
  if (score !== undefined) ledger.put({ unit, code: `${code}.score`, value: score, answer, ...flag });
  for (const part of ["numerator", "denominator"]) {
    const raw = metric[part];
    const value = raw === null || raw === undefined ? null : readCount(raw);
    if (raw !== null && raw !== undefined && value === null)
      notes.remark("count-unreadable", `a ${part} that cannot be read`, { unit, indicator: code, found: raw });
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
