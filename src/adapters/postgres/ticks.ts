import type { Knex } from "knex";
import { dayOf } from "../../domain/calendar.ts";
import type { Problem } from "../../domain/run.ts";
import { change, inTransaction, query } from "./sql.ts";

export type TickOrigin = "start" | "clock" | "missed" | "retry";

/** One instant of the timetable that is to be written down: its work is queued, or it is skipped and `skip` says why. */
export type NewTick = { readonly slot: Date; readonly origin: TickOrigin; readonly skip: string | null };

/** A tick whose work is not finished. `attempts` is how often a worker has begun it. */
export type OpenTick = {
  readonly job: string;
  readonly slot: Date;
  readonly state: "due" | "running" | "waiting";
  readonly attempts: number;
  readonly work: string;
};

/** Who writes and when, for the ledger. */
export type Hand = { readonly instance: string; readonly at: Date };

/** Queues the work of a tick inside a transaction and gives the work's id in the queue. */
export type Carry = (transaction: Knex.Transaction, tick: { job: string; slot: Date }) => Promise<string>;

/** The ledger of the timetable: each tick of each job once, whoever notes it. */
export type Ticks = ReturnType<typeof ticksIn>;

/** Fills the ledger from a migrated PostgreSQL. */
export function ticksIn(knex: Knex) {
  return {
    newest: () => newestTicks(knex),
    note: (job: string, decide: Decide, by: Hand & { carry: Carry }) => noteTicks(knex, { job, decide, ...by }),
    open: (job?: string) => openTicks(knex, job ?? null),
    begin: (tick: Key, hand: Hand) => beginTick(knex, tick, hand),
    /** Runs of a job begun since an instant, oldest first. */
    runsSince: (job: string, since: Date) => runsSince(knex, job, since),
    finish: (tick: Key) => finishTick(knex, tick),
    /** Notes that a tick came to nothing, with the reason, and ends it. */
    close: (tick: Key, end: Ending & Hand) => closeTick(knex, tick, end),
    /** Queues the work of an open tick again, in one transaction with its state. */
    again: (tick: Key, state: OpenTick["state"], carry: Carry) => carryAgain(knex, tick, { state, carry }),
  };
}

type Key = { readonly job: string; readonly slot: Date };
type Decide = (newest: Date | null) => readonly NewTick[];
type Ending = { readonly state: "skipped" | "failed"; readonly reason: string };

/** The last noted tick of each job; every earlier one has been noted too. */
async function newestTicks(knex: Knex): Promise<ReadonlyMap<string, Date>> {
  const rows = await query<{ job: string; slot: Date }>(
    knex,
    `select job, max(slot) as slot from ticks where origin <> 'retry' group by job`,
  );
  return new Map(rows.map(({ job, slot }) => [job, slot]));
}

/**
 * Notes what `decide` makes of the last noted tick, and queues or skips each, in one transaction that one process at a time may
 * run for a job: no tick is noted without its work, none twice. Gives those that were noted now.
 */
async function noteTicks(
  knex: Knex,
  given: { job: string; decide: Decide; carry: Carry } & Hand,
): Promise<readonly NewTick[]> {
  return inTransaction(knex, async (transaction) => {
    await query(transaction, `select pg_advisory_xact_lock(hashtext('diemtin-ticks'), hashtext(?))`, [given.job]);
    const [last] = await query<{ slot: Date | null }>(
      transaction,
      `select max(slot) as slot from ticks where job = ? and origin <> 'retry'`,
      [given.job],
    );
    const noted: NewTick[] = [];
    for (const tick of given.decide(last?.slot ?? null)) {
      if (await noteOne(transaction, tick, given)) noted.push(tick);
    }
    return noted;
  });
}

async function noteOne(
  transaction: Knex.Transaction,
  { slot, origin, skip }: NewTick,
  { job, carry, instance, at }: { job: string; carry: Carry } & Hand,
): Promise<boolean> {
  const made = await change(
    transaction,
    `insert into ticks (job, slot, origin, noted_at, noted_by, state) values (?, ?, ?, ?, ?, 'finished')
     on conflict do nothing`,
    [job, slot, origin, at, instance],
  );
  if (made === 0 || origin === "start") return made === 1;
  if (skip !== null) {
    await noteRun(transaction, { job, slot }, { state: "skipped", reason: skip, instance, at });
    return true;
  }
  const work = await carry(transaction, { job, slot });
  await change(transaction, `update ticks set state = 'due', work = ?::uuid where job = ? and slot = ?`, [
    ...[work, job, slot],
  ]);
  return true;
}

