import writeXlsxFile, { type Cell, type Sheet as WrittenSheet } from "write-excel-file/node";
import { toPoints } from "../domain/figure.ts";
import type { Sheet, SheetCell, SheetColumn } from "../domain/office.ts";
import { repacked } from "./zip.ts";

/** Spreadsheets take a text for a formula by its first character; the apostrophe stays when the cell is copied into a CSV. */
const FORMULA = /^[=+\-@\t\r]/u;
const MISSING = "chưa có số liệu";
const FONT = { fontFamily: "Times New Roman", fontSize: 12 } as const;
const GRID = { borderStyle: "thin", borderColor: "#444444" } as const;
const FORMATS: Readonly<Record<Exclude<SheetColumn["kind"], "text">, string>> = {
  points: "0.00",
  change: "+0.00;-0.00;0.00",
  count: "#,##0",
};
/** Widths in characters; longer words wrap. */
/** Heights of rows, points: two lines of words, one, and a few. */
const HEIGHTS = { header: 34, row: 18, note: 52 } as const;
const NARROWEST = 10;
const WIDEST = 46;

/**
 * Sheets as one workbook: a frozen header row, figures as numbers with two decimals, missing ones in words, every text safe from
 * being read as a formula; notes two rows below, so that sorting leaves them alone. Same sheets, same bytes.
 */
export async function workbookOf(
  sheets: readonly Sheet[],
  options: { readonly mark: string | null },
): Promise<Uint8Array> {
  const written = sheets.map((sheet): WrittenSheet<never> => {
    const notes = [...(options.mark === null ? [] : [options.mark]), ...sheet.notes];
    return {
      sheet: sheet.name,
      stickyRowsCount: 1,
      orientation: "landscape",
      columns: sheet.columns.map((column, at) => ({ width: widthOf(sheet, column, at) })),
      data: [
        sheet.columns.map(headerCell),
        ...sheet.rows.map((row) => sheet.columns.map((column, at) => cellOf(row[at] ?? null, column))),
        [],
        ...notes.map((note) => noteRow(note, sheet.columns.length)),
      ],
    };
  });
  return repacked(await writeXlsxFile(written).toBuffer());
}

function headerCell({ title }: SheetColumn): Cell {
  return {
    ...textCell(title),
    ...GRID,
    fontWeight: "bold",
    align: "center",
    alignVertical: "center",
    wrap: true,
    height: HEIGHTS.header,
    backgroundColor: "#E6E6E6",
  };
}

function cellOf(value: SheetCell, { kind }: SheetColumn): Cell {
  if (typeof value === "number" && kind !== "text")
    return { ...FONT, ...GRID, value: kind === "count" ? value : toPoints(value), type: Number, format: FORMATS[kind] };
  const words = value === null ? MISSING : String(value);
  return { ...textCell(words), ...GRID, height: HEIGHTS.row, ...(kind === "text" ? {} : { align: "right" }) };
}

/** Words below the table, over its whole width. */
function noteRow(text: string, columns: number): Cell[] {
  const cell = {
    ...textCell(text),
    columnSpan: columns,
    wrap: true,
    alignVertical: "top",
    height: HEIGHTS.note,
  } as const;
  return [cell, ...Array.from({ length: columns - 1 }, () => null)];
}

function textCell(text: string): Exclude<Cell, string | number | boolean | Date | null | undefined> {
  return { ...FONT, value: FORMULA.test(text) ? `'${text}` : text, type: String };
}

function widthOf({ rows }: Sheet, column: SheetColumn, at: number): number {
  const words = rows.map((row) => String(row[at] ?? MISSING).length);
  return Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(column.title.length / 2), ...words) + 2);
}
