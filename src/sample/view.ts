import type { Day } from "../domain/calendar.ts";
import { mean } from "../domain/figure.ts";
import { GROUPS, type Group } from "../domain/indicator.ts";
import type { Period } from "../domain/period.ts";
import { bodyOf, PROVINCE_BODIES, SAMPLE_PROVINCE, type SampleBody, UNIT_BODIES } from "./bodies.ts";
import { boardOf, together } from "./figures.ts";
import type { Figures } from "./scoring.ts";

/** A body with its figures. */
export type Row = { readonly body: SampleBody; readonly figures: Figures };

/** What one question looks at: a place, its rows, and the same place month by month. */
export type View = {
  /** Null is the whole country. */
  readonly place: SampleBody | null;
  readonly parent: Figures;
  /** The place's scores: its own, or for the country the means of the provinces. */
  readonly scores: Readonly<Record<Group, number>>;
  /** Provinces, or units; in the order of their codes as texts. */
  readonly rows: readonly Row[];
  /** January to December; null for months that have not begun. */
  readonly months: readonly (MonthView | null)[];
};
export type MonthView = { readonly total: number; readonly onTime: number; readonly received: number };

/** Opens the view of a place: "VN" is the country with its provinces; of the provinces only the sample one has units. */
export function viewOf(place: string, period: Period, seenOn: Day): View {
  const board = boardOf(period, seenOn);
  const months = [...Array(12).keys()].map((index) =>
    monthOf(place, { kind: "month", year: period.year, index: index + 1 }, seenOn),
  );
  if (place === "VN") {
    const rows = rowsOf(PROVINCE_BODIES, board.provinces);
    return { place: null, parent: together(board.provinces.values()), scores: meansOf(rows), rows, months };
  }
  const parent = figuresOf(board.provinces, place);
  const rows = place === SAMPLE_PROVINCE ? rowsOf(UNIT_BODIES, board.units) : [];
  return { place: bodyOf(place), parent, scores: parent.groups, rows, months };
}

function monthOf(place: string, month: Period & { kind: "month" | "half" | "quarter" }, seenOn: Day): MonthView | null {
  if (`${month.year}-${String(month.index).padStart(2, "0")}-01` > seenOn) return null;
  const { provinces } = boardOf(month, seenOn);
  if (place !== "VN") {
    const { total, counts } = figuresOf(provinces, place);
    return { total, onTime: counts.onTime, received: counts.received };
  }
  const all = [...provinces.values()];
  let onTime = 0;
  let received = 0;
  for (const { counts } of all) {
    onTime += counts.onTime;
    received += counts.received;
  }
  return { total: mean(all.map((figures) => figures.total)) ?? 0, onTime, received };
}

function rowsOf(bodies: readonly SampleBody[], figures: ReadonlyMap<string, Figures>): readonly Row[] {
  const rows = bodies.map((body) => ({ body, figures: figuresOf(figures, body.code) }));
  // The portal sorts codes as texts: H21.02, H21.101, H21.11.
  return rows.sort((a, b) => (a.body.code < b.body.code ? -1 : 1));
}

function figuresOf(figures: ReadonlyMap<string, Figures>, code: string): Figures {
  const found = figures.get(code);
  if (found === undefined) throw new RangeError(`the sample portal has no figures of ${code}`);
  return found;
}

function meansOf(rows: readonly Row[]): Record<Group, number> {
  const means = { CKMB: 0, TDGQ: 0, CLGQ: 0, TTTT: 0, MDHL: 0, MDSH: 0 };
  for (const group of GROUPS) means[group] = mean(rows.map((row) => row.figures.groups[group])) ?? 0;
  return means;
}
