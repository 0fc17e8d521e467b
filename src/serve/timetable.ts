import { createTask, parse, validateDetailed } from "node-cron";
import { TIME_ZONE, timeOf } from "../domain/calendar.ts";
import type { Settings } from "../domain/settings.ts";
import type { Job } from "../pipeline/run.ts";

const MINUTE_MS = 60_000;
/** Việt Nam is UTC+7 all year. */
const EAST_MINUTES = 7 * 60;
/** Ticks older than this are not written down one by one. */
const MOST_DAYS = 31;

/** Every minute of a cron line (Asia/Ho_Chi_Minh) after one instant up to another, both as known here; the last 31 days at most. */
export function slotsBetween(line: string, after: Date, upTo: Date): readonly Date[] {
  // A task that is never started only answers whether a minute is on its line.
  const task = createTask(line, () => undefined, { timezone: TIME_ZONE });
  const { hour, minute } = parse(line);
  const earliest = Math.max(after.getTime(), upTo.getTime() - MOST_DAYS * 86_400_000);
  const slots: Date[] = [];
  for (let at = (Math.floor(earliest / MINUTE_MS) + 1) * MINUTE_MS; at <= upTo.getTime(); at += MINUTE_MS) {
    // Most minutes are ruled out by the clock alone, a thousand times quicker than by asking for the date too.
    const ofDay = (at / MINUTE_MS + EAST_MINUTES) % (24 * 60);
    if (!hour.includes(Math.floor(ofDay / 60)) || !minute.includes(ofDay % 60)) continue;
    const slot = new Date(at);
    if (task.match(slot)) slots.push(slot);
  }
  task.destroy();
  return slots;
}

/** What is wrong with a cron line beyond its form, such as a day no month has; null when it can be served. */
export function lineMistake(line: string): string | null {
  const { valid, errors } = validateDetailed(line);
  return valid ? null : errors.map(({ message }) => message).join("; ");
}

/** What is wrong with a line whose every tick comes after its job's deadline: each would be skipped as too late. Null when one can be on time. */
export function lateMistake(line: string, deadline: string | null): string | null {
  const { hour, minute } = parse(line);
  const first = [Math.min(...hour), Math.min(...minute)].map((part) => String(part).padStart(2, "0")).join(":");
  if (deadline === null || first <= deadline) return null;
  return `its first tick of a day is at ${first}, after the deadline ${deadline}: every issue would be skipped; put it earlier or the deadline later`;
}

/** The beginning of an instant's minute. */
export function minuteOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** The clock time ("08:30") after which a job's missed or waiting tick is given up; null for jobs that are never too late. */
export function deadlineOf(settings: Pick<Settings, "daily" | "weekly">, job: Job["name"]): string | null {
  if (job === "publish-daily") return settings.daily.deadline;
  return job === "publish-weekly" ? settings.weekly.deadline : null;
}

/** True when a day's deadline has gone by at an instant of that day. */
export function isAfter(deadline: string | null, now: Date): boolean {
  return deadline !== null && timeOf(now) > deadline;
}
