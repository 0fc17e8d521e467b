import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** True while a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return errorCode(error) === "EPERM";
  }
}

/** When a process began, as the kernel counts it; tells a process from a later one with the same id. "0" where unknown. */
export function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name stands in parentheses and may hold blanks; the start time is the 20th field after it.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch (error) {
    if (isMissing(error)) return "0";
    throw error;
  }
}

/** The folder a process works in; null when it is gone, may not be looked at, or the system has no /proc. */
export function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    if (isMissing(error) || errorCode(error) === "EACCES" || errorCode(error) === "EPERM") return null;
    throw error;
  }
}

/** Every process that works in a folder. Empty where the system has no /proc. */
export function processesIn(folder: string): readonly number[] {
  return processIds().filter((pid) => workingFolder(pid) === folder);
}

/** Waits until a question is answered with yes, asking every few milliseconds; false when the time is over. */
export async function waitUntil(question: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await question()) return true;
    if (performance.now() >= end) return false;
    await sleep(20);
  }
}

/** The code of a system or database error ("ENOENT", "57P03"); null when it has none. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** True when a file, folder or process is not there. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === "ENOENT" || errorCode(error) === "ESRCH";
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
