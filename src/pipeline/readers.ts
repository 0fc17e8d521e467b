import { type Day, dayOf } from "../domain/calendar.ts";
import type { Recipient } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { Settings } from "../domain/settings.ts";
import type { Store } from "./store.ts";

/** The day an issue is for: whoever is a member on it gets the issue, also when the mail leaves later. */
export function issueDay({ bulletin, issue, composedAt }: Pick<Edition, "bulletin" | "issue" | "composedAt">): Day {
  return bulletin === "daily" ? issue : dayOf(composedAt);
}

/** Asks who gets mail on an edition's day; each day is asked once. */
export function readersOf(
  store: Pick<Store, "recipients">,
): (edition: Pick<Edition, "bulletin" | "issue" | "composedAt">) => Promise<readonly Recipient[]> {
  const days = new Map<Day, Promise<readonly Recipient[]>>();
  return (edition) => {
    const day = issueDay(edition);
    const asked = days.get(day) ?? store.recipients.liveOn(day);
    days.set(day, asked);
    return asked;
  };
}

/** What the question below needs; a Context has it. */
export type ReaderQuestion = {
  readonly store: Pick<Store, "units" | "recipients">;
  readonly settings: Pick<Settings, "province">;
};

/**
 * The province and those of its units that are confirmed and not closed on a day, and that have nobody who gets the daily digest on
 * it: codes, the province first. Nobody on the list, all paused, all suppressed, or their days over.
 */
export async function unitsWithoutReader(
  { store, settings: { province } }: ReaderQuestion,
  day: Day,
): Promise<readonly string[]> {
  if (province === null) return [];
  const served = new Set(
    (await store.recipients.liveOn(day)).filter(({ bulletins }) => bulletins.includes("daily")).map(({ unit }) => unit),
  );
  const units = (await store.units.list(province)).filter(
    ({ standing, closedFrom }) => standing !== "waiting" && (closedFrom === null || closedFrom > day),
  );
  return [province, ...units.map(({ code }) => code)].filter((code) => !served.has(code));
}
