import { Resvg } from "@resvg/resvg-js";
import * as cheerio from "cheerio";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { createChartPress } from "../../src/adapters/chart-png.ts";
import { loadFonts } from "../../src/adapters/pdf-fonts.ts";
import { createPress } from "../../src/adapters/press.ts";
import type { Block, Edition } from "../../src/domain/edition.ts";
import { layChart } from "../../templates/charts/chart.ts";
import { sceneSvg } from "../../templates/charts/svg.ts";
import { dotChart, KINDS, lineChart, sparkline } from "../templates/charts/made-up.ts";
import { daily, weekly } from "../templates/editions.ts";
import { inspect, wordsIn } from "../templates/poppler.ts";

const fonts = loadFonts();
const press = createPress({ fonts: () => fonts });
const picture = createChartPress(fonts);
const frame = { width: 560, size: 12, faces: fonts.faces };
const withCharts = (): Edition =>
  weekly({
    blocks: KINDS.flatMap(([name, chart]): Block[] => [
      { kind: "heading", text: name },
      { kind: "chart", chart },
    ]),
  });

function darkPixels(png: Uint8Array): number {
  const { data } = PNG.sync.read(Buffer.from(png));
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 80 && (data[at + 2] ?? 255) < 80) dark += 1;
  return dark;
}

describe("a chart on paper", () => {
  it("is a Figure with its figures as alternative text, and every word can be taken out again", async () => {
    const pdf = await press.pdf(withCharts());
    const tree = await inspect(pdf, "pdfinfo", ["-struct-text", "FILE"]);
    expect(tree.match(/Figure/gu)).toHaveLength(KINDS.length);
    const objects = await inspect(pdf, "qpdf", ["--json", "--json-key=qpdf", "FILE"]);
    for (const [, chart] of KINDS) expect(objects).toContain(`"/Alt": "u:${chart.alt}"`);
    const printed = await inspect(pdf, "pdftotext", ["FILE", "-"]);
    expect(printed).toBe(printed.normalize("NFC"));
    const found = new Set(wordsIn(printed));
    for (const [, chart] of KINDS) {
      for (const mark of layChart(chart, { width: 467, size: 9, faces: fonts.faces }).marks)
        if (mark.kind === "text") for (const word of wordsIn(mark.text)) expect(found, mark.text).toContain(word);
    }
    expect(await inspect(pdf, "pdffonts", ["FILE"])).not.toContain("Helvetica");
    expect(Buffer.compare(pdf, await press.pdf(withCharts()))).toBe(0);
  });

  it("never parts from its heading, title and source", async () => {
    for (const lines of [2, 14, 15, 16, 17, 18]) {
      const filler: Block = { kind: "paragraph", runs: [{ text: "Câu đệm. ".repeat(45) }] };
      const blocks: Block[] = [
        ...Array.from({ length: lines }, () => filler),
        { kind: "heading", text: "II. VỊ TRÍ" },
        { kind: "chart", chart: lineChart },
      ];
      const pages = (await inspect(await press.pdf(weekly({ blocks })), "pdftotext", ["FILE", "-"])).split("\f");
      const page = pages.find((one) => one.includes("II. VỊ TRÍ")) ?? "";
      expect(page).toContain("13 tuần (điểm)");
      expect(page).toContain("Gia Lai 66,14");
      expect(page).toContain("từng tuần.");
    }
  });

  it("lets a heading open a page only where no page is left half blank", async () => {
    const pagesOf = async (lines: number) => {
      const filler: Block = { kind: "paragraph", runs: [{ text: "Câu đệm. ".repeat(45) }] };
      const opening: Block = { kind: "heading", text: "II. VỊ TRÍ", opensPage: true };
      const blocks = [...Array.from({ length: lines }, () => filler), opening, filler];
      return (await inspect(await press.pdf(weekly({ blocks })), "pdfinfo", ["FILE"])).match(/Pages:\s+(\d+)/u)?.[1];
    };
    expect([await pagesOf(1), await pagesOf(6)]).toEqual(["1", "2"]);
  });

  it("stands in a table's cell as a Figure of its own", async () => {
    const blocks = daily().content.blocks.map((block): Block => {
      if (block.kind !== "table" || block.table.rows.at(-1)?.mark !== "total") return block;
      const rows = block.table.rows.map((row) =>
        row.mark === "total" ? { ...row, cells: [...row.cells.slice(0, -1), { text: "", spark: sparkline }] } : row,
      );
      return { ...block, table: { ...block.table, rows } };
    });
    const pdf = await press.pdf(daily({ blocks }));
    expect(await inspect(pdf, "pdfinfo", ["FILE"])).toMatch(/Pages:\s+1\n/u);
    expect(await inspect(pdf, "pdfinfo", ["-struct-text", "FILE"])).toMatch(/TD[^\n]*\n\s+Figure/u);
    const printed = await inspect(pdf, "pdftotext", ["-layout", "FILE", "-"]);
    for (const word of ["từ 29/09", "đến 12/10", "cao nhất 71,20", "thấp nhất 59,17"]) expect(printed).toContain(word);
  });
});

describe("a chart on the web", () => {
  it.each(KINDS)("is one well-formed picture with title and description: %s", (_, chart) => {
    const svg = sceneSvg(layChart(chart, frame));
    // resvg reads XML strictly: it refuses what is not well-formed.
    expect(() => new Resvg(svg)).not.toThrow();
    const tree = cheerio.load(svg, { xml: true });
    expect(tree("svg").attr("role")).toBe("img");
    expect(tree("svg > desc").text()).toBe(chart.alt);
    expect(tree("svg > title").text()).not.toBe("");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/u);
    expect(sceneSvg(layChart(chart, frame))).toBe(svg);
  });

  it("escapes what comes from data", () => {
    const odd = `<script>alert("1")</script> & 'a' \u0000\u{1f600}\ud800`;
    const chart = { ...dotChart(3, () => odd), title: odd, alt: odd };
    const svg = sceneSvg(layChart(chart, frame), { family: `"><script>` });
    expect(() => new Resvg(svg)).not.toThrow();
    const tree = cheerio.load(svg, { xml: true });
    expect(tree("script")).toHaveLength(0);
    expect(tree("svg > desc").text()).toBe(`<script>alert("1")</script> & 'a' \ufffd\u{1f600}\ufffd`);
  });
});

describe("a chart in a mail", () => {
  it("is 600 pixels wide at double density, on a light plate, with its words", () => {
    for (const [, chart] of KINDS) {
      const { png, width, height, alt } = picture(chart);
      const image = PNG.sync.read(Buffer.from(png));
      expect([width, image.width]).toEqual([600, 1200]);
      expect(image.height).toBe(height * 2);
      expect([...image.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
      expect(alt).toBe(chart.alt);
      expect(png.length).toBeLessThan(90_000);
    }
  });

  it("would have lost its words without the shipped font files", () => {
    const svg = sceneSvg(layChart(lineChart, frame));
    const without = new Resvg(svg, { font: { loadSystemFonts: false }, fitTo: { mode: "zoom", value: 2 } });
    expect(darkPixels(picture(lineChart).png)).toBeGreaterThan(darkPixels(without.render().asPng()) + 3_000);
  });

  it("has the same bytes for the same chart", () => {
    for (const [, chart] of KINDS)
      expect(Buffer.compare(picture(chart).png, createChartPress(fonts)(chart).png)).toBe(0);
  });
});
