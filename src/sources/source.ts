import type { Scheme } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import type { Period } from "../domain/period.ts";
import type { Finding, Request, Scope, Snapshot } from "../domain/snapshot.ts";
import type { Unit } from "../domain/unit.ts";

/** What a source's reader makes of a snapshot: everything readable, and everything wrong. Nothing is repaired. */
export type Reading = {
  readonly units: readonly Unit[];
  readonly observations: readonly Observation[];
  readonly findings: readonly Finding[];
  /** For each answer, by its place in the snapshot: may figures be printed from it? */
  readonly sound: readonly boolean[];
};

/** One service of one publisher. Pure: it says what to ask and reads what came. */
export type Source = {
  readonly name: string;
  readonly scheme: Scheme;
  /** The kinds of period the service can answer. */
  readonly periods: readonly Period["kind"][];
  /** The address to ask when the configuration names no other; null for sources that are only imported. */
  readonly defaultBase: string | null;
  /** The names of endpoints an import manifest may use. */
  readonly endpoints: readonly string[];
  /** What a complete snapshot of a scope needs. Throws UsageError for a period or scope the service does not know. */
  requests(period: Period, scope: Scope): readonly Request[];
  read(snapshot: Snapshot): Reading;
};
