import { readFile, stat } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { isDay } from "../domain/calendar.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import type { StoredUnit, UnitAmendment } from "../pipeline/store.ts";

const COLUMNS = ["code", "print_name", "closed_from", "merged_into"] as const;
const MOST_BYTES = 5_000_000;

/** The register as CSV with a byte order mark, formulas defused: the first four columns are taken back by `readUnitTable`. */
export function unitTable(units: readonly StoredUnit[]): string {
  const rows = units.map((unit) => ({
    code: unit.code,
    print_name: unit.printName ?? "",
    closed_from: unit.closedFrom ?? "",
    merged_into: unit.mergedInto ?? "",
    name: unit.name,
    level: unit.level,
  }));
  return stringify(rows, { header: true, bom: true, escape_formulas: true, columns: [...COLUMNS, "name", "level"] });
}

/** Reads such a table back: names, closures and mergers by code. Throws UsageError with every mistake and its line. */
export async function readUnitTable(path: string): Promise<readonly (UnitAmendment & { readonly line: number })[]> {
  const mistakes: string[] = [];
  const records = await readRecords(path);
  const missing = COLUMNS.filter((column) => records.length > 0 && !(column in (records[0] ?? {})));
  if (missing.length > 0 || records.length === 0)
    throw new UsageError(
      `${path}: ${records.length === 0 ? "no lines" : `no column ${missing.join(", ")}`}; write it with "diemtin units export"`,
    );
  const rows = records.map((record, index) => {
    const line = index + 2;
    const cell = (column: (typeof COLUMNS)[number]) => (record[column] ?? "").normalize("NFC").trim();
    const [code, printName, closedFrom, mergedInto] = [
      cell("code"),
      cell("print_name"),
      cell("closed_from"),
      cell("merged_into"),
    ];
    if (code === "") mistakes.push(`line ${line}: no code`);
    if (closedFrom !== "" && !isDay(closedFrom))
      mistakes.push(`line ${line}: closed_from "${closedFrom}" is no day; write YYYY-MM-DD`);
    if (mergedInto !== "" && closedFrom === "") mistakes.push(`line ${line}: merged_into needs closed_from`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (printName.length > 120 || /[\u0000-\u001f\u007f]/u.test(printName))
      mistakes.push(`line ${line}: print_name has control characters or more than 120 letters`);
    return { line, code, printName: printName || null, closedFrom: closedFrom || null, mergedInto: mergedInto || null };
  });
  const codes = rows.map(({ code }) => code);
  for (const { code, line } of rows.filter(({ code }, index) => codes.indexOf(code) !== index))
    mistakes.push(`line ${line}: ${code} stands twice`);
  if (mistakes.length > 0) throw new UsageError(mistakes.map((mistake) => `${path}: ${mistake}`));
  return rows;
}

async function readRecords(path: string): Promise<Record<string, string>[]> {
  try {
    const found = await stat(path);
    const { size } = found;
    if (!found.isFile()) throw new UsageError(`${path}: is no file`);
    if (size > MOST_BYTES) throw new UsageError(`${path}: ${size} bytes, more than ${MOST_BYTES}`);
    return parse(await readFile(path), { bom: true, columns: true, skip_empty_lines: true });
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`${path}: cannot be read as CSV: ${describeError(error)}`);
  }
}
