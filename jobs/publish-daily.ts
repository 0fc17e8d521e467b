import { nextWorkingDay } from "../src/domain/working-calendar.ts";
import { composeDailies } from "../src/pipeline/compose-daily.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import {
  calendarWarnings,
  hindrance,
  issueOn,
  mayUseOlder,
  openCalendar,
  skippedWithoutFigures,
} from "../src/pipeline/publish-policy.ts";
import type { Job } from "../src/pipeline/run.ts";
import { publishAndDeliver } from "./publish-and-deliver.ts";

/** Composes, renders and mails the digest of every unit and of the province, on working days. */
export const publishDaily: Job = {
  name: "publish-daily",
  missed: "last",
  async run(ctx, tick) {
    const { day, asOf, send } = tick;
    const calendar = await openCalendar(ctx);
    const planned = { bulletin: "daily", province: provinceOf(ctx), calendar, tick } as const;
    const stopped = await hindrance(ctx, planned);
    if (stopped !== null) return stopped;
    const composed = await composeDailies(ctx, {
      province: planned.province,
      day,
      asOf,
      nextIssue: nextWorkingDay(calendar, day),
      older: mayUseOlder(ctx, planned),
    });
    const skipped = skippedWithoutFigures(ctx, planned, composed);
    if (skipped !== null) return skipped;
    const warnings = calendarWarnings(calendar, day);
    return publishAndDeliver(ctx, composed, {
      what: `daily of ${day}`,
      send,
      warnings,
      issued: issueOn(calendar, "daily", day),
    });
  },
};
