import type { Faces } from "../faces.ts";
import { COLOURS } from "../theme.ts";
import { gapsIn, type Ink, inkWidth, type Line, stretchesOf, type Word } from "./lines.ts";

/** A logical part of the page (a heading, a paragraph, a table); its lines may fall on two pages and stay one element. */
export type Part = { readonly tag: "H1" | "H2" | "P" | "Table"; readonly title?: string };

/** What templates draw with: the document handed in, the faces it was given, and the tags opened so far. */
export type Pen = {
  readonly doc: PDFKit.PDFDocument;
  readonly faces: Faces;
  readonly root: PDFKit.PDFStructureElement;
  readonly parts: Map<Part, PDFKit.PDFStructureElement>;
};

export type Align = "left" | "right" | "center" | "justify";
export type Box = { readonly x: number; readonly width: number };

/** A pen for a new document: opens the structure tree's one Document element. */
export function createPen(doc: PDFKit.PDFDocument, faces: Faces): Pen {
  const root = doc.struct("Document");
  doc.addStructure(root);
  return { doc, faces, root, parts: new Map() };
}

/** The structure element of a part, opened at its first use. */
export function elementOf(pen: Pen, part: Part): PDFKit.PDFStructureElement {
  const known = pen.parts.get(part);
  if (known !== undefined) return known;
  const element = pen.doc.struct(part.tag, part.title === undefined ? {} : { title: part.title });
  pen.root.add(element);
  pen.parts.set(part, element);
  return element;
}

/** Draws words that belong to a structure element (a paragraph, a cell) on the current page. */
export function tagged(pen: Pen, element: PDFKit.PDFStructureElement, tag: string, draw: () => void): void {
  const content = pen.doc.markStructureContent(tag);
  draw();
  pen.doc.endMarkedContent();
  element.add(content);
}

/** Draws what readers of the structure do not need: rules, shades, page numbers. */
export function artifact(pen: Pen, type: "Pagination" | "Layout", draw: () => void): void {
  pen.doc.markContent("Artifact", { type });
  draw();
  pen.doc.endMarkedContent();
}

/** Height of one line of a size. */
export function lineHeight(size: number, leading: number): number {
  return size * leading;
}

/**
 * Draws one line with its top at `top`. Justified words are drawn one by one, each with its trailing space, because pdfkit's
 * own justification writes no spaces and screen readers then run the words together.
 */
export function drawLine(
  pen: Pen,
  line: Line,
  place: Box & { readonly top: number; readonly height: number; readonly align: Align },
): void {
  const { words } = line;
  const tallest = largestInk(words);
  if (tallest === undefined) return;
  const face = pen.faces[tallest.style];
  const base =
    place.top +
    (place.height - ((face.ascent + face.descent) * tallest.size) / 1000) / 2 +
    (face.ascent * tallest.size) / 1000;
  const slack = place.width - line.width;
  const gaps = place.align === "justify" && !line.last ? gapsIn(line) : 0;
  const stretch = gaps > 0 ? slack / gaps : 0;
  let x = place.x;
  if (place.align === "right") x += slack;
  if (place.align === "center") x += slack / 2;
  for (const word of words) {
    x = drawWord(pen, word, { x, base, stretch }) + word.space + stretch;
  }
}

/** Gives where the word ends. */
function drawWord(
  pen: Pen,
  word: Word,
  place: { readonly x: number; readonly base: number; readonly stretch: number },
): number {
  let { x } = place;
  for (const [index, ink] of word.inks.entries()) {
    const texts = stretchesOf(ink.text);
    pen.doc.font(ink.style, ink.size).fillColor(ink.colour ?? COLOURS.text);
    for (const [at, text] of texts.entries()) {
      const ends = at === texts.length - 1;
      const drawn = ends && index === word.inks.length - 1 ? `${text} ` : text;
      pen.doc.text(drawn, x, place.base, { lineBreak: false, baseline: "alphabetic" });
      x += inkWidth({ ...ink, text }, pen.faces) + (ends ? 0 : place.stretch);
    }
  }
  return x;
}

function largestInk(words: readonly Word[]): Ink | undefined {
  let largest: Ink | undefined;
  for (const word of words) {
    for (const ink of word.inks) if (largest === undefined || ink.size > largest.size) largest = ink;
  }
  return largest;
}

/** A rule from one point to another, as an artifact. */
export function rule(
  pen: Pen,
  line: { readonly from: readonly [number, number]; readonly to: readonly [number, number]; readonly width: number },
): void {
  artifact(pen, "Layout", () => strokeLine(pen, line));
}

/** The same without its own marking, for callers that already are inside an artifact. */
export function strokeLine(
  pen: Pen,
  line: { readonly from: readonly [number, number]; readonly to: readonly [number, number]; readonly width: number },
): void {
  pen.doc
    .moveTo(line.from[0], line.from[1])
    .lineTo(line.to[0], line.to[1])
    .lineWidth(line.width)
    .strokeColor(line.width < 0.6 ? COLOURS.grid : COLOURS.text)
    .stroke();
}
