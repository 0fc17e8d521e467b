import type { Database } from "../../src/context.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { normalise } from "../../src/pipeline/normalise.ts";
import { reread } from "../../src/pipeline/reread.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { MEASURED_DAY } from "./day.ts";

/** Mornings put into the archive; each holds the running year, quarter and month of one province and of the provinces. */
const MORNINGS = 10;
const DAY_MS = 86_400_000;

/** Seconds of reading a stretch of archive again. */
export type MeasuredReread = {
  readonly snapshots: number;
  readonly observations: number;
  /** Nothing differs: what an ordinary check costs. */
  readonly unchangedSeconds: number;
  /** Every snapshot has to be written anew: what a better reader costs. */
  readonly changedSeconds: number;
};

/** Archives the measured morning as several days, and reads them again: once as they are, once with every snapshot spoilt. */
export async function measureReread({ knex, store }: Database, settings: Settings): Promise<MeasuredReread> {
  const since = await archiveMornings({ store, settings });
  const quiet = { log: () => undefined, progress: () => undefined, instance: "bench:0" };
  const ctx = { store, settings, now: () => since.end, ...quiet };
  const question = { from: since.start, to: since.end, source: null, scope: null, dryRun: false };
  const first = await timed(() => reread(ctx, question));
  if (first.value.differences.changed > 0) throw new Error("the same reader read other figures");
  await knex.raw(
    `update observations set value = coalesce(value, 0) + 1
     where snapshot_id in (select id from snapshots where taken_at >= ?)`,
    [since.start],
  );
  const second = await timed(() => reread(ctx, question));
  if (second.value.differing.length !== second.value.snapshotsRead)
    throw new Error("a spoilt snapshot was not noticed");
  return {
    snapshots: first.value.snapshotsRead,
    observations: first.value.read,
    unchangedSeconds: first.seconds,
    changedSeconds: second.seconds,
  };
}

async function archiveMornings({ store, settings }: { store: Database["store"]; settings: Settings }) {
  const six = instantAt(MEASURED_DAY, "06:00").getTime();
  const morning = (await store.snapshots.list()).filter(({ takenAt }) => takenAt.getTime() === six);
  const start = new Date(six + 30 * DAY_MS);
  const end = new Date(start.getTime() + (MORNINGS + 1) * DAY_MS);
  for (let day = 0; day < MORNINGS; day += 1)
    for (const stored of morning) {
      const period = parsePeriod(stored.period);
      if (period === null) continue;
      const takenAt = new Date(stored.takenAt.getTime() + (30 + day) * DAY_MS);
      const { source, scope } = stored;
      const { id } = await store.snapshots.open({ source, scope, period, takenAt }, takenAt);
      for (const [ordinal, answer] of (await store.snapshots.answers(stored.id)).entries())
        await store.snapshots.archive(id, ordinal, answer);
      const ctx = { store, settings, now: () => takenAt, log: () => undefined };
      await normalise(ctx, sourceNamed(source), { id, source, scope, period, takenAt });
    }
  return { start, end };
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
