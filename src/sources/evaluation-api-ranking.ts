import { readCount, readHundredths } from "../domain/figure.ts";
import { isGroup, TOTAL } from "../domain/indicator.ts";
import { COUNTRY, type Level, normaliseCode, PROVINCES } from "../domain/unit.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { ONLINE_SERVICE } from "../indicators/public-table.ts";
import type { Ledger } from "./evaluation-api-ledger.ts";
import type { Notes } from "./findings.ts";
import { isObject, type JsonObject, lookUp, readId, readScore, readText } from "./json.ts";

/** What reading one answer needs: which answer it is, where to note, where to put figures. */
export type AnswerReader = {
  readonly endpoint: string;
  readonly answer: number;
  readonly notes: Notes;
  readonly ledger: Ledger;
};

const { maxima } = EVALUATION_2026;
const CHILD_GROUPS: Readonly<Record<string, Level>> = { AGENCY: "agency", COMMUNE: "commune" };

/** Reads `service-results`: the ranking of the scope's units, the scope's own figures, and its charts. */
export function readRanking(data: JsonObject, reader: AnswerReader): void {
  const total = readOverview(data, reader);
  readRows(data, reader);
  readRadar(data["radar"], total ?? Number.NaN, reader);
  readDonuts(data["donuts"], reader);
  readCharts(data, reader);
}

/** The answer must echo the unit that was asked: "Cả nước" without a code, or the province's own code. */
function readOverview(data: JsonObject, { notes, ledger, answer }: AnswerReader): number | null | undefined {
  const overview = data["overview"];
  if (!isObject(overview)) return void notes.incomplete("shape", "no overview", { found: overview });
  const code = overview["departmentCode"];
  const echoed = typeof code === "string" ? normaliseCode(code) : COUNTRY;
  if (echoed !== ledger.parent) {
    const found = code ?? overview["departmentName"];
    return void notes.incomplete("wrong-scope", `the answer speaks of another place than ${ledger.scope}`, { found });
  }
  if (overview["totalMaxScore"] !== undefined && overview["totalMaxScore"] !== 100) {
    notes.incomplete("maximum-changed", "the total's maximum is not 100", { found: overview["totalMaxScore"] });
  }
  const total = readScore(overview["totalScore"], maxima.TOTAL, {
    notes,
    place: { unit: ledger.parent, indicator: TOTAL },
  });
  if (total !== undefined) ledger.put({ unit: ledger.parent, code: TOTAL, value: total, answer });
  return total;
}

function readRows(data: JsonObject, reader: AnswerReader): void {
  const rows = data["evaluation"];
  if (!Array.isArray(rows)) return reader.notes.incomplete("shape", "no list evaluation", { found: rows });
  if (rows.length === 0) return reader.notes.incomplete("empty", "an empty list of units");
  for (const row of rows) {
    if (isObject(row)) readRow(row, reader);
    else reader.notes.incomplete("shape", "a row that is no object", { found: row });
  }
}

function readRow(row: JsonObject, reader: AnswerReader): void {
  const { notes, ledger, answer } = reader;
  const id = readId(row["departmentId"], "departmentId", notes);
  const name = readText(row["departmentName"], "departmentName", { notes });
  const level = ledger.scope === PROVINCES ? "province" : lookUp(CHILD_GROUPS, row["childGroup"]);
  if (level === undefined)
    notes.incomplete("unknown-level", "a childGroup we do not know", { found: row["childGroup"] });
  if (id === null || name === null || level === undefined) return;
  const unit = ledger.identify({ id, code: row["departmentCode"], name, level }, notes);
  if (unit === null) return;
  if (!ledger.member(reader.endpoint, unit))
    return notes.incomplete("duplicate-unit", "a unit that appears twice", { unit });
  const total = readScore(row["totalScore"], maxima.TOTAL, { notes, place: { unit, indicator: TOTAL } });
  if (total === null) notes.remark("blank-total", "the portal gives no total", { unit });
  if (total !== undefined) ledger.put({ unit, code: TOTAL, value: total, answer });
  if (ledger.scope === PROVINCES || row["groupScores"] !== undefined)
    readGroupScores(row["groupScores"], { ...reader, unit, total });
}

type RowReader = AnswerReader & { readonly unit: string; readonly total: number | null | undefined };

