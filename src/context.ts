import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Knex } from "knex";
import type { DkimKey } from "./adapters/channels/dkim.ts";
import { holdable } from "./adapters/channels/held.ts";
import { chooseChannel } from "./adapters/channels/index.ts";
import { createPortal } from "./adapters/http.ts";
import {
  announceInstallation,
  finishAnnouncement,
  installationFile,
  readInstallationFile,
} from "./adapters/installation-file.ts";
import { createLog, redact } from "./adapters/log.ts";
import { makeFolder } from "./adapters/make-folder.ts";
import { createOutput } from "./adapters/output.ts";
import { fontsOf } from "./adapters/pdf-fonts.ts";
import { createAlarm } from "./adapters/ping.ts";
import { connect } from "./adapters/postgres/connect.ts";
import { DatabaseError } from "./adapters/postgres/database-error.ts";
import { ensurePostgres } from "./adapters/postgres/embedded.ts";
import { enrol, readInstallation } from "./adapters/postgres/installation.ts";
import { migrate } from "./adapters/postgres/migrate.ts";
import { createStore, type PostgresStore } from "./adapters/postgres/store.ts";
import { createPress } from "./adapters/press.ts";
import { programMark } from "./adapters/program-mark.ts";
import type { Config } from "./config.ts";
import { describeError } from "./domain/errors.ts";
import type { Context } from "./pipeline/context.ts";
import { heldReason, type InstallationState } from "./pipeline/installation.ts";

/** What a command may replace: the clock and the waiting (the demo lives through three days in a minute), the terminal. */
export type World = {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  progress(line: string): void;
};

/** An open, migrated database. `close` leaves no connection behind. */
export type Database = { readonly knex: Knex; readonly store: PostgresStore; close(): Promise<void> };

/**
 * Opens the configured database, the embedded one below the home directory without DATABASE_URL, and migrates it forward. A database
 * of no installation yet, an empty one or one of an older version, becomes this home's.
 */
export async function openDatabase(
  config: Pick<Config, "databaseUrl" | "home"> & Partial<Pick<Config, "fonts">>,
): Promise<Database> {
  const embedded = config.databaseUrl === null ? await startEmbedded(config.home) : null;
  const address = embedded === null ? { databaseUrl: config.databaseUrl ?? "" } : { embedded: embedded.connection };
  const knex = await connect(address).catch(async (error: unknown) => {
    await embedded?.stop();
    throw error;
  });
  const close = async () => {
    try {
      await knex.destroy();
    } finally {
      await embedded?.stop();
    }
  };
  try {
    await migrate(knex);
    const id = randomUUID();
    await enrol(knex, id, () => announceInstallation(config.home, id));
    await finishAnnouncement(config.home, await installationId(knex));
  } catch (error) {
    await close();
    throw error;
  }
  return { knex, store: createStore(knex, programMark(config.fonts ?? null)), close };
}

/** What the home directory and the database say about belonging together. */
export async function installationState(knex: Knex, home: string): Promise<InstallationState> {
  const installation = await readInstallation(knex);
  if (installation === null) throw new Error("the database belongs to no installation although it was opened");
  return {
    id: installation.id,
    original: installation.original,
    file: await readInstallationFile(home),
    path: installationFile(home),
  };
}

async function installationId(knex: Knex): Promise<string> {
  return (await readInstallation(knex))?.id ?? "";
}

async function startEmbedded(home: string) {
  try {
    makeFolder(home);
  } catch (error) {
    const todo = "set DIEMTIN_HOME to a folder this user may write, or DATABASE_URL to use a PostgreSQL server";
    throw new DatabaseError(
      `embedded database: the folder ${home} cannot be made: ${describeError(error)}; ${todo}`,
      error,
    );
  }
  return ensurePostgres({ dataDir: join(home, "pg") });
}

/** This process in the ledger: which machine, which process. */
export function instanceName(): string {
  return `${hostname()}:${process.pid}`;
}

/** Opens the database and builds a Context on it. Close it when the run is over. */
export async function openContext(
  config: Config,
  world: World,
): Promise<{ readonly ctx: Context; close(): Promise<void> }> {
  const database = await openDatabase(config);
  try {
    const { ctx, close } = contextOn(database, config, world);
    return { ctx, close: () => close().finally(() => database.close()) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Builds the adapters of a configuration into a Context on an open database; the only place that does. A context lasts one run:
 * the portal's manners and a relay's connection are its state. Closing it leaves the database open.
 */
export function contextOn(
  database: Pick<Database, "knex" | "store">,
  config: Config,
  world: World,
): { readonly ctx: Context; close(): Promise<void> } {
  const log = createLog({ level: config.logLevel });
  const bare = chooseChannel({
    ...{ smtpUrl: config.smtpUrl, directory: join(config.out, "mail"), log, sleep: world.sleep },
    ...{ dkim: dkimOf(config), perSecond: config.settings.mail.perSecond },
  });
  const channel = holdable(bare, async () => heldReason(await installationState(database.knex, config.home)));
  const { portal } = config.settings;
  const ctx: Context = {
    now: world.now,
    sleep: world.sleep,
    instance: instanceName(),
    settings: config.settings,
    portal: createPortal({ bases: config.bases, ...portal, now: world.now, log, sleep: world.sleep }),
    store: database.store,
    press: createPress({ fonts: () => fontsOf(config.fonts) }),
    channel,
    out: createOutput(config.out),
    log,
    progress: (line) => world.progress(redact(line)),
    ...linksOf(config),
    ...(config.alarmUrl === null ? {} : { alarm: createAlarm(config.alarmUrl) }),
  };
  return { ctx, close: () => channel.close() };
}

/** config.ts has seen to it that there are both or neither. */
function dkimOf({ settings, dkimKey }: Config): DkimKey | undefined {
  const { dkim } = settings.mail;
  const privateKey = dkimKey ?? null;
  return dkim === undefined || privateKey === null ? undefined : { ...dkim, privateKey };
}

/** Links need a public address and a secret; without either no mail carries one. */
function linksOf({ settings, linkSecret }: Config): Pick<Context, "links"> {
  const { publicUrl } = settings.serve;
  const secret = linkSecret ?? null;
  return publicUrl === undefined || secret === null ? {} : { links: { publicUrl, secret } };
}
