import type { Day } from "../domain/calendar.ts";
import { FetchError, ReadError, SendError, UsageError } from "../domain/errors.ts";
import { type Problem, type RunState, runState } from "../domain/run.ts";
import { tellAdmin } from "./alarm.ts";
import { rearm } from "./alert.ts";
import type { Context } from "./context.ts";

/** What a job is run for: the day of its issue, the moment whose knowledge counts, and whether mail may leave. */
export type Tick = {
  readonly day: Day;
  readonly asOf: Date /** False for a past day run by hand without --send. */;
  readonly send: boolean;
  /** The instant on the timetable this run is for; absent when run by hand. */
  readonly slot?: Date;
};

/**
 * Which of the ticks a job missed while no process was alive are made good: every one, only the last, or none. A tick that is not
 * made good is listed as skipped, with the reason.
 */
export type MissedPolicy = "all" | "last" | "none";

/** One scheduled job: its name, what becomes of missed ticks, and the stages it calls in order. Its cron line is in the settings. */
export type Job = {
  readonly name: "collect" | "publish-daily" | "publish-weekly" | "redeliver" | "preview-weekly" | "receipt";
  readonly missed: MissedPolicy;
  run(ctx: Context, tick: Tick): Promise<JobResult>;
};

/** What a job says when it ends: one line, what went wrong, and the bulletins' own lines for the terminal. */
export type JobResult = {
  readonly result: string;
  readonly problems: readonly Problem[];
  readonly lines?: readonly string[];
  readonly skipped?: boolean;
  /** With `skipped`: an issue was due and nobody got it: it is held, awaits a word or has no figures. No fault, and no good run either. */
  readonly withheld?: boolean;
  /** Nothing was done because something is not there yet that may come: `serve` tries again until the job's deadline. */
  readonly waiting?: { readonly reason: string /** Not for figures but for this hour. */; readonly until?: Date };
};

/**
 * The process was asked to stop and the step at hand is finished. No fault: nobody is told, and whoever takes the work up again
 * goes on where it ended.
 */
export class StopRequested extends Error {
  override readonly name = "StopRequested";
}

export type RunReport = {
  readonly id: string;
  readonly state: RunState;
  readonly result: string;
  readonly problems: readonly Problem[];
  readonly lines: readonly string[];
  /** Why the job waits, when it does; its state is `skipped` then. */
  readonly waiting: string | null;
  /** The hour it waits for; absent when it waits for figures. */
  readonly until?: Date;
  /** True when what was due was done whole, or nothing was due: what the dead man's switch is told. */
  readonly good: boolean;
};

/**
 * Runs a job with its row in the ledger, whatever happens: an expected failure ends it as `failed` with its message, a bug
 * too, and is thrown on. The administrator hears of each cause once, until a good run of the same job re-arms it.
 */
export async function runJob(ctx: Context, job: Job, tick: Tick): Promise<RunReport> {
  const origin = { slot: tick.slot ?? null, instance: ctx.instance };
  const id = await ctx.store.runs.start(job.name, tick.day, ctx.now(), origin);
  const close = (state: RunState, problems: readonly Problem[], result: string) =>
    ctx.store.runs.finish(id, state, problems, result, ctx.now());
  const told = { job: job.name, scheduledFor: tick.day };
  const outcome = await attempt(ctx, job, tick).catch(async (error: unknown) => {
    if (error instanceof StopRequested) {
      await close("partial", [], "interrupted: the process was asked to stop; the rest is done by whoever goes on");
      throw error;
    }
    const problem = unexpected(job, error);
    try {
      await close("failed", [problem], "ended by an unexpected error");
      await tellAdmin(ctx, told, [problem]);
    } catch (second) {
      // The first error is the one to mend, and is thrown; often the second only says again that the database is away.
      ctx.log("run-not-closed", { run: id, job: job.name, error: second });
    }
    throw error;
  });
  const waiting = outcome.waiting?.reason ?? null;
  // A warning is told and changes nothing.
  const isClean = runState(outcome.problems) === "done";
  const skipped = waiting !== null || (outcome.skipped === true && isClean);
  // Closed before the alerts, so that no fault of theirs leaves it open.
  await close(skipped ? "skipped" : runState(outcome.problems), outcome.problems, outcome.result);
  const untold = await tellAdmin(ctx, told, outcome.problems);
  const problems = [...outcome.problems, ...untold];
  if (untold.length === 0 && isClean && !skipped)
    for (const prefix of CAUSES[job.name].flatMap((cause) => [cause, `alarm/${cause}`])) await rearm(ctx, prefix);
  const state = skipped ? "skipped" : runState(problems);
  if (untold.length > 0) await close(state, problems, outcome.result);
  ctx.log("run", { id, job: job.name, day: tick.day, state, problems: problems.length });
  const good = state === "done" || (state === "skipped" && waiting === null && outcome.withheld !== true);
  const { until } = outcome.waiting ?? {};
  return {
    ...{ id, state, problems, result: outcome.result, lines: outcome.lines ?? [], waiting, good },
    ...(until === undefined ? {} : { until }),
  };
}

/** Wrong use and a database in trouble say what to do themselves; anything else is a bug and shows where. */
function unexpected(job: Job, error: unknown): Problem {
  if (error instanceof UsageError)
    return { cause: `${job.name}/usage`, severity: "failed", message: `${job.name} could not run: ${error.message}` };
  if (error instanceof Error && error.name === "DatabaseError")
    return { cause: `${job.name}/database`, severity: "failed", message: `${job.name} was cut off: ${error.message}` };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { cause: `${job.name}/bug`, severity: "failed", message: `${job.name} ended by an unexpected error: ${text}` };
}

/** Causes a good run of a job proves gone. */
const CAUSES: Readonly<Record<Job["name"], readonly string[]>> = {
  collect: ["collect/"],
  "publish-daily": ["compose/no-data/", "render/daily/", "output/", "publish-daily/", "deliver/", "go-live/"],
  "publish-weekly": [
    "compose/no-data/weekly",
    "render/weekly/",
    "output/",
    "publish-weekly/",
    "deliver/",
    "go-live/",
    "notice/approval/",
  ],
  redeliver: ["deliver/", "redeliver/", "go-live/"],
  "preview-weekly": ["preview-weekly/", "notice/preview/"],
  receipt: ["receipt/", "notice/receipt/"],
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
