import { createTask, type Logger } from "node-cron";
import { JOBS } from "../jobs/index.ts";
import { type HealthServer, startHealth } from "./adapters/health.ts";
import { linkPages } from "./adapters/link-pages.ts";
import { createLog, redact } from "./adapters/log.ts";
import { createPing } from "./adapters/ping.ts";
import { ticksIn } from "./adapters/postgres/ticks.ts";
import { openQueue, type Queue, type Work } from "./adapters/queue.ts";
import { runAndShow } from "./commands/run.ts";
import { type Config, requireProvince } from "./config.ts";
import { contextOn, type Database, installationState, instanceName, openDatabase, type World } from "./context.ts";
import { dayOf, TIME_ZONE } from "./domain/calendar.ts";
import { UsageError } from "./domain/errors.ts";
import type { Context } from "./pipeline/context.ts";
import { heldReason } from "./pipeline/installation.ts";
import type { Job } from "./pipeline/run.ts";
import { followLink } from "./pipeline/unsubscribe.ts";
import { programVersion } from "./project-files.ts";
import { crewOf, takeUp } from "./serve/crew.ts";
import type { Desk, EndedRun } from "./serve/desk.ts";
import { type Bench, PIECE_NAMES, pieceWorker } from "./serve/pieces.ts";
import { watchAges } from "./serve/stale.ts";
import { stoppable } from "./serve/stoppable.ts";
import { deadlineOf, lateMistake, lineMistake } from "./serve/timetable.ts";
import { vitalsOf } from "./serve/vitals.ts";
import { walk } from "./serve/walk.ts";
import { workOn } from "./serve/work.ts";

/** A running timetable. `stop` takes no new work, lets the step at hand finish within a minute, and closes everything. */
export type Service = { readonly port: number; stop(): Promise<void> };

const STOP_WITHIN_MS = 60_000;
const EVERY_MINUTE = "* * * * *";

/** How quickly a process looks for work and gives up on silent ones; tests are in a hurry, and live through months. */
export type Pace = {
  readonly heartbeatSeconds?: number;
  readonly pollSeconds?: number;
  /** Instead of the clock: is given what a process does each minute. */
  readonly eachMinute?: (minute: () => Promise<void>) => void;
  /** Instead of the timetable's own. */
  readonly jobs?: readonly Job[];
};

/**
 * Starts the resident process: the clock first, then what was missed, then the work. Any number may run over one database.
 * @throws {UsageError} without a province, or when mail would go into a folder and the configuration does not say so.
 */
export async function startService(config: Config, world: World, pace: Pace = {}): Promise<Service> {
  const { jobs: timetable = JOBS, eachMinute, ...haste } = pace;
  requireProvince(config);
  const mistakes = scheduleMistakes(config.settings);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  if (config.smtpUrl === null && config.settings.mail.folder !== true)
    throw new UsageError(
      `serve: mail would go into the folder ${config.out}/mail and reach nobody: set SMTP_URL, or write "mail: {folder: true}" in the configuration if that is meant`,
    );
  const log = createLog({ level: config.logLevel });
  const database = await openDatabase(config);
  let health: HealthServer | null = null;
  let opened: Queue | null = null;
  try {
    const jobs = timetable.map(({ name }) => name);
    const queue = await openQueue(database.knex, { jobs, log, ...haste });
    opened = queue;
    const state: State = { stopping: false, lastMinute: null, walking: false };
    const desk: Desk = {
      ...{ jobs: timetable, settings: config.settings, instance: instanceName(), queue, log },
      now: world.now,
      ticks: ticksIn(database.knex),
      inContext: (work) => inContextOf(database, config, world)((ctx) => work(stoppable(ctx, () => state.stopping))),
      ended: (run) => told(run, { health, config, log }),
    };
    const server = await startHealth(
      () => vitalsOf(desk, { store: database.store, lastMinute: state.lastMinute }),
      config.settings.serve,
      config.settings.serve.publicUrl === undefined
        ? undefined
        : linkPages((token, act) => desk.inContext((ctx) => followLink(ctx, token, act)), log),
    );
    health = server;
    const clock = createTask(EVERY_MINUTE, () => minute(desk, state), {
      ...{ timezone: TIME_ZONE, noOverlap: true, logger: quiet(log) },
    });
    if (eachMinute === undefined) await clock.start();
    else eachMinute(() => minute(desk, state));
    await minute(desk, state);
    const program = programVersion();
    const bench: Bench = {
      ...{ ticks: desk.ticks, now: world.now, log, program, stopping: () => state.stopping },
      pieces: await queue.pieces({ names: PIECE_NAMES, program }),
      held: async () => heldReason(await installationState(database.knex, config.home)),
      open: () => contextOn(database, config, world),
    };
    bench.pieces.work(pieceWorker(bench));
    await queue.work((work) => worker(desk, bench, work));
    const { port } = server;
    world.progress(`serving: timetable of ${jobs.join(", ")}; http://${config.settings.serve.address}:${port}/healthz`);
    return { port, stop: () => stopAll({ clock, desk, state, health: server, database }) };
  } catch (error) {
    await opened?.stop(1);
    await health?.close();
    await database.close();
    throw error;
  }
}

