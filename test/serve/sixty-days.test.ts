import { afterEach, beforeEach, expect, test } from "vitest";
import { runLines } from "../../src/commands/runs.ts";
import { addDays, type Day, dayOf, endOfDay, instantAt, timeOf } from "../../src/domain/calendar.ts";
import { offReason, weeklyIssueDay } from "../../src/domain/working-calendar.ts";
import { openCalendar } from "../../src/pipeline/publish-policy.ts";
import type { Job } from "../../src/pipeline/run.ts";
import { slotsBetween } from "../../src/serve/timetable.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { momentOf } from "../support/day.ts";
import { matchesGolden } from "../support/golden.ts";
import { noting, openStation, type Station } from "./stations.ts";

const SCHEDULE = {
  collect: "0 6 * * *",
  "publish-weekly": "30 6 * * *",
  "publish-daily": "0 7 * * *",
  redeliver: "0 */12 * * *",
};

let database: FreshDatabase;
let diary: string[];
let loops: Station[];

beforeEach(async () => {
  database = await freshDatabase();
  diary = [];
  loops = [];
});
afterEach(async () => {
  for (const loop of loops) await loop.close();
  await database.drop();
});

/** The four jobs, each noting its days; the publishing ones keep the calendar as the real ones do. */
function jobs(): readonly Job[] {
  return [collect(), weekly(), daily(), redeliver()];
}

function collect(): Job {
  return noting("collect", diary, async () => ({ result: "14 of 14 snapshots complete", problems: [] }));
}

function redeliver(): Job {
  const result = "0 mails accepted, 0 failed, 0 unknown of 150 recent editions";
  return noting("redeliver", diary, async () => ({ result, problems: [], skipped: true }));
}

function daily(): Job {
  return noting("publish-daily", [], async ({ day }, ctx) => {
    const off = offReason(await openCalendar(ctx), day);
    if (off !== null) return { result: `no daily today: ${off}`, problems: [], skipped: true };
    diary.push(`publish-daily ${day}`);
    return { result: `daily of ${day}: 150 editions made`, problems: [] };
  });
}

function weekly(): Job {
  return noting("publish-weekly", [], async ({ day }, ctx) => {
    const due = weeklyIssueDay(await openCalendar(ctx), day);
    if (due !== day)
      return { result: `no weekly today: the weekly of this week is issued on ${due}`, problems: [], skipped: true };
    diary.push(`publish-weekly ${day}`);
    return { result: `weekly of ${day}: 1 editions made`, problems: [] };
  });
}

async function openLoop(name: string): Promise<Station> {
  const loop = await openStation(database, { name, jobs: jobs(), schedule: SCHEDULE });
  loops.push(loop);
  return loop;
}

/** Every slot of the timetable after one moment up to another, in order. */
function slotsOf(from: string, to: string): readonly Date[] {
  const slots: number[] = [];
  for (let day = from.slice(0, 10); day <= to.slice(0, 10); day = addDays(day, 1)) {
    const end = endOfDay(day) < momentOf(to) ? endOfDay(day) : momentOf(to);
    const begin = new Date(Math.max(momentOf(from).getTime(), instantAt(day).getTime() - 1));
    for (const line of Object.values(SCHEDULE))
      slots.push(...slotsBetween(line, begin, end).map((slot) => slot.getTime()));
  }
  return [...new Set(slots)].toSorted((a, b) => a - b).map((time) => new Date(time));
}

const text = (instant: Date) => `${dayOf(instant)} ${timeOf(instant)}`;

/** Both loops tick and work in the same second. */
async function live(at: readonly string[]): Promise<void> {
  for (const time of at) {
    for (const loop of loops) loop.set(time);
    await Promise.all(loops.map((loop) => loop.walk()));
    await Promise.all(loops.map((loop) => loop.work()));
  }
}

test("two loops over one database live sixty days: each tick once, no day without its issue", async () => {
  await openLoop("one:1");
  await openLoop("two:2");
  const [first, last]: [Day, Day] = ["2026-11-15", addDays("2026-11-15", 60)];
  await live([`${first} 00:00`, ...slotsOf(`${first} 00:00`, `${last} 00:00`).map(text)]);
  expect(diary.filter((line) => line.startsWith("redeliver"))).toHaveLength(2 * 60 + 1);
  const days = Array.from({ length: 60 }, (_, index) => addDays(first, index));
  expect(diary.filter((line) => line.startsWith("collect")).toSorted()).toEqual(days.map((day) => `collect ${day}`));
  const calendar = await openCalendar({ store: database.store });
  const working = days.filter((day) => offReason(calendar, day) === null);
  expect(working.length).toBeLessThan(60 - 16);
  expect(diary.filter((line) => line.startsWith("publish-daily"))).toEqual(
    working.map((day) => `publish-daily ${day}`),
  );
  expect(diary.filter((line) => line.startsWith("publish-weekly"))).toEqual(
    days.filter((day) => weeklyIssueDay(calendar, day) === day).map((day) => `publish-weekly ${day}`),
  );
  const ticks = await database.knex.raw<{ rows: { state: string; n: number }[] }>(
    "select state, count(*)::int as n from ticks where origin <> 'start' group by state",
  );
  expect(ticks.rows).toEqual([{ state: "finished", n: 60 * 3 + 60 * 2 + 1 }]);
  expect((await database.store.runs.list()).filter(({ state }) => state === "running" || state === "failed")).toEqual(
    [],
  );
});

test("runs list of October and November 2026 reads like a diary, with a holiday and two days down", async () => {
  await openLoop("one:1");
  await live(["2026-10-01 00:00", ...slotsOf("2026-10-01 00:00", "2026-10-18 12:00").map(text)]);
  await live(["2026-10-20 10:12", ...slotsOf("2026-10-20 10:12", "2026-11-30 23:59").map(text)]);
  const lines = runLines(await database.store.runs.list());
  expect(lines.length).toBeGreaterThan(61 * 3);
  matchesGolden("runs-list.txt", `${lines.join("\n")}\n`);
});
