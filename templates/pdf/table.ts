import type { Sparkline } from "../../src/domain/chart.ts";
import type { Cell, Column, Row, Table } from "../../src/domain/edition.ts";
import { bind } from "../bind.ts";
import { SIZES } from "../charts/palette.ts";
import type { Scene } from "../charts/scene.ts";
import { sparklineScene } from "../charts/sparkline.ts";
import type { Style } from "../faces.ts";
import { arrowed, isOwnCell, rowHeaderColumn } from "../rows.ts";
import { COLOURS, PAGE } from "../theme.ts";
import { drawFigure } from "./chart.ts";
import { columnWidths } from "./columns.ts";
import type { Atom } from "./flow.ts";
import type { Line } from "./lines.ts";
import { type Layout, linesOf, markedInks } from "./paragraphs.ts";
import {
  type Align,
  artifact,
  drawLine,
  elementOf,
  lineHeight,
  type Part,
  type Pen,
  strokeLine,
  tagged,
} from "./pen.ts";

/** Space left and right of a cell's words, points; the grid is closed and 0.5 pt. */
const SIDE = 4;
const GRID = 0.5;
/** Height of the score bar and of the room it takes under the figure, points. */
const BAR = { height: 1.8, room: 2.4 } as const;

type LaidCell = {
  readonly lines: readonly Line[];
  readonly align: Align;
  readonly x: number;
  readonly width: number;
  readonly share: number | null;
  readonly spark: Scene | null;
  readonly header: "Column" | "Row" | null;
};
type LaidRow = {
  readonly cells: readonly LaidCell[];
  readonly height: number;
  readonly shaded: boolean;
  readonly head: boolean;
};

/** A table of less than this share of a page is never parted. */
const SMALL = 0.4;

/** A table as atoms: one per row, so that rows never split; the header row comes again on every page, of a small one all keep together. */
export function tableAtoms(layout: Layout, table: Table, where: string): Atom[] {
  const widths = columnWidths(layout, table, 2 * SIDE);
  const part: Part = { tag: "Table", title: table.caption };
  const headRow = layRow(layout, headCells(table), widths, { shaded: false, head: true });
  const header: Atom = {
    height: headRow.height,
    gap: layout.sizes.wideGap,
    keepNext: true,
    where: `${where}, header row`,
    draw: (pen, top, again) => drawRow(pen, layout, { row: headRow, top, part: again ? null : part }),
  };
  const rows = table.rows.map((row, index): Atom => {
    const laid = layRow(layout, bodyCells(table, row), widths, { shaded: row.mark === "total", head: false });
    return {
      height: laid.height,
      gap: 0,
      keepNext: table.rows[index + 1]?.mark === "total",
      repeat: header,
      where: `${where}, row ${index + 1}`,
      draw: (pen, top) => drawRow(pen, layout, { row: laid, top, part }),
    };
  });
  const whole = [{ ...header, keepNext: rows.length > 0 }, ...rows];
  const height = whole.reduce((sum, atom) => sum + atom.height, 0);
  if (height > SMALL * PAGE.height) return whole;
  return whole.map((atom, at) => ({ ...atom, keepNext: at < whole.length - 1 }));
}

type Plain = {
  readonly text: string;
  readonly style: Style;
  readonly align: Align;
  readonly share: number | null;
  readonly spark: Sparkline | null;
  readonly header: "Column" | "Row" | null;
};

function headCells(table: Table): Plain[] {
  return table.columns.map(({ title }) => ({
    text: bind(title),
    style: "bold",
    align: "center",
    share: null,
    spark: null,
    header: "Column",
  }));
}

function bodyCells(table: Table, row: Row): Plain[] {
  const heading = rowHeaderColumn(table);
  return table.columns.map((column: Column, at): Plain => {
    const cell: Cell = row.cells[at] ?? { text: "" };
    const strong = row.mark === "total" || isOwnCell(table, row, at) || cell.strong === true;
    return {
      text: bind(arrowed(table, row, at)),
      style: strong ? "bold" : "regular",
      align: row.mark === "gap" ? "center" : column.align,
      share: cell.share ?? null,
      spark: cell.spark ?? null,
      header: at === heading ? "Row" : null,
    };
  });
}

