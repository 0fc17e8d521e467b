import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./embedded-binaries.ts";
import { isAlive, isMissing, processesIn, waitUntil, workingFolder } from "./processes.ts";
import { handOver, handOverFolder, runAs, type ServerUser } from "./server-user.ts";

/** The files of one embedded server. */
export type Cluster = {
  /** The folder the caller named; holds the rest. */
  readonly directory: string;
  readonly data: string;
  readonly log: string;
};

/** What a running server has written about itself into postmaster.pid. */
export type Postmaster = { readonly pid: number; readonly socketDirectory: string; readonly port: number };

export const DATABASE_USER = "diemtin";
/** Said outright to the embedded server, or the driver takes PGPASSWORD, PGSSLMODE and PGOPTIONS, which are about another server. */
export const CLIENT_SETTINGS = { password: "", ssl: false, options: "-c client_min_messages=notice" } as const;
const PORT = 5432;
/** The kernel's room for a socket path is 108 bytes on Linux and 104 on macOS, with the closing zero. */
const LONGEST_SOCKET_PATH = 103;

/** The places of a cluster's files below a directory. */
export function clusterIn(directory: string): Cluster {
  return { directory, data: join(directory, "cluster"), log: join(directory, "server.log") };
}

/** Reads postmaster.pid; null when there is none or it is half written. */
export function readPostmaster(cluster: Cluster): Postmaster | null {
  let text: string;
  try {
    text = readFileSync(join(cluster.data, "postmaster.pid"), "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const [pid = "", , , port = "", socketDirectory = ""] = text.split("\n");
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(port) || socketDirectory === "") return null;
  return { pid: Number(pid), socketDirectory, port: Number(port) };
}

/** True while that process is this cluster's server: a server works in its data folder, another process with its old id does not. */
export function isRunning(cluster: Cluster, pid: number): boolean {
  if (process.platform === "linux") return workingFolder(pid) === cluster.data;
  return isAlive(pid);
}

/**
 * After a server has died: waits until its last helpers are gone, then removes what it left behind. PostgreSQL itself refuses
 * to start when the process id in a stale postmaster.pid is in use again, which in a container is the rule.
 */
export async function clearRemains(cluster: Cluster, socketDirectory: string): Promise<void> {
  if (!(await waitUntil(() => processesIn(cluster.data).length === 0, 60_000))) {
    throw new Error(
      `processes ${processesIn(cluster.data).join(", ")} of a dead server still use ${cluster.data}: end them`,
    );
  }
  rmSync(join(cluster.data, "postmaster.pid"), { force: true });
  rmSync(join(socketDirectory, `.s.PGSQL.${PORT}`), { force: true });
  rmSync(join(socketDirectory, `.s.PGSQL.${PORT}.lock`), { force: true });
}

/** Makes the files of a new server: all or nothing, so that a killed attempt leaves no half cluster. Throws what initdb said. */
export function createCluster(cluster: Cluster, binaries: Binaries, user: ServerUser): void {
  const fresh = `${cluster.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const failure = runAs(user, binaries.initdb, [
    ...["-D", fresh, "-U", DATABASE_USER, "-A", "trust", "-E", "UTF8"],
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
  ]);
  if (failure !== null) throw new Error(`initdb: ${failure}`);
  renameSync(fresh, cluster.data);
}

/** Checks that a user can run the programs and reach the data directory, handing the data over to them. Null, or what is in the way. */
export function prepareFor(user: ServerUser, cluster: Cluster, binaries: Binaries): string | null {
  const programs = runAs(user, binaries.postgres, ["--version"]);
  if (programs !== null) return programs;
  handOverFolder(cluster.directory, user);
  const reach = runAs(user, "/bin/sh", ["-c", 'cd -- "$1" && test -w .', "sh", cluster.directory]);
  if (reach !== null) return reach;
  if (existsSync(cluster.data)) handOver(cluster.data, user);
  return null;
}

/** The folder of a cluster's socket: below the temp folder, named by a hash so that the path stays short, open to its owner only. */
export function socketFolder(cluster: Cluster, temporary: string): string {
  const name = `diemtin-${createHash("sha256").update(cluster.data).digest("hex").slice(0, 16)}`;
  const path = join(temporary, name);
  return Buffer.byteLength(join(path, `.s.PGSQL.${PORT}`)) <= LONGEST_SOCKET_PATH ? path : join("/tmp", name);
}

/** Makes the socket folder, refusing one that somebody else has put there. */
export function makeSocketFolder(path: string, user: ServerUser, ownUid: number): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const entry = lstatSync(path);
  if (!entry.isDirectory() || (ownUid !== 0 && entry.uid !== ownUid)) {
    throw new Error(`${path} is not a folder of uid ${ownUid} (found uid ${entry.uid}): remove it`);
  }
  handOverFolder(path, user);
  chmodSync(path, 0o700);
}

/** The command that runs the server in the foreground: no TCP port, a socket in one private folder. */
export function serverCommand(
  cluster: Cluster,
  binaries: Binaries,
  options: { readonly socketDirectory: string; readonly settings: Readonly<Record<string, string>> },
): readonly string[] {
  const settings = {
    listen_addresses: "",
    port: String(PORT),
    unix_socket_directories: `"${options.socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    log_checkpoints: "off",
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return [binaries.postgres, "-D", cluster.data, ...flags];
}

/** The last lines of the server's log, for an error message. */
export function logTail(cluster: Cluster): string {
  if (!existsSync(cluster.log)) return "";
  return readFileSync(cluster.log, "utf8").trimEnd().split("\n").slice(-6).join("\n");
}
