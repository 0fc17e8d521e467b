import type { Observation } from "../../src/domain/observation.ts";
import type { Answer, Snapshot } from "../../src/domain/snapshot.ts";
import { type Imported, importSnapshots } from "../../src/pipeline/import.ts";
import { openSights, type SightQuestion } from "../../src/pipeline/sight.ts";
import type { FreshDatabase } from "../support/database.ts";
import { SETTINGS } from "./mail-context.ts";

/** The desk of the reading side on a real database: imports snapshots as given, at a clock that stands still. */
export function readingDesk({ store }: FreshDatabase, now = new Date("2027-01-15T00:00:00Z")) {
  const ctx = { store, settings: SETTINGS, now: () => now, log: () => {}, progress: () => {} };
  const sightQuestion = (given: Partial<SightQuestion>): SightQuestion => ({
    scope: "provinces",
    period: "2026",
    asOf: now,
    ...given,
  });
  return {
    ctx,
    store,
    /** Imports one snapshot and gives what came of it. */
    async take(snapshot: Snapshot): Promise<Imported["snapshot"]> {
      const [imported] = await importSnapshots(ctx, [snapshot]);
      if (imported === undefined) throw new Error("nothing was imported");
      return imported.snapshot;
    },
    sight: (given: Partial<SightQuestion>) => openSights(ctx, "evaluation-api").latest(sightQuestion(given)),
    async standing(scope: string): Promise<Record<string, string>> {
      return Object.fromEntries((await store.units.list(scope)).map(({ code, standing }) => [code, standing]));
    },
  };
}

/** A snapshot at 06:00 on a day of October 2026, each day's figures a little higher so that no day repeats another. */
export function taken(day: string, answers: readonly Answer[], given: Partial<Snapshot> = {}): Snapshot {
  const takenAt = new Date(`2026-10-${day}T06:00:00+07:00`);
  return {
    source: "evaluation-api",
    scope: "provinces",
    period: { kind: "year", year: 2026 },
    takenAt,
    ...given,
    answers: answers.map((answer) => ({ ...answer, receivedAt: takenAt })),
  };
}

/** Stable words of what keeps a snapshot from being complete. */
export function faults(snapshot: { findings: readonly { code: string; severity: string }[] }): string[] {
  return [...new Set(snapshot.findings.filter(({ severity }) => severity === "incomplete").map(({ code }) => code))];
}

export function figureOf(rows: readonly Observation[], unit: string, code: string): number | null | undefined {
  return rows.find((row) => row.unit === unit && row.indicator === `dvc2026.${code}`)?.value;
}
