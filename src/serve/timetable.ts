import { createTask } from "node-cron";
import { TIME_ZONE, timeOf } from "../domain/calendar.ts";
import type { Settings } from "../domain/settings.ts";
import type { Job } from "../pipeline/run.ts";

const MINUTE_MS = 60_000;
/** Ticks older than this are not written down one by one. */
const MOST_DAYS = 31;

/** Every minute of a cron line (Asia/Ho_Chi_Minh) after one instant up to another, both as known here; the last 31 days at most. */
export function slotsBetween(line: string, after: Date, upTo: Date): readonly Date[] {
  // A task that is never started only answers whether a minute is on its line.
  const task = createTask(line, () => undefined, { timezone: TIME_ZONE });
  const earliest = Math.max(after.getTime(), upTo.getTime() - MOST_DAYS * 86_400_000);
  const slots: Date[] = [];
  for (let at = (Math.floor(earliest / MINUTE_MS) + 1) * MINUTE_MS; at <= upTo.getTime(); at += MINUTE_MS) {
    const minute = new Date(at);
    if (task.match(minute)) slots.push(minute);
  }
  task.destroy();
  return slots;
}

/** The beginning of an instant's minute. */
export function minuteOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** Until when a publish job may still begin on its day; the place of the usual hours while the configuration names none. */
const USUAL_DEADLINES = { "publish-daily": "08:30", "publish-weekly": "06:45" } as const;

/** The clock time ("08:30") after which a job's missed or waiting tick is given up; null for jobs that are never too late. */
export function deadlineOf(settings: Settings, job: Job["name"]): string | null {
  if (job !== "publish-daily" && job !== "publish-weekly") return null;
  const own: { readonly deadline?: unknown } = job === "publish-daily" ? settings.daily : settings.weekly;
  return typeof own.deadline === "string" ? own.deadline : USUAL_DEADLINES[job];
}

/** True when a day's deadline has gone by at an instant of that day. */
export function isAfter(deadline: string | null, now: Date): boolean {
  return deadline !== null && timeOf(now) > deadline;
}
