import type { Knex } from "knex";
import { fromKnex, PgBoss } from "pg-boss";
import { describeError } from "../domain/errors.ts";
import { openPieces, type PieceQueue } from "./piece-queue.ts";
import { query } from "./postgres/sql.ts";

/** What a worker is handed: a tick of the timetable. `last` is true on the last attempt the queue will make. */
export type Work = { readonly id: string; readonly job: string; readonly slot: Date; readonly last: boolean };

/** How the queue's own bookkeeping goes on about a piece of work. */
export type WorkState = "waiting" | "active" | "ended" | "gone";

export type Counts = { readonly ready: number; readonly active: number; readonly failed: number };

/** Ready and active work by what the database says now: over all jobs, and of the pieces their runs were cut into. */
export type QueueCounts = Counts & { readonly pieces: Counts };

/**
 * The durable queue between the timetable and the workers, in the same database. Of one job one piece of work is active at a time,
 * on whatever machine; a worker that gives no sign of life for `heartbeatSeconds` loses it to another.
 */
export type Queue = {
  /** Queues work inside a transaction; it may be taken after `delaySeconds` of the database's clock. Gives its id. */
  add(transaction: Knex, tick: { job: string; slot: Date }, delaySeconds?: number): Promise<string>;
  /** Begins to take work. A worker that throws gives it back, a bounded number of times. */
  work(worker: (work: Work) => Promise<void>): Promise<void>;
  /** Looks for work now rather than at the next poll. */
  look(): void;
  stateOf(tick: { readonly job: string; readonly work: string }): Promise<WorkState>;
  /** Opens the queues of pieces beside it; they stop with this one. */
  pieces(options: { names: readonly string[]; program: string }): Promise<PieceQueue>;
  counts(): Promise<QueueCounts>;
  /** Takes nothing more, waits so long for the work at hand, and closes its connections. */
  stop(timeoutMs: number): Promise<void>;
};

export type QueueOptions = {
  readonly jobs: readonly string[];
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
  /** At least 10: how long a silent worker keeps its work. */
  readonly heartbeatSeconds?: number;
  /** How often dead workers are looked for and work is asked for. */
  readonly pollSeconds?: number;
};

/** Any number that no other program on the same database uses for an advisory lock. */
const LOCK_KEY = 766_002;
const RETRIES = 3;
/** Longer than the slowest collect: a worker that lives but hangs loses its work too. */
const EXPIRE_SECONDS = 2 * 3_600;

/** Opens the queue, making its tables in their own schema when they are missing. The pool behind it is its own. */
export async function openQueue(knex: Knex, options: QueueOptions): Promise<Queue> {
  const { jobs, log, heartbeatSeconds = 30, pollSeconds = 2 } = options;
  const oftenSeconds = Math.max(1, Math.round(heartbeatSeconds / 3));
  const boss = new PgBoss({
    ...connectionOf(knex),
    application_name: "diemtin-queue",
    max: 6,
    schedule: false,
    superviseIntervalSeconds: oftenSeconds,
    monitorIntervalSeconds: oftenSeconds,
    // Which jobs are active is remembered by each process, and a dead one's stays so for this long.
    queueCacheIntervalSeconds: oftenSeconds,
  });
  boss.on("error", (error) => log("queue", { error }));
  boss.on("warning", (warning) => log("queue", { warning: describeError(warning.message) }));
  await knex.transaction(async (lock) => {
    // Two processes that make the tables at once would trip over each other.
    await lock.raw("select pg_advisory_xact_lock(?)", [LOCK_KEY]);
    await boss.start();
    for (const job of jobs) {
      const settings = { retryLimit: RETRIES, retryDelay: 5, retryBackoff: true, heartbeatSeconds };
      await boss.createQueue(queueOf(job), { policy: "singleton", expireInSeconds: EXPIRE_SECONDS, ...settings });
      await boss.updateQueue(queueOf(job), { expireInSeconds: EXPIRE_SECONDS, ...settings });
    }
  });
  const workers: string[] = [];
  let pieces: PieceQueue | null = null;
  return {
    async add(transaction, { job, slot }, delaySeconds = 0) {
      const data = { slot: slot.toISOString() };
      const id = await boss.send(queueOf(job), data, { db: fromKnex(transaction), startAfter: delaySeconds });
      if (id === null) throw new Error(`the queue took no work for ${job} at ${data.slot}`);
      return id;
    },
    async work(worker) {
      for (const job of jobs) {
        const how = { pollingIntervalSeconds: pollSeconds, batchSize: 1, includeMetadata: true } as const;
        const id = await boss.work<{ slot: string }, void, typeof how>(queueOf(job), how, async (batch) => {
          for (const { id, data, retryCount, retryLimit } of batch)
            await worker({ id, job, slot: new Date(data.slot), last: retryCount >= retryLimit });
        });
        workers.push(id);
      }
    },
    look: () => {
      for (const id of workers) boss.notifyWorker(id);
    },
    async stateOf({ job, work }) {
      const [found] = await boss.findJobs(queueOf(job), { id: work });
      if (found === undefined) return "gone";
      if (found.state === "active") return "active";
      return found.state === "created" || found.state === "retry" ? "waiting" : "ended";
    },
    async pieces(about) {
      pieces = await openPieces(boss, knex, { ...about, heartbeatSeconds, pollSeconds, log });
      return pieces;
    },
    counts: () => countWork(knex),
    stop: (timeoutMs) => stopAll(boss, pieces, timeoutMs),
  };
}

/** Letters, digits, hyphens, underscores and periods are what a queue's name may hold. */
function queueOf(job: string): string {
  return `diemtin.${job}`;
}

function connectionOf(knex: Knex): object {
  const config: Knex.Config = knex.client.config;
  if (typeof config.connection !== "object") throw new Error("the database pool has no connection to copy");
  return config.connection;
}

async function countWork(knex: Knex): Promise<QueueCounts> {
  const rows = await query<{ piece: boolean; state: string; work: number }>(
    knex,
    `select name like 'diemtin.piece.%' as piece,
       case when state in ('created', 'retry') then 'ready' else state::text end as state, count(*)::int as work
     from pgboss.job
     where name like 'diemtin.%' and (state in ('active', 'failed') or (state in ('created', 'retry') and start_after <= now()))
     group by 1, 2`,
  );
  const counted = (piece: boolean): Counts => {
    const of = (state: string) => rows.find((row) => row.piece === piece && row.state === state)?.work ?? 0;
    return { ready: of("ready"), active: of("active"), failed: of("failed") };
  };
  return { ...counted(false), pieces: counted(true) };
}

/** Pieces at hand need the queue's connections to be noted as done, so they end first; both share the time. */
async function stopAll(boss: PgBoss, pieces: PieceQueue | null, timeoutMs: number): Promise<void> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([pieces?.stop(), late]);
  clearTimeout(timer);
  const left = Math.max(1, timeoutMs - Math.round(performance.now() - began));
  await boss.stop({ graceful: true, close: true, timeout: left });
}
