import { PgBoss } from "pg-boss";
import { ticksIn } from "../../src/adapters/postgres/ticks.ts";
import { openQueue, type Queue } from "../../src/adapters/queue.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { Channel, Context } from "../../src/pipeline/context.ts";
import { type Job, type JobResult, runJob, type Tick } from "../../src/pipeline/run.ts";
import type { Desk, EndedRun } from "../../src/serve/desk.ts";
import { walk } from "../../src/serve/walk.ts";
import { workOn } from "../../src/serve/work.ts";
import { mailContext, SETTINGS } from "../pipeline/mail-context.ts";
import type { FreshDatabase } from "../support/database.ts";

/** One machine with a timekeeper and a worker, driven by hand: real ledger, real queue, a clock of its own. */
export type Station = {
  readonly desk: Desk;
  readonly ended: readonly EndedRun[];
  /** "2026-10-12 07:00" in Việt Nam. */
  set(time: string): void;
  walk(): Promise<number>;
  /** Does everything that is in the queue, also what is to wait a while; gives the ticks in the order they were taken. */
  work(): Promise<readonly string[]>;
  /** One piece of work of each job, in the order of this machine's jobs. */
  workOne(): Promise<void>;
  close(): Promise<void>;
};

export type Machine = {
  readonly name?: string;
  readonly jobs: readonly Job[];
  readonly schedule?: Partial<Settings["schedule"]>;
  readonly channel?: Channel;
  readonly alarm?: Context["alarm"];
};

/** Never on this timetable. */
export const NEVER = "0 0 29 2 *";
const FOLDER: Channel = {
  name: "nowhere",
  send: async () => ({ state: "accepted", reply: "taken" }),
  close: async () => undefined,
};

/** Opens a station over a database; several make a cluster. */
export async function openStation(database: FreshDatabase, machine: Machine): Promise<Station> {
  const { name = "one:1", jobs, channel = FOLDER, alarm } = machine;
  let now = instantAt("2026-10-12", "05:00");
  const never = {
    collect: NEVER,
    "publish-daily": NEVER,
    "publish-weekly": NEVER,
    redeliver: NEVER,
    "preview-weekly": NEVER,
    receipt: NEVER,
  };
  const settings: Settings = { ...SETTINGS, schedule: { ...never, ...machine.schedule } };
  const names = jobs.map((job) => job.name);
  const queue: Queue = await openQueue(database.knex, { jobs: names, log: () => undefined });
  const boss = new PgBoss({ connectionString: database.url, schedule: false, supervise: false, max: 2 });
  boss.on("error", () => undefined); // the database is dropped under it at the end
  await boss.start();
  const ctx: Context = {
    ...mailContext(database.store, channel, settings).ctx,
    ...(alarm === undefined ? {} : { alarm }),
    instance: name,
    now: () => now,
  };
  const ended: EndedRun[] = [];
  const desk: Desk = {
    ...{ jobs, settings, instance: name, queue, ticks: ticksIn(database.knex) },
    now: () => now,
    inContext: (work) => work(ctx),
    ended: async (run) => void ended.push(run),
    log: () => undefined,
  };
  const run = (job: Job, slot: Date, asOf: Date) => runJob(ctx, job, tickAt(slot, asOf));
  const workOnce = async (job: string): Promise<string | null> => {
    const [work] = await boss.fetch<{ slot: string }>(`diemtin.${job}`, { ignoreStartAfter: true });
    if (work === undefined) return null;
    try {
      await workOn(desk, { job, slot: new Date(work.data.slot) }, run);
      await boss.complete(work.name, work.id);
    } catch (error) {
      await boss.fail(work.name, work.id, { message: String(error) });
      throw error;
    }
    return `${job} ${work.data.slot}`;
  };
  return {
    desk,
    ended,
    set: (time) => {
      const [day = "", clock = ""] = time.split(" ");
      now = instantAt(day, clock);
    },
    walk: () => walk(desk),
    async work() {
      const done: string[] = [];
      for (const job of names)
        for (let took = await workOnce(job); took !== null; took = await workOnce(job)) done.push(took);
      return done;
    },
    async workOne() {
      for (const job of names) await workOnce(job);
    },
    async close() {
      await queue.stop(1);
      await boss.stop({ graceful: false, close: true });
    },
  };
}

function tickAt(slot: Date, asOf: Date): Tick {
  return { day: new Date(slot.getTime() + 7 * 3_600_000).toISOString().slice(0, 10), asOf, send: true, slot };
}

/** A job that notes for which day and as of when it ran. */
export function noting(
  name: Job["name"],
  diary: string[],
  result?: (tick: Tick, ctx: Context) => Promise<JobResult>,
): Job {
  return {
    name,
    missed: "last",
    async run(ctx, tick) {
      diary.push(`${name} ${tick.day}`);
      return result === undefined ? { result: "did it", problems: [] } : result(tick, ctx);
    },
  };
}

/** The ledger's runs as "job day hh:mm state result". */
export async function runLines(database: FreshDatabase): Promise<readonly string[]> {
  const runs = await database.store.runs.list();
  return runs.map(({ job, slot, state, result }) => `${slotText(slot)} ${job} ${state}: ${result}`);
}

function slotText(slot: Date | null): string {
  if (slot === null) return "by hand";
  return new Date(slot.getTime() + 7 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}
