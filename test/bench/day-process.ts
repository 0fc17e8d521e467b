// One morning of the sample province as one process of its own: started by day.ts, tells it the outcome and ends.
import { join } from "node:path";
import { collect } from "../../jobs/collect.ts";
import { publishDaily } from "../../jobs/publish-daily.ts";
import { readConfig } from "../../src/config.ts";
import { openContext } from "../../src/context.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import { runJob } from "../../src/pipeline/run.ts";
import { SAMPLE_RECIPIENTS, SAMPLE_SETTINGS } from "../../src/sample/setup.ts";

/** What a morning cost. `seconds` counts from the first statement to the closed database; `peak` is the process's own, in bytes. */
export type Morning = {
  readonly seconds: Readonly<Record<"open" | "collect" | "publish" | "close", number>>;
  readonly peak: number;
  readonly results: readonly string[];
};

const [directory = "", portalUrl = "", day = ""] = process.argv.slice(2);
let now = instantAt(day, "06:00");
let since = performance.now();
const lap = (): number => {
  const [before, at] = [since, performance.now()];
  since = at;
  return (at - before) / 1000;
};

const config = readConfig({ env: { DIEMTIN_LOG: "error" }, cwd: directory, file: false });
const { ctx, close } = await openContext(
  {
    ...config,
    settings: { ...config.settings, ...SAMPLE_SETTINGS },
    province: SAMPLE_SETTINGS.province,
    home: join(directory, "var"),
    out: join(directory, "out"),
    bases: { "evaluation-api": portalUrl },
  },
  { now: () => now, sleep: () => Promise.resolve(), progress: () => undefined },
);
await ctx.store.recipients.replace(SAMPLE_RECIPIENTS);
await ctx.store.goLives.confirm({ province: SAMPLE_SETTINGS.province, at: now, by: "the bench" });
const open = lap();
const collected = await runJob(ctx, collect, { day, asOf: now, send: true });
const collecting = lap();
now = instantAt(day, "07:00");
const published = await runJob(ctx, publishDaily, { day, asOf: now, send: true });
const publishing = lap();
await close();
for (const { state, result } of [collected, published]) if (state !== "done") throw new Error(`${day}: ${result}`);
const morning: Morning = {
  seconds: { open, collect: collecting, publish: publishing, close: lap() },
  peak: process.resourceUsage().maxRSS * 1024,
  results: [collected.result, published.result],
};
process.send?.(morning);
