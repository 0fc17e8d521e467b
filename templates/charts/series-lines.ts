import { type ScaleLinear, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Break, Series } from "../../src/domain/chart.ts";
import { COLOURS } from "../theme.ts";
import { INKS } from "./palette.ts";
import { type CircleMark, type Mark, stroke } from "./scene.ts";

/** Where lines are drawn: the sides of the plot, the number of points along it, and where a value stands. */
export type Plot = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly points: number;
  readonly scale: ScaleLinear<number, number>;
};

/** From value to height: the lowest and highest figure with some air, never a flat line on the frame. Null without figures. */
export function heightScale(
  series: readonly Series[],
  sides: { readonly top: number; readonly bottom: number },
): ScaleLinear<number, number> | null {
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  if (values.length === 0) return null;
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const air = Math.max((highest - lowest) * 0.12, 5);
  return scaleLinear()
    .domain([lowest - air, highest + air])
    .range([sides.bottom, sides.top]);
}

/** The place of a point along the plot. */
export function pointX({ left, right, points }: Pick<Plot, "left" | "right" | "points">, index: number): number {
  return points < 2 ? (left + right) / 2 : left + ((right - left) * index) / (points - 1);
}

/**
 * A series' marks: strokes between neighbouring figures only. A missing figure is a gap; nothing crosses a break. A figure without
 * neighbours is a dot; `dotted` asks for one at every figure of the reader's own series.
 */
export function seriesMarks(
  series: Series,
  plot: Plot,
  { breaks, dotted }: { readonly breaks: readonly Break[]; readonly dotted: boolean },
): Mark[] {
  const look = series.own ? INKS.own : INKS.yardstick;
  const marks: Mark[] = [];
  for (const run of unbroken(series.values, breaks)) {
    const places = run.map(([index, value]): [number, number] => [pointX(plot, index), plot.scale(value)]);
    const d = places.length < 2 ? null : line()(places);
    if (d !== null) marks.push({ kind: "path", d, ...look });
    if ((series.own && dotted) || places.length < 2) for (const [x, y] of places) marks.push(dot(series.own, x, y));
  }
  return marks;
}

function dot(own: boolean, x: number, y: number): CircleMark {
  const colour = own ? INKS.own.colour : INKS.yardstick.colour;
  return { kind: "circle", x, y, radius: own ? 1.9 : 1.7, fill: own ? colour : "#FFFFFF", colour };
}

/** The stretches of a series in which every figure has its neighbour. */
export function unbroken(
  values: readonly (number | null)[],
  breaks: readonly Break[],
): readonly (readonly (readonly [number, number])[])[] {
  const ends = new Set(breaks.map(({ before }) => before));
  const runs: (readonly [number, number])[][] = [];
  let open: (readonly [number, number])[] | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null || ends.has(index)) open = null;
    if (value === null) continue;
    if (open === null) {
      open = [];
      runs.push(open);
    }
    open.push([index, value]);
  }
  return runs;
}

/** The vertical rules where comparing ends. A break before the first or after the last point rules nothing. */
export function breakRules(
  breaks: readonly Break[],
  plot: Plot,
): readonly { readonly x: number; readonly mark: Mark }[] {
  return breaks
    .filter(({ before }) => before > 0 && before < plot.points)
    .map(({ before }) => {
      const x = (pointX(plot, before - 1) + pointX(plot, before)) / 2;
      return { x, mark: stroke([x, plot.top], [x, plot.bottom], INKS.break) };
    });
}

/** A faint rule at each tick, and a stronger one at the foot. */
export function gridMarks(plot: Plot, ticks: readonly number[]): Mark[] {
  return [
    ...ticks.map((tick) => stroke([plot.left, plot.scale(tick)], [plot.right, plot.scale(tick)], INKS.grid)),
    stroke([plot.left, plot.bottom], [plot.right, plot.bottom], { ...INKS.axis, colour: COLOURS.grid }),
  ];
}

/** The last figure of a series and where it stands; null without any. */
export function lastFigure(series: Series): { readonly index: number; readonly value: number } | null {
  for (let index = series.values.length - 1; index >= 0; index -= 1) {
    const value = series.values[index];
    if (value !== null && value !== undefined) return { index, value };
  }
  return null;
}
