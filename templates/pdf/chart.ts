import type { Chart } from "../../src/domain/chart.ts";
import { layChart } from "../charts/chart.ts";
import { SIZES } from "../charts/palette.ts";
import type { Mark, Scene, TextMark } from "../charts/scene.ts";
import { textWidth } from "../charts/words.ts";
import { COLOURS } from "../theme.ts";
import type { Atom } from "./flow.ts";
import type { Layout } from "./paragraphs.ts";
import { type Pen, tagged } from "./pen.ts";

/** How low a chart may be drawn to stand on the page it is told on, rather than leave that page blank. */
const SQUEEZES = [0.9, 0.8, 0.7] as const;

/** A chart as one atom, so that it never parts from its title and its source. */
export function chartAtoms(layout: Layout, chart: Chart, where: string): Atom[] {
  const { faces, column, sizes } = layout;
  const atom = (squeeze: number): Atom => {
    const frame = { width: column.width, size: Math.min(SIZES.paper, sizes.table), faces, squeeze };
    const scene = layChart(chart, frame);
    return {
      height: scene.height,
      gap: sizes.wideGap * 1.5,
      keepNext: false,
      where,
      draw: (pen, top) => drawFigure(pen, pen.root, { scene, x: column.x, top }),
    };
  };
  const lower = SQUEEZES.map((squeeze) => () => atom(squeeze));
  return [{ ...atom(1), lower }];
}

/** Draws a scene as a Figure with its alternative text below a structure element. */
export function drawFigure(
  pen: Pen,
  parent: PDFKit.PDFStructureElement,
  { scene, x, top }: { readonly scene: Scene; readonly x: number; readonly top: number },
): void {
  const options: PDFKit.Mixins.StructureElementOptions & { bbox: readonly number[]; placement: string } = {
    alt: scene.alt,
    bbox: [x, top, x + scene.width, top + scene.height],
    placement: "Block",
  };
  const figure = pen.doc.struct("Figure", options);
  parent.add(figure);
  tagged(pen, figure, "Figure", () => {
    pen.doc.save();
    pen.doc.translate(x, top);
    for (const mark of scene.marks) drawMark(pen, mark);
    pen.doc.restore();
  });
}

function drawMark(pen: Pen, mark: Mark): void {
  const { doc } = pen;
  if (mark.kind === "text") return drawText(pen, mark);
  if (mark.kind === "rect") {
    if (mark.width > 0) doc.rect(mark.x, mark.y, mark.width, mark.height).fill(mark.fill);
  } else if (mark.kind === "circle") {
    doc.circle(mark.x, mark.y, mark.radius).lineWidth(0.9).undash().fillAndStroke(mark.fill, mark.colour);
  } else {
    doc.path(mark.d).lineWidth(mark.width);
    if (mark.dash === undefined) doc.undash();
    else doc.dash(mark.dash[0], { space: mark.dash[1] });
    doc.strokeColor(mark.colour).stroke();
  }
}

/** The words in one go with a space after them, so that extracted words do not run into those of the next mark. */
function drawText({ doc, faces }: Pen, mark: TextMark): void {
  const width = mark.anchor === "start" ? 0 : textWidth(mark.text, mark, faces);
  const x = mark.x - (mark.anchor === "middle" ? width / 2 : width);
  doc.font(mark.style, mark.size).fillColor(COLOURS.text);
  doc.text(`${mark.text} `, x, mark.y, { lineBreak: false, baseline: "alphabetic" });
}
