import type { WeeklyInput } from "../../src/bulletins/weekly-input.ts";
import { analyse } from "../../src/domain/analysis.ts";
import type { Sight } from "../../src/domain/board.ts";
import { addDays } from "../../src/domain/calendar.ts";
import { detectChanges } from "../../src/domain/change.ts";
import { rankedAlike } from "../../src/domain/view.ts";
import { EVALUATION_2026 } from "../../src/indicators/evaluation-2026.ts";
import { OFFICE_SETTINGS, sampleSight } from "./sample-sights.ts";

const DAY = "2026-10-12";

/** The provinces on thirteen Mondays up to 12 October 2026, the week of 17 August missing. */
export function sampleWeeks(): WeeklyInput["weeks"] {
  return Array.from({ length: 13 }, (_, week) => addDays(DAY, 7 * (week - 12))).map((day) => ({
    day,
    provinces: day === "2026-08-17" ? null : sampleSight("provinces", day),
  }));
}

/** The sample province's weekly of 12 October 2026 as its composer gets it, compared with 5 October. */
export function weeklyInputOf(given: Partial<WeeklyInput> = {}): WeeklyInput {
  const seen = (scope: string): readonly [Sight, Sight] => [sampleSight(scope, "2026-10-05"), sampleSight(scope, DAY)];
  const [provincesThen, provinces] = seen("provinces");
  const [unitsThen, units] = seen("H21");
  const rules = { maxima: EVALUATION_2026.maxima, thresholds: OFFICE_SETTINGS.thresholds, noise: 5 };
  return {
    settings: { ...OFFICE_SETTINGS, province: "H21" },
    day: DAY,
    week: { year: 2026, week: 41, from: "2026-10-05", to: "2026-10-11" },
    ...{ provinces, units },
    before: { provinces: provincesThen, units: unitsThen, day: "2026-10-05" },
    changes: detectChanges(unitsThen.view, units.view),
    rankedAlike: {
      province: rankedAlike(provincesThen.view, provinces.view, "province"),
      agency: rankedAlike(unitsThen.view, units.view, "agency"),
      commune: rankedAlike(unitsThen.view, units.view, "commune"),
    },
    analysis: {
      provinces: analyse([provincesThen.view, provinces.view], rules),
      units: analyse([unitsThen.view, units.view], rules),
    },
    weeks: [{ day: DAY, provinces }],
    nextIssue: "2026-10-19",
    ...given,
  };
}
