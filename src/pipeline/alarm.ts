import type { Problem, Run } from "../domain/run.ts";
import { alertAdmin, rearm } from "./alert.ts";
import type { Context } from "./context.ts";

type Tick = Pick<Run, "job" | "scheduledFor">;

/** Tells the administrator by mail, and by the second channel what mail could not carry. Gives what stayed untold by mail. */
export async function tellAdmin(ctx: Context, run: Tick, problems: readonly Problem[]): Promise<readonly Problem[]> {
  const untold = await alertAdmin(ctx, run, problems);
  if (untold.length > 0) await raiseAlarm(ctx, run, problems);
  return untold;
}

/**
 * The second channel: faults the administrator could not be told of by mail, or of which mail itself is the fault, once per cause until a good run re-arms them. Without
 * a channel nothing happens. An alarm that does not arrive stays untold, so that the next run tries again. A database that was
 * restored or copied raises none: its original tells of its own faults, and two voices about one province mislead.
 */
export async function raiseAlarm(ctx: Context, run: Tick, problems: readonly Problem[]): Promise<void> {
  if (ctx.alarm === undefined) return;
  const held = (await ctx.channel.held?.()) ?? null;
  if (held !== null) {
    ctx.log("alarm-held", { warning: held, causes: problems.map(({ cause }) => cause) });
    return;
  }
  for (const { cause, message } of problems) {
    const raised = `alarm/${cause}#`;
    if (!(await ctx.store.runs.raise(raised, ctx.now()))) continue;
    const fault = await ctx.alarm({ job: run.job, day: run.scheduledFor, cause, message });
    ctx.log("alarm", fault === null ? { cause } : { cause, warning: fault });
    if (fault === null) continue;
    await rearm(ctx, raised);
    ctx.progress(`the second channel (DIEMTIN_ALARM_URL) could not be told of ${cause}: ${fault}`);
  }
}