async function noteRun(knex: Knex, { job, slot }: Key, end: Ending & Hand): Promise<void> {
  const problems =
    end.state === "failed" ? [{ cause: `${job}/given-up`, severity: "failed", message: end.reason }] : [];
  await change(
    knex,
    `insert into runs (job, scheduled_for, slot, instance, started_at, finished_at, state, problems, result)
     values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)`,
    [job, dayOf(slot), slot, end.instance, end.at, end.at, end.state, JSON.stringify(problems), end.reason],
  );
}

/** Ticks that are not finished, oldest first; of one job, or of all. */
async function openTicks(knex: Knex, job: string | null): Promise<readonly OpenTick[]> {
  return query<OpenTick>(
    knex,
    `select job, slot, state, attempts, work
     from ticks
     where state <> 'finished' and (?::text is null or job = ?)
     order by slot, job`,
    [job, job],
  );
}

/** How a tick stood when a worker began it. `running`: an earlier attempt did not end by itself. */
export type Begun = { readonly was: OpenTick["state"]; readonly attempts: number };

/**
 * A worker begins a tick: gives how it stood, null when it is finished. A run of it that is still open belongs to a process that is
 * gone, and is closed as cut off.
 */
async function beginTick(knex: Knex, { job, slot }: Key, { instance, at }: Hand): Promise<Begun | null> {
  return inTransaction(knex, async (transaction) => {
    const [tick] = await query<Begun>(
      transaction,
      `select state as was, attempts from ticks where job = ? and slot = ? and state <> 'finished' for update`,
      [job, slot],
    );
    if (tick === undefined) return null;
    await change(
      transaction,
      `update ticks set state = 'running', attempts = attempts + 1 where job = ? and slot = ?`,
      [...[job, slot]],
    );
    await closeOpenRuns(transaction, { job, slot }, { at, result: `; taken over by ${instance}` });
    return tick;
  });
}

/** Only a dead or cut-off process leaves a run open: nobody else works on its tick. */
async function closeOpenRuns(
  knex: Knex,
  { job, slot }: Key,
  { at, result }: { at: Date; result: string },
): Promise<void> {
  await change(
    knex,
    `update runs set state = 'failed', finished_at = ?,
       result = 'cut off: its process (' || coalesce(instance, 'unknown') || ') ended or lost the database' || ?::text
     where job = ? and slot = ? and state = 'running'`,
    [at, result, job, slot],
  );
}

async function runsSince(
  knex: Knex,
  job: string,
  since: Date,
): Promise<readonly { readonly startedAt: Date; readonly problems: readonly Problem[] }[]> {
  return query(
    knex,
    `select started_at as "startedAt", problems from runs where job = ? and started_at >= ? order by started_at, id`,
    [job, since],
  );
}

async function finishTick(knex: Knex, { job, slot }: Key): Promise<void> {
  await change(knex, `update ticks set state = 'finished' where job = ? and slot = ?`, [job, slot]);
}

async function closeTick(knex: Knex, tick: Key, end: Ending & Hand): Promise<boolean> {
  return inTransaction(knex, async (transaction) => {
    const closed = await change(
      transaction,
      `update ticks set state = 'finished' where job = ? and slot = ? and state <> 'finished'`,
      [tick.job, tick.slot],
    );
    if (closed === 0) return false;
    await closeOpenRuns(transaction, tick, { at: end.at, result: "" });
    await noteRun(transaction, tick, end);
    return true;
  });
}

async function carryAgain(
  knex: Knex,
  tick: Key,
  { state, carry }: { state: OpenTick["state"]; carry: Carry },
): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    const [held] = await query<{ job: string }>(
      transaction,
      `select job from ticks where job = ? and slot = ? and state <> 'finished' for update skip locked`,
      [tick.job, tick.slot],
    );
    if (held === undefined) return;
    const work = await carry(transaction, tick);
    await change(transaction, `update ticks set state = ?, work = ?::uuid where job = ? and slot = ?`, [
      ...[state, work, tick.job, tick.slot],
    ]);
  });
}
