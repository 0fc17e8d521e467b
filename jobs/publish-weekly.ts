import { nextWeeklyIssueDay } from "../src/domain/working-calendar.ts";
import { composeWeeklies } from "../src/pipeline/compose-weekly.ts";
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

/** Composes, renders and mails the steering committee's bulletin about the week before, on the week's first working day. */
export const publishWeekly: Job = {
  name: "publish-weekly",
  missed: "last",
  async run(ctx, tick) {
    const { day, asOf, send } = tick;
    const calendar = await openCalendar(ctx);
    const planned = { bulletin: "weekly", province: provinceOf(ctx), calendar, tick } as const;
    const stopped = await hindrance(ctx, planned);
    if (stopped !== null) return stopped;
    const composed = await composeWeeklies(ctx, {
      province: planned.province,
      day,
      asOf,
      nextIssue: nextWeeklyIssueDay(calendar, day),
      older: mayUseOlder(ctx, planned),
    });
    const skipped = skippedWithoutFigures(ctx, planned, composed);
    if (skipped !== null) return skipped;
    const warnings = calendarWarnings(calendar, day);
    return publishAndDeliver(ctx, composed, {
      what: `weekly of ${day}`,
      send,
      warnings,
      issued: issueOn(calendar, "weekly", day),
    });
  },
};
