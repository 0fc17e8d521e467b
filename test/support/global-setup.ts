import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { clusterIn, isRunning, readPostmaster } from "../../src/adapters/postgres/cluster.ts";
import { connect, type DatabaseAddress } from "../../src/adapters/postgres/connect.ts";
import { ensurePostgres } from "../../src/adapters/postgres/embedded.ts";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import { isAlive, waitUntil } from "../../src/adapters/postgres/processes.ts";
import { inDatabase, NAME_PREFIX } from "./server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly databaseServer: DatabaseAddress;
    readonly databaseTemplate: string;
  }
}

const FOLDER_PREFIX = "diemtin-test-";
/** Longer than any run of the suite: older databases were left by a run that was cut off. */
const STALE_AFTER_S = 3_600;

/** One server for all test files, with a migrated template that each file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databaseUrl = process.env["DATABASE_URL"];
  const server = databaseUrl === undefined || databaseUrl === "" ? await ownServer() : given(databaseUrl);
  const template = `${NAME_PREFIX}${Math.floor(Date.now() / 1000)}_${process.pid}_template`;
  const admin = await connect(server.address);
  try {
    await dropStale(admin);
    await admin.raw(`create database ${template} encoding 'UTF8' template template0`);
  } finally {
    await admin.destroy();
  }
  const knex = await connect(inDatabase(server.address, template));
  await migrate(knex);
  await knex.destroy();
  project.provide("databaseServer", server.address);
  project.provide("databaseTemplate", template);
  return async () => {
    const last = await connect(server.address);
    await last.raw(`drop database if exists ${template} with (force)`);
    await last.destroy();
    await server.stop();
  };
}

type Server = { readonly address: DatabaseAddress; stop(): Promise<void> };

function given(databaseUrl: string): Server {
  return { address: { databaseUrl }, stop: async () => {} };
}

async function ownServer(): Promise<Server> {
  await endStaleServers();
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const server = await ensurePostgres({ dataDir: folder, settings });
  return {
    address: { embedded: server.connection },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Servers of runs that were killed: their folder names the process. */
async function endStaleServers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const pid = Number(name.slice(FOLDER_PREFIX.length).split("-")[0]);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const cluster = clusterIn(join(tmpdir(), name));
    const postmaster = readPostmaster(cluster);
    if (postmaster !== null && isRunning(cluster, postmaster.pid)) process.kill(postmaster.pid, "SIGQUIT");
    if (postmaster !== null) await waitUntil(() => !isRunning(cluster, postmaster.pid), 10_000);
    if (postmaster !== null) rmSync(postmaster.socketDirectory, { recursive: true, force: true });
    rmSync(cluster.directory, { recursive: true, force: true });
  }
}

async function dropStale(admin: Awaited<ReturnType<typeof connect>>): Promise<void> {
  const found = await admin.raw<{ rows: { datname: string }[] }>(
    "select datname from pg_database where datname like ?",
    [`${NAME_PREFIX.replaceAll("_", "\\_")}%`],
  );
  for (const { datname } of found.rows) {
    const made = Number(datname.slice(NAME_PREFIX.length).split("_")[0]);
    if (Date.now() / 1000 - made > STALE_AFTER_S) await admin.raw("drop database if exists ?? with (force)", [datname]);
  }
}
