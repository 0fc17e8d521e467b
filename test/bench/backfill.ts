import { createPortal } from "../../src/adapters/http.ts";
import type { Database } from "../../src/context.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { PROVINCES } from "../../src/domain/unit.ts";
import { backfill, planBackfill } from "../../src/pipeline/backfill.ts";
import { closedPeriods } from "../../src/pipeline/closed-periods.ts";
import { SAMPLE_PROVINCE } from "../../src/sample/bodies.ts";
import { startSamplePortal } from "../../src/sample/server.ts";
import { DEFAULT_SOURCE } from "../../src/sources/index.ts";

const TODAY = "2026-12-15";

/** What asking closed months costs besides the portal's pauses, which the sample needs none of. */
export type MeasuredBackfill = {
  readonly snapshots: number;
  readonly requests: number;
  readonly observations: number;
  readonly seconds: number;
};

/** Asks the sample portal for six closed months of the provinces and of one province. */
export async function measureBackfill({ store }: Database, settings: Settings): Promise<MeasuredBackfill> {
  const now = () => instantAt(TODAY, "09:00");
  const portal = await startSamplePortal({ now });
  try {
    const bases = { [DEFAULT_SOURCE.name]: portal.url };
    const quiet = { log: () => undefined, progress: () => undefined, instance: "bench:0" };
    const limits = { ...settings.portal, pauseMs: 0, now, log: quiet.log, sleep: () => Promise.resolve() };
    const ctx = { store, settings, now, ...quiet, portal: createPortal({ bases, ...limits }) };
    const stretch = { from: "2026-01", to: "2026-06", today: TODAY, kinds: DEFAULT_SOURCE.periods, since: 2026 };
    const visits = closedPeriods(stretch).flatMap((period) =>
      [PROVINCES, SAMPLE_PROVINCE].map((scope) => ({ source: DEFAULT_SOURCE, scope, period })),
    );
    const { asks } = await planBackfill(ctx, visits, "none");
    const start = performance.now();
    const { visited } = await backfill(ctx, asks);
    const seconds = (performance.now() - start) / 1000;
    if (visited.length !== asks.length || visited.some(({ complete }) => !complete))
      throw new Error("the sample portal did not answer every month");
    return {
      snapshots: visited.length,
      requests: asks.reduce((sum, { requests }) => sum + requests, 0),
      observations: visited.reduce((sum, { observations }) => sum + observations, 0),
      seconds,
    };
  } finally {
    await portal.close();
  }
}
