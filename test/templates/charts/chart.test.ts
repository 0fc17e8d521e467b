import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadFonts } from "../../../src/adapters/pdf-fonts.ts";
import type { Chart, DotChart, LineChart, Sparkline } from "../../../src/domain/chart.ts";
import { layChart } from "../../../templates/charts/chart.ts";
import type { Mark, Scene, TextMark } from "../../../templates/charts/scene.ts";
import { extentOf, shortened, textWidth } from "../../../templates/charts/words.ts";
import type { Faces } from "../../../templates/faces.ts";
import { brokenLine, bulletChart, dotChart, KINDS, lineChart, multiplesChart, sparkline } from "./made-up.ts";

let faces: Faces;
beforeAll(() => {
  faces = loadFonts().faces;
});

const PAPER = { width: 467, size: 9 };
const lay = (chart: Chart, frame = PAPER): Scene => layChart(chart, { ...frame, faces });
const texts = (marks: readonly Mark[]): TextMark[] => marks.filter((mark) => mark.kind === "text");
const words = (scene: Scene): string[] => texts(scene.marks).map(({ text }) => text);
const strokes = (scene: Scene, width: number) =>
  scene.marks.filter((mark) => mark.kind === "path" && mark.width === width);
const figureX = (d: string): number[] => [...d.matchAll(/[ML](-?[\d.]+),/gu)].map((match) => Number(match[1]));

/** What is wrong with a scene's words: two that touch, or one beyond the frame. */
function faults(scene: Scene): string[] {
  const extents = texts(scene.marks).map((mark) => ({ text: mark.text, ...extentOf(mark, faces) }));
  const found = extents
    .filter(
      (one) =>
        one.left < -0.02 || one.right > scene.width + 0.02 || one.top < -0.02 || one.bottom > scene.height + 0.02,
    )
    .map(({ text }) => `"${text}" leaves the frame`);
  for (const [at, one] of extents.entries()) {
    for (const other of extents.slice(at + 1)) {
      const apart =
        one.right <= other.left + 0.02 ||
        other.right <= one.left + 0.02 ||
        one.bottom <= other.top + 0.02 ||
        other.bottom <= one.top + 0.02;
      if (!apart) found.push(`"${one.text}" touches "${other.text}"`);
    }
  }
  return found;
}

