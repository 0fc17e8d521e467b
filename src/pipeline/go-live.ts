import { type Day, dayOf, timeOf } from "../domain/calendar.ts";
import { foldAddress, type Recipient } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import { scopeOf } from "../domain/unit.ts";
import { isWorkingDay, nextWeeklyIssueDay, nextWorkingDay, weeklyIssueDay } from "../domain/working-calendar.ts";
import type { Context } from "./context.ts";
import { openCalendar } from "./publish-policy.ts";
import { unitsWithoutReader } from "./readers.ts";
import type { GoLive } from "./store.ts";

/** Who will get what once mail may leave. Codes and counts, no addresses. */
export type GoLivePlan = {
  readonly province: string;
  /** Since when mail may leave; null while it may not. */
  readonly live: GoLive | null;
  readonly bulletins: readonly {
    readonly bulletin: BulletinName;
    readonly people: number;
    /** Editions of an issue: one per unit and the province, one weekly. */
    readonly editions: number;
    /** Codes of units whose edition nobody would get. */
    readonly withoutReader: readonly string[];
    /** The day of the first issue that leaves by the timetable. */
    readonly firstIssue: Day;
  }[];
};

/** Reads the plan from the database; changes nothing. */
export async function planGoLive(
  ctx: Pick<Context, "store" | "settings" | "now">,
  province: string,
): Promise<GoLivePlan> {
  const first = await firstIssues(ctx);
  const ofProvince = ({ unit }: Recipient) => scopeOf(unit) === province || unit === province;
  const dailies = (await ctx.store.recipients.liveOn(first.daily)).filter(
    (reader) => ofProvince(reader) && reader.bulletins.includes("daily"),
  );
  const weeklies = (await ctx.store.recipients.liveOn(first.weekly)).filter(
    (reader) => ofProvince(reader) && reader.bulletins.includes("weekly"),
  );
  const units = (await ctx.store.units.list(province)).filter(
    ({ closedFrom, standing, code }) => closedFrom === null && standing !== "waiting" && code !== province,
  );
  return {
    province,
    live: await ctx.store.goLives.find(province),
    bulletins: [
      {
        ...{ bulletin: "daily", people: people(dailies), editions: units.length + 1, firstIssue: first.daily },
        withoutReader: await unitsWithoutReader({ store: ctx.store, settings: { province } }, first.daily),
      },
      {
        ...{ bulletin: "weekly", people: people(weeklies), editions: 1, firstIssue: first.weekly },
        withoutReader: weeklies.length === 0 ? [province] : [],
      },
    ],
  };
}

/** One person is one address, however often the list names it. */
function people(recipients: readonly Recipient[]): number {
  return new Set(recipients.map(({ email }) => foldAddress(email))).size;
}

/** Today's, while its job is still to come; otherwise the next. */
async function firstIssues({ store, settings, now }: Pick<Context, "store" | "settings" | "now">) {
  const calendar = await openCalendar({ store });
  const [day, time] = [dayOf(now()), timeOf(now())];
  const weekly = weeklyIssueDay(calendar, day);
  const isToCome = weekly !== null && (weekly > day || (weekly === day && time < settings.weekly.deadline));
  return {
    daily: isWorkingDay(calendar, day) && time < settings.daily.deadline ? day : nextWorkingDay(calendar, day),
    weekly: isToCome ? weekly : nextWeeklyIssueDay(calendar, day),
  };
}
