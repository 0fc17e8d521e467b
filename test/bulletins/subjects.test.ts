import { expect, test } from "vitest";
import { composeDaily } from "../../src/bulletins/daily.ts";
import type { DailyInput } from "../../src/bulletins/daily-input.ts";
import { composeWeekly } from "../../src/bulletins/weekly.ts";
import type { WeeklyInput } from "../../src/bulletins/weekly-input.ts";
import { analyse } from "../../src/domain/analysis.ts";
import type { Sight } from "../../src/domain/board.ts";
import { indicatorCode, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { EVALUATION_2026 } from "../../src/indicators/evaluation-2026.ts";
import { EIGHT_CASES } from "../support/eight-cases.ts";
import { dailyInputOf, OFFICE_SETTINGS, sampleSight } from "../support/sample-sights.ts";

const [FRIDAY, MONDAY] = ["2026-10-09", "2026-10-12"] as const;

/** Everybody but the country six points lower in satisfaction, and so in total. */
const sixLower = (rows: readonly Observation[]) =>
  rows.map((row) => {
    const moves = [TOTAL, "MDHL"].includes(indicatorCode(row.indicator)) && row.unit !== "VN";
    return moves && typeof row.value === "number" ? { ...row, value: row.value - 600 } : row;
  });

function subjectOf(unit: string, sights: readonly [Sight | null, Sight], given: Partial<DailyInput> = {}): string {
  return composeDaily(dailyInputOf(unit, sights, { day: MONDAY, ...given })).subject;
}

function weeklySubject(then: Sight | null, now: Sight, given: Partial<WeeklyInput> = {}): string {
  const rules = { maxima: EVALUATION_2026.maxima, thresholds: OFFICE_SETTINGS.thresholds, noise: 5 };
  return composeWeekly({
    settings: { ...OFFICE_SETTINGS, province: "H21" },
    day: MONDAY,
    week: { year: 2026, week: 41, from: "2026-10-05", to: "2026-10-11" },
    provinces: now,
    units: null,
    before: then === null ? null : { provinces: then, units: null, day: "2026-10-05" },
    changes: [],
    rankedAlike: { province: then !== null, agency: false, commune: false },
    analysis: { provinces: then === null ? null : analyse([then.view, now.view], rules), units: null },
    weeks: [{ day: MONDAY, provinces: now }],
    nextIssue: "2026-10-19",
    ...given,
  } satisfies WeeklyInput).subject;
}

test("a digest's subject: figures first, ASCII minus, and in place of a change what there is instead", () => {
  const [friday, monday] = [sampleSight("H21", FRIDAY), sampleSight("H21", MONDAY)];
  const provinces = sampleSight("provinces", MONDAY);
  expect([
    EIGHT_CASES["fall"]?.().content.subject,
    EIGHT_CASES["rise"]?.().content.subject,
    EIGHT_CASES["same"]?.().content.subject,
    subjectOf("H21.133", [null, monday]),
    subjectOf("H21.133", [friday, monday], { unchanged: true }),
    subjectOf("H21.133", [null, monday], { unlike: "new-period" }),
    EIGHT_CASES["missing-data"]?.().content.subject,
    EIGHT_CASES["correction"]?.().content.subject,
    subjectOf("H21", [sampleSight("provinces", FRIDAY), provinces]),
    subjectOf("H21", [sampleSight("provinces", FRIDAY, { change: sixLower }), provinces]),
    subjectOf("H21", [sampleSight("provinces", MONDAY, { change: sixLower }), provinces]),
    composeDaily(dailyInputOf("H21.133", [null, friday], { day: MONDAY, unlike: "same-data" })).subject,
  ]).toEqual([
    "[766] 51,88 điểm (-12,00), hạng 135/135 – xã Kon Thơm, 12/10/2026",
    "[766] 63,25 điểm (+12,00), hạng 99/135 – xã Bàu Quế, 12/10/2026",
    "[766] 66,38 điểm (không đổi), hạng 9/14 – Sở Thủy lợi và Nước sạch, 12/10/2026",
    "[766] 51,88 điểm (kỳ đầu), hạng 135/135 – xã Kon Thơm, 12/10/2026",
    "[766] 51,88 điểm (Cổng chưa cập nhật), hạng 135/135 – xã Kon Thơm, 12/10/2026",
    "[766] 51,88 điểm (kỳ tính mới), hạng 135/135 – xã Kon Thơm, 12/10/2026",
    "[766] 67,05 điểm (không đổi), chưa xếp hạng – xã Ia Quế, 12/10/2026",
    "[Đính chính] [766] 51,88 điểm (-12,00), hạng 135/135 – xã Kon Thơm, 12/10/2026",
    "[766] 66,25 điểm (+0,52), hạng 17/34 – Gia Lai, 12/10/2026",
    "[766] 66,25 điểm (thay đổi chung; riêng +0,52), hạng 17/34 – Gia Lai, 12/10/2026",
    "[766] 66,25 điểm (thay đổi chung), hạng 17/34 – Gia Lai, 12/10/2026",
    "[766] 63,88 điểm (số liệu ngày 09/10), hạng 88/135 – xã Kon Thơm, 12/10/2026",
  ]);
});

test("a weekly's subject names the week, the province and the same figures", () => {
  const [then, now] = [sampleSight("provinces", "2026-10-05"), sampleSight("provinces", MONDAY)];
  const unrefreshed = { ...then, view: { ...then.view, snapshot: now.view.snapshot } };
  expect([
    weeklySubject(then, now),
    weeklySubject(null, now),
    weeklySubject(null, now, { unlike: "new-period" }),
    weeklySubject(then, unrefreshed),
    weeklySubject(then, sampleSight("provinces", FRIDAY)),
    weeklySubject(sampleSight("provinces", MONDAY, { change: sixLower }), now),
  ]).toEqual([
    "[766] Tuần 41: Gia Lai 66,25 điểm (+0,44), hạng 17/34 – Bản tin Ban Chỉ đạo",
    "[766] Tuần 41: Gia Lai 66,25 điểm (kỳ đầu), hạng 17/34 – Bản tin Ban Chỉ đạo",
    "[766] Tuần 41: Gia Lai 66,25 điểm (kỳ tính mới), hạng 17/34 – Bản tin Ban Chỉ đạo",
    "[766] Tuần 41: Gia Lai 65,81 điểm (Cổng chưa cập nhật), hạng 20/34 – Bản tin Ban Chỉ đạo",
    "[766] Tuần 41: Gia Lai 65,73 điểm (-0,08; số liệu ngày 09/10), hạng 21/34 – Bản tin Ban Chỉ đạo",
    "[766] Tuần 41: Gia Lai 66,25 điểm (thay đổi chung), hạng 17/34 – Bản tin Ban Chỉ đạo",
  ]);
});
