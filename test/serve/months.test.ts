import { afterAll, beforeAll, expect, test } from "vitest";
import { runLines } from "../../src/commands/runs.ts";
import { addDays, type Day, instantAt } from "../../src/domain/calendar.ts";
import { offReason, weeklyIssueDay } from "../../src/domain/working-calendar.ts";
import { openCalendar } from "../../src/pipeline/publish-policy.ts";
import { freshFolder } from "../support/cli.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { head } from "../support/day.ts";
import { matchesGolden } from "../support/golden.ts";
import { PROVINCE_YAML, type Serving, startServing, until } from "../support/serving.ts";
import { parseMail, startRelay, type TestRelay } from "../support/smtp.ts";

const FIRST = "2026-10-01";
const DAYS = 61;
const CONFIG = `${PROVINCE_YAML}mail: {per_second: 0, from: {name: F, address: bantin@example.vn}}
schedule: {collect: "0 6 * * *", publish_weekly: "0 7 * * *", publish_daily: "0 7 * * *", redeliver: "0 6 * * *"}
weekly: {deadline: "08:30"}
`;
/** The two-day outage: nobody lives from here on until there. */
const DOWN = "2026-10-18";
const UP = { day: "2026-10-20", time: "10:12" };
const KILLED_AMONG_MAILS = "2026-10-08";
const KILLED_BETWEEN_JOBS = "2026-11-04";

let database: FreshDatabase;
let relay: TestRelay;
let onMail: (() => Promise<void>) | null = null;
const folders = [freshFolder("one"), freshFolder("two")] as const;
const alive: Serving[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  relay = await startRelay({
    onData: (_stream, _session, done) => void (onMail?.() ?? Promise.resolve()).then(() => done()),
  });
  await database.store.recipients.replace([
    head("H21", "tinh@example.vn", ["daily", "weekly"]),
    head("H21.01", "so@example.vn"),
    head("H21.133", "xa@example.vn"),
  ]);
});
afterAll(async () => {
  for (const one of alive) one.child.kill("SIGKILL");
  await relay?.close();
  await database?.drop();
  for (const folder of folders) folder.remove();
});