function layRow(
  layout: Layout,
  cells: readonly Plain[],
  widths: readonly number[],
  kind: { readonly shaded: boolean; readonly head: boolean },
): LaidRow {
  const { sizes, faces, column } = layout;
  let x = column.x;
  let most = 1;
  let highest = 0;
  const laid = cells.map((cell, at): LaidCell => {
    const width = widths[at] ?? 0;
    const plain = { text: cell.text, style: cell.style, size: sizes.table };
    const inks = layout.black === true ? [plain] : markedInks(cell.text, cell.style, sizes.table);
    const lines = linesOf(inks, width - 2 * SIDE, faces);
    const place = { x: x + SIDE, width: width - 2 * SIDE };
    x += width;
    const frame = { width: place.width, size: Math.min(SIZES.paper, sizes.table), faces };
    const spark = cell.spark === null ? null : sparklineScene(cell.spark, frame);
    most = Math.max(most, lines.length);
    const lineHeights = lines.length * lineHeight(sizes.table, sizes.leading);
    highest = Math.max(highest, lineHeights + (spark === null ? 0 : spark.height));
    return { lines, align: cell.align, ...place, share: cell.share, spark, header: cell.header };
  });
  const bar = laid.some((cell) => cell.share !== null) ? BAR.room : 0;
  const words = most * lineHeight(sizes.table, sizes.leading) + bar;
  return { cells: laid, height: Math.max(words, highest) + 2 * sizes.cell, ...kind };
}

function drawRow(
  pen: Pen,
  layout: Layout,
  place: { readonly row: LaidRow; readonly top: number; readonly part: Part | null },
): void {
  const { row, top, part } = place;
  artifact(pen, "Layout", () => drawGrid(pen, layout, row, top));
  const table = part === null ? null : elementOf(pen, part);
  const line = table === null ? null : pen.doc.struct("TR");
  if (table !== null && line !== null) table.add(line);
  for (const cell of row.cells) {
    const draw = () => drawCell(pen, layout, { cell, row, top });
    if (line === null) artifact(pen, "Pagination", draw);
    else {
      const tag = cell.header === null ? "TD" : "TH";
      const options: PDFKit.Mixins.StructureElementOptions & { scope?: string } =
        cell.header === null ? {} : { scope: cell.header };
      const element = pen.doc.struct(tag, options);
      line.add(element);
      if (cell.lines.length > 0) tagged(pen, element, tag, draw);
      if (cell.spark !== null) {
        const below =
          top + layout.sizes.cell + cell.lines.length * lineHeight(layout.sizes.table, layout.sizes.leading);
        drawFigure(pen, element, { scene: cell.spark, x: cell.x, top: below });
      }
    }
  }
}

function drawCell(
  pen: Pen,
  layout: Layout,
  place: { readonly cell: LaidCell; readonly row: LaidRow; readonly top: number },
): void {
  const { cell, row, top } = place;
  const height = lineHeight(layout.sizes.table, layout.sizes.leading);
  const spare = row.height - 2 * layout.sizes.cell - cell.lines.length * height;
  const from = top + layout.sizes.cell + (row.head ? spare / 2 : 0);
  for (const [index, line] of cell.lines.entries()) {
    drawLine(pen, line, { x: cell.x, width: cell.width, top: from + index * height, height, align: cell.align });
  }
}

/** Shade, score bars and the four sides of every cell of a row. */
function drawGrid(pen: Pen, layout: Layout, row: LaidRow, top: number): void {
  const { column } = layout;
  const bottom = top + row.height;
  if (row.shaded) pen.doc.rect(column.x, top, column.width, row.height).fill(COLOURS.total);
  for (const cell of row.cells) {
    if (cell.share === null) continue;
    const words = Math.max(1, cell.lines.length) * lineHeight(layout.sizes.table, layout.sizes.leading);
    const y = top + layout.sizes.cell + words;
    const filled = cell.width * Math.min(1, Math.max(0, cell.share));
    pen.doc.rect(cell.x, y, cell.width, BAR.height).fill(COLOURS.track);
    if (filled > 0) pen.doc.rect(cell.x, y, filled, BAR.height).fill(COLOURS.up);
  }
  const edges = [column.x, ...row.cells.map((cell) => cell.x + cell.width + SIDE)];
  for (const x of edges) strokeLine(pen, { from: [x, top], to: [x, bottom], width: GRID });
  for (const y of [top, bottom]) {
    strokeLine(pen, { from: [column.x, y], to: [column.x + column.width, y], width: GRID });
  }
}
