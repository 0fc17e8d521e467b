import type { ScaleLinear } from "d3-scale";
import type { Break, Series } from "../../src/domain/chart.ts";
import { INKS, NOTHING } from "./palette.ts";
import { type Crowd, crowd, dodged } from "./placing.ts";
import { type Frame, type Mark, stroke, type TextMark } from "./scene.ts";
import { breakRules, gridMarks, lastFigure, type Plot, pointX, seriesMarks } from "./series-lines.ts";
import { type Extent, extentOf, LEADING, type Lettering, middled, shortened, textWidth } from "./words.ts";

/** One plot of lines with its words: a whole line chart, or one of several panels. */
export type Panel = {
  readonly points: readonly string[];
  readonly series: readonly Series[];
  readonly breaks: readonly Break[];
  /** The room of plot and words together. */
  readonly sides: Extent;
  /** The height scale for a top and a bottom; null when there are no figures. */
  readonly scale: (sides: { top: number; bottom: number }) => ScaleLinear<number, number> | null;
  /** A figure at a line's end, and at the axis. */
  readonly figure: (value: number) => string;
  readonly tick: (value: number) => string;
  /** Labels of the points below the plot; of the first figure, highest and lowest beside the own line. */
  readonly dated: boolean;
  readonly extremes: boolean;
};

/** Lays a panel out: ticks left, names with the last figures right, dates below. */
export function panelMarks(panel: Panel, frame: Frame): Mark[] {
  const { faces, size } = frame;
  const { sides } = panel;
  const plain: Lettering = { style: "regular", size };
  const foot = panel.dated ? size * 1.8 : size * 0.6;
  const head = panel.breaks.length > 0 ? size * 1.2 : size * 0.7;
  const [top, bottom] = [sides.top + head, sides.bottom - foot];
  const scale = panel.scale({ top, bottom });
  if (scale === null) return nothing(panel, frame);
  const ticks = scale.ticks(Math.max(2, Math.min(4, Math.floor((bottom - top) / (size * 2)))));
  const axis = Math.max(...ticks.map((tick) => textWidth(panel.tick(tick), plain, faces)), 0);
  const ends = endWords(panel, frame);
  const column = Math.max(0, ...ends.map(({ text, lettering }) => textWidth(text, lettering, faces)));
  const plot: Plot = {
    ...{ top, bottom, scale, points: panel.points.length },
    left: sides.left + axis + size,
    right: sides.right - column - size * 1.4,
  };
  const rules = breakRules(panel.breaks, plot);
  const words = crowd(sides, faces);
  const marks: Mark[] = [...gridMarks(plot, ticks), ...rules.map(({ mark }) => mark)];
  // The thin dashes of a yardstick stay visible on the thick line, not below it.
  for (const series of [...panel.series].sort((a, b) => Number(b.own) - Number(a.own)))
    marks.push(...seriesMarks(series, plot, { breaks: panel.breaks, dotted: panel.extremes }));
  marks.push(...endMarks(ends, { plot, frame }).map((mark) => kept(mark, words, frame)));
  for (const tick of ticks) {
    const y = middled(scale(tick), plain, faces);
    push(
      marks,
      words.take({ kind: "text", x: plot.left - size * 0.4, y, text: panel.tick(tick), ...plain, anchor: "end" }),
    );
  }
  if (panel.dated) marks.push(...dateMarks(panel, plot, { frame, words }));
  for (const [index, { x }] of rules.entries()) {
    const label = panel.breaks.filter(({ before }) => before > 0 && before < panel.points.length)[index]?.label ?? "";
    const text = shortened(label, (plot.right - plot.left) / 2, { style: "italic", size: size * 0.9, faces });
    const y = plot.top - size * 0.3;
    const one = { kind: "text", y, text, style: "italic", size: size * 0.9 } as const;
    push(marks, words.take({ ...one, x: x + 3, anchor: "start" }, { ...one, x: x - 3, anchor: "end" }));
  }
  if (panel.extremes) for (const mark of extremeMarks(panel, plot, frame)) push(marks, words.take(...mark));
  return marks;
}

function push(marks: Mark[], mark: TextMark | null): void {
  if (mark !== null) marks.push(mark);
}

function kept(mark: Mark, words: Crowd, frame: Frame): Mark {
  if (mark.kind === "text") words.occupy(extentOf(mark, frame.faces));
  return mark;
}

type EndWord = {
  readonly text: string;
  readonly lettering: Lettering;
  readonly index: number;
  readonly value: number;
  readonly own: boolean;
};