/** Starts processes in the same second; the second one's machine stands in New York. Both mail as one installation. */
async function start(at: Date, zones: readonly string[]): Promise<void> {
  const started = zones.map((zone) =>
    startServing({
      ...{ program: "months-process.ts", at: at.toISOString(), config: CONFIG, folder: folders[0].path },
      env: { DATABASE_URL: database.url, SMTP_URL: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`, TZ: zone },
    }),
  );
  alive.push(...started);
  await Promise.all(started.map(({ ready }) => ready));
}

/** Kills somebody who has nothing in hand, or the queue would keep its last work for ten seconds more. */
async function endIdle(one: Serving | undefined): Promise<void> {
  const active = "select count(*)::int as n from pgboss.job where state = 'active'";
  await until("nothing in hand", async () => (await database.knex.raw(active)).rows[0].n === 0, 90);
  await end(one);
}

async function end(one: Serving | undefined): Promise<void> {
  if (one === undefined) throw new Error("nobody to end");
  alive.splice(alive.indexOf(one), 1);
  await one.kill("SIGKILL");
}

async function openTicks(): Promise<number> {
  return (await database.knex.raw("select count(*)::int as n from ticks where state <> 'finished'")).rows[0].n;
}

/** Everybody alive does the same minute at once, then what is queued is worked off. */
async function live(day: Day, time: string): Promise<void> {
  const at = instantAt(day, time);
  await Promise.all(alive.map((one) => one.minute(at)));
  await until(`the work of ${day} ${time}`, async () => (await openTicks()) === 0, 90);
}

/** Kills, at a mail that the relay has and has not answered, whoever sends it. */
function killSender(): Promise<Serving> {
  return new Promise((resolve, reject) => {
    onMail = async () => {
      onMail = null;
      const [claim] = (await database.knex.raw("select instance from deliveries where state = 'sending'")).rows;
      const sender = alive.find(({ pid }) => String(claim?.instance).endsWith(`:${pid}`));
      if (sender === undefined) reject(new Error(`nobody of ours sends, but ${claim?.instance}`));
      await end(sender);
      if (sender !== undefined) resolve(sender);
    };
  });
}

test("two processes serve sixty days and are killed on the way: each tick, edition and mail once", {
  timeout: 300_000,
}, async () => {
  const zones = ["Asia/Ho_Chi_Minh", "America/New_York"] as const;
  const days = Array.from({ length: DAYS }, (_, index) => addDays(FIRST, index));
  await start(instantAt(FIRST, "00:00"), zones);
  for (const day of days) {
    if (day > DOWN && day < UP.day) continue;
    if (day === UP.day) {
      await start(instantAt(UP.day, UP.time), zones);
      await live(UP.day, UP.time);
      continue;
    }
    await live(day, "06:00");
    if (day === KILLED_BETWEEN_JOBS) await endIdle(alive[0]);
    const killed = day === KILLED_AMONG_MAILS ? killSender() : null;
    await live(day, "07:00");
    if (killed !== null) await killed;
    if (alive.length === 1) await start(instantAt(day, "07:01"), zones.slice(0, 1));
    if (day === DOWN) for (const one of [...alive]) await endIdle(one);
  }

  const runs = await database.store.runs.list();
  const ended = runs.filter(({ result }) => !result.startsWith("cut off"));
  const ticks = await database.knex.raw("select job, slot from ticks where origin <> 'start'");
  expect(ended.map(({ job, slot }) => `${job} ${slot?.toISOString()}`).toSorted()).toEqual(
    ticks.rows.map(({ job, slot }: { job: string; slot: Date }) => `${job} ${slot.toISOString()}`).toSorted(),
  );
  expect(ticks.rows).toHaveLength(4 * DAYS);
  expect(runs.length - ended.length).toBe(1);
  const workers = await database.knex.raw("select distinct instance from runs where state <> 'skipped'");
  expect(workers.rows.length).toBeGreaterThanOrEqual(4);

  const calendar = await openCalendar({ store: database.store });
  const lived = days.filter((day) => day <= DOWN || day > UP.day);
  const dailies = lived.filter((day) => offReason(calendar, day) === null);
  const weeklies = lived.filter((day) => weeklyIssueDay(calendar, day) === day);
  expect(dailies).not.toContain("2026-11-24");
  const editions = (await database.store.editions.list()).map(({ id }) => id);
  const expected = dailies.flatMap((day) => ["H21", "H21.01", "H21.133"].map((unit) => `daily/${day}/${unit}/r0`));
  expect(editions.filter((id) => id.startsWith("daily")).toSorted()).toEqual(expected.toSorted());
  expect(editions.filter((id) => id.startsWith("weekly"))).toHaveLength(weeklies.length);

  const mails = await Promise.all(relay.taken.map(({ raw }) => parseMail(raw)));
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
  const states = (await database.store.deliveries.list()).map(({ state }) => state);
  expect(states).toHaveLength(editions.length);
  // The mail that was on the line when its process died: the relay may have it, and it is never sent again.
  expect(states.filter((state) => state !== "accepted")).toEqual(["unknown"]);
  expect(mails.length - (editions.length - 1)).toBeLessThanOrEqual(1);
  expect(mails.length).toBeGreaterThanOrEqual(editions.length - 1);
  // Which of two jobs of one minute came first is chance, and so is who worked.
  const inOrder = runs
    .toSorted((a, b) => Number(a.slot) - Number(b.slot) || a.job.localeCompare(b.job) || Number(a.id) - Number(b.id))
    .map((run, index) => ({ ...run, id: String(index) }));
  const lines = runLines(inOrder)
    .join("\n")
    .replaceAll(/\([\w.-]+:\d+\)|by [\w.-]+:\d+/g, "HOST:PID");
  matchesGolden("runs-list.txt", `${lines}\n`);
});
