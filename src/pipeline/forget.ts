import { type Day, instantAt } from "../domain/calendar.ts";
import type { Context } from "./context.ts";

/** How long send logs keep addresses and replies when the configuration says nothing. Months. */
const KEEP_MONTHS = 12;

/** Takes attempts, bounces and the addresses of deliveries out of send logs that are older than the configuration keeps them. */
export async function forgetOldLogs(ctx: Context, day: Day): Promise<void> {
  const months = ctx.settings.mail.keepLogMonths ?? KEEP_MONTHS;
  const forgotten = await ctx.store.people.forgetBefore(instantAt(monthsBefore(day, months)));
  if (forgotten.attempts + forgotten.deliveries + forgotten.bounces > 0) ctx.log("logs-forgotten", forgotten);
}

/** The same day so many months before; the last day of a shorter month. */
function monthsBefore(day: Day, months: number): Day {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months;
  const [year, month] = [Math.floor(count / 12), (count % 12) + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const at = Math.min(Number(day.slice(8, 10)), last);
  return `${year}-${String(month).padStart(2, "0")}-${String(at).padStart(2, "0")}`;
}
