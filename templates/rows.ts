import type { Row, Table } from "../src/domain/edition.ts";

/** What a table's marks mean, the same for paper, mail and plain text. */

/** The mark of the reader's own unit. */
const ARROW = "► ";

/** The length of the repeating group of columns when a list is printed in halves side by side (3 of 6), otherwise null. */
export function halfLength(table: Table): number | null {
  const half = table.columns.length / 2;
  if (half < 2 || !Number.isInteger(half)) return null;
  const repeats = table.columns.every((column, at) => at < half || column.title === table.columns[at - half]?.title);
  return repeats ? half : null;
}

/** The column whose cells name their row (the first left-aligned one); null when a list stands in halves. */
export function rowHeaderColumn(table: Table): number | null {
  if (halfLength(table) !== null) return null;
  const at = table.columns.findIndex((column) => column.align === "left");
  return at === -1 ? null : at;
}

/** True for the cells that speak of the reader's own unit: a marked row, or in halves the half whose cells are strong. */
export function isOwnCell(table: Table, row: Row, at: number): boolean {
  const half = halfLength(table);
  if (half === null) return row.mark === "own";
  const from = at < half ? 0 : half;
  const inHalf = row.cells.slice(from, from + half).some((cell) => cell.strong === true);
  if (inHalf) return true;
  return row.mark === "own" && !row.cells.some((cell) => cell.strong === true);
}

/** The words of a cell, with "►" before the name of the reader's own unit. */
export function arrowed(table: Table, row: Row, at: number): string {
  const text = row.cells[at]?.text ?? "";
  if (row.mark === "total" || row.mark === "gap" || text === "" || text.startsWith(ARROW.trim())) return text;
  const half = halfLength(table) ?? table.columns.length;
  const from = at < half ? 0 : half;
  const name = table.columns.findIndex((column, index) => index >= from && column.align === "left");
  return at === name && isOwnCell(table, row, at) ? `${ARROW}${text}` : text;
}
