import { realpathSync, rmSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import pg from "pg";
import { describeError } from "../../domain/errors.ts";
import { makeFolder } from "../make-folder.ts";
import {
  CLIENT_SETTINGS,
  type Cluster,
  clusterIn,
  DATABASE_USER,
  isRunning,
  type Postmaster,
  readPostmaster,
} from "./cluster.ts";
import { DatabaseError } from "./database-error.ts";
import { bootServer } from "./embedded-boot.ts";
import { errorCode, waitUntil } from "./processes.ts";
import { withStartLock } from "./start-lock.ts";

/** How to reach the embedded server: `host` is the folder of its socket. */
export type EmbeddedConnection = {
  readonly host: string;
  readonly port?: number;
  readonly user: string;
  readonly database: string;
};

/** An embedded server this process may use. It outlives the process; the next start adopts it. */
export type EmbeddedPostgres = {
  readonly connection: EmbeddedConnection;
  /** Ends the server unless another client is connected. Close the own pool first. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** The folder of the server's files; made when missing. */
  readonly dataDir: string;
  readonly log?: (event: string, facts?: Readonly<Record<string, unknown>>) => void;
  /** Server settings for a new start, for example `{ fsync: "off" }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
};

const LOCK_TIMEOUT_MS = 180_000;
const DATABASE = "diemtin";

/**
 * Gives a running PostgreSQL on a data directory: adopts the one that runs, or makes and starts it. Any number of processes may
 * ask at the same moment; one server results. Throws a DatabaseError that says what was tried.
 */
export async function ensurePostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  try {
    makeFolder(options.dataDir, 0o700);
    const cluster = clusterIn(realpathSync(options.dataDir));
    const holder = await withStartLock(cluster.directory, LOCK_TIMEOUT_MS, async () => {
      const running = await findRunning(cluster);
      log(running === null ? "embedded-postgres-start" : "embedded-postgres-adopt");
      const server = running ?? (await bootServer(cluster, { settings: options.settings ?? {}, temporary: tmpdir() }));
      return await hold(server, log);
    });
    return { connection: { ...holder.address, database: DATABASE }, stop: () => stopServer(cluster, holder, log) };
  } catch (error) {
    const hint = "set DATABASE_URL to use a PostgreSQL server of your own (15 or later) instead";
    throw new DatabaseError(`embedded database in ${options.dataDir}: ${describeError(error)}\n${hint}`, error);
  }
}

/** The running server of a cluster, as soon as it answers; null when none runs. A server without its socket is ended first. */
async function findRunning(cluster: Cluster): Promise<Postmaster | null> {
  const server = readPostmaster(cluster);
  if (server === null || !isRunning(cluster, server.pid)) return null;
  const end = performance.now() + 120_000;
  let lost = 0;
  while (isRunning(cluster, server.pid)) {
    const failure = await knock(server);
    if (failure === null) return server;
    if (performance.now() > end)
      throw new Error(`the running server (process ${server.pid}) does not answer: ${failure}`);
    // A cleaner of the temp folder may have taken the socket: nobody can ever connect again, so nobody is cut off.
    lost = statSync(server.socketDirectory, { throwIfNoEntry: false }) === undefined ? lost + 1 : 0;
    if (lost === 20) process.kill(server.pid, "SIGINT");
    await waitUntil(() => false, 50);
  }
  return null;
}

/** Tries one connection: null when it worked, otherwise what came. */
async function knock(server: Postmaster): Promise<string | null> {
  const client = clientOf(server);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return errorCode(error) ?? describeError(error);
  } finally {
    await client.end();
  }
}

type Holder = {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly address: Omit<EmbeddedConnection, "database">;
};

/** Keeps one idle connection for the life of this process, so that another process's `stop` sees that the server is in use. */
async function hold(server: Postmaster, log: (event: string) => void): Promise<Holder> {
  const socket = new Socket();
  const client = clientOf(server, socket);
  // Nothing is asked over this connection; when the server dies, the pool's own statements say so.
  client.on("error", () => log("embedded-postgres-gone"));
  await client.connect();
  const found = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
  if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  socket.unref();
  return { client, socket, address: { host: server.socketDirectory, port: server.port, user: DATABASE_USER } };
}

async function stopServer(cluster: Cluster, holder: Holder, log: (event: string) => void): Promise<void> {
  await withStartLock(cluster.directory, LOCK_TIMEOUT_MS, async () => {
    // Asked for again, or nothing would keep this process alive until the farewell is through.
    holder.socket.ref();
    await holder.client.end();
    const server = await findRunning(cluster);
    if (server === null) return;
    if (!(await waitUntil(async () => (await countClients(server)) === 0, 1_000))) {
      return log("embedded-postgres-in-use");
    }
    process.kill(server.pid, "SIGINT");
    if (!(await waitUntil(() => !isRunning(cluster, server.pid), 60_000))) {
      throw new DatabaseError(
        `embedded database in ${cluster.directory}: process ${server.pid} did not end within 60 s`,
      );
    }
    rmSync(server.socketDirectory, { recursive: true, force: true });
    log("embedded-postgres-stop");
  });
}

async function countClients(server: Postmaster): Promise<number> {
  const client = clientOf(server);
  await client.connect();
  try {
    const found = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return found.rows[0]?.others ?? 0;
  } finally {
    await client.end();
  }
}

function clientOf(server: Postmaster, socket = new Socket()): pg.Client {
  const address = { host: server.socketDirectory, port: server.port, user: DATABASE_USER, database: "postgres" };
  return new pg.Client({ ...address, ...CLIENT_SETTINGS, connectionTimeoutMillis: 10_000, stream: () => socket });
}
