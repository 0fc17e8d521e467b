import type { Sparkline } from "../../src/domain/chart.ts";
import { formatPoints } from "../../src/domain/figure.ts";
import { INKS, NOTHING } from "./palette.ts";
import type { Frame, Mark, Scene, TextMark } from "./scene.ts";
import { breakRules, heightScale, lastFigure, type Plot, pointX, seriesMarks, unbroken } from "./series-lines.ts";
import { LEADING, type Lettering, middled, textWidth } from "./words.ts";

/** Room for the line itself, in sizes of the words; when less would be left, the words beside it give way. */
const LEAST = 4.5;

/**
 * A line two lines of words high: first and last day, the line, the last figure, highest and lowest. Fits a table's cell; words that
 * would leave the line no room are left out, the last figure never.
 */
export function sparklineScene(chart: Sparkline, frame: Frame): Scene {
  const { size, faces, width } = frame;
  const pitch = size * LEADING;
  const height = 2 * pitch;
  const plain: Lettering = { style: "regular", size };
  const series = { name: "", values: chart.values, own: true };
  const last = lastFigure(series);
  const known = chart.values.filter((value) => value !== null);
  const text = last === null ? NOTHING : formatPoints(last.value);
  const wide = (texts: readonly string[]) => Math.max(...texts.map((one) => textWidth(one, plain, faces)));
  const days = [`từ ${chart.from}`, `đến ${chart.to}`];
  const ends = [`cao nhất ${formatPoints(Math.max(...known, 0))}`, `thấp nhất ${formatPoints(Math.min(...known))}`];
  const lastWidth = textWidth(text, { style: "bold", size }, faces);
  const gap = size * 0.6;
  const room = width - lastWidth - gap - size * LEAST;
  const right = known.length > 1 && wide(ends) + gap <= room ? wide(ends) + gap : 0;
  const left = wide(days) + gap <= room - right ? wide(days) + gap : 0;
  const stack = (texts: readonly string[], x: number): TextMark[] =>
    texts.map((one, row) => ({
      kind: "text",
      x,
      y: middled((row + 0.5) * pitch, plain, faces),
      text: one,
      ...plain,
      anchor: "start",
    }));
  const end = width - right - lastWidth;
  const sides = { left: left + 2, right: end - gap, top: size * 0.35, bottom: height - size * 0.35 };
  const marks: Mark[] = [
    ...(left > 0 ? stack(days, 0) : []),
    ...lineMarks(chart, sides),
    {
      kind: "text",
      x: end,
      y: middled(height / 2, { style: "bold", size }, faces),
      text,
      style: "bold",
      size,
      anchor: "start",
    },
    ...(right > 0 ? stack(ends, width - right + gap) : []),
  ];
  return { width, height, marks, title: chart.alt, alt: chart.alt };
}

function lineMarks(
  chart: Sparkline,
  sides: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): Mark[] {
  const series = { name: "", values: chart.values, own: true };
  const scale = heightScale([series], sides);
  if (scale === null || sides.right <= sides.left) return [];
  const plot: Plot = { ...sides, scale, points: chart.values.length };
  const marks: Mark[] = breakRules(chart.breaks, plot).map(({ mark }) => mark);
  for (const mark of seriesMarks(series, plot, { breaks: chart.breaks, dotted: false })) {
    // In a line of a word's size a dot at every figure would hide it; alone it is all there is.
    if (mark.kind === "path") marks.push({ ...mark, width: 1.2 });
  }
  const known = chart.values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const last = known.at(-1)?.index;
  const shown = new Set([...alone(chart), ...extremes(known), ...(last === undefined ? [] : [last])]);
  for (const { value, index } of known) {
    if (!shown.has(index)) continue;
    const [radius, fill] = index === last ? [1.9, INKS.own.colour] : [1.4, "#FFFFFF"];
    marks.push({ kind: "circle", x: pointX(plot, index), y: scale(value), radius, fill, colour: INKS.own.colour });
  }
  return marks;
}

/** Figures without a neighbour: nothing but a dot shows them. */
function alone({ values, breaks }: Sparkline): number[] {
  return unbroken(values, breaks).flatMap((run) => (run.length === 1 ? run.map(([index]) => index) : []));
}

/** The latest highest and the latest lowest figure; none where all are equal. */
function extremes(known: readonly { readonly value: number; readonly index: number }[]): number[] {
  const values = known.map(({ value }) => value);
  const [highest, lowest] = [Math.max(...values), Math.min(...values)];
  if (highest === lowest) return [];
  return [highest, lowest].flatMap((value) => known.findLast((one) => one.value === value)?.index ?? []);
}
