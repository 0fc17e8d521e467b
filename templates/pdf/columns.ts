import type { Table } from "../../src/domain/edition.ts";
import { bind } from "../bind.ts";
import { arrowed } from "../rows.ts";
import { widestWord, wordsOf } from "./lines.ts";
import type { Layout } from "./paragraphs.ts";

/**
 * Widths of a table's columns in points, `padding` included. Each column gets its share of the page; a column whose longest
 * unbreakable word would not fit (a figure must never be cut) takes the room from those that have some to spare.
 */
export function columnWidths(layout: Layout, table: Table, padding: number): number[] {
  const total = layout.column.width;
  let shares = 0;
  for (const column of table.columns) shares += column.width;
  const wished = table.columns.map((column) => (shares > 0 ? column.width / shares : 1 / table.columns.length) * total);
  const least = table.columns.map((_, at) => leastWidth(layout, table, at) + padding);
  let missing = 0;
  let spare = 0;
  for (const [at, wish] of wished.entries()) {
    const need = least[at] ?? 0;
    if (need > wish) missing += need - wish;
    else spare += wish - need;
  }
  if (missing === 0) return wished;
  // Not enough room even so: keep the shares, and let words be broken between letters.
  if (missing > spare) return wished;
  return wished.map((wish, at) => {
    const need = least[at] ?? 0;
    return need > wish ? need : wish - ((wish - need) * missing) / spare;
  });
}

function leastWidth(layout: Layout, table: Table, at: number): number {
  const { faces, sizes } = layout;
  const widest = (text: string) => widestWord(wordsOf([{ text: bind(text), style: "bold", size: sizes.table }], faces));
  // Half a point of grace: sums of widths are floating point.
  let width = widest(table.columns[at]?.title ?? "") + 0.5;
  for (const row of table.rows) width = Math.max(width, widest(arrowed(table, row, at)) + 0.5);
  return width;
}
