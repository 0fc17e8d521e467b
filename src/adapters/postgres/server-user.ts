import { spawn, spawnSync } from "node:child_process";
import { chownSync, closeSync, lchownSync, lstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Who runs the server. PostgreSQL refuses to run as root, so root hands it to another user id, or, where that user could not
 * reach the programs or the data (a project below a 0700 home), runs it in a user namespace in which root is nobody special.
 */
export type ServerUser = {
  /** For messages: "user postgres (uid 101)". */
  readonly name: string;
  /** The owner the data directory must have; null leaves it as it is. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Started with that uid and gid. */
  readonly drops: boolean;
  /** Words before the program's own. */
  readonly wrapper: readonly string[];
};

/** Locale and path only: PGPORT, PGDATA and their kind must not reach the server. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/** The ways to run the server for a process of this user id, the most fitting first. */
export function serverUsers(uid: number, dataOwner: number | null): readonly ServerUser[] {
  if (uid !== 0) return [{ name: `uid ${uid}`, owner: null, drops: false, wrapper: [] }];
  const users = ["postgres", "nobody"].flatMap((name) => accountNamed(name));
  const namespace: ServerUser = {
    name: "root in a user namespace (unshare --user)",
    owner: { uid: 0, gid: 0 },
    drops: false,
    wrapper: ["unshare", "--user"],
  };
  const all = [...users, namespace];
  // The owner of existing data comes first: nothing needs to be handed over.
  return [
    ...all.filter((user) => user.owner?.uid === dataOwner),
    ...all.filter((user) => user.owner?.uid !== dataOwner),
  ];
}

function accountNamed(name: string): readonly ServerUser[] {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid = "", gid = ""] = (line ?? "").split(":");
  if (!/^[1-9]\d*$/.test(uid) || !/^\d+$/.test(gid)) return [];
  return [
    { name: `user ${name} (uid ${uid})`, owner: { uid: Number(uid), gid: Number(gid) }, drops: true, wrapper: [] },
  ];
}

/** Runs a program to its end as that user. Gives null when it ended well, otherwise what it said. */
export function runAs(user: ServerUser, program: string, args: readonly string[]): string | null {
  const [file = program, ...rest] = [...user.wrapper, program, ...args];
  const result = spawnSync(file, rest, { ...identity(user), cwd: "/", env: ENVIRONMENT, encoding: "utf8" });
  if (result.error !== undefined) return result.error.message;
  if (result.status === 0) return null;
  const said = `${result.stderr}${result.stdout}`.trim();
  return said === "" ? `${program} ended with ${result.status ?? result.signal}` : said;
}

/** A program left running after this process has gone. */
export type Detached = {
  readonly pid: number | null;
  /** What ended it ("exit code 1"); null while it runs. */
  ended(): string | null;
  /** Lets this process end while the program goes on. */
  release(): void;
};

/** Starts a program as that user in a session of its own, its output appended to a file. */
export function startAs(user: ServerUser, command: readonly string[], logFile: string): Detached {
  const [file = "", ...rest] = [...user.wrapper, ...command];
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(file, rest, {
    ...identity(user),
    cwd: "/",
    env: ENVIRONMENT,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended: string | null = null;
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, signal) => {
    ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
  });
  return { pid: child.pid ?? null, ended: () => ended, release: () => child.unref() };
}

/** Gives a folder and everything in it to the user, where it is not theirs already. */
export function handOver(path: string, user: ServerUser): void {
  if (user.owner === null) return;
  const entry = lstatSync(path);
  if (entry.uid !== user.owner.uid) lchownSync(path, user.owner.uid, user.owner.gid);
  if (!entry.isDirectory()) return;
  for (const name of readdirSync(path)) handOver(join(path, name), user);
}

/** Gives a folder alone to the user. */
export function handOverFolder(path: string, user: ServerUser): void {
  if (user.owner !== null) chownSync(path, user.owner.uid, user.owner.gid);
}

function identity(user: ServerUser): { readonly uid?: number; readonly gid?: number } {
  return user.drops && user.owner !== null ? user.owner : {};
}
