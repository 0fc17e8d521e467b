import type { Day } from "../domain/calendar.ts";
import { FetchError, ReadError, SendError } from "../domain/errors.ts";
import { type Problem, type RunState, runState } from "../domain/run.ts";
import { alertAdmin, rearm } from "./alert.ts";
import type { Context } from "./context.ts";

/** What a job is run for: the day of its issue, the moment whose knowledge counts, and whether mail may leave. */
export type Tick = {
  readonly day: Day;
  readonly asOf: Date /** False for a past day run by hand without --send. */;
  readonly send: boolean;
};

/** One scheduled job: its name, its cron line in Asia/Ho_Chi_Minh, and the stages it calls in order. */
export type Job = {
  readonly name: "collect" | "publish-daily" | "publish-weekly" | "redeliver";
  run(ctx: Context, tick: Tick): Promise<JobResult>;
};

/** What a job says when it ends: one line, what went wrong, and the bulletins' own lines for the terminal. */
export type JobResult = {
  readonly result: string;
  readonly problems: readonly Problem[];
  readonly lines?: readonly string[];
  readonly skipped?: boolean;
};

export type RunReport = {
  readonly id: string;
  readonly state: RunState;
  readonly result: string;
  readonly problems: readonly Problem[];
  readonly lines: readonly string[];
};

/**
 * Runs a job with its row in the ledger, whatever happens: an expected failure ends it as `failed` with its message, a bug
 * too, and is thrown on. The administrator hears of each cause once, until a good run of the same job re-arms it.
 */
export async function runJob(ctx: Context, job: Job, tick: Tick): Promise<RunReport> {
  const id = await ctx.store.runs.start(job.name, tick.day, ctx.now());
  const outcome = await attempt(ctx, job, tick).catch(async (error: unknown) => {
    const bug: Problem = {
      cause: `${job.name}/bug`,
      severity: "failed",
      message: `${job.name} ended by an unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
    await ctx.store.runs.finish(id, "failed", [bug], "ended by an unexpected error", ctx.now());
    throw error;
  });
  const alerts = await alertAdmin(ctx, { job: job.name, scheduledFor: tick.day }, outcome.problems);
  const problems = [...outcome.problems, ...alerts];
  if (problems.length === 0 && outcome.skipped !== true)
    for (const prefix of CAUSES[job.name]) await rearm(ctx, prefix);
  const state = outcome.skipped === true && problems.length === 0 ? "skipped" : runState(problems);
  await ctx.store.runs.finish(id, state, problems, outcome.result, ctx.now());
  ctx.log("run", { id, job: job.name, day: tick.day, state, problems: problems.length });
  return { id, state, problems, result: outcome.result, lines: outcome.lines ?? [] };
}

/** Causes a good run of a job proves gone. */
const CAUSES: Readonly<Record<Job["name"], readonly string[]>> = {
  collect: ["collect/"],
  "publish-daily": ["compose/no-data/", "render/daily/", "publish-daily/", "deliver/"],
  "publish-weekly": ["render/weekly/", "publish-weekly/", "deliver/"],
  redeliver: ["deliver/", "redeliver/"],
};

async function attempt(ctx: Context, job: Job, tick: Tick): Promise<JobResult> {
  try {
    return await job.run(ctx, tick);
  } catch (error) {
    if (!(error instanceof FetchError || error instanceof ReadError || error instanceof SendError)) throw error;
    return {
      result: "failed",
      problems: [{ cause: `${job.name}/${error.name}`, severity: "failed", message: error.message }],
    };
  }
}
