import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Job } from "../../src/pipeline/run.ts";
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
  await database.knex.raw("truncate ticks, runs; delete from pgboss.job");
});
afterAll(() => database.drop());

async function station(machine: Partial<Machine> = {}): Promise<Station> {
  const jobs: readonly Job[] = machine.jobs ?? [noting("collect", diary), noting("publish-daily", diary)];
  const schedule = machine.schedule ?? { collect: "0 6 * * *", "publish-daily": "0 7 * * *" };
  const opened = await openStation(database, { ...machine, jobs, schedule });
  stations.push(opened);
  return opened;
}

async function live(one: Station, times: readonly string[]): Promise<void> {
  for (const time of times) {
    one.set(time);
    await one.walk();
    await one.work();
  }
}

describe("the timetable", () => {
  test("begins with the minute it was started in and misses nothing before it", async () => {
    const one = await station();
    await live(one, ["2026-10-12 06:30", "2026-10-12 07:00", "2026-10-12 07:01"]);
    expect(diary).toEqual(["publish-daily 2026-10-12"]);
    const two = await station({ schedule: { collect: "0 6 * * *", "publish-daily": "0 7 * * *" }, name: "two:2" });
    await live(two, ["2026-10-12 07:01", "2026-10-12 23:59"]);
    expect(diary).toEqual(["publish-daily 2026-10-12"]);
  });

  test("starting in the very minute of a tick runs it", async () => {
    await live(await station(), ["2026-10-12 06:00"]);
    expect(diary).toEqual(["collect 2026-10-12"]);
  });

  test("two instances that start and tick in the same second do each tick once", async () => {
    const pair = [await station({ name: "one:1" }), await station({ name: "two:2" })];
    for (const time of [
      "2026-10-12 05:59",
      "2026-10-12 06:00",
      "2026-10-12 07:00",
      "2026-10-13 06:00",
      "2026-10-13 07:00",
    ]) {
      for (const each of pair) each.set(time);
      await Promise.all(pair.map((each) => each.walk()));
      await Promise.all(pair.map((each) => each.work()));
    }
    expect(diary.toSorted()).toEqual([
      "collect 2026-10-12",
      "collect 2026-10-13",
      "publish-daily 2026-10-12",
      "publish-daily 2026-10-13",
    ]);
    expect(await runLines(database)).toHaveLength(4);
  });

  test("a clock put forward and back by an hour and by a day never gives a tick twice", async () => {
    const one = await station();
    await live(one, [
      "2026-10-12 05:30",
      "2026-10-12 06:00",
      "2026-10-12 07:30",
      "2026-10-12 06:30",
      "2026-10-12 07:00",
    ]);
    expect(diary).toEqual(["collect 2026-10-12", "publish-daily 2026-10-12"]);
    await live(one, [
      "2026-10-13 07:00",
      "2026-10-12 07:00",
      "2026-10-12 20:00",
      "2026-10-13 06:00",
      "2026-10-13 07:00",
    ]);
    expect(diary.filter((line) => line.endsWith("13")).toSorted()).toEqual([
      "collect 2026-10-13",
      "publish-daily 2026-10-13",
    ]);
    await live(one, ["2026-10-14 06:00"]);
    expect(diary.at(-1)).toBe("collect 2026-10-14");
  });

  test("after two days down collects once, for today, and skips what is too late, saying why", async () => {
    await live(await station(), ["2026-10-10 05:59", "2026-10-10 06:00", "2026-10-10 07:00"]);
    await live(await station({ name: "two:2" }), ["2026-10-13 10:12", "2026-10-13 10:13"]);
    expect(diary).toEqual(["collect 2026-10-10", "publish-daily 2026-10-10", "collect 2026-10-13"]);
    expect(await runLines(database)).toEqual([
      "2026-10-10 06:00 collect done: did it",
      "2026-10-10 07:00 publish-daily done: did it",
      "2026-10-11 06:00 collect skipped: machine was down until 2026-10-13 10:12, after that day",
      "2026-10-12 06:00 collect skipped: machine was down until 2026-10-13 10:12, after that day",
      "2026-10-11 07:00 publish-daily skipped: machine was down until 2026-10-13 10:12, after that day",
      "2026-10-12 07:00 publish-daily skipped: machine was down until 2026-10-13 10:12, after that day",
      "2026-10-13 07:00 publish-daily skipped: machine was down until 10:12, after the deadline 08:30",
      "2026-10-13 06:00 collect done: did it",
    ]);
  });

  test("back before the deadline, publishes once, and only after the collect it missed", async () => {
    await live(await station(), ["2026-10-12 05:59"]);
    const two = await station({ jobs: [noting("publish-daily", diary), noting("collect", diary)], name: "two:2" });
    two.set("2026-10-12 07:40");
    await two.walk();
    // The publish job is first in this machine's hands; it is put back until the figures are in.
    const publishing = (
      await database.knex.raw("select count(*)::int as n from pgboss.job where name = 'diemtin.publish-daily'")
    ).rows;
    expect(publishing).toEqual([{ n: 1 }]);
    await two.desk.queue.counts();
    for (let round = 0; round < 3 && diary.length < 2; round += 1) await two.workOne();
    expect(diary).toEqual(["collect 2026-10-12", "publish-daily 2026-10-12"]);
  });

  test("a tick whose work the queue has lost is queued again on its day and given up after it", async () => {
    const one = await station();
    await live(one, ["2026-10-12 05:59"]);
    one.set("2026-10-12 06:00");
    await one.walk();
    await database.knex.raw("delete from pgboss.job");
    await live(one, ["2026-10-12 06:01"]);
    expect(diary).toEqual(["collect 2026-10-12"]);
    one.set("2026-10-12 07:00");
    await one.walk();
    await database.knex.raw("delete from pgboss.job");
    await live(one, ["2026-10-13 05:00"]);
    expect((await runLines(database)).at(-1)).toMatch(
      /^2026-10-12 07:00 publish-daily failed: given up: the work was lost from the queue/,
    );
  });
});
