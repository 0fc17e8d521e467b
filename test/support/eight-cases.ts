import { corrected } from "../../src/bulletins/correction.ts";
import { composeDaily } from "../../src/bulletins/daily.ts";
import type { DailyInput } from "../../src/bulletins/daily-input.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { indicatorCode, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { CAST } from "../../src/sample/story.ts";
import { dailyInputOf, sampleRows, sampleSight } from "./sample-sights.ts";

/** Eight mornings, each with the digest of one unit, from the sample portal's figures. */

const [FRIDAY, MONDAY] = ["2026-10-09", "2026-10-12"] as const;

/** The edition of an input, as the pipeline would make it at 07:00. */
export function editionOf(input: DailyInput): Edition {
  const { snapshot } = input.now.view;
  return {
    bulletin: "daily",
    audience: input.unit.code,
    issue: input.day,
    reissue: 0,
    asOf: snapshot.takenAt,
    composedAt: new Date(`${input.day}T07:00:00+07:00`),
    snapshots: input.now.snapshots,
    baseline: input.before === null ? null : { edition: null, day: input.before.day, snapshots: ["then"] },
    content: composeDaily(input),
  };
}

/** Friday and Monday of the units of Gia Lai, with the months behind them. */
function overWeekend(unit: string, given: Partial<DailyInput> = {}): Edition {
  const months = ["2026-10", "2026-09"].map((period) => sampleSight("H21", MONDAY, { period }));
  const sights = [sampleSight("H21", FRIDAY), sampleSight("H21", MONDAY)] as const;
  return editionOf(dailyInputOf(unit, sights, { day: MONDAY, months, ...given }));
}

/** Satisfaction of all provinces was six points lower on Friday: on Monday the portal counts otherwise. */
function shiftDay(): Edition {
  const lower = ({ indicator, value, ...row }: Observation): Observation => {
    const moves = [TOTAL, "MDHL"].includes(indicatorCode(indicator)) && typeof value === "number" && row.unit !== "VN";
    return { ...row, indicator, value: moves ? Math.max(0, value - 600) : value };
  };
  const friday = sampleSight("provinces", FRIDAY, { change: (rows) => rows.map(lower) });
  const counts = sampleSight("H21", MONDAY);
  return editionOf(dailyInputOf("H21", [friday, sampleSight("provinces", MONDAY)], { day: MONDAY, counts }));
}

/** The answer on digitised dossiers failed, so that group is Friday's; payment is missing for this commune alone. */
function missingData(): Edition {
  const unit = "H21.108";
  const digitised = ({ indicator }: Observation) => indicatorCode(indicator).startsWith("MDSH");
  const friday = sampleSight("H21", FRIDAY);
  const kept = sampleRows("H21", FRIDAY).filter(digitised);
  const change = (rows: readonly Observation[]) => [
    ...kept,
    ...rows.filter((row) => !digitised(row) && !(row.unit === unit && indicatorCode(row.indicator).startsWith("TTTT"))),
  ];
  const dated = new Map([["MDSH", friday.view.snapshot.takenAt]] as const);
  const monday = sampleSight("H21", MONDAY, { change, dated });
  return editionOf(dailyInputOf(unit, [friday, monday], { day: MONDAY }));
}

function firstOfJanuary(): Edition {
  const day = "2027-01-04";
  return editionOf(dailyInputOf("H21.05", [null, sampleSight("H21", day)], { day, unlike: "new-period" }));
}

function afterTet(): Edition {
  const [before, after] = ["2026-02-13", "2026-02-23"] as const;
  const sights = [sampleSight("H21", before), sampleSight("H21", after)] as const;
  return editionOf(dailyInputOf("H21.101", sights, { day: after }));
}

/** Monday's fall had been printed from a wrong reading. */
function correction(): Edition {
  const edition = overWeekend(CAST.firstPetition);
  const at = { unit: CAST.firstPetition, indicator: TOTAL, period: "2026" };
  const content = corrected(edition.content, {
    replaced: edition,
    reissue: 1,
    reason: "Cổng cập nhật lại số liệu phản ánh, kiến nghị sau khi bản tin đã gửi",
    corrections: [
      { ...at, part: "value", printed: 6388, now: 5188 },
      { ...at, part: "rank", printed: 88, now: 135 },
    ],
    nameOf: () => "xã Kon Thơm",
  });
  return { ...edition, reissue: 1, content };
}

/** By the name of its golden files. */
export const EIGHT_CASES: Readonly<Record<string, () => Edition>> = {
  rise: () => overWeekend(CAST.recovered),
  fall: () => overWeekend(CAST.firstPetition),
  same: () =>
    overWeekend(CAST.fallingAgency, {
      memory: [{ day: FRIDAY, delta: -370, group: "TDGQ", made: -370, left: -370 }],
    }),
  "shift-day": shiftDay,
  "missing-data": missingData,
  "first-of-january": firstOfJanuary,
  "after-tet": afterTet,
  correction,
};
