import { addDays, type Day, instantAt } from "../domain/calendar.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import { paperPath } from "../domain/edition.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { Context } from "./context.ts";
import { provinceOf } from "./province.ts";

/** The page shows the last seven days of editions. */
const DAYS_SHOWN = 7;
const RUNS_SHOWN = 20;

/** Writes `index.html` into the output directory: the day's state, the editions, who got nothing. Vietnamese, no addresses. */
export async function writeIndex(ctx: Context, day: Day): Promise<void> {
  const province = provinceOf(ctx);
  const since = instantAt(addDays(day, 1 - DAYS_SHOWN));
  const [editions, runs] = await Promise.all([
    ctx.store.editions.list(since),
    ctx.store.runs.list({ newest: RUNS_SHOWN }),
  ]);
  const states = new Map<string, DeliveryState[]>(editions.map(({ id }) => [id, []]));
  for (const delivery of await ctx.store.deliveries.list(editions.map(({ id }) => id)))
    states.get(delivery.edition)?.push(delivery.state);
  const data = await Promise.all(
    [PROVINCES, province].map(async (scope) => {
      const period = periodKey(periodOf("year", day));
      return {
        scope,
        takenAt:
          (await ctx.store.snapshots.latest({ source: DEFAULT_SOURCE.name, scope, period, asOf: ctx.now() }))
            ?.takenAt ?? null,
      };
    }),
  );
  const page = ctx.press.day({
    province: PROVINCES_CATALOGUE.find(({ code }) => code === province)?.name.replace(/^UBND /, "") ?? province,
    ...(ctx.settings.issuer.notice === undefined ? {} : { notice: ctx.settings.issuer.notice }),
    day,
    data,
    runs: runs.toReversed().map(({ job, scheduledFor, startedAt, state, problems }) => ({
      ...{ job, scheduledFor, startedAt, state },
      problems: problems.map(({ message }) => message),
    })),
    editions: [...editions]
      .sort((a, b) => b.asOf.getTime() - a.asOf.getTime() || (a.id < b.id ? 1 : -1))
      .map((edition) => ({
        id: edition.id,
        unit: edition.audience,
        summary: edition.summary,
        pdf: edition.pages ? paperPath(edition, "pdf") : null,
        states: states.get(edition.id) ?? [],
      })),
  });
  await ctx.out.write("index.html", page);
}
