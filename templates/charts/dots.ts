import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { DotChart } from "../../src/domain/chart.ts";
import { formatMarked, formatPoints } from "../../src/domain/figure.ts";
import { COLOURS } from "../theme.ts";
import type { Body } from "./line.ts";
import { INKS, NOTHING } from "./palette.ts";
import { crowd, dodged } from "./placing.ts";
import { type Frame, type Mark, stroke, type TextMark } from "./scene.ts";
import { LEADING, type Lettering, middled, shortened, textWidth } from "./words.ts";

type DotRow = DotChart["rows"][number];

/** Up to so many rows each have a line of words of their own; more stand closer, and only the named ones are spelled out. */
const SPELLED = 40;
/** Height of the dots of a large block, in sizes of the words: with title and source still less than a page. */
const DENSE = 56;

type Grid = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly scale: ScaleLinear<number, number>;
  readonly y: (index: number) => number;
  readonly radius: number;
};

/** A ranked dot chart: a filled dot now, a ring before, a line between them. */
export function dotsBody(chart: DotChart, frame: Frame, top: number): Body {
  const { rows, mean } = chart;
  const values = rows.flatMap(({ value, before }) => (before === null ? [value] : [value, before]));
  if (values.length === 0) return emptyBody(frame, top);
  const spelled = rows.length <= SPELLED;
  const pitch = spelled ? frame.size * LEADING : (frame.size * DENSE * (frame.squeeze ?? 1)) / rows.length;
  const head = mean === null ? top : top + frame.size * LEADING;
  const columns = spelled ? spelledColumns(rows, frame) : denseColumns(rows, frame);
  const lowest = Math.min(...values, mean?.value ?? Number.POSITIVE_INFINITY);
  const highest = Math.max(...values, mean?.value ?? Number.NEGATIVE_INFINITY);
  const air = Math.max((highest - lowest) * 0.03, 5);
  const [left, right] = [columns.left, frame.width - columns.right];
  const bottom = head + pitch * rows.length + 2;
  const grid: Grid = {
    ...{ left, right, top: head, bottom },
    scale: scaleLinear()
      .domain([lowest - air, highest + air])
      .range([left, right]),
    y: (index) => head + 1 + (index + 0.5) * pitch,
    radius: Math.min(2.3, pitch * 0.42),
  };
  const marks = [
    ...axisMarks(chart, grid, { frame, top }),
    ...(spelled ? spelledWords(rows, grid, { frame, columns }) : denseWords(rows, grid, { frame, columns })),
    ...rows.flatMap((row, index) => rowMarks(row, grid, { y: grid.y(index), striped: spelled })),
  ];
  return { marks, bottom: bottom + frame.size * 1.5 };
}

function emptyBody({ width, size, faces }: Frame, top: number): Body {
  const lettering: Lettering = { style: "italic", size };
  const y = middled(top + size, lettering, faces);
  return {
    marks: [{ kind: "text", x: width / 2, y, text: NOTHING, ...lettering, anchor: "middle" }],
    bottom: top + size * 2,
  };
}

/** Room left and right of the dots; what of the right one the figures and the changes take, each with the gap before it. */
type Columns = { readonly left: number; readonly right: number; readonly figures: number; readonly change: number };

function lettering(row: DotRow, { size }: Frame): Lettering {
  return { style: row.own === true ? "bold" : "regular", size };
}

function change({ value, before }: DotRow): string {
  return before === null ? "" : formatMarked(value - before);
}

function figureColumns(rows: readonly DotRow[], frame: Frame): Pick<Columns, "figures" | "change"> {
  const bold = { style: "bold", size: frame.size } as const;
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => textWidth(text, bold, frame.faces)));
  const named = rows.filter((row) => row.named);
  const gap = frame.size * 0.8;
  const changes = widest(named.map(change));
  const figures = widest(named.map(({ value }) => formatPoints(value))) + gap;
  return { figures, change: changes > 0 ? changes + gap : 0 };
}

/** Names left, figures right, each column as wide as its words. */
function spelledColumns(rows: readonly DotRow[], frame: Frame): Columns {
  const { figures, change } = figureColumns(rows, frame);
  const bold = { style: "bold", size: frame.size } as const;
  const names = rows.flatMap(({ named, label }) => (named ? [textWidth(label, bold, frame.faces)] : []));
  const left = Math.min(Math.max(0, ...names), frame.width * 0.36) + frame.size * 0.8;
  return { left, right: figures + change + frame.size * 0.6, figures, change };
}

function spelledWords(
  rows: readonly DotRow[],
  grid: Grid,
  { frame, columns }: { frame: Frame; columns: Columns },
): Mark[] {
  const room = columns.left - frame.size * 0.8;
  return rows.flatMap((row, index) =>
    row.named ? rowWords(row, { x: 0, y: grid.y(index), room }, { frame, columns }) : [],
  );
}

