import type { Chart } from "../../src/domain/chart.ts";
import { bulletBody } from "./bullet.ts";
import { dotsBody } from "./dots.ts";
import { type Body, lineBody, multiplesBody } from "./line.ts";
import type { Frame, Scene } from "./scene.ts";
import { sparklineScene } from "./sparkline.ts";
import { paragraph } from "./words.ts";

/**
 * Lays a chart out for a width and a size of words: title, picture, source line. Pure: the same chart and frame give the same scene, and
 * the same scene the same bytes on paper (`templates/pdf/chart.ts`), on the web (`svg.ts`) and in mail (`src/adapters/chart-png.ts`).
 * No words overlap or leave the frame; what finds no room is shortened with "…" or, for labels of least weight, left out of the picture
 * (the figures are in `alt` and in the tables).
 */
export function layChart(chart: Chart, frame: Frame): Scene {
  if (chart.kind === "sparkline") return sparklineScene(chart, frame);
  const title = paragraph(chart.title, { style: "bold", size: frame.size * 1.1 }, { frame, top: 0 });
  const body = bodyOf(chart, frame, title.bottom + frame.size * 0.4);
  const source = paragraph(chart.source, { style: "italic", size: frame.size }, { frame, top: body.bottom + 2 });
  return {
    width: frame.width,
    height: source.bottom + 1,
    marks: [...title.marks, ...body.marks, ...source.marks],
    title: chart.title,
    alt: chart.alt,
  };
}

function bodyOf(chart: Exclude<Chart, { kind: "sparkline" }>, frame: Frame, top: number): Body {
  if (chart.kind === "line") return lineBody(chart, frame, top);
  if (chart.kind === "multiples") return multiplesBody(chart, frame, top);
  return chart.kind === "dots" ? dotsBody(chart, frame, top) : bulletBody(chart, frame, top);
}
