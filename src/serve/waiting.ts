import { dayOf, instantAt } from "../domain/calendar.ts";
import type { Desk } from "./desk.ts";
import { minuteOf } from "./timetable.ts";

/** Minutes between the tries of a job that waits for figures; the last holds from there on. */
const BACK_OFF_MINUTES = [5, 10, 15, 20] as const;
/** The portal is not asked everything again sooner than this after the last time. */
const COLLECT_PAUSE_MINUTES = 10;

/** Seconds until a waiting job's next try: the back-off, or what is left to the deadline. Null when the deadline has come. */
export function nextTryIn(now: Date, given: { attempts: number; deadline: string | null }): number | null {
  const backOff = 60 * (BACK_OFF_MINUTES[Math.min(given.attempts, BACK_OFF_MINUTES.length - 1)] ?? 0);
  if (given.deadline === null) return backOff;
  const left = Math.ceil((instantAt(dayOf(now), given.deadline).getTime() - now.getTime()) / 1000);
  return left <= 0 ? null : Math.min(backOff, left);
}

/**
 * Before a waiting job's next try the figures are asked for again: a tick of `collect` beside its timetable, noted once however many
 * jobs wait. Not while one is open, not within ten minutes of the last, and not after the portal has refused us today.
 */
export async function collectAgain(desk: Desk, withinSeconds: number): Promise<boolean> {
  if (!desk.jobs.some(({ name }) => name === "collect")) return false;
  const now = desk.now();
  const today = await desk.ticks.runsSince("collect", instantAt(dayOf(now)));
  const refused = today.some(({ problems }) => problems.some(({ cause, message }) => isRefusal(cause, message)));
  const last = today.at(-1)?.startedAt ?? null;
  const pauseMs = COLLECT_PAUSE_MINUTES * 60_000;
  const tooSoon = last !== null && now.getTime() + withinSeconds * 1000 - last.getTime() < pauseMs;
  if (refused || tooSoon || (await desk.ticks.open("collect")).length > 0) return false;
  const slot = minuteOf(now);
  const delay = last === null ? 0 : Math.max(0, Math.ceil((last.getTime() + pauseMs - now.getTime()) / 1000));
  const noted = await desk.ticks.note("collect", () => [{ slot, origin: "retry", skip: null }], {
    instance: desk.instance,
    at: now,
    carry: (transaction, tick) => desk.queue.add(transaction, tick, delay),
  });
  return noted.length > 0;
}

/** A refusal (401, 403, 429, an HTML page) is never worked around. */
function isRefusal(cause: string, message: string): boolean {
  return cause.startsWith("collect/") && /\bblocked\b|refused us/.test(message);
}
