import { describe, expect, test } from "vitest";
import { composeWeekly } from "../../src/bulletins/weekly.ts";
import type { WeeklyInput } from "../../src/bulletins/weekly-input.ts";
import type { Chart } from "../../src/domain/chart.ts";
import { trendPicture } from "../../src/domain/edition.ts";
import { sampleSight } from "../support/sample-sights.ts";
import { sampleWeeks, weeklyInputOf } from "../support/sample-weekly.ts";

const WEEKS = sampleWeeks();
const INPUT = weeklyInputOf({ weeks: WEEKS });
const charts = (input: WeeklyInput): readonly Chart[] =>
  composeWeekly(input).blocks.flatMap((block) => (block.kind === "chart" ? [block.chart] : []));
const chart = <K extends Chart["kind"]>(input: WeeklyInput, kind: K): Extract<Chart, { kind: K }>[] =>
  charts(input).flatMap((one) => (one.kind === kind ? [one as Extract<Chart, { kind: K }>] : []));
const paragraphs = (input: WeeklyInput) =>
  composeWeekly(input).blocks.flatMap((block) =>
    block.kind === "paragraph" ? [block.runs.map(({ text }) => text).join("")] : [],
  );

describe("thirteen weeks", () => {
  test("show the province and the country, a missing week as a gap, and say so", () => {
    const [line] = chart(INPUT, "line");
    expect(line?.points).toEqual([
      "20/07",
      "27/07",
      "03/08",
      "10/08",
      "17/08",
      "24/08",
      "31/08",
      "07/09",
      "14/09",
      "21/09",
      "28/09",
      "05/10",
      "12/10",
    ]);
    expect(line?.series.map(({ name, own }) => [name, own])).toEqual([
      ["Gia Lai", true],
      ["Cả nước", false],
    ]);
    for (const { values } of line?.series ?? [])
      expect(values.map((value) => value === null)).toEqual(line?.points.map((day) => day === "17/08"));
    expect(line?.series[0]?.values.at(-1)).toBe(INPUT.provinces.view.value("H21", "TOTAL"));
    expect(line?.alt).toContain("01 tuần không có số liệu");
    expect(line?.source).toContain("Chỗ ngắt quãng: tuần không có số liệu đầy đủ.");
    expect(paragraphs(INPUT)).toContainEqual(
      "Từ ngày 20/07 đến ngày 12/10, điểm của tỉnh tăng 1,58 điểm (64,67 → 66,25); cả nước tăng 1,01 điểm. So với cả nước: ngày 20/07 thấp hơn 0,44 điểm, kỳ này cao hơn 0,13 điểm.",
    );
  });

  test("are told in a sentence, and the groups in bars, when there are not two of one accumulation", () => {
    const first = weeklyInputOf();
    expect(chart(first, "line")).toEqual([]);
    expect(paragraphs(first).join("\n")).toContain("Chưa đủ số liệu các tuần trước của cùng kỳ tính");
    expect(chart(first, "bullet")[0]?.rows).toHaveLength(6);
    expect(trendPicture(composeWeekly(first))).toBeNull();
    const lastYear = WEEKS.slice(0, 12).map(({ day }) => {
      const sight = sampleSight("provinces", day);
      return {
        day: `2025${day.slice(4)}`,
        provinces: { ...sight, view: { ...sight.view, snapshot: { ...sight.view.snapshot, period: "2025" } } },
      };
    });
    expect(chart({ ...INPUT, weeks: [...lastYear, ...WEEKS.slice(-1)] }, "line")).toEqual([]);
  });

  test("have a rule at 1 January, and only what counts from there is put into words", () => {
    const weeks = WEEKS.map((week, at) => {
      if (at > 5 || week.provinces === null) return week;
      const { view } = week.provinces;
      const older = { ...week.provinces, view: { ...view, snapshot: { ...view.snapshot, period: "2025" } } };
      return { day: `2025-12-${10 + at}`, provinces: older };
    });
    const shifted = weeks.map((week, at) => (at === 4 ? { ...week, day: "2025-12-14" } : week));
    const [line] = chart({ ...INPUT, weeks: shifted }, "line");
    expect(line?.breaks).toEqual([{ before: 6, label: "01/01/2026: kỳ tính mới" }]);
    expect(paragraphs({ ...INPUT, weeks: shifted }).join("\n")).toContain("Từ ngày 31/08 đến ngày 12/10");
  });

  test("have a rule where the portal began to count by another scheme, and only the weeks since are compared", () => {
    const weeks = WEEKS.map((week, at) =>
      at > 5 || week.provinces === null
        ? week
        : { ...week, provinces: { ...week.provinces, view: { ...week.provinces.view, scheme: "dvc2025" } } },
    );
    const [line] = chart({ ...INPUT, weeks }, "line");
    expect(line?.breaks).toEqual([{ before: 6, label: "31/08: cách tính điểm mới" }]);
    expect(paragraphs({ ...INPUT, weeks }).join("\n")).toContain("Từ ngày 31/08 đến ngày 12/10");
  });

  test("go into the mail as a picture", () => {
    expect(trendPicture(composeWeekly(INPUT))?.kind).toBe("line");
  });
});

describe("six groups", () => {
  test("are shares of their maxima, the provinces' mean marked where the portal states no figure", () => {
    const [groups] = chart(INPUT, "multiples");
    const online = groups?.panels[2];
    const own = INPUT.provinces.view.value("H21", "CLGQ") ?? 0;
    expect(online?.title).toBe("Dịch vụ công trực tuyến");
    expect(online?.series[0]?.values.at(-1)).toBe(Math.round((own * 10_000) / 1200));
    expect(online?.series[1]?.name).toBe("Cả nước (*)");
    expect(groups?.panels[0]?.series[1]?.name).toBe("Cả nước");
    expect(groups?.source).toContain("(*) Bình quân 34 tỉnh, thành phố.");
  });
});

describe("blocks of units", () => {
  test("show agencies whole, and of the communes the ends and the movers by name; few dossiers are left out and said", () => {
    const [agencies, communes] = chart(INPUT, "dots");
    expect(agencies?.rows.every(({ named }) => named)).toBe(true);
    expect(agencies?.rows).toHaveLength(13);
    expect(agencies?.source).toContain("Không gồm đơn vị dưới 30 hồ sơ trong kỳ: Văn phòng Điều phối vùng (15,87).");
    const named = communes?.rows.filter((row) => row.named) ?? [];
    expect(communes?.rows.length).toBeGreaterThan(130);
    expect(named.length).toBeGreaterThanOrEqual(10);
    expect(named.length).toBeLessThanOrEqual(25);
    const longest = [...(communes?.rows ?? [])].sort(
      (a, b) => Math.abs(b.value - (b.before ?? b.value)) - Math.abs(a.value - (a.before ?? a.value)),
    );
    expect(longest.slice(0, 2).every((row) => row.named)).toBe(true);
    expect(communes?.rows.slice(0, 5).every((row) => row.named)).toBe(true);
    expect(communes?.rows.slice(-5).every((row) => row.named)).toBe(true);
    const order = communes?.rows.map(({ value }) => value) ?? [];
    expect(order).toEqual([...order].sort((a, b) => b - a));
  });

  test("have no rings when there is nothing to compare with, nor a chart without figures", () => {
    const alone = { ...INPUT, before: null, changes: [], analysis: { provinces: null, units: null } };
    expect(chart(alone, "dots").flatMap(({ rows }) => rows.filter(({ before }) => before !== null))).toEqual([]);
    expect(chart({ ...INPUT, units: null }, "dots")).toEqual([]);
  });
});
