import { expect, test } from "vitest";
import { composeDaily } from "../../src/bulletins/daily.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import { blockTexts } from "../../src/domain/edition.ts";
import { dailyInputOf, sampleSight } from "../support/sample-sights.ts";

const PROVINCE = "H21";
const DAY = "2026-10-12";

/** The province's own digest; the counts behind its scores are those of its units' scope. */
function digest(dated: ReadonlyMap<"TTTT", Date>) {
  const counts = { ...sampleSight(PROVINCE, DAY), dated };
  const sights = [sampleSight("provinces", "2026-10-09"), sampleSight("provinces", DAY)] as const;
  return blockTexts(composeDaily(dailyInputOf(PROVINCE, sights, { day: DAY, counts })).blocks);
}

test("counts of an older day beside today's scores of the province say their date, in the table and below it", () => {
  const older = digest(new Map([["TTTT", instantAt("2026-10-09", "06:00")]]));
  expect(older.filter((text) => /số liệu gốc ngày 09\/10/iu.test(text))).toEqual([
    expect.stringMatching(/^Hồ sơ thanh toán trực tuyến [\d./]+ \(số liệu gốc ngày 09\/10\)$/u),
    expect.stringMatching(/chưa thanh toán trực tuyến\. Số liệu gốc ngày 09\/10\.$/u),
  ]);
  expect(digest(new Map()).join("\n")).not.toMatch(/số liệu gốc ngày/iu);
});

test("the notice of a day without a refresh names the last refresh that was seen, not the moment we asked", () => {
  const sights = [sampleSight("provinces", DAY), sampleSight("provinces", DAY)] as const;
  const given = { day: DAY, unchanged: true, refreshedAt: instantAt("2026-10-08", "06:00") };
  expect(composeDaily(dailyInputOf(PROVINCE, sights, given)).lines[1]).toBe(
    "Cổng chưa cập nhật số liệu mới kể từ 06:00 ngày 08/10/2026.",
  );
});