/** All six groups, no unknown one, and a sum that equals the total (portal observation: exact in every row seen). */
function readGroupScores(scores: unknown, { notes, ledger, answer, unit, total }: RowReader): void {
  if (!isObject(scores)) return notes.incomplete("group-missing", "no groupScores", { unit, found: scores });
  for (const code of Object.keys(scores)) {
    if (!isGroup(code))
      notes.incomplete("unknown-group", "a group we do not know", { unit, indicator: code, found: scores[code] });
  }
  let sum: number | null = 0;
  for (const group of EVALUATION_2026.groups) {
    const value = readScore(scores[group], maxima[group], { notes, place: { unit, indicator: group } });
    if (value === undefined || value === null) sum = null;
    else if (sum !== null) sum += value;
    if (value === null)
      notes.remark("blank-group", "the portal gives no score for a group", { unit, indicator: group });
    if (value !== undefined) ledger.put({ unit, code: group, value, answer });
  }
  if (sum !== null && typeof total === "number" && sum !== total) {
    notes.incomplete("sum-off", `the six groups add up to ${sum / 100}, the total says ${total / 100}`, { unit });
  }
}

/** Means of many provinces are rounded one by one: five of them may miss the mean of the totals by this much. */
const RADAR_TOLERANCE = 5;

/** The scope's own five radar items; ONLINE_SERVICE is CLGQ and TTTT together, out of 22. `total` is NaN when it was not read. */
function readRadar(radar: unknown, total: number, { notes, ledger, answer }: AnswerReader): void {
  if (!Array.isArray(radar)) return notes.remark("shape", "no list radar", { found: radar });
  let sum = 0;
  for (const item of radar) {
    const code = isObject(item) ? item["code"] : undefined;
    const known = typeof code === "string" && (isGroup(code) || code === ONLINE_SERVICE.code);
    if (!isObject(item) || !known) {
      notes.incomplete("unknown-group", "a radar group we do not know", { found: code });
      continue;
    }
    const maximum = isGroup(code) ? maxima[code] : ONLINE_SERVICE.maximum;
    const place = { unit: ledger.parent, indicator: code };
    const stated = item["maxScore"];
    if (stated !== undefined && stated !== maximum / 100)
      notes.incomplete("maximum-changed", `the maximum of ${code} is not ${maximum / 100}`, {
        ...place,
        found: stated,
      });
    const value = readScore(item["score"], maximum, { notes, place });
    if (value !== undefined) ledger.put({ unit: ledger.parent, code, value, answer });
    sum += value ?? Number.NaN;
  }
  if (Math.abs(sum - total) > RADAR_TOLERANCE)
    notes.remark("overview-off", `the radar adds up to ${sum / 100}, the scope's own total says ${total / 100}`);
}

/** `donuts`: how many dossiers came online; either part may be null. Counts; figures beside the scores, so remarks only. */
function readDonuts(donuts: unknown, { notes, ledger, answer }: AnswerReader): void {
  if (donuts === null || donuts === undefined) return;
  if (!isObject(donuts)) return notes.remark("shape", "donuts are no object", { found: donuts });
  for (const part of ["onlineDossier", "onlineProvision"]) {
    const slices = donuts[part];
    if (slices === null || slices === undefined) continue;
    for (const slice of Array.isArray(slices) ? slices : [slices]) {
      const code = isObject(slice) ? slice["code"] : undefined;
      const value = isObject(slice) ? readCount(slice["value"]) : null;
      if (typeof code !== "string" || !/^[A-Z_]{1,30}$/.test(code) || value === null) {
        notes.remark("donut-unreadable", `a slice of ${part} that cannot be read`, { found: slice });
      } else ledger.put({ unit: ledger.parent, code: `${part}.${code}`, value, answer });
    }
  }
}

/** The scope's charts by month: figures for other periods than the snapshot's own. Blank for months to come. */
function readCharts(data: JsonObject, reader: AnswerReader): void {
  readChart(data["monthlyChart"], { averageScore: "chart.averageScore" }, reader);
  readChart(data["dossierChart"], { onTimePct: "chart.onTimePct", overduePct: "chart.overduePct" }, reader);
}

function readChart(
  rows: unknown,
  fields: Readonly<Record<string, string>>,
  { notes, ledger, answer }: AnswerReader,
): void {
  if (rows === null || rows === undefined) return;
  for (const row of Array.isArray(rows) ? rows : [rows]) {
    const month = isObject(row) ? row["month"] : undefined;
    if (!isObject(row) || typeof month !== "string" || !/^(0[1-9]|1[0-2])$/.test(month)) {
      notes.remark("chart-unreadable", "a chart row without a month", { found: row });
      continue;
    }
    for (const [field, code] of Object.entries(fields)) {
      const raw = row[field];
      const value = typeof raw === "number" ? readHundredths(raw) : null;
      // Points and percents alike run from 0 to 100.
      if (raw !== null && (value === null || value < 0 || value > 10_000))
        notes.remark("chart-unreadable", `a chart value that cannot be read`, { indicator: code, found: raw });
      else ledger.put({ unit: ledger.parent, code, value, answer, period: `${ledger.year}-${month}` });
    }
  }
}
