import { type Day, dayOf, daysBetween } from "../src/domain/calendar.ts";
import { type Period, periodEnd, periodKey, periodOf, previousPeriod } from "../src/domain/period.ts";
import type { Problem } from "../src/domain/run.ts";
import { PROVINCES } from "../src/domain/unit.ts";
import { collectScope, type Visit } from "../src/pipeline/collect.ts";
import type { Context } from "../src/pipeline/context.ts";
import { share, type VisitReport } from "../src/pipeline/crew.ts";
import { forgetOldLogs } from "../src/pipeline/forget.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import type { Job } from "../src/pipeline/run.ts";
import { DEFAULT_SOURCE } from "../src/sources/index.ts";

/** Closed periods are asked again this often, because the portal still restates them. */
const ASK_AGAIN_DAYS = 7;
/** The portal's evaluation API begins with this year. */
const FIRST_YEAR = 2026;

/** Asks the portal everything the bulletins need: the running periods, and closed ones once a week. */
export const collect: Job = {
  name: "collect",
  missed: "last",
  async run(ctx, { day, slot }) {
    const visits = await visitsDue(ctx, day);
    const problems: Problem[] = [];
    let complete = 0;
    for (const [index, visit] of visits.entries()) {
      const collected = await visitOne(ctx, visit, slot ?? null);
      const { problem } = collected;
      if (problem === null) complete += 1;
      else problems.push(problem);
      ctx.progress(`  ${index + 1}/${visits.length} ${visit.scope} ${periodKey(visit.period)}: ${collected.outcome}`);
      if (collected.stopped === null) continue;
      ctx.progress(`  ${visit.source.name} is asked nothing more in this run: ${collected.stopped}`);
      break;
    }
    await forgetOldLogs(ctx, day);
    const severity = complete === 0 ? "failed" : "partial";
    return {
      result: `${complete} of ${visits.length} snapshots complete`,
      problems: problems.map((problem) => ({ ...problem, severity })),
      lines: await registerLines(ctx),
    };
  },
};

/** What the register now holds of the own units, for the person at the terminal. */
async function registerLines(ctx: Context): Promise<readonly string[]> {
  const province = provinceOf(ctx);
  const units = (await ctx.store.units.list(province)).filter(({ closedFrom }) => closedFrom === null);
  if (units.length === 0) return [`${province}: no units are known yet`];
  const count = (level: string) => units.filter((unit) => unit.level === level).length;
  const waiting = units.filter(({ standing }) => standing === "waiting").length;
  const unconfirmed = waiting === 0 ? "" : `; ${waiting} wait for confirmation ("diemtin units confirm")`;
  return [
    `${province}: ${count("agency")} agencies, ${count("commune")} communes, wards and special zones${unconfirmed}`,
  ];
}

/** By whoever has time, and never two at once: the next visit is handed out when this one has ended. */
async function visitOne(ctx: Context, { source, scope, period }: Visit, since: Date | null): Promise<VisitReport> {
  const work = { source: source.name, scope, period: periodKey(period), since };
  const [collected] = await share(ctx, {
    name: "collect-scope",
    works: [work],
    one: (piece) => collectScope(ctx, piece),
  });
  if (collected === undefined || collected === null)
    throw new Error(`collect: nothing came of ${work.source} ${scope} ${work.period}`);
  return collected;
}

async function visitsDue(ctx: Context, day: Day): Promise<readonly Visit[]> {
  const scopes = [PROVINCES, provinceOf(ctx)];
  const visit = (period: Period) => scopes.map((scope): Visit => ({ source: DEFAULT_SOURCE, scope, period }));
  const running = ctx.settings.periods.flatMap((kind) => visit(periodOf(kind, day)));
  const due: Visit[] = [];
  for (const candidate of closedPeriods(day).flatMap(visit)) if (await isDue(ctx, candidate, day)) due.push(candidate);
  return [...running, ...due];
}

/** The last three closed months and the last closed quarter. */
function closedPeriods(day: Day): readonly Period[] {
  const first = previousPeriod(periodOf("month", day));
  const second = previousPeriod(first);
  const periods = [first, second, previousPeriod(second), previousPeriod(periodOf("quarter", day))];
  return periods.filter(({ year }) => year >= FIRST_YEAR);
}

async function isDue(ctx: Context, { source, scope, period }: Visit, day: Day): Promise<boolean> {
  const last = await ctx.store.snapshots.latest({
    source: source.name,
    scope,
    period: periodKey(period),
    asOf: ctx.now(),
  });
  if (last === null) return true;
  const taken = dayOf(last.takenAt);
  return taken <= periodEnd(period) || daysBetween(taken, day) >= ASK_AGAIN_DAYS;
}
