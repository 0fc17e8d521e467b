import { readSheet } from "read-excel-file/node";
import { describeError, UsageError } from "../domain/errors.ts";
import { type Entry, unzip, zip } from "./safe-zip.ts";

const MOST_BYTES = 5 * 1024 * 1024;
const MOST_UNPACKED_BYTES = 25 * 1024 * 1024;
/** As many as a list may have, and some for notes; the library fills in every row and column up to the last it is told of. */
const MOST_ROWS = 20_100;
const MOST_COLUMNS = 60;
const MOST_SHOWN = 10;

/** True for the first bytes of a ZIP archive, which a workbook is. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** True for the first bytes of a workbook in the binary format of Excel 97, or of one that is locked by a password. */
export function isOldWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;
}

/**
 * The rows of a workbook's first sheet as text, each with its number; empty rows are left out. Days are "2026-10-12".
 * @throws {UsageError} for a file that is no workbook, unpacks to too much, has more rows or columns than a list may have, or holds
 * formulas: their last result may be older than what it was computed from.
 */
export async function recipientSheet(bytes: Uint8Array): Promise<{ line: number; cells: string[] }[]> {
  if (bytes.length > MOST_BYTES)
    throw new UsageError(`the list has ${bytes.length} bytes; at most ${MOST_BYTES} (5 MB) are read`);
  const entries = unzip(bytes, (name) => /\.(?:xml|rels)$/i.test(name), MOST_UNPACKED_BYTES);
  checkEntries(entries);
  const rows = await sheetOf(entries);
  return rows
    .map((row, at) => ({ line: at + 1, cells: row.map(textOf) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
}

async function sheetOf(entries: readonly Entry[]) {
  try {
    return await readSheet(zip(entries), 1, { trim: false });
  } catch (error) {
    throw new UsageError(`the list is no workbook that can be read: ${describeError(error)}; save it as .xlsx again`);
  }
}

function checkEntries(entries: readonly Entry[]): void {
  const sheets = entries.filter(({ name }) => /^xl\/worksheets\/[^/]+\.xml$/i.test(name));
  if (sheets.length === 0) throw new UsageError("the file is an archive, and no workbook (.xlsx) with a sheet");
  const texts = entries.map(({ name, bytes }) => ({ name, text: new TextDecoder().decode(bytes) }));
  // A workbook never declares entities; a bomb or a way to other files does.
  if (texts.some(({ text }) => /<!(?:DOCTYPE|ENTITY)/i.test(text)))
    throw new UsageError("the workbook holds a document type declaration, which no spreadsheet program writes");
  const mistakes = texts.filter(({ name }) => sheets.some((sheet) => sheet.name === name)).flatMap(checkSheet);
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

function checkSheet({ name, text }: { name: string; text: string }): readonly string[] {
  for (const [, reference = ""] of text.matchAll(/\sr\s*=\s*["']([^"']*)["']/g)) {
    const [, letters, row] = /^([A-Z]{0,3})(\d{1,7})$/.exec(reference) ?? [];
    if (letters === undefined || Number(row) > MOST_ROWS || columnNumber(letters) > MOST_COLUMNS)
      return [
        `${name}: a cell stands at ${JSON.stringify(reference.slice(0, 20))}; a list has at most ${MOST_ROWS} rows and ${MOST_COLUMNS} columns`,
      ];
  }
  const cells = [...text.matchAll(/<(?:[\w.-]+:)?c\s([^>]*)>\s*<(?:[\w.-]+:)?f[\s/>]/g)].map(
    ([, attributes = ""]) => /\br\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? "?",
  );
  const formulas = /<(?:[\w.-]+:)?f[\s/>]/.test(text);
  if (!formulas) return [];
  const where =
    cells.length === 0 ? "" : ` (${cells.slice(0, MOST_SHOWN).join(", ")}${cells.length > MOST_SHOWN ? ", …" : ""})`;
  return [`${name}: the sheet holds formulas${where}: copy the cells and paste them as values, then save`];
}

function columnNumber(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "?" : value.toISOString().slice(0, 10);
  return String(value);
}
