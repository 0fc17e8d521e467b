import * as cheerio from "cheerio";
import { UsageError } from "../domain/errors.ts";
import { readHundredths } from "../domain/figure.ts";
import { indicatorId, TOTAL } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import { periodKey } from "../domain/period.ts";
import type { Answer, Finding, Request, Snapshot } from "../domain/snapshot.ts";
import { isProvinceCode, isUnitCode, type Level, normaliseCode, PROVINCES, type Unit } from "../domain/unit.ts";
import { PUBLIC_TABLE } from "../indicators/public-table.ts";
import { type Notes, notesFor } from "./findings.ts";
import { readBytes, readText } from "./json.ts";
import { PROVINCES_CATALOGUE } from "./province-catalogue.ts";
import { columnOf, FIGURES, MAXIMA } from "./public-table-headings.ts";
import type { Reading, Source } from "./source.ts";

const NAME = "public-table";
const PAGE = "page";

/**
 * A saved page of the portal's public ranking. Known only from two robots, so strict: the containers, the headings and the
 * decimal comma must be as they were. Five columns: "Dịch vụ trực tuyến" is out of 22; CLGQ and TTTT stay absent.
 */
export const publicTable: Source = {
  name: NAME,
  scheme: PUBLIC_TABLE,
  periods: ["year", "half", "quarter", "month"],
  defaultBase: null,
  endpoints: [PAGE],
  requests(): readonly Request[] {
    throw new UsageError(`${NAME}: the public page is not asked, only imported; save the page and use "import"`);
  },
  read,
};

function read(snapshot: Snapshot): Reading {
  const findings: Finding[] = [];
  const units: Unit[] = [];
  const observations: Observation[] = [];
  const [answer] = snapshot.answers;
  if (answer === undefined || snapshot.answers.length !== 1) {
    const found = snapshot.answers.length;
    notesFor(NAME, null, findings).incomplete("answer-missing", "exactly one page is expected", { found });
    return { units, observations, findings, sound: snapshot.answers.map(() => false) };
  }
  const notes = notesFor(NAME, answer.endpoint, findings);
  readPage(answer, { snapshot, notes, units, observations, codes: new Set() });
  return { units, observations, findings, sound: [notes.isSound()] };
}

type Reader = {
  readonly snapshot: Snapshot;
  readonly notes: Notes;
  readonly units: Unit[];
  readonly observations: Observation[];
  readonly codes: Set<string>;
};

function readPage(answer: Answer, reader: Reader): void {
  const page = readBytes(answer, reader.notes);
  if (page === undefined) return;
  const $ = cheerio.load(page);
  const provinces = reader.snapshot.scope === PROVINCES;
  const selector = provinces ? "#table-container table" : ".province-table-container table";
  const tables = $(selector).toArray();
  const expected: readonly Level[] = provinces ? ["province"] : ["agency", "commune"];
  if (tables.length !== expected.length) {
    return reader.notes.incomplete("shape", `${expected.length} table(s) expected in ${selector}`, {
      found: tables.length,
    });
  }
  for (const [index, level] of expected.entries()) {
    const rows = $(tables[index])
      .find("tr")
      .toArray()
      .map((row) =>
        $(row)
          .find("th,td")
          .toArray()
          .map((cell) => squeeze($(cell).text())),
      );
    readTable(rows, level, reader);
  }
}

function readTable(rows: readonly (readonly string[])[], level: Level, reader: Reader): void {
  const { notes } = reader;
  const headings = rows[0] ?? [];
  const columns = headings.map(columnOf);
  const unknown = columns.indexOf(undefined);
  if (rows.length < 2 || unknown >= 0) {
    return notes.incomplete("shape", "a table whose headings we do not know", {
      found: headings[Math.max(unknown, 0)],
    });
  }
  for (const needed of ["name", ...FIGURES]) {
    if (columns.filter((column) => column === needed).length !== 1)
      return notes.incomplete("shape", "a table without exactly one column", { indicator: needed });
  }
  for (const cells of rows.slice(1)) {
    if (cells.length !== columns.length)
      notes.incomplete("shape", `a row of ${cells.length} cells under ${columns.length} headings`, {
        found: cells.join(" | "),
      });
    else readRow((column) => cells[columns.indexOf(column)] ?? "", level, reader);
  }
}

function readRow(cell: (column: string) => string, level: Level, reader: Reader): void {
  const { notes, snapshot, observations } = reader;
  const name = readText(cell("name"), "the column of names", { notes });
  if (name === null) return;
  const code = codeOf(cell("unit-code"), name, level);
  const inScope = snapshot.scope === PROVINCES ? isProvinceCode(code) : code.startsWith(`${snapshot.scope}.`);
  if (code === "X-" || !(inScope || code.startsWith("X-")))
    return notes.incomplete("wrong-unit", `a unit that does not belong to scope ${snapshot.scope}`, {
      unit: code,
      found: name,
    });
  if (reader.codes.has(code))
    return notes.incomplete("duplicate-unit", "a unit that appears twice", { unit: code, found: name });
  reader.codes.add(code);
  reader.units.push({ code, name, level, ...(level === "province" ? {} : { parent: snapshot.scope }) });
  let sum = 0;
  for (const figure of [...FIGURES].reverse()) {
    const value = readComma(cell(figure), { unit: code, indicator: figure, notes });
    if (value === null) sum = Number.NaN;
    else {
      if (figure === TOTAL && !Number.isNaN(sum) && sum !== value)
        notes.incomplete("sum-off", `the groups add up to ${sum / 100}, the total says ${value / 100}`, { unit: code });
      sum += value;
      observations.push({
        unit: code,
        indicator: indicatorId(PUBLIC_TABLE, figure),
        period: periodKey(snapshot.period),
        value,
        answer: 0,
      });
    }
  }
}

/** A decimal comma, at most two decimals, within 0 … maximum; anything else is noted and null. */
function readComma(text: string, at: { unit: string; indicator: string; notes: Notes }): number | null {
  const value = readHundredths(text, ",");
  if (value !== null && value >= 0 && value <= (MAXIMA[at.indicator] ?? 0)) return value;
  at.notes.incomplete(value === null ? "not-a-number" : "out-of-range", "a score that cannot be read", {
    unit: at.unit,
    indicator: at.indicator,
    found: text,
  });
  return null;
}

/** The page's own code; otherwise the province of that name; otherwise a code made from the name ("X-so-xay-dung"). */
function codeOf(given: string, name: string, level: Level): string {
  const code = normaliseCode(given);
  if (isUnitCode(code)) return code;
  const province =
    level === "province" ? PROVINCES_CATALOGUE.find((entry) => bare(entry.name) === bare(name)) : undefined;
  return province?.code ?? `X-${fold(name)}`;
}

function bare(name: string): string {
  return fold(name.replace(/^(UBND\s+)?(tỉnh|thành phố|TP\.?)\s+/iu, ""));
}

/** Letters without marks, joined by hyphens: stable across accents and case. */
function fold(text: string): string {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gu, "d").replace(/Đ/gu, "D");
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-|-$/gu, "");
}

function squeeze(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}
