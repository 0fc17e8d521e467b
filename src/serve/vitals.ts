import type { Vitals } from "../adapters/health.ts";
import { describeError } from "../domain/errors.ts";
import type { Store } from "../pipeline/store.ts";
import type { Desk } from "./desk.ts";
import { agesOf } from "./stale.ts";

/** A clock that has not noted a minute for so long stands still. */
const CLOCK_STANDS_MS = 5 * 60_000;
/** Collect runs every day, so older figures mean that three mornings failed. */
const MOST_HOURS = 72;
const HOUR_MS = 3_600_000;

/** What /healthz says: the database, the clock, the age of the figures, the queue. */
export async function vitalsOf(
  desk: Pick<Desk, "queue" | "settings" | "now">,
  about: { readonly store: Store; readonly lastMinute: Date | null },
): Promise<Vitals> {
  const { lastMinute } = about;
  const now = desk.now();
  const faults: string[] = [];
  const stands = lastMinute === null || Math.abs(now.getTime() - lastMinute.getTime()) > CLOCK_STANDS_MS;
  if (stands) faults.push("the timetable's clock stands still");
  try {
    const ages = await agesOf({ store: about.store, settings: desk.settings }, now);
    const snapshots = ages.map(({ scope, takenAt }) => {
      const hours = takenAt === null ? null : (now.getTime() - takenAt.getTime()) / HOUR_MS;
      return { scope, takenAt, ageHours: hours === null ? null : Math.round(hours * 100) / 100 };
    });
    for (const { scope, ageHours } of snapshots)
      if (ageHours !== null && ageHours > MOST_HOURS) faults.push(`the figures of ${scope} are ${ageHours} hours old`);
    const queue = await desk.queue.counts();
    return { healthy: faults.length === 0, faults, snapshots, queue, lastMinute };
  } catch (error) {
    return { healthy: false, faults: [...faults, describeError(error)], snapshots: [], queue: null, lastMinute };
  }
}
