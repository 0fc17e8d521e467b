import type { OpenTick } from "../adapters/postgres/ticks.ts";
import type { Work } from "../adapters/queue.ts";
import { dayOf, endOfDay, timeOf } from "../domain/calendar.ts";
import { type Job, type RunReport, StopRequested } from "../pipeline/run.ts";
import type { Desk } from "./desk.ts";
import { momentOf } from "./due.ts";
import { deadlineOf, isAfter } from "./timetable.ts";
import { collectAgain, nextTryIn } from "./waiting.ts";

/** How long a publish job waits for a collect of its day that is still queued or running. */
const BEHIND_COLLECT_S = 20;

/** So long after its deadline a tick that was ready before it may still be begun. */
const GRACE_MS = 5 * 60_000;

/** What running a job gives; `run` is `runJob` with everything around it. */
export type RunTick = (job: Job, slot: Date, asOf: Date) => Promise<RunReport>;

/**
 * Does the work of one tick: runs its job, or notes why not. A tick that another worker has finished is left alone; one whose worker
 * died is taken up again. An error that is thrown gives the work back to the queue.
 */
export async function workOn(desk: Desk, { job: name, slot }: Pick<Work, "job" | "slot">, run: RunTick): Promise<void> {
  const job = desk.jobs.find((known) => known.name === name);
  if (job === undefined) throw new Error(`the timetable has no job ${name}; another version of the program queued it`);
  const open = await desk.ticks.open();
  const own = open.find((tick) => tick.job === name && tick.slot.getTime() === slot.getTime());
  if (own === undefined) return;
  const refusal = own.state === "running" ? dayIsOver(desk, slot) : reasonNotTo(desk, job, { slot, open });
  if (refusal !== null) {
    await desk.ticks.close(own, { state: "skipped", reason: refusal, instance: desk.instance, at: desk.now() });
    return;
  }
  if (own.state !== "running" && isBehindCollect(desk, job, { slot, open })) {
    await desk.ticks.again(own, own.state, (transaction) => desk.queue.add(transaction, own, BEHIND_COLLECT_S));
    return;
  }
  const begun = await desk.ticks.begin(own, { instance: desk.instance, at: desk.now() });
  if (begun === null) return;
  await runAndEnd(desk, { job, tick: own, attempts: begun.attempts }, run);
}

async function runAndEnd(
  desk: Desk,
  what: { job: Job; tick: OpenTick; attempts: number },
  run: RunTick,
): Promise<void> {
  const { job, tick } = what;
  const began = desk.now();
  const asOf = new Date(Math.min(began.getTime(), endOfDay(dayOf(tick.slot)).getTime()));
  try {
    const report = await run(job, tick.slot, asOf);
    if (report.until !== undefined) await tryAt(desk, what, report.until);
    else if (report.waiting !== null) await tryLater(desk, what);
    else await desk.ticks.finish(tick);
    const seconds = (desk.now().getTime() - began.getTime()) / 1000;
    const state = report.waiting === null ? report.state : "waiting";
    await desk.ended({ job: job.name, state, seconds, good: report.good });
  } catch (error) {
    if (!(error instanceof StopRequested)) throw error;
    // Stays "running": the next worker goes on even after the deadline, since half an issue is worse than a late one.
    await desk.ticks.again(tick, "running", (transaction) => desk.queue.add(transaction, tick));
  }
}

/** Collects once more, when its manners allow, and puts the tick back. */
async function tryLater(desk: Desk, { job, tick, attempts }: { job: Job; tick: OpenTick; attempts: number }) {
  const seconds = nextTryIn(desk.now(), { attempts, deadline: deadlineOf(desk.settings, job.name) });
  if (seconds === null) {
    await desk.ticks.finish(tick);
    return;
  }
  await collectAgain(desk, seconds);
  await desk.ticks.again(tick, "waiting", (transaction) => desk.queue.add(transaction, tick, seconds));
}

/** Puts the tick back for an hour it waits for; nothing is collected again meanwhile. */
async function tryAt(desk: Desk, { tick }: { tick: OpenTick }, until: Date): Promise<void> {
  const seconds = Math.max(1, Math.ceil((until.getTime() - desk.now().getTime()) / 1000));
  await desk.ticks.again(tick, "waiting", (transaction) => desk.queue.add(transaction, tick, seconds));
}

function dayIsOver(desk: Desk, slot: Date): string | null {
  const now = desk.now();
  if (dayOf(now) <= dayOf(slot)) return null;
  return `its day was over at ${momentOf(now, slot)}, when a worker could take it up again`;
}

/** Why a tick that nobody has begun is not begun now; null when it is. */
function reasonNotTo(desk: Desk, job: Job, about: { slot: Date; open: readonly OpenTick[] }): string | null {
  const { slot, open } = about;
  const now = desk.now();
  const over = dayIsOver(desk, slot);
  if (over !== null) return over;
  const newer = open.filter((tick) => tick.job === job.name && tick.slot > slot).at(-1);
  if (newer !== undefined && job.missed !== "all")
    return `a worker was free only at ${timeOf(now)}, when the tick of ${timeOf(newer.slot)} was due as well`;
  const deadline = deadlineOf(desk.settings, job.name);
  // The last try of a job that waits is made at the deadline, by a worker that may be busy.
  const late = new Date(now.getTime() - GRACE_MS);
  if (isAfter(deadline, late) && dayOf(late) === dayOf(slot))
    return `a worker was free only at ${timeOf(now)}, after the deadline ${deadline}`;
  return null;
}

/** Until its deadline nothing is published while the figures of its morning are still being fetched. */
function isBehindCollect(desk: Desk, job: Job, about: { slot: Date; open: readonly OpenTick[] }): boolean {
  const deadline = deadlineOf(desk.settings, job.name);
  if (deadline === null || timeOf(desk.now()) >= deadline) return false;
  return about.open.some((tick) => tick.job === "collect" && dayOf(tick.slot) === dayOf(about.slot));
}
