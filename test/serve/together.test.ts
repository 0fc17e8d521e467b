import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { instantAt } from "../../src/domain/calendar.ts";
import { freshFolder } from "../support/cli.ts";
import { emptyDatabase, type FreshDatabase } from "../support/database.ts";
import { head } from "../support/day.ts";
import { serve } from "../support/portal.ts";
import { PROVINCE_YAML, type Serving, startServing, until } from "../support/serving.ts";
import { parseMail, startRelay, type TestRelay } from "../support/smtp.ts";

/** A Monday. */
const DAY = "2026-10-12";
const CONFIG = `${PROVINCE_YAML}mail: {per_second: 0, from: {name: F, address: bantin@example.vn}}
schedule: {collect: "0 6 * * *", publish_weekly: "30 6 * * *", publish_daily: "0 7 * * *", redeliver: "0 8 * * *"}
`;

const folder = freshFolder("together");
const pings: string[] = [];
let database: FreshDatabase;
let relay: TestRelay;
let listener: Awaited<ReturnType<typeof serve>>;
let both: readonly Serving[] = [];

beforeAll(async () => {
  database = await emptyDatabase();
  relay = await startRelay();
  listener = await serve((request, response) => {
    pings.push(request.url ?? "");
    response.writeHead(200).end();
  });
});
afterAll(async () => {
  for (const { child } of both) child.kill("SIGKILL");
  await listener?.close();
  await relay?.close();
  await database?.drop();
  folder.remove();
});

const rows = async (sql: string) => (await database.knex.raw(sql)).rows as readonly Record<string, unknown>[];

async function live(time: string): Promise<void> {
  await Promise.all(both.map((one) => one.minute(instantAt(DAY, time))));
  await until(
    `the work of ${time}`,
    async () => (await rows("select 1 from ticks where state <> 'finished'")).length === 0,
  );
}

test("two processes started in the very second of a tick over an empty database: one set of tables, each tick once, both well", async () => {
  const env = {
    ...{ DATABASE_URL: database.url, SMTP_URL: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true` },
    DIEMTIN_PING_URL: `${listener.url}/s3cret`,
  };
  const at = instantAt(DAY, "06:00").toISOString();
  const start = () => startServing({ program: "months-process.ts", at, folder: folder.path, config: CONFIG, env });
  both = [start(), start()];
  await Promise.all(both.map(({ ready }) => ready));
  await until("the first tick", async () => (await rows("select 1 from runs where state = 'done'")).length === 1);
  const migrations = readdirSync(new URL("../../migrations", import.meta.url)).filter((name) => name.endsWith(".sql"));
  expect((await rows("select name from schema_migrations order by name")).map(({ name }) => name)).toEqual(
    migrations.toSorted(),
  );
  expect(await rows("select 1 from installation")).toHaveLength(1);
  await database.store.goLives.confirm({ province: "H21", at: new Date(0), by: "the test" });
  await database.store.recipients.replace([
    head("H21", "tinh@example.vn", ["daily", "weekly"]),
    head("H21.01", "so@example.vn"),
    head("H21.133", "xa@example.vn"),
  ]);
  await live("06:30");
  await live("07:00");
  const runs = await rows("select job, state from runs order by slot, job");
  expect(runs.map(({ job, state }) => `${job} ${state}`)).toEqual([
    "collect done",
    "publish-weekly done",
    "publish-daily done",
  ]);
  expect(await rows("select 1 from editions")).toHaveLength(4);
  const mails = await Promise.all(relay.taken.map(({ raw }) => parseMail(raw)));
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(4);
  expect(mails).toHaveLength(4);
  for (const one of both) {
    const health = await fetch(`http://127.0.0.1:${one.port()}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ faults: [] })]);
    expect(one.said()).toBe("");
  }

  // Each job's address is asked once, after its last step; the run of a job that fails asks none.
  await until("three pings", () => pings.length === 3);
  expect(pings).toEqual(["/s3cret/collect", "/s3cret/publish-weekly", "/s3cret/publish-daily"]);
  await relay.close();
  await database.store.recipients.replace([head("H21.01", "khac@example.vn")]);
  await live("08:00");
  expect(await rows("select state from runs where job = 'redeliver'")).toEqual([{ state: "failed" }]);
  for (const { child } of both) child.kill("SIGTERM");
  await until("both ends", () => both.every(({ child }) => child.exitCode !== null));
  expect(both.map(({ child }) => child.exitCode)).toEqual([0, 0]);
  expect(pings).toHaveLength(3);
});
