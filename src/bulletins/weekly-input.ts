import type { Analysis } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import type { Day } from "../domain/calendar.ts";
import type { Change } from "../domain/change.ts";
import type { BulletinName } from "../domain/edition.ts";
import type { PastIssue } from "../domain/memory.ts";
import type { Period } from "../domain/period.ts";
import type { Settings } from "../domain/settings.ts";

/** The other side of a weekly bulletin. */
export type WeeklyBaseline = { readonly provinces: Sight; readonly units: Sight | null; readonly day: Day };

/** One week of the trend: the day of its figures (of a gap, its Monday), and the provinces' complete figures; null is a gap. */
export type WeekPoint = { readonly day: Day; readonly provinces: Sight | null };

/** A month or quarter that is over, as the portal states it now. */
export type ClosedPeriod = {
  readonly period: Period;
  /** The provinces' complete figures taken after its last day. */
  readonly provinces: Sight;
  /** The statement before, taken after its last day too; null without one. */
  readonly before: Sight | null;
  /** It ended since the last bulletin: told whole. Otherwise only told where its total was rewritten. */
  readonly isNew: boolean;
};

/** A corrected issue: whose, which, its number and the day it was made. */
export type CorrectedIssue = {
  readonly bulletin: BulletinName;
  /** The unit's or the province's name as sentences call it. */
  readonly name: string;
  readonly issue: string;
  readonly reissue: number;
  readonly day: Day;
};

/** Everything a weekly bulletin is composed from. */
export type WeeklyInput = {
  readonly settings: Settings & { readonly province: string };
  /** The day of issue; the bulletin covers the ISO week before it, or more weeks after one that was off altogether. */
  readonly day: Day;
  readonly week: {
    readonly year: number;
    readonly week: number;
    /** The numbers of all covered weeks, oldest first; absent for one week. */
    readonly weeks?: readonly number[];
    readonly from: Day;
    readonly to: Day;
  };
  readonly provinces: Sight;
  /** The province's own units; null when nothing sound is known of them. */
  readonly units: Sight | null;
  readonly before: WeeklyBaseline | null;
  /** Why there is none although there was a bulletin before: a new year has begun. */
  readonly unlike?: "new-period";
  /** The units' changes since the baseline; empty without one. */
  readonly changes: readonly Change[];
  /** The same agencies (communes) were ranked on both sides. */
  readonly rankedAlike: { readonly province: boolean; readonly agency: boolean; readonly commune: boolean };
  /** Whose changes they are; null without a baseline, or where groups are of another day. */
  readonly analysis: { readonly provinces: Analysis | null; readonly units: Analysis | null };
  /** What the bulletins of the weeks just before printed, one per week without a gap, newest first. */
  readonly past?: readonly PastIssue[];
  /** The last weeks with this one, oldest first; at most thirteen, and the last is `provinces`. */
  readonly weeks: readonly WeekPoint[];
  /** Months and quarters that are over and have something to tell, months first. */
  readonly closed?: readonly ClosedPeriod[];
  /** Corrected issues of the last four weeks, newest first; absent when they were not looked for. */
  readonly corrected?: readonly CorrectedIssue[];
  readonly nextIssue: Day;
  /** The standing body's comment; absent when there is none. */
  readonly note?: string;
};
