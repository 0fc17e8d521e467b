import type { NewTick, OpenTick } from "../adapters/postgres/ticks.ts";
import { dayOf } from "../domain/calendar.ts";
import { tellAdmin } from "../pipeline/alarm.ts";
import type { Job } from "../pipeline/run.ts";
import type { Desk } from "./desk.ts";
import { dueTicks } from "./due.ts";
import { deadlineOf, minuteOf, slotsBetween } from "./timetable.ts";

/**
 * Notes every slot of the timetable that has come since the last noted one, of all jobs in the order of the day: what a running
 * process does each minute, and a started one first. The same for a slept hour, a week without power and a clock that was put
 * forward. A clock that was put back finds its slots noted. Gives how many ticks were noted.
 */
export async function walk(desk: Desk): Promise<number> {
  const newest = await desk.ticks.newest();
  let noted = 0;
  for (const job of desk.jobs) {
    const now = desk.now();
    // Asked without a lock first: most minutes have nothing to note.
    if (newTicks(desk, job, { newest: newest.get(job.name) ?? null, now }).length === 0) continue;
    const ticks = await desk.ticks.note(job.name, (last) => newTicks(desk, job, { newest: last, now }), {
      instance: desk.instance,
      at: now,
      carry: (transaction, tick) => desk.queue.add(transaction, tick),
    });
    noted += ticks.length;
    for (const { slot, origin, skip } of ticks) desk.log("tick", { job: job.name, slot, origin, skip });
  }
  await mend(desk);
  return noted;
}

function newTicks(desk: Desk, job: Job, { newest, now }: { newest: Date | null; now: Date }): readonly NewTick[] {
  // Nothing was missed before the first process ever: the timetable begins with the minute it was started in.
  if (newest === null) {
    const start: NewTick = { slot: new Date(minuteOf(now).getTime() - 60_000), origin: "start", skip: null };
    return [start, ...newTicks(desk, job, { newest: start.slot, now })];
  }
  const slots = slotsBetween(desk.settings.schedule[job.name], newest, now);
  return dueTicks(slots, now, { policy: job.missed, deadline: deadlineOf(desk.settings, job.name) });
}

/** Ticks whose work the queue has given up or lost (a restored database): given up with a reason, or queued again. */
async function mend(desk: Desk): Promise<void> {
  for (const tick of await desk.ticks.open()) {
    const state = await desk.queue.stateOf(tick);
    if (state === "waiting" || state === "active") continue;
    if (state === "gone" && dayOf(tick.slot) === dayOf(desk.now())) await queueAgain(desk, tick);
    else await giveUp(desk, tick, state);
  }
}

async function queueAgain(desk: Desk, tick: OpenTick): Promise<void> {
  await desk.ticks.again(tick, tick.state, (transaction) => desk.queue.add(transaction, tick));
  desk.log("tick-queued-again", { job: tick.job, slot: tick.slot, warning: "the queue had lost its work" });
}

async function giveUp(desk: Desk, tick: OpenTick, state: "ended" | "gone"): Promise<void> {
  const what = state === "ended" ? `ended without an outcome ${tick.attempts} times` : "was lost from the queue";
  const reason = `given up: the work ${what}; see the runs before it and the log, then run ${tick.job} by hand`;
  const closed = await desk.ticks.close(tick, {
    ...{ state: "failed" as const, reason, instance: desk.instance, at: desk.now() },
  });
  if (!closed) return;
  desk.log("tick-given-up", { job: tick.job, slot: tick.slot, warning: reason });
  const problem = { cause: `${tick.job}/given-up`, severity: "failed", message: reason } as const;
  await desk.inContext((ctx) => tellAdmin(ctx, { job: tick.job, scheduledFor: dayOf(tick.slot) }, [problem]));
}
