import type { Command } from "commander";
import { JOBS } from "../../jobs/index.ts";
import { redact } from "../adapters/log.ts";
import { dayOf, endOfDay } from "../domain/calendar.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import { exitCode, type Problem } from "../domain/run.ts";
import { recordAction } from "../pipeline/actions.ts";
import type { Context } from "../pipeline/context.ts";
import { writeIndex } from "../pipeline/index-page.ts";
import { type Job, type RunReport, runJob, type Tick } from "../pipeline/run.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, readDay, withProvince } from "./terminal.ts";

/** `run JOB`: one job of the timetable by hand. */
export const registerRun: Register = (program, terminal) => {
  program
    .command("run")
    .argument("<job>", JOBS.map(({ name }) => name).join(", "))
    .description("run one job of the timetable now (exit 3 when done in part)")
    .option(
      "--for <date>",
      "the day of issue; a past day takes what was known at its end and sends nothing without --send",
    )
    .option("--send", "send mail for a past day too")
    .option("--json", "print one JSON document")
    .action(async (name: string, options: { for?: string; send?: boolean; json?: boolean }, command: Command) => {
      const job = JOBS.find((candidate) => candidate.name === name);
      if (job === undefined)
        throw new UsageError(`no job is called "${name}"; there are: ${JOBS.map((known) => known.name).join(", ")}`);
      const actor = actorOf(terminal, command);
      const day = options.for === undefined ? null : readDay(options.for, "--for");
      const tick = tickOf(terminal.now(), day, { job: name, send: options.send === true });
      const report = await withProvince(terminal, async (ctx) => {
        const given = { job: name, day: tick.day, send: tick.send };
        await recordAction(ctx.store, { actor, command: "run", arguments: given, at: ctx.now() });
        return runAndShow(ctx, job, tick);
      });
      const shown = redacted(report);
      if (options.json === true) printJson(terminal, shown);
      else
        for (const line of [...report.lines.map((text) => `  ${text}`), `${name}: ${report.state}: ${report.result}`])
          terminal.print(line);
      for (const problem of shown.problems) terminal.progress(`${problem.severity}: ${problem.message}`);
      terminal.exit(exitCode(report.state));
    });
};

/** Today: as of now, with mail. A past day: as of its end, without mail unless asked. The portal cannot be asked about the past. */
function tickOf(now: Date, day: string | null, { job, send }: { job: string; send: boolean }): Tick {
  const today = dayOf(now);
  if (day === null || day === today) return { day: today, asOf: now, send: true };
  if (day > today) throw new UsageError(`--for: ${day} has not come yet`);
  if (job === "collect")
    throw new UsageError(
      `--for: the portal gives no past day's state of a running period; import stored answers with "diemtin import" instead`,
    );
  return { day, asOf: endOfDay(day), send };
}

/**
 * Runs a job and writes the index page after it, whatever the job's outcome. A page that cannot be written is a problem of the
 * report: what the job did is done.
 */
export async function runAndShow(ctx: Context, job: Job, tick: Tick): Promise<RunReport> {
  let report: RunReport;
  try {
    report = await runJob(ctx, job, tick);
  } catch (error) {
    const problem = await indexProblem(ctx, tick.day);
    if (problem !== null) ctx.log("index-not-written", { warning: problem.message });
    throw error;
  }
  const problem = await indexProblem(ctx, tick.day);
  if (problem === null) return report;
  return {
    ...report,
    problems: [...report.problems, problem],
    state: report.state === "failed" ? "failed" : "partial",
    good: false,
  };
}

/** Writes the administrator's page. Null when it was written. */
export async function indexProblem(ctx: Context, day: string): Promise<Problem | null> {
  try {
    await writeIndex(ctx, day);
    return null;
  } catch (error) {
    const message = `the page index.html was not written: ${describeError(error)}`;
    return { cause: "output/index", severity: "partial", message };
  }
}

/** A relay's replies name addresses. */
export function redacted(report: RunReport): RunReport {
  return { ...report, problems: report.problems.map((problem) => ({ ...problem, message: redact(problem.message) })) };
}
