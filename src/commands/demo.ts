import { join } from "node:path";
import { collect } from "../../jobs/collect.ts";
import { publishDaily } from "../../jobs/publish-daily.ts";
import { publishWeekly } from "../../jobs/publish-weekly.ts";
import { type Config, readConfig } from "../config.ts";
import { type Day, instantAt } from "../domain/calendar.ts";
import { exitCode } from "../domain/run.ts";
import type { Context } from "../pipeline/context.ts";
import { writeIndex } from "../pipeline/index-page.ts";
import { putOut } from "../pipeline/publish.ts";
import type { Job, RunReport } from "../pipeline/run.ts";
import { startSamplePortal } from "../sample/server.ts";
import { SAMPLE_RECIPIENTS, SAMPLE_SETTINGS } from "../sample/setup.ts";
import { runAndShow } from "./run.ts";
import { inContext, type Register, type Terminal } from "./terminal.ts";

type Step = { readonly job: Job; readonly day: Day; readonly time: string };

/** The demo's days: three mornings, two digests, one weekly bulletin. */
const STEPS: readonly Step[] = [
  { job: collect, day: "2026-10-05", time: "06:00" },
  { job: collect, day: "2026-10-09", time: "06:00" },
  { job: publishDaily, day: "2026-10-09", time: "07:00" },
  { job: collect, day: "2026-10-12", time: "06:00" },
  { job: publishWeekly, day: "2026-10-12", time: "06:30" },
  { job: publishDaily, day: "2026-10-12", time: "07:00" },
];

const LAST_DAY: Day = "2026-10-12";

/** `demo`: the main job on the bundled portal, an own embedded database and a mail folder, whatever today is. */
export const registerDemo: Register = (program, terminal) => {
  program
    .command("demo")
    .description("three days of the sample province: real pipeline, made-up figures, mail into a folder")
    .action(async () => {
      const config = demoConfig(terminal);
      let now = instantAt("2026-10-05", "06:00");
      const portal = await startSamplePortal({ now: () => now });
      const started = terminal.now().getTime();
      try {
        const world = { now: () => now, sleep: () => Promise.resolve(), progress: terminal.progress };
        const reports = await inContext(
          { config: { ...config, bases: { "evaluation-api": portal.url } }, world },
          async (bare) => {
            const ctx = exempt(bare);
            if ((await ctx.store.recipients.list()).length === 0) await ctx.store.recipients.replace(SAMPLE_RECIPIENTS);
            const done: RunReport[] = [];
            for (const step of STEPS) {
              now = instantAt(step.day, step.time);
              if (await isDone(ctx.store, step)) {
                terminal.progress(`${step.day} ${step.job.name}: already done`);
                continue;
              }
              terminal.progress(`${step.day} ${step.time} ${step.job.name}`);
              done.push(await runAndShow(ctx, step.job, { day: step.day, asOf: now, send: true }));
            }
            // After a folder was removed: what was published stands there again. Equal files are left alone.
            if (done.length === 0) {
              await putOut(
                ctx,
                (await ctx.store.editions.list()).map(({ id }) => id),
              );
              await writeIndex(ctx, LAST_DAY);
            }
            return done;
          },
        );
        conclude(terminal, { config, reports, seconds: (terminal.now().getTime() - started) / 1000 });
      } finally {
        await portal.close();
      }
    });
};

/** The demo writes to nobody, so it needs no go-live; none is recorded either, should somebody point a relay at its database. */
function exempt(ctx: Context): Context {
  const goLives: Context["store"]["goLives"] = {
    find: async (province) => ({ province, at: ctx.now(), by: "demo" }),
    confirm: async () => false,
  };
  return { ...ctx, store: { ...ctx.store, goLives } };
}

/** The demo keeps to itself: an own home, no DATABASE_URL, SMTP_URL or PORTAL_URL, no configuration file. */
function demoConfig(terminal: Terminal): Config {
  const { DATABASE_URL: _database, SMTP_URL: _smtp, PORTAL_URL: _portal, DIEMTIN_CONFIG: _file, ...env } = terminal.env;
  const config = readConfig({ env, cwd: terminal.cwd, file: false });
  return {
    ...config,
    settings: {
      ...config.settings,
      ...SAMPLE_SETTINGS,
      weekly: { ...config.settings.weekly, approval: { kind: "none" } },
    },
    province: SAMPLE_SETTINGS.province,
    home: join(config.home, "demo"),
    logLevel: "error",
  };
}

/** A step that was done before is not done again: the demo is one story with one outcome. */
async function isDone(
  store: { runs: { list(): Promise<readonly { job: string; scheduledFor: string; state: string }[]> } },
  step: Step,
): Promise<boolean> {
  return (await store.runs.list()).some(
    ({ job, scheduledFor, state }) =>
      job === step.job.name && scheduledFor === step.day && (state === "done" || state === "skipped"),
  );
}

function conclude(
  terminal: Terminal,
  { config, reports, seconds }: { config: Config; reports: readonly RunReport[]; seconds: number },
): void {
  if (reports.length === 0) {
    terminal.print(
      `already published: the demo's editions are in ${config.out}; nothing was sent, no file was changed`,
    );
    terminal.print(`to see it again from the start, remove ${config.home} and ${config.out}`);
    return terminal.exit(0);
  }
  for (const report of reports) {
    for (const line of report.lines) terminal.print(`  ${line}`);
    terminal.print(`${report.state}: ${report.result}`);
    for (const problem of report.problems) terminal.progress(`${problem.severity}: ${problem.message}`);
  }
  const codes = reports.map(({ state }) => exitCode(state));
  const worst = codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
  terminal.print(
    `${worst === 0 ? "made" : "not everything was made; what was is"} in ${config.out}: daily/*.pdf, weekly/*.pdf, mail/*.eml, index.html (${seconds.toFixed(1)} s). The figures are made up.`,
  );
  terminal.exit(worst);
}
