import type { Analysis } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import type { Day } from "../domain/calendar.ts";
import type { Remembered } from "../domain/memory.ts";
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
  /** The snapshots that hold the counts behind the scores: the province's own are in its units' scope. */
  readonly counts: Sight | null;
  /** The running month and the last closed one, where snapshots of them exist. */
  readonly months: readonly Sight[];
  /** For the province: its own units that moved by the headline threshold, largest first. */
  readonly movers: readonly { readonly name: string; readonly delta: number }[];
  /** True when no figure of the whole scope differs from the baseline. */
  readonly unchanged: boolean;
  /** Large changes of the last issues and what became of them, as sentences' parts. */
  readonly memory: readonly Remembered[];
  readonly nextIssue: Day;
};
