import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startOf } from "./processes.ts";

const PREFIX = "starting.";

/**
 * Lets one process at a time start or stop the server of a data directory, and gives what `work` gave.
 *
 * Each contender first writes a file of its own, then looks for others: whoever sees another living one withdraws and tries
 * again later. Of two at the same moment at least one sees the other, so never two go on. A file left by a killed process is
 * recognised by its process id and start time and is never taken over, only ignored and cleared: no stale lock can exist.
 */
export async function withStartLock<T>(directory: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const own = `${PREFIX}${process.pid}.${startOf(process.pid)}`;
  await takeTurn(directory, own, timeoutMs);
  try {
    return await work();
  } finally {
    rmSync(join(directory, own), { force: true });
  }
}

async function takeTurn(directory: string, own: string, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    const free = announce(directory, own);
    if (free && othersIn(directory, own).length === 0) return;
    if (free) rmSync(join(directory, own), { force: true });
    if (performance.now() >= end) {
      throw new Error(`another process has been starting the database in ${directory} for ${timeoutMs / 1000} s`);
    }
    // Differs between processes and attempts, so that two contenders do not withdraw in step for ever.
    await sleep(15 + ((process.pid * 31 * attempt) % 53));
  }
}

/** False when this very process is already starting or stopping the same server. */
function announce(directory: string, own: string): boolean {
  try {
    writeFileSync(join(directory, own), "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function othersIn(directory: string, own: string): readonly string[] {
  const others = readdirSync(directory).filter((name) => name.startsWith(PREFIX) && name !== own);
  return others.filter((name) => {
    const [, pid = "", start = ""] = name.split(".");
    if (isAlive(Number(pid)) && startOf(Number(pid)) === start) return true;
    rmSync(join(directory, name), { force: true });
    return false;
  });
}