function scheduleMistakes(settings: Config["settings"]): readonly string[] {
  return JOBS.flatMap(({ name }) => {
    const line = settings.schedule[name];
    const mistake = lineMistake(line) ?? lateMistake(line, deadlineOf(settings, name));
    return mistake === null ? [] : [`schedule.${name.replace("-", "_")}: "${line}" cannot be served: ${mistake}`];
  });
}

type State = { stopping: boolean; lastMinute: Date | null; walking: boolean };

/** A fault of one minute (the database restarts) is the next minute's to mend: the walk begins where the last note ended. */
async function minute(desk: Desk, state: State): Promise<void> {
  if (state.walking || state.stopping) return;
  state.walking = true;
  try {
    await walk(desk);
    desk.queue.look();
    await desk.inContext((ctx) => watchAges(ctx));
    state.lastMinute = desk.now();
  } catch (error) {
    desk.log("minute-failed", { error });
  } finally {
    state.walking = false;
  }
}

function worker(desk: Desk, bench: Bench, work: Work): Promise<void> {
  return workOn(desk, work, (job, slot, asOf) =>
    desk.inContext(async (ctx) => {
      const of = await takeUp(bench, { job: job.name, slot }, ctx);
      const tick = { day: dayOf(slot), asOf, send: true, slot };
      const report = await runAndShow({ ...ctx, crew: crewOf(bench, of, ctx) }, job, tick);
      await bench.pieces.forget(of);
      return report;
    }),
  );
}

function inContextOf(database: Database, config: Config, world: World) {
  return async <T>(work: (ctx: Context) => Promise<T>): Promise<T> => {
    const { ctx, close } = contextOn(database, config, world);
    try {
      return await work(ctx);
    } finally {
      await close();
    }
  };
}

async function told(
  run: EndedRun,
  to: { health: HealthServer | null; config: Config; log: Context["log"] },
): Promise<void> {
  to.health?.meter.run(run);
  if (!run.good || to.config.pingUrl === null) return;
  const fault = await createPing(to.config.pingUrl)(run.job);
  if (fault !== null) to.log("ping-failed", { job: run.job, warning: fault });
}

type Running = {
  readonly clock: { destroy(): void | Promise<void> };
  readonly desk: Desk;
  readonly state: State;
  readonly health: HealthServer;
  readonly database: Database;
};

async function stopAll({ clock, desk, state, health, database }: Running): Promise<void> {
  state.stopping = true;
  await clock.destroy();
  await desk.queue.stop(STOP_WITHIN_MS);
  await health.close();
  await database.close();
}

/** The clock's own words go to the log: stdout is a command's. */
function quiet(log: Context["log"]): Logger {
  const say = (level: string) => (message: string | Error) => log("clock", { level, text: redact(String(message)) });
  return { info: say("info"), warn: say("warn"), error: say("error"), debug: () => undefined };
}