/** A row's name, shortened to its room, its figure and its change in columns at the right side. */
function rowWords(
  row: DotRow,
  { x, y, room }: { readonly x: number; readonly y: number; readonly room: number },
  { frame, columns }: { frame: Frame; columns: Columns },
): TextMark[] {
  const look = lettering(row, frame);
  const line = middled(y, look, frame.faces);
  const name = shortened(row.label, room, { ...look, faces: frame.faces });
  const words: TextMark[] = [
    { kind: "text", x, y: line, text: name, ...look, anchor: "start" },
    { kind: "text", x: frame.width - columns.change, y: line, text: formatPoints(row.value), ...look, anchor: "end" },
    { kind: "text", x: frame.width, y: line, text: change(row), ...look, anchor: "end" },
  ];
  return words.filter(({ text }) => text !== "");
}

/** Where a large block leaves room: all words stand right of the dots, led to them by thin lines. */
function denseColumns(rows: readonly DotRow[], frame: Frame): Columns {
  const { figures, change } = figureColumns(rows, frame);
  const named = rows.filter((row) => row.named);
  const names = Math.max(0, ...named.map((row) => textWidth(row.label, lettering(row, frame), frame.faces)));
  const beside = Math.min(names, frame.width * 0.3) + figures + change;
  return { left: frame.size * 0.5, right: beside + frame.size * 2.8, figures, change };
}

function denseWords(
  rows: readonly DotRow[],
  grid: Grid,
  { frame, columns }: { frame: Frame; columns: Columns },
): Mark[] {
  const { size, width } = frame;
  const named = rows.flatMap((row, index) => (row.named ? [{ row, at: grid.y(index), index }] : []));
  const half = (size * LEADING) / 2;
  // Both ends of the block are told before what lies between them.
  const heights = dodged(
    named.map(({ row, at, index }) => ({
      y: at,
      weight: row.own === true ? rows.length : Math.abs(index - (rows.length - 1) / 2),
    })),
    { top: grid.top + half, bottom: grid.bottom - half, pitch: size * LEADING },
  );
  const x = grid.right + size * 2.4;
  const room = width - x - columns.figures - columns.change;
  return named.flatMap(({ row, at }, order): Mark[] => {
    const y = heights[order];
    if (y == null) return [];
    const ends = Math.max(grid.scale(row.value), grid.scale(row.before ?? row.value)) + grid.radius + 1;
    return [
      ...(ends < grid.right ? [stroke([ends, at], [grid.right, at], INKS.leader)] : []),
      stroke([grid.right, at], [x - 2, y], INKS.leader),
      ...rowWords(row, { x, y, room }, { frame, columns }),
    ];
  });
}

function rowMarks(row: DotRow, grid: Grid, { y, striped }: { y: number; striped: boolean }): Mark[] {
  const x = grid.scale(row.value);
  const { radius } = grid;
  const ink = row.own === true ? COLOURS.text : colourOf(row);
  const marks: Mark[] = striped ? [stroke([grid.left, y], [grid.right, y], INKS.grid)] : [];
  if (row.before !== null) {
    const then = grid.scale(row.before);
    const [from, to] = then < x ? [then + radius, x] : [x, then - radius];
    if (to > from) marks.push(stroke([from, y], [to, y], { colour: ink, width: row.own === true ? 1.6 : 0.9 }));
    if (then !== x) marks.push({ kind: "circle", x: then, y, radius: radius * 0.85, fill: "#FFFFFF", colour: ink });
  }
  marks.push({ kind: "circle", x, y, radius: row.own === true ? radius * 1.25 : radius, fill: ink, colour: ink });
  return marks;
}

/** Colour repeats what the ring and the sign say; without a change there is none. */
function colourOf({ value, before }: DotRow): string {
  if (before === null || before === value) return COLOURS.grid;
  return value > before ? COLOURS.up : COLOURS.down;
}

/** The mean's rule with its name above, and figures along the foot. */
function axisMarks(chart: DotChart, grid: Grid, { frame, top }: { frame: Frame; top: number }): Mark[] {
  const { faces, size, width } = frame;
  const foot = grid.bottom + size * 1.2;
  const words = crowd({ left: 0, right: width, top: grid.bottom, bottom: foot + size }, faces);
  const marks: Mark[] = [stroke([grid.left, grid.bottom], [grid.right, grid.bottom], INKS.axis)];
  for (const tick of grid.scale.ticks(5)) {
    const x = grid.scale(tick);
    const text = formatPoints(Math.round(tick), tick % 10 === 0 ? 1 : 2);
    const word = words.take({ kind: "text", x, y: foot, text, style: "regular", size, anchor: "middle" });
    if (word !== null) marks.push(word, stroke([x, grid.bottom], [x, grid.bottom + 2], INKS.axis));
  }
  if (chart.mean === null) return marks;
  const x = grid.scale(chart.mean.value);
  const look: Lettering = { style: "italic", size };
  const figure = ` ${formatPoints(chart.mean.value)}`;
  const text =
    `${shortened(chart.mean.label, width - textWidth(figure, look, faces), { ...look, faces })}${figure}`.trim();
  const half = textWidth(text, look, faces) / 2;
  const middle = Math.max(half, Math.min(x, width - half));
  const y = middled(top + (size * LEADING) / 2, look, faces);
  return [
    ...marks,
    stroke([x, grid.top], [x, grid.bottom], { ...INKS.yardstick, colour: COLOURS.text }),
    { kind: "text", x: middle, y, text, ...look, anchor: "middle" },
  ];
}
