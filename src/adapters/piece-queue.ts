import type { Knex } from "knex";
import type { PgBoss } from "pg-boss";
import { type Loop, type LoopHaste, type PieceWorker, startLoop, storable } from "./piece-loop.ts";
import { change, query } from "./postgres/sql.ts";

/** The tick whose run queued a piece. */
export type PieceOf = { readonly job: string; readonly slot: Date };

/** How a piece ended: what its worker gave; or that the queue gave it up, after several workers died on it; or that it was withdrawn. */
export type PieceEnd =
  | { readonly state: "done"; readonly output: unknown }
  | { readonly state: "given-up"; readonly output: unknown }
  | { readonly state: "withdrawn" };

/** A piece that nobody does any more; `begun`: a worker had it and fell silent. */
export type WithdrawnPiece = { readonly name: string; readonly data: unknown; readonly begun: boolean };

/** A piece that was done, as it was queued and what its worker gave. */
export type DonePiece = { readonly name: string; readonly data: unknown; readonly output: unknown };

/**
 * The queue of pieces: what the runs in progress have cut their work into, for every living process of the same program version. A
 * worker that dies loses its piece to another.
 */
export type PieceQueue = {
  /** Queues pieces of a run and gives their ids. */
  add(name: string, of: PieceOf, works: readonly object[]): Promise<readonly string[]>;
  /** Those of the pieces that have ended. */
  ended(name: string, ids: readonly string[]): Promise<ReadonlyMap<string, PieceEnd>>;
  /** Takes back what nobody is doing of a run's pieces, of one name or of all, of any program version; gives those of this one. */
  withdraw(of: PieceOf, name?: string): Promise<readonly WithdrawnPiece[]>;
  /** What an earlier attempt at a run has left: how many pieces are still being done, and those that were, in the order they ended. */
  left(of: PieceOf): Promise<{ readonly active: number; readonly done: readonly DonePiece[] }>;
  /** Drops the ended pieces of a run that has told what came of them. */
  forget(of: PieceOf): Promise<void>;
  /** Begins to do pieces, one of each name at a time. */
  work(worker: PieceWorker): void;
  /** Begins no piece more and waits for those at hand. */
  stop(): Promise<void>;
};

export type PieceQueueOptions = LoopHaste & {
  readonly names: readonly string[];
  /** The version of the program: pieces of another one are never taken. */
  readonly program: string;
};

const RETRIES = 3;
/** Longer than the slowest visit: a worker that lives but hangs loses its piece too. */
const EXPIRE_SECONDS = 3_600;
/** Ended pieces hold whole editions and are worth nothing once their run has ended. */
const KEPT_SECONDS = 3_600;

/** Makes the queues of pieces where they are missing. Their names hold the program's version, so that no other version takes from them. */
export async function openPieces(boss: PgBoss, knex: Knex, options: PieceQueueOptions): Promise<PieceQueue> {
  const queueOf = (name: string) => `diemtin.piece.${name}.${options.program}`;
  const names = new Map(options.names.map((name) => [queueOf(name), name]));
  for (const name of options.names) {
    const settings = {
      ...{ retryLimit: RETRIES, retryDelay: 0, retryBackoff: false, heartbeatSeconds: options.heartbeatSeconds },
      ...{ expireInSeconds: EXPIRE_SECONDS, deleteAfterSeconds: KEPT_SECONDS },
    };
    await boss.createQueue(queueOf(name), settings);
    await boss.updateQueue(queueOf(name), settings);
  }
  const loops = new Map<string, Loop>();
  return {
    async add(name, { job, slot }, works) {
      const jobs = works.map((work) => ({ data: storable({ job, slot, work }) }));
      const ids = (await boss.insert(queueOf(name), jobs, { returnId: true })) ?? [];
      if (ids.length !== works.length)
        throw new Error(`the queue took ${ids.length} of ${works.length} ${name} pieces`);
      loops.get(name)?.wake();
      return ids;
    },
    ended: (name, ids) => endedPieces(knex, queueOf(name), ids),
    withdraw: (of, name) => withdraw(knex, of, { name: name ?? null, names }),
    left: (of) => leftPieces(knex, of, names),
    forget: (of) => forget(knex, of),
    work(worker) {
      for (const name of options.names)
        loops.set(name, startLoop(boss, { ...options, name, queue: queueOf(name), worker }));
    },
    async stop() {
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}

type Row = { readonly id: string; readonly state: string; readonly output: unknown };

async function endedPieces(knex: Knex, queue: string, ids: readonly string[]): Promise<ReadonlyMap<string, PieceEnd>> {
  const rows = await query<Row>(
    knex,
    `select id, state::text as state, output from pgboss.job where name = ? and id = any(?::uuid[])`,
    [queue, [...ids]],
  );
  const ends = new Map<string, PieceEnd>(ids.map((id) => [id, { state: "withdrawn" }]));
  for (const { id, state, output } of rows) {
    if (state === "completed") ends.set(id, { state: "done", output });
    else if (state === "failed") ends.set(id, { state: "given-up", output });
    else if (state !== "cancelled") ends.delete(id);
  }
  return ends;
}

type Names = ReadonlyMap<string, string>;

async function withdraw(
  knex: Knex,
  { job, slot }: PieceOf,
  { name, names }: { name: string | null; names: Names },
): Promise<readonly WithdrawnPiece[]> {
  const rows = await query<{ queue: string; data: unknown; begun: boolean }>(
    knex,
    `delete from pgboss.job
     where name like ? and state in ('created', 'retry') and data->>'job' = ? and data->>'slot' = ?
     returning name as queue, data, retry_count > 0 as begun`,
    [`diemtin.piece.${name ?? ""}${name === null ? "" : "."}%`, job, slot.toISOString()],
  );
  return rows.flatMap(({ queue, ...piece }) => {
    const known = names.get(queue);
    return known === undefined ? [] : [{ name: known, ...piece }];
  });
}

type LeftRow = { readonly queue: string; readonly state: string; readonly data: unknown; readonly output: unknown };

async function leftPieces(knex: Knex, { job, slot }: PieceOf, names: Names) {
  const rows = await query<LeftRow>(
    knex,
    `select name as queue, state::text as state, data, output
     from pgboss.job
     where name = any(?::text[]) and state in ('active', 'completed') and data->>'job' = ? and data->>'slot' = ?
     order by completed_on, id`,
    [[...names.keys()], job, slot.toISOString()],
  );
  const done = rows.filter(({ state }) => state === "completed");
  return {
    active: rows.length - done.length,
    done: done.map(({ queue, data, output }) => ({ name: names.get(queue) ?? queue, data, output })),
  };
}

async function forget(knex: Knex, { job, slot }: PieceOf): Promise<void> {
  await change(
    knex,
    `delete from pgboss.job
     where name like 'diemtin.piece.%' and state in ('completed', 'cancelled', 'failed')
       and data->>'job' = ? and data->>'slot' = ?`,
    [job, slot.toISOString()],
  );
}
