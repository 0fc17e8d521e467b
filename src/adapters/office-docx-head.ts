import {
  AlignmentType,
  BorderStyle,
  HeadingLevel,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { Faces } from "../../templates/faces.ts";
import type { ReportPaper } from "../../templates/office/report.ts";
import { MOTTO } from "../../templates/pdf/masthead.ts";
import { centred, INDENT, ruleLine, SIZES, twips, WIDTH, words } from "./office-docx-words.ts";

/** Quốc hiệu at 12 needs 54 % of the width. */
const LEFT = Math.round(WIDTH * 0.44);
const RIGHT = WIDTH - LEFT;
const NONE = { style: BorderStyle.NONE, size: 0, color: "auto" } as const;
const BORDERS = { top: NONE, bottom: NONE, left: NONE, right: NONE, insideHorizontal: NONE, insideVertical: NONE };
const BODY = { bold: true, size: SIZES.body };

/** Head of page 1: bodies and Quốc hiệu side by side, number and date below, the name of the paper, whom it goes to. */
export function headParts(paper: ReportPaper, faces: Faces): (Paragraph | Table)[] {
  const { head, titles } = paper;
  const widthOf = (text: string, size: number) => (twips(size / 2) * faces.bold.widthOf(text)) / 1000;
  const widest = (texts: readonly string[], size: number) => Math.max(0, ...texts.map((text) => widthOf(text, size)));
  const bodies = [
    ...head.superior.map((text) => centred(text, { size: SIZES.head })),
    ...head.issuer.map((text) => centred(text, { bold: true, size: SIZES.head })),
    ruleLine(Math.min(LEFT, widest(head.issuer, SIZES.head)) / 2, LEFT),
  ];
  const motto = [
    centred(MOTTO.country, { bold: true, size: SIZES.head }),
    centred(MOTTO.words, { bold: true, size: SIZES.motto }),
    ruleLine(widthOf(MOTTO.words, SIZES.motto), RIGHT),
  ];
  return [
    columns([
      [bodies, motto],
      [
        [centred(head.number, { size: SIZES.motto })],
        [centred(head.placeAndDate, { italics: true, size: SIZES.motto })],
      ],
    ]),
    ...(head.warning === null ? [] : [centred(head.warning, { bold: true, size: SIZES.head })]),
    centred("BÁO CÁO", BODY, { heading: HeadingLevel.HEADING_1, spacing: { before: 240 } }),
    ...titles.map((title) => centred(title, BODY)),
    ruleLine(widthOf(titles.at(-1) ?? "", SIZES.body) * 0.4, WIDTH),
    ...addressees(paper.to),
  ];
}

function addressees(to: readonly string[]): Paragraph[] {
  const [only] = to;
  if (only === undefined) return [];
  const size = SIZES.body;
  if (to.length === 1) return [centred(`Kính gửi: ${only}`, { size }, { spacing: { before: 240 } })];
  return [
    new Paragraph({ indent: { left: 2 * INDENT }, spacing: { before: 240 }, children: [words("Kính gửi:", { size })] }),
    ...to.map(
      (one, at) =>
        new Paragraph({
          indent: { left: Math.round(2.5 * INDENT) },
          children: [words(`-\u00a0${one}${at === to.length - 1 ? "." : ";"}`, { size })],
        }),
    ),
  ];
}

/** "Nơi nhận:" left, the signer's post right with room for the signature; no name. */
export function signatureParts(paper: ReportPaper): (Paragraph | Table)[] {
  const receivers = [
    new Paragraph({ children: [words("Nơi nhận:", { bold: true, italics: true, size: SIZES.head })] }),
    ...paper.receivers.map(
      (one) => new Paragraph({ alignment: AlignmentType.LEFT, children: [words(one, { size: SIZES.receivers })] }),
    ),
  ];
  const room = Array.from(
    { length: 5 },
    () => new Paragraph({ children: [new TextRun({ text: "", size: SIZES.body })] }),
  );
  const half = Math.round(WIDTH / 2);
  return [
    new Paragraph({ spacing: { line: 120, lineRule: "exact" }, keepNext: true }),
    columns([[receivers, [...paper.signer.map((post) => centred(post, BODY)), ...room]]], [half, WIDTH - half]),
  ];
}

/** Two columns without lines, row by row. */
function columns(
  rows: readonly (readonly [Paragraph[], Paragraph[]])[],
  widths: readonly number[] = [LEFT, RIGHT],
): Table {
  return new Table({
    width: { size: WIDTH, type: WidthType.DXA },
    layout: TableLayoutType.FIXED,
    columnWidths: [...widths],
    borders: BORDERS,
    margins: { left: 0, right: 0 },
    rows: rows.map(
      (cells) =>
        new TableRow({
          cantSplit: true,
          children: cells.map(
            (children, at) =>
              new TableCell({ width: { size: widths[at] ?? 0, type: WidthType.DXA }, borders: BORDERS, children }),
          ),
        }),
    ),
  });
}
