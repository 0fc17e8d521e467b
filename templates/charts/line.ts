import { scaleLinear } from "d3-scale";
import type { LineChart, MultiplesChart, Series } from "../../src/domain/chart.ts";
import { formatPoints } from "../../src/domain/figure.ts";
import { type Panel, panelMarks } from "./line-panel.ts";
import type { Frame, Mark } from "./scene.ts";
import { heightScale } from "./series-lines.ts";
import { LEADING, middled, shortened } from "./words.ts";

/** What a kind of chart draws between title and source: its marks from `top` on, and where they end. */
export type Body = { readonly marks: readonly Mark[]; readonly bottom: number };

/** Lines over time, a third as high as wide. */
export function lineBody(chart: LineChart, frame: Frame, top: number): Body {
  const bottom = top + Math.max(frame.size * 9, frame.width * 0.3) * (frame.squeeze ?? 1);
  const { points, series, breaks } = chart;
  const panel: Panel = {
    ...{ points, series, breaks },
    sides: { left: 0, right: frame.width, top, bottom },
    scale: (sides) => heightScale(series, sides)?.nice(4) ?? null,
    figure: (value) => formatPoints(value),
    tick: (value) => (value % 10 === 0 ? formatPoints(value, 1) : formatPoints(Math.round(value))),
    dated: true,
    extremes: true,
  };
  return { marks: panelMarks(panel, frame), bottom };
}

/** Two panels beside each other, all with one axis, so that groups compare by eye. */
const ACROSS = 2;

/** Panels of the same axis; every panel has its own names, dates stand below the last ones. */
export function multiplesBody(chart: MultiplesChart, frame: Frame, top: number): Body {
  const { size, faces } = frame;
  const gap = size * 1.5;
  const width = (frame.width - gap * (ACROSS - 1)) / ACROSS;
  const rows = Math.ceil(chart.panels.length / ACROSS);
  const all = chart.panels.flatMap(({ series }) => series);
  const marks: Mark[] = [];
  let y = top;
  for (let row = 0; row < rows; row += 1) {
    const dated = row === rows - 1;
    const height = size * LEADING + Math.max(size * 6, width * 0.28 * (frame.squeeze ?? 1)) + (dated ? size : 0);
    for (const [at, panel] of chart.panels.slice(row * ACROSS, (row + 1) * ACROSS).entries()) {
      const left = at * (width + gap);
      const title = { style: "bold", size } as const;
      const text = shortened(panel.title, width, { ...title, faces });
      const line = middled(y + (size * LEADING) / 2, title, faces);
      marks.push({ kind: "text", x: left, y: line, text, ...title, anchor: "start" });
      const sides = { left, right: left + width, top: y + size * LEADING, bottom: y + height };
      marks.push(...panelMarks(percentPanel(chart, { series: panel.series, all, sides, dated }), frame));
    }
    y += height + size * 0.5;
  }
  return { marks, bottom: rows === 0 ? top : y };
}

type Part = Pick<Panel, "series" | "sides" | "dated"> & { readonly all: readonly Series[] };

function percentPanel({ points, breaks }: MultiplesChart, { all, ...part }: Part): Panel {
  return {
    ...{ points, breaks },
    ...part,
    scale: (sides) => {
      // An axis of shares does not leave 0 … 100 %; without figures in this panel there is nothing to compare.
      const common = heightScale(all, sides);
      if (common === null || heightScale(part.series, sides) === null) return null;
      const [from = 0, to = 0] = common.domain();
      return scaleLinear()
        .domain([Math.max(0, from), Math.max(Math.min(10_000, to), 1)])
        .range([sides.bottom, sides.top]);
    },
    figure: (value) => `${formatPoints(value, 1)}%`,
    tick: (value) => `${formatPoints(value, 1)}%`,
    extremes: false,
  };
}
