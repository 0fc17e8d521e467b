import type { Day } from "../src/domain/calendar.ts";
import type { BulletinName } from "../src/domain/edition.ts";
import type { WorkingCalendar } from "../src/domain/working-calendar.ts";
import type { Composed } from "../src/pipeline/compose-daily.ts";
import type { Context } from "../src/pipeline/context.ts";
import type { Issue } from "../src/pipeline/daily-desk.ts";
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

/** In what the bulletins differ: when the issue after this one comes out, and what is composed. */
export type Bulletin = {
  readonly bulletin: BulletinName;
  nextIssue(calendar: WorkingCalendar, day: Day): Day;
  compose(ctx: Context, issue: Issue): Promise<Composed>;
};

/** The job of a bulletin: when its issue is due and its figures are there, compose, then render, freeze and deliver. */
export function publishing({ bulletin, nextIssue, compose }: Bulletin): Job {
  return {
    name: `publish-${bulletin}`,
    missed: "last",
    async run(ctx, tick) {
      const { day, asOf, send } = tick;
      const calendar = await openCalendar(ctx);
      const planned = { bulletin, province: provinceOf(ctx), calendar, tick };
      const stopped = await hindrance(ctx, planned);
      if (stopped !== null) return stopped;
      const composed = await compose(ctx, {
        ...{ province: planned.province, day, asOf, nextIssue: nextIssue(calendar, day) },
        older: mayUseOlder(ctx, planned),
      });
      const skipped = skippedWithoutFigures(ctx, planned, composed);
      if (skipped !== null) return skipped;
      return publishAndDeliver(ctx, composed, {
        ...{ what: `${bulletin} of ${day}`, send, warnings: calendarWarnings(calendar, day) },
        issued: issueOn(calendar, bulletin, day),
      });
    },
  };
}
