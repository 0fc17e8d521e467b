import type { Edition } from "../../src/domain/edition.ts";
import type { ReportFrame } from "../../src/domain/office.ts";
import type { Faces } from "../faces.ts";
import { warningOf } from "../notice.ts";
import { PAGE, PAGE_NUMBER_SIZE, WEEKLY_MARGINS } from "../theme.ts";
import { layDigest } from "./daily.ts";
import type { PlacedAtom } from "./flow.ts";
import { inkWidth } from "./lines.ts";
import { linesOf } from "./paragraphs.ts";
import { artifact, createPen, drawLine, type Pen } from "./pen.ts";
import { layReport } from "./report.ts";
import { layWeekly } from "./weekly.ts";

/**
 * Draws a whole edition on the document handed in, which has no page yet. Lays everything out before the first stroke, so
 * that an edition that does not fit throws (SendError) and leaves no half page.
 */
export function drawEdition(edition: Edition, doc: PDFKit.PDFDocument, faces: Faces): void {
  const placed = edition.bulletin === "daily" ? layDigest(edition, faces) : layWeekly(edition, faces);
  drawPages(placed, createPen(doc, faces), warningOf(edition.content.masthead));
}

/** Draws an edition's Báo cáo in the same way. */
export function drawReport(
  edition: Edition,
  frame: ReportFrame,
  to: { readonly doc: PDFKit.PDFDocument; readonly faces: Faces },
): void {
  const placed = layReport(edition, frame, to.faces);
  drawPages(placed, createPen(to.doc, to.faces), warningOf(edition.content.masthead));
}

function drawPages(placed: readonly PlacedAtom[], pen: Pen, warning: string | null): void {
  let current = -1;
  for (const { page, top, atom, again } of placed) {
    while (current < page) {
      pen.doc.addPage();
      current += 1;
      if (current > 0) drawRunningHead(pen, current + 1, warning);
    }
    atom.draw(pen, top, again);
  }
  if (current === -1) pen.doc.addPage();
}

/** From page 2: the number centred in the upper margin, and under it the warning when there is one. */
function drawRunningHead(pen: Pen, number: number, warning: string | null): void {
  const { top, left, right } = WEEKLY_MARGINS;
  const column = { x: left, width: PAGE.width - left - right };
  const numberInk = { text: String(number), style: "regular", size: PAGE_NUMBER_SIZE } as const;
  const height = PAGE_NUMBER_SIZE * 1.2;
  artifact(pen, "Pagination", () => {
    for (const line of linesOf([numberInk], column.width, pen.faces)) {
      drawLine(pen, line, { ...column, top: top * 0.45, height, align: "center" });
    }
    if (warning === null) return;
    const size = fittingSize(pen.faces, warning, column.width);
    for (const line of linesOf([{ text: warning, style: "bold", size }], column.width, pen.faces)) {
      drawLine(pen, line, { ...column, top: top * 0.45 + height, height: size * 1.2, align: "center" });
    }
  });
}

/** The running warning stays on one line: 9 pt, or as small as its length asks. */
function fittingSize(faces: Faces, text: string, width: number): number {
  const atNine = inkWidth({ text, style: "bold", size: 9 }, faces);
  return atNine <= width ? 9 : (9 * (width - 1)) / atNine;
}
