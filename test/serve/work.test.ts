import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Alarm, Channel } from "../../src/pipeline/context.ts";
import { type Job, StopRequested } from "../../src/pipeline/run.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { type Machine, noting, openStation, runLines, type Station } from "./stations.ts";

let database: FreshDatabase;
let diary: string[] = [];
const stations: Station[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
beforeEach(() => {
  diary = [];
});
afterEach(async () => {
  for (const station of stations.splice(0)) await station.close();
  await database.knex.raw("truncate ticks, runs, alerts; delete from pgboss.job");
});
afterAll(() => database.drop());

async function station(job: Job, machine: Partial<Machine> = {}): Promise<Station> {
  const schedule = { [job.name]: "0 7 * * *" };
  const opened = await openStation(database, { jobs: [job], schedule, ...machine });
  stations.push(opened);
  opened.set("2026-10-12 06:59");
  await opened.walk();
  opened.set("2026-10-12 07:00");
  await opened.walk();
  return opened;
}

const openTicks = (one: Station) => one.desk.ticks.open();

describe("work whose worker died", () => {
  test("is taken over, and the run that was cut off says so", async () => {
    const one = await station(noting("publish-daily", diary));
    const [tick] = await openTicks(one);
    if (tick === undefined) throw new Error("no tick");
    // The process dies after its run was begun.
    await one.desk.ticks.begin(tick, { instance: "dead:1", at: one.desk.now() });
    await database.store.runs.start("publish-daily", "2026-10-12", one.desk.now(), {
      slot: tick.slot,
      instance: "dead:1",
    });
    one.set("2026-10-12 09:00"); // after the deadline: half an issue is worse than a late one
    await one.work();
    expect(diary).toEqual(["publish-daily 2026-10-12"]);
    expect(await runLines(database)).toEqual([
      "2026-10-12 07:00 publish-daily failed: cut off: its process (dead:1) ended or lost the database; taken over by one:1",
      "2026-10-12 07:00 publish-daily done: did it",
    ]);
    expect(await openTicks(one)).toEqual([]);
  });

  test("is not begun again once its tick is finished", async () => {
    const one = await station(noting("publish-daily", diary));
    await one.work();
    await database.knex.raw("update pgboss.job set state = 'retry', completed_on = null");
    await one.work();
    expect(diary).toHaveLength(1);
  });

  test("of a day that is over is not done any more", async () => {
    const one = await station(noting("collect", diary));
    one.set("2026-10-13 01:00");
    await one.work();
    expect(diary).toEqual([]);
    expect(await runLines(database)).toEqual([
      "2026-10-12 07:00 collect skipped: its day was over at 2026-10-13 01:00, when a worker could take it up again",
    ]);
  });
});

describe("a job that ends badly", () => {
  test("for an expected reason is not tried again: its run says what was wrong", async () => {
    const problems = [{ cause: "collect/x", severity: "failed", message: "the portal is away" }] as const;
    const one = await station(noting("collect", diary, async () => ({ result: "0 of 2", problems })));
    expect(await one.work()).toHaveLength(1);
    expect(await one.work()).toEqual([]);
    expect(await runLines(database)).toEqual(["2026-10-12 07:00 collect failed: 0 of 2"]);
    expect(one.ended).toEqual([{ job: "collect", state: "failed", seconds: 0, good: false }]);
  });

  test("by a bug is tried again four times in all, then given up and told", async () => {
    const told: string[] = [];
    const channel: Channel = {
      name: "ear",
      send: async ({ subject }) => {
        told.push(subject);
        return { state: "accepted", reply: "250" };
      },
      close: async () => undefined,
    };
    const bug = noting("collect", diary, () => Promise.reject(new TypeError("a bug")));
    const one = await station(bug, { channel });
    for (let attempt = 1; attempt <= 4; attempt += 1)
      await expect(one.work(), `attempt ${attempt}`).rejects.toThrow("a bug");
    expect(await one.work()).toEqual([]);
    one.set("2026-10-12 07:10");
    await one.walk();
    const lines = await runLines(database);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toMatch(
      /^2026-10-12 07:00 collect failed: given up: the work ended without an outcome 4 times/,
    );
    expect(await openTicks(one)).toEqual([]);
    await one.walk();
    expect(await runLines(database)).toHaveLength(5);
    expect(told).toHaveLength(2); // the bug once, giving up once
  });

  test("while mail is down is told by the second channel, once per cause until a good run", async () => {
    const alarms: Alarm[] = [];
    const channel: Channel = {
      name: "down",
      send: async () => ({ state: "failed", reply: "refused", mayPass: true, stop: true }),
      close: async () => undefined,
    };
    let wrong = true;
    const problems = [{ cause: "collect/x", severity: "partial", message: "the portal is away" }] as const;
    const job = noting("collect", diary, async () => ({ result: "", problems: wrong ? problems : [] }));
    const alarm = async (given: Alarm) => {
      alarms.push(given);
      return null;
    };
    const one = await station(job, { channel, alarm, schedule: { collect: "0 * * * *" } });
    const hour = async (time: string) => {
      one.set(time);
      await one.walk();
      await one.work();
    };
    await hour("2026-10-12 07:00");
    await hour("2026-10-12 08:00");
    expect(alarms.map(({ cause, day }) => `${cause} ${day}`)).toEqual(["collect/x 2026-10-12"]);
    wrong = false;
    await hour("2026-10-12 09:00");
    wrong = true;
    await hour("2026-10-12 10:00");
    expect(alarms).toHaveLength(2);
  });
});

describe("a job still running at its next tick", () => {
  test("is not begun beside itself; the ticks that pile up become one", async () => {
    const second = await openStation(database, { jobs: [noting("redeliver", diary)], schedule: {}, name: "two:2" });
    stations.push(second);
    const slow = noting("redeliver", diary, async () => {
      one.set("2026-10-12 07:10");
      await one.walk();
      one.set("2026-10-12 07:20");
      await one.walk();
      second.set("2026-10-12 07:20");
      expect(await second.work()).toEqual([]); // nothing can be taken while it runs
      return { result: "slow", problems: [] };
    });
    const one = await station(slow, { schedule: { redeliver: "*/10 * * * *" } });
    await expect(one.workOne()).resolves.toBeUndefined();
    await second.work();
    expect(await runLines(database)).toEqual([
      "2026-10-12 07:00 redeliver done: slow",
      "2026-10-12 07:10 redeliver skipped: a worker was free only at 07:20, when the tick of 07:20 was due as well",
      "2026-10-12 07:20 redeliver done: did it",
    ]);
  });
});

describe("a process that is asked to stop", () => {
  test("gives its work back: no fault, no mail, and the next worker goes on", async () => {
    let stopping = true;
    const job = noting("publish-daily", diary, async () => {
      if (stopping) throw new StopRequested("stop");
      return { result: "the rest", problems: [] };
    });
    const one = await station(job);
    await one.workOne();
    stopping = false;
    one.set("2026-10-12 08:45");
    await one.work();
    expect(await runLines(database)).toEqual([
      "2026-10-12 07:00 publish-daily partial: interrupted: the process was asked to stop; the rest is done by whoever goes on",
      "2026-10-12 07:00 publish-daily done: the rest",
    ]);
    expect(await database.store.runs.raise("publish-daily/bug#", one.desk.now())).toBe(true);
  });
});

describe("a job that waits for figures", () => {
  const waiting = (name: Job["name"], ready: () => boolean) =>
    noting(name, diary, async ({ asOf }) =>
      ready()
        ? { result: `made as of ${asOf.toISOString().slice(11, 16)}Z`, problems: [] }
        : { result: "waits", problems: [], waiting: { reason: "no figures" } },
    );

  test("is tried again with back-off, collecting in between, until the figures are there", async () => {
    let collected = 0;
    const collect = noting("collect", diary, async () => {
      collected += 1;
      return { result: "", problems: [] };
    });
    const publish = waiting("publish-daily", () => collected >= 2);
    const one = await station(publish, { jobs: [collect, publish], schedule: { "publish-daily": "0 7 * * *" } });
    await one.workOne(); // waits; nothing was collected today, so it is collected now
    expect(diary).toEqual(["publish-daily 2026-10-12"]);
    expect(await startsIn("publish-daily")).toBe(300);
    one.set("2026-10-12 07:05");
    await one.workOne(); // collects, then waits again
    expect(await startsIn("publish-daily")).toBe(600);
    one.set("2026-10-12 07:15");
    await one.workOne();
    expect(diary).toEqual([
      "publish-daily 2026-10-12",
      "collect 2026-10-12",
      "publish-daily 2026-10-12",
      "collect 2026-10-12",
      "publish-daily 2026-10-12",
    ]);
    expect((await runLines(database)).at(-1)).toBe("2026-10-12 07:00 publish-daily done: made as of 00:15Z");
    expect(one.ended.map(({ state }) => state)).toEqual(["waiting", "done", "waiting", "done", "done"]);
    expect(one.ended.map(({ good }) => good)).toEqual([false, true, false, true, true]);
  });

  test("that waits for an hour is begun again then, and nothing is collected for it meanwhile", async () => {
    const until = new Date("2026-10-12T07:20:00+07:00");
    const wait = { result: "waits", problems: [], skipped: true, waiting: { reason: "for its hour", until } };
    const publish = noting("publish-daily", diary, async (_, ctx) =>
      ctx.now() < until ? wait : { result: "made", problems: [] },
    );
    const collect = noting("collect", diary);
    const one = await station(publish, { jobs: [collect, publish], schedule: { "publish-daily": "0 7 * * *" } });
    await one.workOne();
    expect(await startsIn("publish-daily")).toBe(1200);
    one.set("2026-10-12 07:20");
    await one.workOne();
    expect(diary).toEqual(["publish-daily 2026-10-12", "publish-daily 2026-10-12"]);
    expect((await runLines(database)).at(-1)).toBe("2026-10-12 07:00 publish-daily done: made");
    expect(await openTicks(one)).toEqual([]);
  });

  test("makes its last try at the deadline and is done with then, whatever it says", async () => {
    const one = await station(waiting("publish-daily", () => false));
    const tries: (readonly [string, number])[] = [
      ["2026-10-12 07:00", 300],
      ["2026-10-12 07:05", 600],
      ["2026-10-12 07:15", 900],
      ["2026-10-12 07:30", 1200],
      ["2026-10-12 07:50", 1200],
      ["2026-10-12 08:10", 1200],
    ];
    for (const [time, seconds] of tries) {
      one.set(time);
      await one.workOne();
      expect(await startsIn("publish-daily"), time).toBe(seconds);
    }
    one.set("2026-10-12 08:30");
    await one.workOne();
    expect(await openTicks(one)).toEqual([]);
    expect(diary).toHaveLength(7);
  });

  test("does not ask a portal that has refused us, nor within ten minutes", async () => {
    const refusal = {
      cause: "collect/evaluation-api/blocked",
      severity: "failed",
      message: "evaluation-api H21 2026: blocked: status 429",
    } as const;
    let problems: readonly (typeof refusal)[] = [];
    const collect = noting("collect", diary, async () => ({ result: "", problems }));
    const publish = waiting("publish-daily", () => false);
    const one = await station(publish, {
      jobs: [collect, publish],
      schedule: { collect: "56 6 * * *", "publish-daily": "0 7 * * *" },
    });
    one.set("2026-10-12 06:56");
    await one.workOne();
    expect(diary).toEqual(["publish-daily 2026-10-12"]);
    one.set("2026-10-12 07:01");
    problems = [refusal];
    await one.workOne();
    const collected = diary.filter((line) => line.startsWith("collect"));
    expect(collected).toHaveLength(1);
    for (const time of ["2026-10-12 07:20", "2026-10-12 07:50"]) {
      one.set(time);
      await one.workOne();
    }
    expect(diary.filter((line) => line.startsWith("collect"))).toEqual(collected);
  });

  test("that the machine slept through until after its deadline is skipped", async () => {
    const one = await station(waiting("publish-daily", () => false));
    await one.workOne();
    one.set("2026-10-12 10:12");
    await one.work();
    expect((await runLines(database)).at(-1)).toBe(
      "2026-10-12 07:00 publish-daily skipped: a worker was free only at 10:12, after the deadline 08:30",
    );
  });
});

/** In how many seconds of the database's clock a job's queued work may be taken. */
async function startsIn(job: string): Promise<number | undefined> {
  const found = await database.knex.raw<{ rows: { seconds: number }[] }>(
    `select round(extract(epoch from start_after - created_on))::int as seconds
     from pgboss.job where name = ? and state in ('created', 'retry')`,
    [`diemtin.${job}`],
  );
  return found.rows[0]?.seconds;
}
