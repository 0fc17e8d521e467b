import type { Knex } from "knex";
import type { Problem, Run, RunState } from "../../domain/run.ts";
import type { RunOrigin, Store } from "../../pipeline/store.ts";
import { isAlive } from "./processes.ts";
import { change, jsonText, parseId, query } from "./sql.ts";

/** What happened when, and which faults the administrator has heard of. */
export function runsIn(knex: Knex): Store["runs"] {
  return {
    start: (job, scheduledFor, at, origin) => startRun(knex, { job, scheduledFor, at, ...origin }),
    finish: (id, state, problems, result, at) => finishRun(knex, { id, state, problems, result, at }),
    list: (only) => listRuns(knex, only),
    raise: (cause, at) => raiseAlert(knex, cause, at),
    clear: (causePrefix) => clearAlerts(knex, causePrefix),
  };
}

type Start = { readonly job: string; readonly scheduledFor: string; readonly at: Date } & Partial<RunOrigin>;

/** Also ends the rows of commands by hand whose process on this machine is gone: nobody else is there to say so. */
async function startRun(knex: Knex, { job, scheduledFor, at, slot, instance }: Start): Promise<string> {
  if (instance !== undefined) await endDead(knex, instance, at);
  const [row] = await query<{ id: string }>(
    knex,
    `insert into runs (job, scheduled_for, started_at, slot, instance) values (?, ?, ?, ?, ?) returning id`,
    [job, scheduledFor, at, slot ?? null, instance ?? null],
  );
  if (row === undefined) throw new Error(`the run of ${job} for ${scheduledFor} got no id`);
  return row.id;
}

/** A tick's run is closed by whoever takes its work over. A process that has got the id of a dead one hides it, no more. */
async function endDead(knex: Knex, instance: string, at: Date): Promise<void> {
  const machine = instance.slice(0, instance.lastIndexOf(":") + 1);
  const open = await query<{ id: string; instance: string }>(
    knex,
    `select id, instance from runs where state = 'running' and slot is null and starts_with(instance, ?)`,
    [machine],
  );
  for (const run of open) {
    const pid = Number(run.instance.slice(machine.length));
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid)) continue;
    const result = `cut off: its process (${run.instance}) ended or lost the database`;
    await change(
      knex,
      `update runs set state = 'failed', finished_at = ?, result = ? where id = ?::bigint and state = 'running'`,
      [at, result, parseId(run.id)],
    );
  }
}

type Finish = {
  readonly id: string;
  readonly state: RunState;
  readonly problems: readonly Problem[];
  readonly result: string;
  readonly at: Date;
};

async function finishRun(knex: Knex, { id, state, problems, result, at }: Finish): Promise<void> {
  const changed = await change(
    knex,
    `update runs set state = ?, problems = ?::jsonb, result = ?, finished_at = ? where id = ?::bigint`,
    [state, jsonText(problems), result, at, parseId(id)],
  );
  if (changed !== 1) throw new Error(`there is no run ${id} to finish`);
}

type Row = {
  readonly id: string;
  readonly job: string;
  readonly scheduled_for: string;
  readonly slot: Date | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly state: RunState;
  readonly problems: readonly Problem[];
  readonly result: string;
};

async function listRuns(knex: Knex, only: Parameters<Store["runs"]["list"]>[0] = {}): Promise<readonly Run[]> {
  const rows = await query<Row>(
    knex,
    `select id, job, scheduled_for, slot, started_at, finished_at, state, problems, result
     from runs
     where coalesce(slot, started_at) >= ?
     order by started_at desc, id desc
     limit ?`,
    [only.since ?? "-infinity", only.newest ?? null],
  );
  return rows.toReversed().map((row) => ({
    id: row.id,
    job: row.job,
    scheduledFor: row.scheduled_for,
    slot: row.slot,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    state: row.state,
    problems: row.problems,
    result: row.result,
  }));
}

async function raiseAlert(knex: Knex, cause: string, at: Date): Promise<boolean> {
  const sql = `insert into alerts (cause, raised_at) values (?, ?) on conflict (cause) do nothing`;
  return (await change(knex, sql, [cause, at])) === 1;
}

async function clearAlerts(knex: Knex, causePrefix: string): Promise<void> {
  await change(knex, `delete from alerts where starts_with(cause, ?)`, [causePrefix]);
}

/** Causes the administrator has been told of and no good run has cleared, oldest first. */
export async function listAlerts(knex: Knex): Promise<readonly { readonly cause: string; readonly raisedAt: Date }[]> {
  const rows = await query<{ cause: string; raised_at: Date }>(
    knex,
    `select cause, raised_at from alerts order by raised_at, cause`,
  );
  return rows.map((row) => ({ cause: row.cause.replace(/#$/, ""), raisedAt: row.raised_at }));
}
