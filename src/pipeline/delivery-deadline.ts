import { createHash } from "node:crypto";
import { dayOf, instantAt } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import type { Settings } from "../domain/settings.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Minutes until the next try of a delivery for a reason that may pass; the last holds from there on. */
const BACK_OFF_MINUTES = [5, 15, 30, 60, 120] as const;
/** Tries within seconds of each other belong to one round. */
const TRIES_A_ROUND = 3;
/** A share of each wait, so that a relay which was down is not met by everybody at once. */
const JITTER = 0.2;

/** Whether a person asked for the sending and when it began, otherwise the timetable did. */
export type Occasion = { readonly byHand: boolean; readonly startedAt: Date };

/**
 * Until when an edition is still worth sending by itself: the daily until an hour of the day it was made (Asia/Ho_Chi_Minh), the weekly
 * so many hours after it was made; asked for by hand, as long counted from that moment.
 */
export function deliveryDeadline(
  edition: Pick<Edition, "bulletin" | "composedAt">,
  { deadline }: Settings["delivery"],
  occasion: Occasion,
): Date {
  const { bulletin, composedAt } = edition;
  const hours = bulletin === "weekly" ? deadline.weeklyHours : deadline.byHandHours;
  const own =
    bulletin === "weekly"
      ? new Date(composedAt.getTime() + hours * HOUR_MS)
      : instantAt(dayOf(composedAt), deadline.daily);
  // An edition that is made after its hour was asked for by hand, whoever finishes the sending.
  const from = occasion.byHand ? occasion.startedAt : composedAt;
  const asked = new Date(from.getTime() + hours * HOUR_MS);
  if (occasion.byHand) return asked > own ? asked : own;
  return own > composedAt ? own : asked;
}

/**
 * When a delivery that failed for a reason that may pass is tried again by itself. `attempts` counts the one that has just failed. The
 * jitter is the delivery's own, so that the same ledger gives the same instant.
 */
export function nextTry(delivery: { readonly id: string; readonly attempts: number }, now: Date): Date {
  const round = Math.floor((Math.max(1, delivery.attempts) - 1) / TRIES_A_ROUND);
  const minutes = BACK_OFF_MINUTES[Math.min(round, BACK_OFF_MINUTES.length - 1)] ?? 0;
  const draw = createHash("sha256").update(`${delivery.id}/${delivery.attempts}`).digest().readUInt32BE() / 2 ** 32;
  return new Date(now.getTime() + minutes * MINUTE_MS * (1 + JITTER * (2 * draw - 1)));
}
