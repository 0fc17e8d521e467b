import { addDays, type Day, dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import { isWorkingDay, type WorkingCalendar } from "../domain/working-calendar.ts";
import { tellAdmin } from "../pipeline/alarm.ts";
import { rearm } from "../pipeline/alert.ts";
import type { Context } from "../pipeline/context.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";

/** Figures older than so many working days are told every day. */
const MOST_WORKING_DAYS = 2;
/** Not before the morning's own tries are over. */
const FROM_HOUR = "09:00";

/** How old the printable figures of a scope are; null when there never were any. */
export type Age = { readonly scope: string; readonly takenAt: Date | null };

/** When the latest complete snapshots of the running year were taken, of the provinces and of the own units. */
export async function agesOf(ctx: Pick<Context, "store" | "settings">, now: Date): Promise<readonly Age[]> {
  const { province } = ctx.settings;
  const period = periodKey(periodOf("year", dayOf(now)));
  return Promise.all(
    [PROVINCES, ...(province === null ? [] : [province])].map(async (scope) => {
      const latest = await ctx.store.snapshots.latest({ source: DEFAULT_SOURCE.name, scope, period, asOf: now });
      return { scope, takenAt: latest?.takenAt ?? null };
    }),
  );
}

/** Tells the administrator once a day, from 09:00 on, of scopes whose figures are older than two working days. */
export async function watchAges(ctx: Context): Promise<void> {
  const now = ctx.now();
  if (timeOf(now) < FROM_HOUR) return;
  const today = dayOf(now);
  const calendar = await openCalendar(ctx);
  const old = (await agesOf(ctx, now)).flatMap(({ scope, takenAt }) =>
    takenAt !== null && workingDaysAfter(dayOf(takenAt), today, calendar) > MOST_WORKING_DAYS
      ? [`${scope}: the last complete figures are of ${shortDate(dayOf(takenAt))} ${timeOf(takenAt)}`]
      : [],
  );
  if (old.length === 0) {
    for (const cause of ["collect-stale/", "alarm/collect-stale/"]) await rearm(ctx, cause);
    return;
  }
  const message = [
    `figures are older than ${MOST_WORKING_DAYS} working days; see "diemtin runs list" and "diemtin doctor", then "diemtin run collect"`,
    ...old,
  ].join("\n  ");
  const problem = { cause: `collect-stale/${today}`, severity: "partial", message } as const;
  await tellAdmin(ctx, { job: "collect", scheduledFor: today }, [problem]);
}

function workingDaysAfter(from: Day, to: Day, calendar: WorkingCalendar): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to && count <= MOST_WORKING_DAYS; day = addDays(day, 1))
    if (isWorkingDay(calendar, day)) count += 1;
  return count;
}
