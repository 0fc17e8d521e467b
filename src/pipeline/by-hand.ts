import type { Day } from "../domain/calendar.ts";
import { describeError } from "../domain/errors.ts";
import { type Problem, runState } from "../domain/run.ts";
import type { Context } from "./context.ts";

/** What a command by hand came to, for its row in the ledger: one line of counts, and what went wrong. */
export type HandDone<T> = { readonly value: T; readonly result: string; readonly problems: readonly Problem[] };

/**
 * Gives a command by hand its row among the runs: `running` while it works (when the process is killed, until the next command of its machine), otherwise
 * how it ended. What the work throws is noted as failed and thrown on.
 */
export async function byHand<T>(
  ctx: Pick<Context, "store" | "now" | "log" | "instance">,
  { command, day }: { readonly command: string; readonly day: Day },
  work: () => Promise<HandDone<T>>,
): Promise<T> {
  const id = await ctx.store.runs.start(command, day, ctx.now(), { slot: null, instance: ctx.instance });
  let done: HandDone<T>;
  try {
    done = await work();
  } catch (error) {
    const problem: Problem = { cause: `${command}/ended`, severity: "failed", message: describeError(error) };
    try {
      await ctx.store.runs.finish(id, "failed", [problem], "ended by an error", ctx.now());
    } catch (second) {
      // The first error is the one to mend; often the second only says again that the database is away.
      ctx.log("run-not-closed", { run: id, job: command, error: second });
    }
    throw error;
  }
  await ctx.store.runs.finish(id, runState(done.problems), done.problems, done.result, ctx.now());
  return done.value;
}
