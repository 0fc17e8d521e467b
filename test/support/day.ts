import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JOBS } from "../../jobs/index.ts";
import { runAndShow } from "../../src/commands/run.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { openContext } from "../../src/context.ts";
import { dayOf, endOfDay, instantAt } from "../../src/domain/calendar.ts";
import type { Recipient } from "../../src/domain/delivery.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { Context } from "../../src/pipeline/context.ts";
import type { Job, RunReport } from "../../src/pipeline/run.ts";
import type { FaultPlan } from "../../src/sample/fault-plan.ts";
import { type SamplePortal, startSamplePortal } from "../../src/sample/server.ts";
import { SAMPLE_SETTINGS } from "../../src/sample/setup.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { startRelay, type TestRelay } from "./smtp.ts";

export const ADMIN = "quan-tri@example.vn";

/** A province's office: real database, portal, relay and folder; only the clock is a stand-in. */
export type Office = {
  readonly database: FreshDatabase;
  readonly portal: SamplePortal;
  readonly relay: TestRelay;
  readonly out: string;
  /** What the terminal was told. */
  readonly said: readonly string[];
  /** For one run, with the clock at an instant; anything of the context may be replaced. */
  during<T>(at: Date, work: (ctx: Context) => Promise<T>, change?: (ctx: Context) => Context): Promise<T>;
  /** One job as the command line runs it. */
  run(job: Job["name"], at: string, options?: RunOptions): Promise<RunReport>;
  close(): Promise<void>;
};

export type RunOptions = {
  /** Faults of the portal in this run. */
  readonly faults?: FaultPlan;
  /** The day whose figures the portal shows, when it has not refreshed since. */
  readonly figuresOf?: string;
  /** The day of issue, when it is not today; nothing is sent then without `send`. */
  readonly day?: string;
  readonly send?: boolean;
  readonly change?: (ctx: Context) => Context;
};

export type OfficeOptions = {
  readonly settings?: Partial<Settings>;
  /** A filled one instead of an empty one. */
  readonly database?: FreshDatabase;
  readonly relay?: TestRelay;
  /** False: go-live is not confirmed. */
  readonly live?: boolean;
  /** The port mail goes to; null is the relay's own. */
  readonly port?: () => number | null;
};

/** Opens an office with an empty, migrated database. Instants are "2026-10-12 06:00" in Việt Nam. */
export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  const database = options.database ?? (await freshDatabase({ live: options.live ?? true }));
  let now = instantAt("2026-10-05", "06:00");
  let faults: FaultPlan = {};
  let refreshed: string | null = null;
  const portal = await startSamplePortal({
    now: () => now,
    refreshed: () => refreshed ?? dayOf(now),
    faults: (endpoint, body, nth) =>
      typeof faults === "function" ? faults(endpoint, body, nth) : (faults[endpoint] ?? faults["all"]),
  });
  const relay = options.relay ?? (await startRelay());
  const out = mkdtempSync(join(tmpdir(), "diemtin-day-"));
  const said: string[] = [];
  const config = (): Config => {
    const read = readConfig({ env: {}, cwd: out, file: false });
    const { mail } = SAMPLE_SETTINGS;
    // Nobody is asked before a weekly leaves, unless a test says so.
    const weekly = { ...read.settings.weekly, approval: { kind: "none" } } as const;
    return {
      ...read,
      settings: { ...read.settings, ...SAMPLE_SETTINGS, mail: { ...mail, admin: ADMIN }, weekly, ...options.settings },
      province: SAMPLE_SETTINGS.province,
      out,
      logLevel: "silent",
      databaseUrl: database.url,
      smtpUrl: `smtp://127.0.0.1:${options.port?.() ?? relay.port}?ignoreTLS=true`,
      bases: { "evaluation-api": portal.url },
    };
  };
  const during: Office["during"] = async (at, work, change = (ctx) => ctx) => {
    now = at;
    const world = { now: () => now, sleep: () => Promise.resolve(), progress: (line: string) => void said.push(line) };
    const { ctx, close } = await openContext(config(), world);
    try {
      return await work(change(ctx));
    } finally {
      await close();
    }
  };
  return {
    ...{ database, portal, relay, out, said, during },
    async run(name, at, { faults: wanted = {}, figuresOf, day, send = false, change } = {}) {
      const job = JOBS.find((known) => known.name === name);
      if (job === undefined) throw new Error(`no job ${name}`);
      const instant = momentOf(at);
      const tick =
        day === undefined || day === dayOf(instant)
          ? { day: dayOf(instant), asOf: instant, send: true }
          : { day, asOf: endOfDay(day), send };
      faults = wanted;
      refreshed = figuresOf ?? null;
      try {
        return await during(instant, (ctx) => runAndShow(ctx, job, tick), change);
      } finally {
        faults = {};
        refreshed = null;
      }
    },
    async close() {
      await portal.close();
      await relay.close();
      await database.drop();
      rmSync(out, { recursive: true, force: true });
    },
  };
}

/** "2026-10-12 06:00" in Việt Nam. */
export function momentOf(text: string): Date {
  const [day = "", time = "00:00"] = text.split(" ");
  return instantAt(day, time);
}

/** A reader of a unit's digest. */
export function head(unit: string, email: string, bulletins: Recipient["bulletins"] = ["daily"]): Recipient {
  return { name: `Thủ trưởng ${unit}`, position: "Thủ trưởng đơn vị", email, unit, bulletins };
}
