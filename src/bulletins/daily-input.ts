import type { Analysis } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import type { Day } from "../domain/calendar.ts";
import type { Group } from "../domain/indicator.ts";
import type { Remembered } from "../domain/memory.ts";
import type { Period } from "../domain/period.ts";
import type { RecentTotal } from "../domain/recent.ts";
import type { Settings } from "../domain/settings.ts";
import type { RegisteredUnit } from "../domain/view.ts";

/** The other side of a digest: what its unit's last published digest was made from. */
export type DailyBaseline = {
  readonly sight: Sight;
  readonly counts: Sight | null;
  readonly day: Day /** The same units were ranked on both sides. */;
  readonly rankedAlike: boolean;
  /** Whose changes they are; null when they cannot be attributed. */
  readonly analysis: Analysis | null;
};

/** Everything one digest is composed from; all of it was read by today's reader. */
export type DailyInput = {
  readonly settings: Settings;
  readonly day: Day;
  readonly unit: RegisteredUnit;
  readonly now: Sight;
  readonly before: DailyBaseline | null;
  /** Why there is none although there was an issue before: the figures are the same snapshot's, or a new year has begun. */
  readonly unlike?: "same-data" | "new-period";
  /** The snapshots that hold the counts behind the scores: the province's own are in its units' scope. */
  readonly counts: Sight | null;
  /** The running month and the last closed one, where snapshots of them exist. */
  readonly months: readonly Sight[];
  /** For the province: its own units that moved by the headline threshold, largest first. */
  readonly movers: readonly { readonly name: string; readonly delta: number }[];
  /** True when no figure of the whole scope differs from the baseline. */
  readonly unchanged: boolean;
  /** When the portal was first seen with these very figures, where none differs. */
  readonly refreshedAt?: Date;
  /** Large changes of the last issues and what became of them, as sentences' parts. */
  readonly memory: readonly Remembered[];
  /** Groups whose figures are the baseline's for every unit of the scope: the portal has not refreshed them. */
  readonly stalled: ReadonlySet<Group>;
  /** A closed month whose total the portal rewrote since the baseline; hundredths. */
  readonly revised: readonly { readonly period: Period; readonly before: number; readonly after: number }[];
  /** How far many small steps have carried the total since the issue that last named a change. */
  readonly drift: { readonly since: Day; readonly delta: number } | null;
  /** The total's trend against the block's median over the last working days, hundredths. */
  readonly trend: number | null;
  /** The totals of the last issues up to this one; empty when fewer than eight can be compared. */
  readonly recent: readonly RecentTotal[];
  readonly nextIssue: Day;
};
