import { type Day, instantAt } from "../src/domain/calendar.ts";
import type { BulletinName } from "../src/domain/edition.ts";
import type { Problem } from "../src/domain/run.ts";
import type { WorkingCalendar } from "../src/domain/working-calendar.ts";
import type { Agreed, agree, isPending } from "../src/pipeline/approval.ts";
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
import type { Job, JobResult, Tick } from "../src/pipeline/run.ts";
import { publishAndDeliver } from "./publish-and-deliver.ts";

/** In what the bulletins differ: when the issue after this one comes out, and what is composed. */
export type Bulletin = {
  readonly bulletin: BulletinName;
  nextIssue(calendar: WorkingCalendar, day: Day): Day;
  compose(ctx: Context, issue: Issue): Promise<Composed>;
  /** Somebody's word that an issue waits for; absent: it waits for nobody. */
  readonly consent?: { readonly agree: typeof agree; readonly isPending: typeof isPending };
};

/** The job of a bulletin: when its issue is due and its figures are there, compose, then render, freeze and deliver. */
export function publishing({ bulletin, nextIssue, compose, consent }: Bulletin): Job {
  return {
    name: `publish-${bulletin}`,
    missed: "last",
    async run(ctx, tick) {
      const { day, asOf, send } = tick;
      const calendar = await openCalendar(ctx);
      const [province, issued] = [provinceOf(ctx), issueOn(calendar, bulletin, day)];
      const pending = (await consent?.isPending(ctx, issued.issue, province)) ?? false;
      const planned = { bulletin, province, calendar, tick, pending };
      const stopped = await hindrance(ctx, planned);
      if (stopped !== null) return stopped;
      const composed = await compose(ctx, {
        ...{ province: planned.province, day, asOf, nextIssue: nextIssue(calendar, day) },
        older: mayUseOlder(ctx, planned),
      });
      const skipped = skippedWithoutFigures(ctx, planned, composed);
      if (skipped !== null) return skipped;
      const [what, warnings] = [`${bulletin} of ${day}`, calendarWarnings(calendar, day)];
      const agreed = (await consent?.agree(ctx, composed, { ask: send })) ?? { composed, awaiting: null };
      if (agreed.awaiting !== null) return awaiting(ctx, { ...agreed, ...agreed.awaiting, tick, what, warnings });
      const occasion = { byHand: tick.slot === undefined, startedAt: ctx.now() };
      return publishAndDeliver(ctx, agreed.composed, { what, send, warnings, issued, occasion });
    },
  };
}

type Waiting = NonNullable<Agreed["awaiting"]> &
  Pick<Agreed, "composed"> & { readonly tick: Tick; readonly what: string; readonly warnings: readonly Problem[] };

/** An issue that is composed and waits for a word, or for its hour. */
function awaiting({ settings }: Context, { reason, until, lines, composed, tick, what, warnings }: Waiting): JobResult {
  // Later than that the clock would not begin it any more; then the next redeliver lets it go.
  const isByClock = tick.slot !== undefined && until !== null && until <= instantAt(tick.day, settings.weekly.deadline);
  return {
    ...{ result: `${what}: nothing sent: ${reason}`, lines, skipped: true, withheld: true },
    problems: [...composed.problems, ...warnings],
    ...(isByClock ? { waiting: { reason, until } } : {}),
  };
}