describe("words of a chart", () => {
  it.each(KINDS)("touch nothing and stay in the frame, on paper and in a mail: %s", (_, chart) => {
    const scene = lay(chart);
    expect(words(scene).length).toBeGreaterThan(2);
    expect(faults(scene)).toEqual([]);
    expect(faults(lay(chart, { width: 580, size: 15 }))).toEqual([]);
    expect(scene.height).toBeLessThan(660);
  });

  it("touch nothing whatever the rows are", () => {
    const name = fc.string({ unit: fc.constantFrom(..."ăểộ Wi.ng"), minLength: 0, maxLength: 120 });
    const value = fc.oneof(fc.constant(5917), fc.integer({ min: 0, max: 10_000 }));
    const row = fc.record({
      label: name,
      value,
      before: fc.option(value, { nil: null }),
      named: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.array(row, { maxLength: 40 }), fc.array(row, { minLength: 135, maxLength: 200 })),
        fc.option(fc.record({ label: name, value }), { nil: null }),
        (rows, mean) => {
          const chart: DotChart = { ...dotChart(1), rows, mean };
          expect(faults(lay(chart))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("touch nothing whatever the lines are", () => {
    const name = fc.string({ unit: fc.constantFrom(..."ăểộ Wi.ng"), minLength: 0, maxLength: 120 });
    const value = fc.option(fc.oneof(fc.constant(0), fc.integer({ min: -10_000, max: 10_000 })), { nil: null });
    const lines = fc.integer({ min: 0, max: 13 }).chain((count) =>
      fc.record({
        points: fc.array(fc.oneof(fc.constant("05/10"), name), { minLength: count, maxLength: count }),
        series: fc.array(
          fc.record({ name, own: fc.boolean(), values: fc.array(value, { minLength: count, maxLength: count }) }),
          { maxLength: 9 },
        ),
        breaks: fc.array(fc.record({ before: fc.integer({ min: -1, max: 14 }), label: name }), { maxLength: 2 }),
      }),
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const chart: LineChart = { ...lineChart, ...drawn };
        expect(faults(lay(chart))).toEqual([]);
        const values = drawn.series[0]?.values ?? [];
        const spark: Sparkline = { ...sparkline, values, breaks: drawn.breaks };
        for (const width of [60, 120, 205]) expect(faults(lay(spark, { width, size: 9 }))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("of 120 letters are shortened by their width, and never in the middle of a letter", () => {
    const long = "Ủy ban nhân dân phường ".repeat(6).slice(0, 120);
    const [first = ""] = words(lay(dotChart(14, () => long))).filter((text) => text.endsWith("…"));
    expect(first).toMatch(/^Ủy ban nhân dân .*…$/u);
    expect(textWidth(first, { style: "regular", size: 9 }, faces)).toBeLessThan(467 * 0.36 + 1);
    const decomposed = shortened("ểểểểểểểểểểểểểểểểểểểể".normalize("NFD"), 40, { style: "regular", size: 9, faces });
    expect(decomposed.replace("…", "").normalize("NFC")).toMatch(/^ể+$/u);
  });
});

describe("a missing figure", () => {
  it("is a gap: no stroke leads over it and nothing is drawn at its place, least of all zero", () => {
    const scene = lay(lineChart);
    const own = strokes(scene, 1.8);
    expect(own).toHaveLength(2);
    const drawn = own.flatMap((mark) => (mark.kind === "path" ? figureX(mark.d) : []));
    expect(drawn).toHaveLength(12);
    const [first = 0, second = 0, third = 0, fifth = 0] = drawn;
    const step = second - first;
    expect(fifth - third).toBeCloseTo(2 * step, 1);
    expect(scene.marks.filter((mark) => mark.kind === "circle")).toHaveLength(12);
    expect(words(scene)).not.toContain("0,00");
  });

  it("between two others leaves a dot for a figure that stands alone", () => {
    const values = [6000, null, 6100, null, 6200];
    const scene = lay({ ...lineChart, points: ["1", "2", "3", "4", "5"], series: [{ name: "A", own: false, values }] });
    expect(strokes(scene, 1).filter((mark) => mark.kind === "path" && mark.dash !== undefined)).toEqual([]);
    expect(scene.marks.filter((mark) => mark.kind === "circle")).toHaveLength(3);
  });

  it("of a whole chart is said in words", () => {
    const nothing = lineChart.points.map(() => null);
    const series = [{ name: "Gia Lai", own: true, values: nothing }];
    for (const chart of [
      { ...lineChart, series },
      { ...multiplesChart, panels: [{ title: "Số hóa hồ sơ", series }] },
      { ...sparkline, values: nothing },
      { ...dotChart(1), rows: [], mean: null },
    ] satisfies Chart[]) {
      expect(words(lay(chart))).toContain("chưa có số liệu");
      expect(faults(lay(chart))).toEqual([]);
    }
  });

  it("at the end leaves the name at the last figure, with its date", () => {
    const values = [...(lineChart.series[0]?.values.slice(0, 11) ?? []), null, null];
    const scene = lay({ ...lineChart, series: [{ name: "Gia Lai", own: true, values }] });
    expect(words(scene)).toContain("Gia Lai 65,30 (28/09)");
  });

  it("of a bullet has no bar but is named", () => {
    const row = { label: "Số hóa hồ sơ", value: null, maximum: 2200, mean: 900, target: null };
    const scene = lay({ ...bulletChart, rows: [row] });
    expect(scene.marks.filter((mark) => mark.kind === "rect")).toHaveLength(1);
    expect(words(scene)).toEqual(expect.arrayContaining(["chưa có số liệu", "cả nước 9,00"]));
  });
});

describe("1 January", () => {
  it("is a rule with its name that no line crosses", () => {
    const scene = lay(brokenLine);
    const rule = scene.marks.find((mark) => mark.kind === "path" && mark.dash?.[0] === 1.5);
    const [at = 0] = rule?.kind === "path" ? figureX(rule.d) : [];
    const own = strokes(scene, 1.8).map((mark) => (mark.kind === "path" ? figureX(mark.d) : []));
    expect(own.map((places) => places.length)).toEqual([5, 3]);
    expect(Math.max(...(own[0] ?? []))).toBeLessThan(at);
    expect(Math.min(...(own[1] ?? []))).toBeGreaterThan(at);
    expect(words(scene)).toContain("01/01/2027: kỳ tính mới");
  });
});

describe("what a reader tells apart without colour", () => {
  it("is the own line, thick and solid, from the yardstick, thin and dashed, each named with its last figure", () => {
    const scene = lay(lineChart);
    const lines = scene.marks.flatMap((mark) => (mark.kind === "path" && mark.width >= 1 ? [mark] : []));
    expect(lines.filter((mark) => mark.width > 1.5).every((mark) => mark.dash === undefined)).toBe(true);
    expect(lines.filter((mark) => mark.width === 1).every((mark) => mark.dash !== undefined)).toBe(true);
    expect(words(scene)).toEqual(expect.arrayContaining(["Gia Lai 66,14", "Cả nước 62,40"]));
  });

  it("is a rise from a fall by mark and sign", () => {
    expect(words(lay(dotChart(14)))).toEqual(expect.arrayContaining(["▼ −4,00", "▲ +0,08"]));
  });
});

describe("a ranked block", () => {
  it("shows every unit as a dot, and names the ends of a large one first when not all names find room", () => {
    const chart = dotChart(200);
    const all = { ...chart, rows: chart.rows.map((row) => ({ ...row, named: true })) };
    const scene = lay(all);
    const filled = scene.marks.filter((mark) => mark.kind === "circle" && mark.fill !== "#FFFFFF");
    expect(filled).toHaveLength(200);
    const named = words(scene).filter((text) => /Đơn vị thứ/u.test(text));
    expect(named.length).toBeGreaterThan(25);
    expect(named.length).toBeLessThan(200);
    expect(named).toEqual(expect.arrayContaining(["phường Đơn vị thứ 1", "xã Đơn vị thứ 2", "xã Đơn vị thứ 200"]));
    expect(faults(scene)).toEqual([]);
  });

  it("of one unit, or of equal units, has a scale all the same", () => {
    const [row] = dotChart(1).rows;
    if (row === undefined) throw new TypeError("a chart of one row has a row");
    for (const count of [1, 34, 135]) {
      const rows = Array.from({ length: count }, () => ({ ...row, value: 5917, before: 5917 }));
      const scene = lay({ ...dotChart(1), rows, mean: { label: "Bình quân khối", value: 5917 } });
      const places = scene.marks.flatMap((mark) => (mark.kind === "circle" ? [mark.x] : []));
      expect(new Set(places).size).toBe(1);
      expect(places.every(Number.isFinite)).toBe(true);
      expect(faults(scene)).toEqual([]);
    }
  });
});
