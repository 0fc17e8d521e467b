import { createHash } from "node:crypto";
import {
  AlignmentType,
  BorderStyle,
  ImageRun,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlign,
  WidthType,
} from "docx";
import type { Faces } from "../../templates/faces.ts";
import type { ReportPaper } from "../../templates/office/report.ts";
import { columnWidths } from "../../templates/pdf/columns.ts";
import { arrowed, isOwnCell } from "../../templates/rows.ts";
import { COLOURS, REPORT_SIZES } from "../../templates/theme.ts";
import type { Chart } from "../domain/chart.ts";
import type { Block, Table as Figures, Row } from "../domain/edition.ts";
import type { ChartPicture } from "./chart-png.ts";
import { centred, heading, note, paragraph, ruleLine, SIZES, twips, WIDTH, words } from "./office-docx-words.ts";

type Part = Paragraph | Table;

/** How charts become pictures, and how wide words are. */
export type Tools = { readonly faces: Faces; readonly picture: (chart: Chart) => ChartPicture };

/** The sections and the last sentence; that one stays with the signature. */
export function bodyParts(blocks: readonly Block[], tools: Tools): Part[] {
  return blocks.flatMap((block, at) => partsOf(block, tools, at === blocks.length - 1));
}

/** The appendix on a page of its own, in the same document. */
export function appendixParts({ appendix }: ReportPaper, tools: Tools): Part[] {
  if (appendix === null) return [];
  const bold = { bold: true, size: SIZES.body };
  const width = (twips(SIZES.body / 2) * tools.faces.bold.widthOf(appendix.title)) / 1000;
  return [
    centred("Phụ lục", bold, { pageBreakBefore: true, heading: "Heading2", keepNext: true }),
    centred(appendix.title, bold, { keepNext: true }),
    centred(appendix.attached, { italics: true, size: SIZES.body }, { keepNext: true }),
    ruleLine(Math.min(width, WIDTH) * 0.4, WIDTH),
    ...appendix.blocks.flatMap((block) => partsOf(block, tools)),
  ];
}

function partsOf(block: Block, tools: Tools, isLast = false): Part[] {
  if (block.kind === "page-break") return [];
  if (block.kind === "heading") return [heading(block.text)];
  if (block.kind === "note") return [note(block.text)];
  if (block.kind === "chart") return [pictureOf(tools.picture(block.chart))];
  if (block.kind === "box") return block.items.map((runs) => paragraph(runs));
  if (block.kind === "table")
    return block.table.columns.length === 0 ? [] : [space(), tableOf(block.table, tools.faces)];
  return [paragraph(block.runs, { keepNext: isLast, keepLines: isLast })];
}

/** A chart as a picture with the figures in words for those who do not see it. */
function pictureOf({ png, width, height, alt }: ChartPicture): Paragraph {
  // Without a number of its own the library counts on from the last document of the process.
  const id = String(1 + (createHash("sha256").update(png).digest().readUInt32BE() >>> 1));
  const altText = { id, name: `chart-${id}`, title: "", description: alt };
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { before: 120 },
    children: [new ImageRun({ type: "png", data: png, transformation: { width, height }, altText })],
  });
}

/** Tables have no space above of their own. */
function space(): Paragraph {
  return new Paragraph({ spacing: { line: 120, lineRule: "exact" }, keepNext: true });
}

const LINE = { style: BorderStyle.SINGLE, size: 4, color: COLOURS.grid.slice(1) } as const;
/** Space left and right of a cell's words, twips. */
const SIDE = 70;
const ALIGN = { left: AlignmentType.LEFT, right: AlignmentType.RIGHT, center: AlignmentType.CENTER } as const;

/** A closed grid; its header row comes again on every page, and no row is split. */
function tableOf(table: Figures, faces: Faces): Table {
  const layout = { faces, sizes: REPORT_SIZES, column: { x: 0, width: WIDTH / 20 } };
  const widths = columnWidths(layout, table, (2 * SIDE) / 20).map(twips);
  return new Table({
    width: { size: WIDTH, type: WidthType.DXA },
    layout: TableLayoutType.FIXED,
    columnWidths: widths,
    borders: { top: LINE, bottom: LINE, left: LINE, right: LINE, insideHorizontal: LINE, insideVertical: LINE },
    margins: { left: SIDE, right: SIDE, top: 20, bottom: 20 },
    rows: [headerRow(table, widths), ...table.rows.map((row) => bodyRow(table, row, widths))],
  });
}

function headerRow(table: Figures, widths: readonly number[]): TableRow {
  return new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: table.columns.map(
      ({ title }, at) =>
        new TableCell({
          width: { size: widths[at] ?? 0, type: WidthType.DXA },
          verticalAlign: VerticalAlign.CENTER,
          children: [centred(title, { bold: true, size: SIZES.table }, { keepNext: true })],
        }),
    ),
  });
}

function bodyRow(table: Figures, row: Row, widths: readonly number[]): TableRow {
  return new TableRow({
    cantSplit: true,
    children: table.columns.map(({ align }, at) => {
      const bold = row.mark === "total" || isOwnCell(table, row, at) || row.cells[at]?.strong === true;
      return new TableCell({
        width: { size: widths[at] ?? 0, type: WidthType.DXA },
        ...(row.mark === "total" ? { shading: { fill: COLOURS.total.slice(1) } } : {}),
        children: [
          new Paragraph({
            alignment: row.mark === "gap" ? AlignmentType.CENTER : ALIGN[align],
            children: [words(arrowed(table, row, at), { bold, size: SIZES.table })],
          }),
        ],
      });
    }),
  });
}
