import type { Edition } from "../../src/domain/edition.ts";
import type { Faces } from "../faces.ts";
import { COLOURS, PAGE, PAGE_NUMBER_SIZE, WEEKLY_MARGINS } from "../theme.ts";
import { layDigest } from "./daily.ts";
import type { PlacedAtom } from "./flow.ts";
import { artifact, createPen, type Pen } from "./pen.ts";
import { layWeekly } from "./weekly.ts";

/**
 * Draws a whole edition on the document handed in, which has no page yet. Lays everything out before the first stroke, so
 * that an edition that does not fit throws (SendError) and leaves no half page.
 */
export function drawEdition(edition: Edition, doc: PDFKit.PDFDocument, faces: Faces): void {
  const placed = edition.bulletin === "daily" ? layDigest(edition, faces) : layWeekly(edition, faces);
  drawPages(createPen(doc, faces), placed);
}

function drawPages(pen: Pen, placed: readonly PlacedAtom[]): void {
  let current = -1;
  for (const { page, top, atom, again } of placed) {
    while (current < page) {
      pen.doc.addPage();
      current += 1;
      if (current > 0) drawPageNumber(pen, current + 1);
    }
    atom.draw(pen, top, again);
  }
  if (current === -1) pen.doc.addPage();
}

function drawPageNumber(pen: Pen, number: number): void {
  const text = String(number);
  const width = (pen.faces.regular.widthOf(text) * PAGE_NUMBER_SIZE) / 1000;
  const left = WEEKLY_MARGINS.left;
  const x = left + (PAGE.width - left - WEEKLY_MARGINS.right - width) / 2;
  artifact(pen, "Pagination", () => {
    pen.doc.font("regular", PAGE_NUMBER_SIZE).fillColor(COLOURS.text);
    pen.doc.text(text, x, WEEKLY_MARGINS.top * 0.75, { lineBreak: false, baseline: "alphabetic" });
  });
}
