import { type ChildProcess, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clusterIn, readPostmaster } from "../../src/adapters/postgres/cluster.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import { startSamplePortal } from "../../src/sample/server.ts";
import type { Morning } from "./day-process.ts";
import { proportionalSize } from "./machine.ts";

/** The first morning fills the archive and gives the second its baseline; the second is the one that is measured. */
export const FIRST_DAY = "2026-10-09";
export const MEASURED_DAY = "2026-10-12";

/** A measured morning. `server` is the embedded PostgreSQL's own peak in bytes, null where the system does not tell. */
export type MeasuredDay = Morning & {
  readonly day: string;
  readonly pdfs: number;
  readonly mails: number;
  readonly server: number | null;
};

/** Lives through two mornings in an empty directory, each in a process of its own, with the portal in this one. */
export async function measureDays(directory: string): Promise<readonly MeasuredDay[]> {
  let day = FIRST_DAY;
  const portal = await startSamplePortal({ now: () => instantAt(day, "06:00") });
  try {
    const days: MeasuredDay[] = [];
    for (day of [FIRST_DAY, MEASURED_DAY]) days.push(await measureDay(directory, portal.url, day));
    return days;
  } finally {
    await portal.close();
  }
}

async function measureDay(directory: string, portalUrl: string, day: string): Promise<MeasuredDay> {
  const child = fork(fileURLToPath(new URL("day-process.ts", import.meta.url)), [directory, portalUrl, day], {
    execArgv: ["--import", "tsx"],
  });
  let server: number | null = null;
  const watch = setInterval(() => {
    const size = serverSize(directory);
    if (size !== null && size > (server ?? 0)) server = size;
  }, 250);
  try {
    const morning = await outcomeOf(child);
    const made = (folder: string, of: string) =>
      readdirSync(join(directory, "out", folder)).filter((name) => name.includes(of)).length;
    return { ...morning, day, pdfs: made("daily", day), mails: made("mail", day), server };
  } finally {
    clearInterval(watch);
  }
}

function outcomeOf(child: ChildProcess): Promise<Morning> {
  return new Promise((resolve, reject) => {
    let morning: Morning | null = null;
    child.once("message", (message) => {
      morning = message as Morning;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (morning !== null && code === 0) resolve(morning);
      else reject(new Error(`the measured process ended with code ${code}: see its message above`));
    });
  });
}

function serverSize(directory: string): number | null {
  const server = readPostmaster(clusterIn(join(directory, "var", "pg")));
  return server === null ? null : proportionalSize(server.pid);
}
