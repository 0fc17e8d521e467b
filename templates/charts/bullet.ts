import type { BulletChart } from "../../src/domain/chart.ts";
import { formatPoints } from "../../src/domain/figure.ts";
import { COLOURS } from "../theme.ts";
import type { Body } from "./line.ts";
import { NOTHING } from "./palette.ts";
import { type Frame, type Mark, stroke } from "./scene.ts";
import { type Lettering, middled, shortened, textWidth } from "./words.ts";

type BulletRow = BulletChart["rows"][number];

/** Height of a row and of its bars, in sizes of the words. */
const ROW = { pitch: 1.7, track: 1.05, bar: 0.45 } as const;

/** One bar per row from zero to its maximum: the score within, the mean as a stroke across, the target as a dashed one. */
export function bulletBody(chart: BulletChart, frame: Frame, top: number): Body {
  const { size, faces, width } = frame;
  const bold: Lettering = { style: "bold", size };
  const plain: Lettering = { style: "regular", size };
  const gap = size * 0.8;
  const widest = (texts: readonly string[], look: Lettering) =>
    Math.max(0, ...texts.map((text) => textWidth(text, look, faces)));
  const names = Math.min(
    widest(
      chart.rows.map(({ label }) => label),
      plain,
    ),
    width * 0.3,
  );
  const figures = widest(chart.rows.map(figureWords), bold);
  const beside = Math.min(
    widest(
      chart.rows.map((row) => besideWords(chart, row)),
      plain,
    ),
    width * 0.35,
  );
  const [left, right] = [names + gap, width - figures - beside - (beside > 0 ? 2 : 1) * gap];
  const marks = chart.rows.flatMap((row, index): Mark[] => {
    const y = top + (index + 0.5) * ROW.pitch * size;
    const name = shortened(row.label, names, { ...plain, faces });
    const words = shortened(besideWords(chart, row), beside, { ...plain, faces });
    const texts = [
      { text: name, x: 0, look: plain },
      { text: figureWords(row), x: right + gap, look: bold },
      { text: words, x: width - beside, look: plain },
    ].filter(({ text }) => text !== "");
    return [
      ...barMarks(row, { left, right, y, size }),
      ...texts.map(
        ({ text, x, look }): Mark => ({ kind: "text", x, y: middled(y, look, faces), text, ...look, anchor: "start" }),
      ),
    ];
  });
  return { marks, bottom: top + chart.rows.length * ROW.pitch * size };
}

function barMarks(
  { value, maximum, mean, target }: BulletRow,
  { left, right, y, size }: { left: number; right: number; y: number; size: number },
): Mark[] {
  const room = Math.max(0, right - left);
  const at = (figure: number) => left + room * Math.min(1, Math.max(0, maximum <= 0 ? 0 : figure / maximum));
  const half = (size * ROW.track) / 2;
  const marks: Mark[] = [{ kind: "rect", x: left, y: y - half, width: room, height: 2 * half, fill: COLOURS.track }];
  if (value !== null && at(value) > left) {
    const height = size * ROW.bar;
    marks.push({ kind: "rect", x: left, y: y - height / 2, width: at(value) - left, height, fill: COLOURS.up });
  }
  if (mean !== null)
    marks.push(stroke([at(mean), y - half], [at(mean), y + half], { colour: COLOURS.text, width: 1.4 }));
  if (target !== null) {
    const look = { colour: COLOURS.down, width: 1.4, dash: [2, 1.5] as const };
    marks.push(stroke([at(target), y - half - 1], [at(target), y + half + 1], look));
  }
  return marks;
}

/** "17,18/20". */
function figureWords({ value, maximum }: BulletRow): string {
  return value === null ? NOTHING : `${formatPoints(value)}/${formatPoints(maximum, 1)}`;
}

/** "cả nước 17,56; mục tiêu 18,00". */
function besideWords({ meanName }: BulletChart, { mean, target }: BulletRow): string {
  return [
    mean === null ? "" : `${meanName} ${formatPoints(mean)}`,
    target === null ? "" : `mục tiêu ${formatPoints(target)}`,
  ]
    .filter((text) => text !== "")
    .join("; ");
}
