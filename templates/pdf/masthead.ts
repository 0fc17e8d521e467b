import type { Masthead } from "../../src/domain/edition.ts";
import { bind } from "../bind.ts";
import type { Faces, Style } from "../faces.ts";
import { warningOf } from "../notice.ts";
import type { Atom } from "./flow.ts";
import { type Ink, inkWidth, type Line } from "./lines.ts";
import { type Layout, linesOf, textAtoms } from "./paragraphs.ts";
import { type Align, type Box, drawLine, elementOf, lineHeight, type Part, type Pen, rule, tagged } from "./pen.ts";

type Digest = Extract<Masthead, { kind: "digest" }>;
type Official = Exclude<Masthead, Digest>;

/** Quốc hiệu and Tiêu ngữ. */
export const MOTTO = { country: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", words: "Độc lập - Tự do - Hạnh phúc" } as const;
/** NĐ 30/2020: body names and Quốc hiệu 12–13, Tiêu ngữ and place 13–14; Quốc hiệu at 12 needs 54 % of the width. */
const OFFICIAL = { body: 12, motto: 13, place: 13, notice: 11, left: 0.44, leading: 1.15 } as const;

/** The head an edition asks for. */
export function mastheadAtoms(layout: Layout, masthead: Masthead): Atom[] {
  return masthead.kind === "digest" ? digestMasthead(layout, masthead) : officialMasthead(layout, masthead);
}

/** The digest's head: issuing body left, name and day of the paper right, a rule, the unit's name. */
function digestMasthead(layout: Layout, head: Digest): Atom[] {
  const { sizes, column, faces } = layout;
  const size = sizes.head;
  const [name = "", ...rest] = head.right.split(" – ");
  const left: Ink[] = [{ text: head.left, style: "bold", size }];
  const right: Ink[] = [{ text: name, style: "bold", size }];
  if (rest.length > 0) right.push({ text: bind(` – ${rest.join(" – ")}`), style: "regular", size });
  const sideBySide = widthOf(left, faces) + widthOf(right, faces) + 2 * size <= column.width;
  const height = lineHeight(size, 1.2);
  const leftLines = linesOf(left, column.width, faces);
  const rightLines = linesOf(right, column.width, faces);
  const rows = sideBySide ? 1 : leftLines.length + rightLines.length;
  const band: Atom = {
    height: rows * height + 4,
    gap: 0,
    keepNext: true,
    where: "masthead",
    draw: (pen, top) => {
      drawStack(pen, leftLines, { ...column, top, height, align: "left" });
      const below = sideBySide ? top : top + leftLines.length * height;
      drawStack(pen, rightLines, { ...column, top: below, height, align: sideBySide ? "right" : "left" });
      const y = top + rows * height + 3;
      rule(pen, { from: [column.x, y], to: [column.x + column.width, y], width: 1 });
    },
  };
  return [band, ...noticeAtoms(layout, head.notice, "bold"), ...titleAtoms(layout, [head.unit], sizes.title)];
}

/** The head of a paper for a meeting: `nd30` with Quốc hiệu and Tiêu ngữ beside the issuing body, `simple` without. */
function officialMasthead(layout: Layout, head: Official): Atom[] {
  const titles = titleAtoms(layout, [head.kindOfPaper, ...head.titles], layout.sizes.title);
  const notice =
    head.notice === undefined ? [] : noticeAtoms(layout, head.notice, warningOf(head) === null ? "italic" : "bold");
  return [officialBand(layout, head), ...titles, ...notice];
}

/** What the two columns at the head of an official paper say; `number` stands below the issuing body. */
export type Band = Pick<Official, "kind" | "superior" | "issuer" | "placeAndDate"> & { readonly number?: string };

/** The two columns at the head of an official paper. */
export function officialBand(layout: Layout, head: Band): Atom {
  const { column, faces } = layout;
  const height = lineHeight(OFFICIAL.motto, OFFICIAL.leading);
  const leftBox: Box = { x: column.x, width: column.width * OFFICIAL.left };
  const rightBox: Box = { x: column.x + leftBox.width, width: column.width - leftBox.width };
  const lines = (texts: readonly string[], style: Style, size: number, width: number) =>
    texts.flatMap((text) => balanced([{ text: bind(text), style, size }], width, faces));
  const superior = lines(head.superior, "regular", OFFICIAL.body, leftBox.width);
  const issuer = lines(head.issuer, "bold", OFFICIAL.body, leftBox.width);
  const motto = head.kind === "nd30" ? lines([MOTTO.country], "bold", OFFICIAL.body, rightBox.width) : [];
  const words = head.kind === "nd30" ? lines([MOTTO.words], "bold", OFFICIAL.motto, rightBox.width) : [];
  const place = lines([head.placeAndDate], "italic", OFFICIAL.place, rightBox.width);
  const number = head.number === undefined ? [] : lines([head.number], "regular", OFFICIAL.place, leftBox.width);
  const leftRows = superior.length + issuer.length;
  const rightRows = motto.length + words.length;
  // A number stands on the line of place and date, below both columns.
  const rows = number.length === 0 ? rightRows : Math.max(leftRows, rightRows);
  const placeTop = rows === 0 ? 0 : rows * height + 10;
  return {
    height: Math.max(leftRows * height + 8, placeTop + place.length * height),
    gap: 0,
    keepNext: true,
    where: "masthead",
    draw: (pen, top) => {
      drawStack(pen, [...superior, ...issuer], { ...leftBox, top, height, align: "center" });
      underline(pen, leftBox, top + leftRows * height + 3, widest(issuer) / 2);
      drawStack(pen, [...motto, ...words], { ...rightBox, top, height, align: "center" });
      if (words.length > 0) underline(pen, rightBox, top + rightRows * height + 3, widest(words));
      drawStack(pen, number, { ...leftBox, top: top + placeTop, height, align: "center" });
      drawStack(pen, place, { ...rightBox, top: top + placeTop, height, align: "center" });
    },
  };
}

/** The titles are one H1, whatever their number of lines. */
export function titleAtoms(layout: Layout, texts: readonly string[], size: number): Atom[] {
  const part: Part = { tag: "H1" };
  return texts.flatMap((text, index) =>
    textAtoms(layout, {
      inks: [{ text: bind(text), style: "bold", size }],
      size,
      part,
      align: "center",
      gap: index === 0 ? layout.sizes.wideGap : 0,
      where: "masthead, title",
      keepNext: true,
    }),
  );
}

/** The warning or the line in parentheses below a head. */
export function noticeAtoms(layout: Layout, text: string | undefined, style: Style): Atom[] {
  if (text === undefined || text === "") return [];
  const size = style === "italic" ? OFFICIAL.notice : layout.sizes.head;
  return textAtoms(layout, {
    inks: [{ text: bind(text), style, size }],
    size,
    part: { tag: "P" },
    align: "center",
    gap: layout.sizes.gap,
    where: "masthead, notice",
    keepNext: true,
  });
}

/** Lines of one paragraph under each other. */
export function drawStack(
  pen: Pen,
  lines: readonly Line[],
  place: Box & { readonly top: number; readonly height: number; readonly align: Align },
): void {
  if (lines.length === 0) return;
  const element = elementOf(pen, { tag: "P" });
  tagged(pen, element, "P", () => {
    for (const [index, line] of lines.entries())
      drawLine(pen, line, { ...place, top: place.top + index * place.height });
  });
}

/** As few lines as possible, and those of like length: a centred name must not leave one word alone in its last line. */
function balanced(inks: readonly Ink[], width: number, faces: Faces): Line[] {
  let lines = linesOf(inks, width, faces);
  for (let narrower = width - 4; narrower > width / 2; narrower -= 4) {
    const tighter = linesOf(inks, narrower, faces);
    if (tighter.length > lines.length) break;
    lines = tighter;
  }
  return lines;
}

/** A rule below centred words. */
export function underline(pen: Pen, box: Box, y: number, width: number): void {
  const from = box.x + (box.width - width) / 2;
  rule(pen, { from: [from, y], to: [from + width, y], width: 0.75 });
}

/** The width of the longest line. */
export function widest(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map((line) => line.width));
}

function widthOf(inks: readonly Ink[], faces: Faces): number {
  let width = 0;
  for (const ink of inks) width += inkWidth(ink, faces);
  return width;
}