/** "Gia Lai 66,14": the name and the last figure; a figure that is not of the last point carries its date. */
function endWords(panel: Panel, frame: Frame): EndWord[] {
  const most = (panel.sides.right - panel.sides.left) * 0.36;
  return panel.series.flatMap((series) => {
    const last = lastFigure(series);
    if (last === null) return [];
    const lettering: Lettering = { style: series.own ? "bold" : "regular", size: frame.size };
    const older = last.index < panel.points.length - 1 ? ` (${panel.points[last.index] ?? ""})` : "";
    const figure = ` ${panel.figure(last.value)}${older}`;
    const room = most - textWidth(figure, lettering, frame.faces);
    const name = shortened(series.name, room, { ...lettering, faces: frame.faces });
    return [{ text: `${name}${figure}`.trim(), lettering, own: series.own, ...last }];
  });
}

/** The names right of the plot, moved apart, each with a thin line to its point when it had to move. */
function endMarks(ends: readonly EndWord[], { plot, frame }: { plot: Plot; frame: Frame }): Mark[] {
  const pitch = frame.size * LEADING;
  const heights = dodged(
    ends.map(({ value, own }) => ({ y: plot.scale(value), weight: own ? 1 : 0 })),
    { top: plot.top, bottom: Math.max(plot.top, plot.bottom - pitch / 2), pitch },
  );
  const x = plot.right + frame.size * 1.2;
  return ends.flatMap(({ text, lettering, index, value }, at): Mark[] => {
    const y = heights[at];
    if (y == null) return [];
    const from = [pointX(plot, index) + 2.5, plot.scale(value)] as const;
    const leader = stroke(from, [x - 2, y], INKS.leader);
    const word: TextMark = {
      kind: "text",
      x,
      y: middled(y, lettering, frame.faces),
      text,
      ...lettering,
      anchor: "start",
    };
    return Math.abs(y - from[1]) > 1 || index < plot.points - 1 ? [leader, word] : [word];
  });
}

/** Dates below the plot from the last one back, as many as find room. */
function dateMarks(panel: Panel, plot: Plot, { frame, words }: { frame: Frame; words: Crowd }): Mark[] {
  const { size, faces } = frame;
  const y = plot.bottom + size * 1.5;
  const found: Mark[] = [];
  const last = panel.points.length - 1;
  for (const index of new Set([last, 0, ...Array.from({ length: Math.max(0, last) }, (_, at) => last - at)])) {
    const text = shortened(panel.points[index] ?? "", plot.right - plot.left, { style: "regular", size, faces });
    const x = pointX(plot, index);
    const one = { kind: "text", x, y, text, style: "regular", size } as const;
    const half = textWidth(text, one, faces) / 2;
    const inside = Math.min(Math.max(x, panel.sides.left + half), panel.sides.right - half);
    const taken = text === "" ? null : words.take({ ...one, x: inside, anchor: "middle" });
    if (taken === null) continue;
    found.push(taken, stroke([x, plot.bottom], [x, plot.bottom + 2], INKS.axis));
  }
  return found;
}

/** First, highest and lowest figure of the own line, each with the places it may stand at. */
function extremeMarks(panel: Panel, plot: Plot, frame: Frame): (readonly TextMark[])[] {
  const own = panel.series.find((series) => series.own);
  const known = (own?.values ?? []).flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const [first] = known;
  if (first === undefined) return [];
  const highest = known.reduce((best, one) => (one.value > best.value ? one : best), first);
  const lowest = known.reduce((best, one) => (one.value < best.value ? one : best), first);
  const { size } = frame;
  return [...new Set([first, ...(highest.value === lowest.value ? [] : [highest, lowest])])]
    .filter(({ index }) => index < panel.points.length - 1)
    .map(({ value, index }) => {
      const one = { kind: "text", text: panel.figure(value), style: "bold", size: size * 0.9 } as const;
      const [x, y] = [pointX(plot, index), plot.scale(value)];
      const [above, below] = [y - size * 0.6, y + size * 1.15];
      const places = value === lowest.value ? [below, above] : [above, below];
      return places.flatMap((at) => [
        { ...one, x, y: at, anchor: "middle" as const },
        { ...one, x: x + 3, y: at, anchor: "start" as const },
      ]);
    });
}

/** A frame with the one sentence that is true. */
function nothing({ sides }: Panel, { size, faces }: Frame): Mark[] {
  const lettering: Lettering = { style: "italic", size };
  const y = middled((sides.top + sides.bottom) / 2, lettering, faces);
  return [
    stroke([sides.left, sides.bottom - 1], [sides.right, sides.bottom - 1], INKS.grid),
    { kind: "text", x: (sides.left + sides.right) / 2, y, text: NOTHING, ...lettering, anchor: "middle" },
  ];
}
