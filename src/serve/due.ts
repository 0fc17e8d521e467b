import type { NewTick } from "../adapters/postgres/ticks.ts";
import { dayOf, timeOf } from "../domain/calendar.ts";
import type { MissedPolicy } from "../pipeline/run.ts";
import { isAfter } from "./timetable.ts";

/** A tick noted within this time is on time: a minute's clock and a busy moment. */
const ON_TIME_MS = 150_000;

export type Missed = { readonly policy: MissedPolicy; readonly deadline: string | null };

/**
 * What becomes of a job's slots that nobody has noted yet, oldest first: one on time is due; of missed ones the job's policy names
 * those that are made good, and only on their own day and before the deadline. The others are skipped, with the reason.
 */
export function dueTicks(slots: readonly Date[], now: Date, { policy, deadline }: Missed): readonly NewTick[] {
  const last = slots.at(-1);
  return slots.map((slot): NewTick => {
    if (now.getTime() - slot.getTime() <= ON_TIME_MS) return { slot, origin: "clock", skip: null };
    const skip = reasonToSkip(slot, now, { policy, deadline, last: slot === last });
    return { slot, origin: "missed", skip };
  });
}

function reasonToSkip(slot: Date, now: Date, missed: Missed & { readonly last: boolean }): string | null {
  const down = `machine was down until ${momentOf(now, slot)}`;
  if (dayOf(slot) !== dayOf(now)) return `${down}, after that day`;
  if (missed.policy === "none") return `${down}, and a missed run of this job is not made good`;
  if (missed.policy === "last" && !missed.last) return `${down}; only the last missed run is made good`;
  if (isAfter(missed.deadline, now)) return `${down}, after the deadline ${missed.deadline}`;
  return null;
}

/** The clock time, with the day when it is another one than the slot's. */
export function momentOf(now: Date, slot: Date): string {
  return dayOf(now) === dayOf(slot) ? timeOf(now) : `${dayOf(now)} ${timeOf(now)}`;
}
