import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clusterIn, isRunning, readPostmaster } from "../../../src/adapters/postgres/cluster.ts";
import { type EmbeddedConnection, ensurePostgres } from "../../../src/adapters/postgres/embedded.ts";
import { waitUntil } from "../../../src/adapters/postgres/processes.ts";

const SCRIPT = fileURLToPath(new URL("./start-embedded.ts", import.meta.url));
const SETTINGS = { fsync: "off" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "diemtin-embedded-"));
  // mkdtemp makes it 0700; another user's server must be able to pass.
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  for (const dataDir of [join(folder, "pg"), join(folder, "home", "pg")]) {
    const postmaster = readPostmaster(clusterIn(dataDir));
    if (postmaster !== null && isRunning(clusterIn(dataDir), postmaster.pid)) process.kill(postmaster.pid, "SIGQUIT");
    if (postmaster !== null) await waitUntil(() => !isRunning(clusterIn(dataDir), postmaster.pid), 10_000);
    if (postmaster !== null) rmSync(postmaster.socketDirectory, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
});

type Started = { readonly said: readonly string[]; readonly connection: EmbeddedConnection };

function startProcess(dataDir: string, ...more: string[]): { child: ChildProcess; started: Promise<Started> } {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, dataDir, ...more]);
  let out = "";
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const started = new Promise<Started>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.endsWith("\n")) resolve(JSON.parse(out));
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${err}`)));
  });
  return { child, started };
}

async function ask(connection: EmbeddedConnection, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ ...connection, password: "" });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function postmasterOf(dataDir: string): number {
  return readPostmaster(clusterIn(dataDir))?.pid ?? 0;
}

test("three processes at once on a fresh folder end with one server, and all are connected", async () => {
  const dataDir = join(folder, "pg");
  const starts = await Promise.all([1, 2, 3].map(() => startProcess(dataDir).started));
  expect(starts.map(({ said }) => said.join()).sort()).toEqual([
    ...["embedded-postgres-adopt", "embedded-postgres-adopt", "embedded-postgres-start"],
  ]);
  const hosts = new Set(starts.map(({ connection }) => connection.host));
  expect(hosts.size).toBe(1);
  for (const { connection } of starts) expect(await ask(connection, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("the server outlives its process and listens on a private socket only; the next process adopts it", async () => {
  const dataDir = join(folder, "pg");
  const { connection } = await startProcess(dataDir).started;
  const pid = postmasterOf(dataDir);
  const said: string[] = [];
  const server = await ensurePostgres({ dataDir, log: (event) => said.push(event) });
  expect(said).toEqual(["embedded-postgres-adopt"]);
  expect(server.connection).toEqual(connection);
  expect(postmasterOf(dataDir)).toBe(pid);
  expect(statSync(connection.host).mode & 0o777).toBe(0o700);
  expect(await ask(connection, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
  expect(Buffer.byteLength(join(connection.host, ".s.PGSQL.5432"))).toBeLessThan(104);
  await server.stop();
  expect(isRunning(clusterIn(dataDir), pid)).toBe(false);
  expect(existsSync(connection.host)).toBe(false);
});

test("stop leaves a server alone that another process uses", async () => {
  const dataDir = join(folder, "pg");
  const { child, started } = startProcess(dataDir, "stay");
  await started;
  const said: string[] = [];
  const log = (event: string): number => said.push(event);
  const server = await ensurePostgres({ dataDir, log });
  await server.stop();
  expect(said).toEqual(["embedded-postgres-adopt", "embedded-postgres-in-use"]);
  expect(await ask(server.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  child.kill("SIGKILL");
  await (await ensurePostgres({ dataDir, log })).stop();
  expect(said.at(-1)).toBe("embedded-postgres-stop");
});

test("after kill -9 of the server the next start brings back every committed row", async () => {
  const dataDir = join(folder, "pg");
  const first = await ensurePostgres({ dataDir });
  await ask(first.connection, "create table kept as select n from generate_series(1, 1000) n");
  process.kill(postmasterOf(dataDir), "SIGKILL");
  const second = await ensurePostgres({ dataDir, settings: SETTINGS });
  expect(await ask(second.connection, "select count(*)::int as n from kept")).toEqual([{ n: 1000 }]);
  await second.stop();
});

test("after kill -9 of the starting process, and with the old server's process id taken by another, a start succeeds", async () => {
  const dataDir = join(folder, "pg");
  const { child, started } = startProcess(dataDir, "stay");
  const { connection } = await started;
  child.kill("SIGKILL");
  const pid = postmasterOf(dataDir);
  process.kill(pid, "SIGKILL");
  await waitUntil(() => !isRunning(clusterIn(dataDir), pid), 10_000);
  // Somebody else of the same user, as after a container's restart: for PostgreSQL alone this is a running server.
  const uid = statSync(join(dataDir, "cluster")).uid;
  const other = spawn("sleep", ["60"], process.getuid?.() === 0 ? { uid } : {});
  const stale = join(dataDir, "cluster", "postmaster.pid");
  writeFileSync(stale, readFileSync(stale, "utf8").replace(/^\d+/, String(other.pid)));
  writeFileSync(join(connection.host, ".s.PGSQL.5432.lock"), `${other.pid}\n`);
  writeFileSync(join(dataDir, `starting.${pid}.1`), "");
  writeFileSync(join(dataDir, `starting.${process.pid}.1`), "");
  const again = await ensurePostgres({ dataDir, settings: SETTINGS });
  expect(await ask(again.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  await again.stop();
  other.kill();
});

test("an initdb that was cut off leaves nothing in the way", async () => {
  const dataDir = join(folder, "pg");
  mkdirSync(join(dataDir, "cluster.new", "base"), { recursive: true });
  writeFileSync(join(dataDir, "cluster.new", "PG_VERSION"), "18\n");
  const server = await ensurePostgres({ dataDir, settings: SETTINGS });
  expect(await ask(server.connection, "show server_encoding")).toEqual([{ server_encoding: "UTF8" }]);
  await server.stop();
});

test("below a folder only its owner may enter, the server starts and is adopted", async () => {
  const dataDir = join(folder, "home", "pg");
  mkdirSync(join(folder, "home"), { mode: 0o700 });
  const first = await startProcess(dataDir).started;
  const server = await ensurePostgres({ dataDir });
  expect(server.connection).toEqual(first.connection);
  expect(await ask(server.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test("data moved below a private folder by root is taken over by a user who can reach it", async () => {
  const before = await ensurePostgres({ dataDir: join(folder, "pg"), settings: SETTINGS });
  await before.stop();
  mkdirSync(join(folder, "home"), { mode: 0o700 });
  renameSync(join(folder, "pg"), join(folder, "home", "pg"));
  const after = await ensurePostgres({ dataDir: join(folder, "home", "pg"), settings: SETTINGS });
  expect(await ask(after.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  await after.stop();
});

test("a start that cannot work says in one error what was tried and what else there is", async () => {
  const dataDir = join(folder, "pg");
  const server = await ensurePostgres({ dataDir, settings: SETTINGS });
  await server.stop();
  writeFileSync(join(dataDir, "cluster", "PG_VERSION"), "9.6\n");
  const failure = await ensurePostgres({ dataDir }).catch((error) => error);
  expect(failure.name).toBe("DatabaseError");
  expect(failure.message).toContain(`embedded database in ${dataDir}: the server ended at once (exit code 1)`);
  expect(failure.message).toContain("incompatible with server");
  expect(failure.message).toContain("set DATABASE_URL");
});
