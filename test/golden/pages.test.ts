import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { createPress } from "../../src/adapters/press.ts";
import { composeDaily } from "../../src/bulletins/daily.ts";
import { composeWeekly } from "../../src/bulletins/weekly.ts";
import { addDays, isoWeekday } from "../../src/domain/calendar.ts";
import { differingShare, matchesPage } from "../support/page-image.ts";
import { dailyInputOf, sampleSight } from "../support/sample-sights.ts";
import { sampleWeeks, weeklyInputOf } from "../support/sample-weekly.ts";
import { daily, weekly } from "../templates/editions.ts";
import { inspect } from "../templates/poppler.ts";
import { preflight, withoutPreflight } from "../templates/preflight.ts";

const press = createPress();

test("the digest of a unit with the line of its total looks as it did, on one page", async () => {
  const days = Array.from({ length: 19 }, (_, at) => addDays("2026-09-24", at)).filter((day) => isoWeekday(day) <= 5);
  const sights = days.map((day) => sampleSight("H21", day));
  const [then, now] = sights.slice(-2);
  if (then === undefined || now === undefined) throw new TypeError("there are thirteen days");
  const recent = days.map((day, at) => ({
    day,
    value: day === "2026-10-01" ? null : (sights[at]?.view.value("H21.05", "TOTAL") ?? null),
  }));
  const content = composeDaily(dailyInputOf("H21.05", [then, now], { day: "2026-10-12", recent }));
  const pdf = await press.pdf({ ...daily(), audience: "H21.05", content });
  expect(await inspect(pdf, "pdfinfo", ["FILE"])).toMatch(/Pages:\s+1\n/u);
  expect(await inspect(pdf, "pdftotext", ["-layout", "FILE", "-"])).toContain("cao nhất 70,08");
  await matchesPage("digest", pdf, 1);
});

test("the weekly's charts look as they did, and leave it a PDF/A-1b", async () => {
  const content = composeWeekly(weeklyInputOf({ weeks: sampleWeeks() }));
  const pdf = await press.pdf({ ...weekly(), content });
  await matchesPage("weekly-2", pdf, 2);
  await matchesPage("weekly-3", pdf, 3);
  if (withoutPreflight()) return;
  expect(await preflight(pdf)).toContain("is a valid PDF/A-1b file");
});

test("a page that lost a line of words, or has another size, is told from its picture", () => {
  const page = (ink: number, height = 585) => {
    const png = new PNG({ width: 413, height });
    for (let at = 0; at < 413 * height; at += 1) {
      const shade = Math.floor(at / 413) % 12 < ink && at % 413 < 360 ? 0 : 255;
      png.data.fill(shade, at * 4, at * 4 + 3);
      png.data[at * 4 + 3] = 255;
    }
    return png;
  };
  expect(differingShare(page(4), page(4))).toBe(0);
  expect(differingShare(page(4), page(5))).toBeGreaterThan(0.05);
  expect(differingShare(page(4), page(4, 600))).toBe(1);
});
