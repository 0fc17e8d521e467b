import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterIn, isRunning, readPostmaster } from "../../src/adapters/postgres/cluster.ts";
import { connect } from "../../src/adapters/postgres/connect.ts";
import { ensurePostgres } from "../../src/adapters/postgres/embedded.ts";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import { waitUntil } from "../../src/adapters/postgres/processes.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { startSamplePortal } from "../../src/sample/server.ts";
import { runCli } from "../support/cli.ts";
import type { FreshDatabase } from "../support/database.ts";
import { ADMIN, head, momentOf, type Office, openOffice } from "../support/day.ts";
import { urlOf } from "../support/server.ts";
import { PROVINCE_YAML, type Serving, startServing, until } from "../support/serving.ts";
import { parseMail, startRelay } from "../support/smtp.ts";

/** In January no closed period is asked for as well. */
const DAY = "2026-01-12";
const UNITS = ["H21.01", "H21.133", "H21.171"];
const NEVER = "0 0 29 2 *";
const CONFIG = `${PROVINCE_YAML}periods: [year]
mail: {per_second: 0, from: {name: F, address: bantin@example.vn}, admin: ${ADMIN}}
schedule: {collect: "0 6 * * *", publish_daily: "0 7 * * *", publish_weekly: "${NEVER}", redeliver: "${NEVER}"}
`;

const folder = mkdtempSync(join(tmpdir(), "diemtin-restart-"));
chmodSync(folder, 0o755);
const dataDir = join(folder, "pg");
let office: Office;
let database: FreshDatabase;
let serving: Serving;
let now = momentOf(`${DAY} 06:00`);
let onQuestion: (() => void) | null = null;
let onMail: (() => Promise<void>) | null = null;
let portal: Awaited<ReturnType<typeof startSamplePortal>>;

/** Stops the server as a crash would, in the middle of everything. */
async function stop(): Promise<void> {
  const cluster = clusterIn(dataDir);
  const postmaster = readPostmaster(cluster);
  if (postmaster === null) throw new Error("no server");
  process.kill(postmaster.pid, "SIGQUIT");
  await waitUntil(() => !isRunning(cluster, postmaster.pid), 10_000);
}

async function start(): Promise<void> {
  await ensurePostgres({ dataDir, settings: { fsync: "off" } });
}

const restart = () => stop().then(start);

