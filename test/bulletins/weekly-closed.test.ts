import { describe, expect, test } from "vitest";
import { composeWeekly } from "../../src/bulletins/weekly.ts";
import type { ClosedPeriod, WeeklyInput } from "../../src/bulletins/weekly-input.ts";
import type { Sight } from "../../src/domain/board.ts";
import { blockTexts } from "../../src/domain/edition.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Sights } from "../../src/pipeline/sight.ts";
import { closedPeriodsAt } from "../../src/pipeline/weekly-closed.ts";
import { sampleSight } from "../support/sample-sights.ts";
import { weeklyInputOf } from "../support/sample-weekly.ts";

const OCTOBER = { province: "H21", asOf: new Date("2026-10-12T00:00:00Z") };

/** The portal's month with the province's total so many hundredths lower than it says later. */
function september(day: string, lower = 0): Sight {
  return sampleSight("provinces", day, {
    period: "2026-09",
    change: (rows) =>
      rows.map((row) =>
        row.unit === "H21" && row.indicator === "dvc2026.TOTAL" && typeof row.value === "number"
          ? { ...row, value: row.value - lower }
          : row,
      ),
  });
}

function archiveOf(...kept: readonly Sight[]): Sights {
  const newest = [...kept].reverse();
  return {
    latest: async ({ asOf, period }) =>
      newest.find(({ view: { snapshot } }) => snapshot.takenAt <= asOf && snapshot.period === period) ?? null,
    of: async () => null,
    between: async () => [],
  };
}

function closed(given: Partial<ClosedPeriod>): ClosedPeriod {
  const period = parsePeriod("2026-09");
  if (period === null) throw new TypeError("2026-09 is a period");
  return { period, provinces: september("2026-10-05"), before: null, isNew: true, ...given };
}

const content = (periods: WeeklyInput["closed"]) => composeWeekly(weeklyInputOf(periods && { closed: periods }));
const words = (periods: WeeklyInput["closed"]) => blockTexts(content(periods).blocks).join("\n");

describe("a period that is over", () => {
  test("is told whole in the first weekly after it: total, rank, six groups, and what the portal has changed since", () => {
    const text = words([closed({ before: september("2026-10-01", 15) })]);
    expect(text).toContain("IV. KẾT QUẢ KỲ ĐÃ KẾT THÚC\n1. Kết quả tháng 9/2026 (đã kết thúc)\n");
    expect(text).toMatch(
      /Tháng 9\/2026, tỉnh đạt \d\d,\d\d\/100 điểm; (?:xếp thứ|đồng hạng) \d+\/34 .*(?:cao|thấp) hơn điểm cả nước/u,
    );
    expect(text).toMatch(
      /Điểm tháng 9\/2026 \(đã kết thúc\) được Cổng điều chỉnh từ \d\d,\d\d thành \d\d,\d\d điểm\./u,
    );
    expect(text).toContain("So với 01/10");
    const table = content([closed({})]).blocks.find(
      (block) => block.kind === "table" && block.table.caption.includes("tháng 9/2026"),
    );
    expect(table?.kind === "table" ? table.table.rows.length : 0).toBe(7);
  });

  test("is not spoken of without figures of it", () => {
    expect(words(undefined)).not.toContain("KẾT QUẢ KỲ ĐÃ KẾT THÚC");
    expect(words([])).not.toContain("(đã kết thúc)");
  });

  test("that was told before is one sentence, and only where its total was rewritten", () => {
    const rewritten = closed({ isNew: false, before: september("2026-10-01", 15) });
    const text = words([rewritten]);
    expect(text).toContain("được Cổng điều chỉnh từ");
    expect(text).not.toContain("Tháng 9/2026, tỉnh đạt");
    expect(words([closed({ isNew: false, before: september("2026-10-01") })])).not.toContain("(đã kết thúc)");
  });

  test("leaves its figures among those printed, so that they can be corrected", () => {
    const now = closed({ before: september("2026-10-01", 15) });
    const own = content([now]).figures.filter(({ period }) => period === "2026-09");
    const total = now.provinces.view.value("H21", "TOTAL") ?? 0;
    expect(own).toHaveLength(7);
    expect(own[0]).toMatchObject({ unit: "H21", indicator: "TOTAL", value: total, before: total - 15 });
    expect(own[0]).toMatchObject({ scheme: "dvc2026", snapshot: "provinces 2026-09 2026-10-05" });
  });
});

describe("which periods a weekly looks at", () => {
  test("are those that ended since the last one was due, read after their end", async () => {
    const sights = archiveOf(september("2026-09-30"), september("2026-10-01", 15), september("2026-10-08"));
    const first = { ...OCTOBER, day: "2026-10-05", asOf: new Date("2026-10-05T00:00:00Z"), since: "2026-09-28" };
    const [month, ...others] = await closedPeriodsAt(sights, { ...first, last: new Date("2026-09-28T00:00:00Z") });
    expect(others).toEqual([]);
    expect(month).toMatchObject({ isNew: true, before: null });
    expect(month?.provinces.snapshots).toEqual(["provinces 2026-09 2026-10-01"]);
    const only = archiveOf(september("2026-09-30"));
    expect(await closedPeriodsAt(only, { ...first, last: null })).toEqual([]);
  });

  test("are later those whose total of the province stands otherwise than at the last one", async () => {
    const second = { ...OCTOBER, day: "2026-10-12", since: "2026-10-05", last: new Date("2026-10-05T00:00:00Z") };
    const [month] = await closedPeriodsAt(archiveOf(september("2026-10-01", 15), september("2026-10-08")), second);
    expect(month).toMatchObject({ isNew: false });
    expect(month?.before?.snapshots).toEqual(["provinces 2026-09 2026-10-01"]);
    expect(await closedPeriodsAt(archiveOf(september("2026-10-01"), september("2026-10-08")), second)).toEqual([]);
  });
});

describe("the end of the appendix", () => {
  test("says how the figures were made, and claims no certificate", () => {
    const text = words(undefined);
    expect(text).toContain("Phương pháp và nguồn số liệu\n- Nguồn: Cổng Dịch vụ công quốc gia");
    expect(text).toContain("Dưới 0,05 điểm: cơ bản giữ nguyên; từ 1,00 điểm: thay đổi lớn.");
    expect(text).toContain("thiết kế theo PDF/A-1b để lưu trữ (chưa được chứng nhận)");
  });

  test("lists the corrections of four weeks, or that there were none", () => {
    const issued = { name: "phường Quy Nhơn Tây", reissue: 1, day: "2026-10-08" } as const;
    const told = (corrected: WeeklyInput["corrected"]) =>
      blockTexts(composeWeekly(weeklyInputOf(corrected && { corrected })).blocks).join("\n");
    expect(told([])).toContain("Đính chính trong 04 tuần qua (từ ngày 14/09/2026 đến ngày 12/10/2026)\n- Không có.");
    const text = told([
      { ...issued, bulletin: "daily", issue: "2026-10-07" },
      { ...issued, bulletin: "weekly", issue: "2026-W40", name: "tỉnh" },
    ]);
    expect(text).toContain("- Bản tin ngày 07/10/2026 của phường Quy Nhơn Tây: đính chính 01, ngày 08/10/2026.");
    expect(text).toContain("- Bản tin tuần 40 năm 2026: đính chính 01, ngày 08/10/2026.");
  });
});
