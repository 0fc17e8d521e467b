import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describeError } from "../../domain/errors.ts";
import {
  CLIENT_SETTINGS,
  type Cluster,
  clearRemains,
  createCluster,
  DATABASE_USER,
  logTail,
  makeSocketFolder,
  type Postmaster,
  prepareFor,
  readPostmaster,
  serverCommand,
  socketFolder,
} from "./cluster.ts";
import { type Binaries, findBinaries } from "./embedded-binaries.ts";
import { type Detached, type ServerUser, serverUsers, startAs } from "./server-user.ts";

const START_TIMEOUT_MS = 120_000;

export type BootOptions = {
  readonly settings: Readonly<Record<string, string>>;
  /** The folder for temporary files, where the socket's folder is made. */
  readonly temporary: string;
};

/**
 * Makes the cluster when there is none and starts its server. The caller holds the start lock and has seen that none runs.
 * Throws one error naming each way that was tried.
 */
export async function bootServer(cluster: Cluster, options: BootOptions): Promise<Postmaster> {
  const binaries = findBinaries(process.platform, process.arch);
  const socketDirectory = socketFolder(cluster, options.temporary);
  await clearRemains(cluster, readPostmaster(cluster)?.socketDirectory ?? socketDirectory);
  const user = settleUser(cluster, binaries);
  makeSocketFolder(socketDirectory, user, ownUid());
  const command = serverCommand(cluster, binaries, { socketDirectory, settings: options.settings });
  const server = startAs(user, command, cluster.log);
  await untilReady(cluster, server, socketDirectory);
  server.release();
  const postmaster = readPostmaster(cluster);
  if (postmaster === null) throw new Error(`the server started but wrote no postmaster.pid into ${cluster.data}`);
  return postmaster;
}

/** The first user who can run the programs on the data, which exists afterwards and is theirs. */
function settleUser(cluster: Cluster, binaries: Binaries): ServerUser {
  const exists = existsSync(cluster.data);
  const owner = exists ? statSync(cluster.data).uid : null;
  const failures: string[] = [];
  for (const user of serverUsers(ownUid(), owner)) {
    try {
      const obstacle = prepareFor(user, cluster, binaries);
      if (obstacle !== null) throw new Error(obstacle);
      if (!exists) createCluster(cluster, binaries, user);
      return user;
    } catch (error) {
      failures.push(`- as ${user.name}: ${describeError(error)}`);
    }
  }
  throw new Error(`the server cannot be run. Tried:\n${failures.join("\n")}`);
}

async function untilReady(cluster: Cluster, server: Detached, socketDirectory: string): Promise<void> {
  const end = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const ended = server.ended();
    if (ended !== null)
      throw new Error(`the server ended at once (${ended}). ${cluster.log} says:\n${logTail(cluster)}`);
    const failure = await tryConnection(socketDirectory);
    if (failure === null) return;
    if (performance.now() > end) {
      throw new Error(`the server is still starting after ${START_TIMEOUT_MS / 1000} s (${failure}): try again later`);
    }
    await sleep(25);
  }
}

async function tryConnection(host: string): Promise<string | null> {
  const client = new pg.Client({ host, user: DATABASE_USER, database: "postgres", port: 5432, ...CLIENT_SETTINGS });
  try {
    await client.connect();
    return null;
  } catch (error) {
    return describeError(error);
  } finally {
    await client.end();
  }
}

function ownUid(): number {
  return process.getuid?.() ?? 0;
}