beforeAll(async () => {
  const server = await ensurePostgres({ dataDir, settings: { fsync: "off" } });
  const address = { embedded: server.connection };
  const knex = await connect(address);
  await migrate(knex);
  const drop = () => knex.destroy();
  database = { knex, store: createStore(knex), address, url: urlOf(address), drop };
  await database.store.goLives.confirm({ province: "H21", at: new Date(0), by: "the test" });
  const relay = await startRelay({
    onData: (_stream, _session, done) => void (onMail?.() ?? Promise.resolve()).then(() => done()),
  });
  office = await openOffice({ database, relay, settings: { periods: ["year"] } });
  await database.store.recipients.replace(UNITS.map((unit) => head(unit, `${unit.toLowerCase()}@example.vn`)));
  await office.run("collect", "2026-01-09 06:00");
  await knex.raw(`update units set standing = 'waiting' where scope = 'H21' and code <> all(?)`, [UNITS]);
  await knex.raw("delete from installation; truncate runs");
  portal = await startSamplePortal({
    now: () => now,
    faults: () => {
      onQuestion?.();
      return undefined;
    },
  });
  serving = startServing({
    ...{ program: "serve-process.ts", at: `${DAY}T05:59:10+07:00`, folder, config: CONFIG },
    env: {
      DATABASE_URL: database.url,
      SMTP_URL: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`,
      PORTAL_URL: portal.url,
    },
  });
  await serving.ready;
}, 120_000);
afterAll(async () => {
  serving?.child.kill("SIGKILL");
  await portal?.close();
  await office?.close();
  const postmaster = readPostmaster(clusterIn(dataDir));
  if (postmaster !== null) process.kill(postmaster.pid, "SIGQUIT");
  if (postmaster !== null) await waitUntil(() => !isRunning(clusterIn(dataDir), postmaster.pid), 10_000);
  if (postmaster !== null) rmSync(postmaster.socketDirectory, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** The nth call restarts the database. */
function nth(count: number, done: (restarted: Promise<void>) => void): () => void {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === count) done(restart());
  };
}

async function ticks(): Promise<readonly string[]> {
  const { rows } = await database.knex.raw("select job, state from ticks where origin <> 'start' order by slot");
  return rows.map(({ job, state }: { job: string; state: string }) => `${job} ${state}`);
}
const finished = (expected: readonly string[]) => async () => (await ticks()).join() === expected.join();
const runsOf = async (job: string) => (await database.store.runs.list()).filter((run) => run.job === job);

describe("the database is restarted", { timeout: 150_000 }, () => {
  test("while serve collects: the process lives on, the run says so, and the figures are fetched whole", async () => {
    let restarted: Promise<void> = Promise.resolve();
    onQuestion = nth(4, (done) => {
      restarted = done;
    });
    now = momentOf(`${DAY} 06:00`);
    await serving.minute(now);
    await until("the restart", () => restarted.then(() => portal.requests.length >= 4));
    await restarted;
    await until("the tick's end", finished(["collect finished"]), 100);
    const runs = await runsOf("collect");
    expect(runs.map(({ state }) => state)).toEqual(["failed", "done"]);
    expect(runs[0]?.result).toMatch(/cut off: its process .* ended or lost the database|ended by an unexpected error/);
    for (const scope of ["provinces", "H21"]) {
      const question = { source: "evaluation-api", scope, period: "2026", asOf: momentOf(`${DAY} 06:59`) };
      const latest = await database.store.snapshots.latest(question);
      expect(latest?.takenAt.getTime()).toBeGreaterThanOrEqual(now.getTime());
    }
    expect(serving.child.exitCode).toBeNull();
  });

  test("while serve mails: the rest is sent by the same process, and nothing twice", async () => {
    let mails = 0;
    let restarted: Promise<void> | null = null;
    onMail = async () => {
      mails += 1;
      if (mails !== 2) return;
      // The relay's word comes while nobody can note it.
      await stop();
      restarted = start();
    };
    now = momentOf(`${DAY} 07:00`);
    await serving.minute(now);
    await until("the restart", () => restarted !== null);
    await restarted;
    await until("the tick's end", finished(["collect finished", "publish-daily finished"]), 100);
    const sent = await Promise.all(
      office.relay.taken.filter(({ to }) => !to.includes(ADMIN)).map(({ raw }) => parseMail(raw)),
    );
    expect(sent.map(({ messageId }) => messageId).length).toBe(UNITS.length);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(UNITS.length);
    expect(await database.store.editions.list()).toHaveLength(UNITS.length + 1);
    const states = (await database.store.deliveries.list()).map(({ state }) => state);
    expect(states.filter((state) => state !== "accepted").length).toBeLessThanOrEqual(1);
    const runs = await runsOf("publish-daily");
    expect(runs.at(-1)?.state).toBe("done");
    expect(runs.slice(0, -1).map(({ state }) => state)).toEqual(["failed"]);
    serving.child.kill("SIGTERM");
    await until("its end", () => serving.child.exitCode !== null);
    expect([serving.child.exitCode, serving.child.signalCode]).toEqual([0, null]);
  });

  test("while a command collects: it ends with 1 and says what to do; the next one does it all", async () => {
    writeFileSync(join(folder, "diemtin.yaml"), CONFIG);
    now = momentOf(`${DAY} 09:00`);
    let restarted: Promise<void> = Promise.resolve();
    onQuestion = nth(4, (done) => {
      restarted = done;
    });
    const env = { DATABASE_URL: database.url, PORTAL_URL: portal.url, DIEMTIN_LOG: "silent" };
    const run = () => runCli(["run", "collect"], { cwd: folder, env, at: now.toISOString() });
    const cut = await run();
    await restarted;
    expect([cut.code, cut.stderr]).toEqual([
      1,
      expect.stringMatching(/^diemtin: database .* is away: .*Start the server/m),
    ]);
    expect(cut.stderr).not.toContain("    at ");
    onQuestion = null;
    now = momentOf(`${DAY} 09:01`);
    const whole = await run();
    expect(whole.code, whole.stderr).toBe(0);
    const [first, second] = (await runsOf("collect")).slice(-2);
    expect([first?.state, second?.state]).toEqual(["failed", "done"]);
    expect(first?.result).toMatch(/cut off|unexpected error/);
  });
});
