import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Knex } from "knex";
import { chooseChannel } from "./adapters/channels/index.ts";
import { createPortal } from "./adapters/http.ts";
import { createLog, redact } from "./adapters/log.ts";
import { createOutput } from "./adapters/output.ts";
import { connect } from "./adapters/postgres/connect.ts";
import { DatabaseError } from "./adapters/postgres/database-error.ts";
import { ensurePostgres } from "./adapters/postgres/embedded.ts";
import { migrate } from "./adapters/postgres/migrate.ts";
import { createStore, type PostgresStore } from "./adapters/postgres/store.ts";
import { createPress } from "./adapters/press.ts";
import type { Config } from "./config.ts";
import { describeError } from "./domain/errors.ts";
import type { Context } from "./pipeline/context.ts";

/** What a command may replace: the clock and the waiting (the demo lives through three days in a minute), the terminal. */
export type World = {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  progress(line: string): void;
};

/** An open, migrated database. `close` leaves no connection behind. */
export type Database = { readonly knex: Knex; readonly store: PostgresStore; close(): Promise<void> };

/** Opens the configured database, the embedded one below the home directory without DATABASE_URL, and migrates it forward. */
export async function openDatabase(config: Pick<Config, "databaseUrl" | "home">): Promise<Database> {
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
  } catch (error) {
    await close();
    throw error;
  }
  return { knex, store: createStore(knex), close };
}

async function startEmbedded(home: string) {
  try {
    await mkdir(home, { recursive: true });
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

/** Builds the adapters of a configuration into a Context; the only place that does. Close it when the run is over. */
export async function openContext(
  config: Config,
  world: World,
): Promise<{ readonly ctx: Context; close(): Promise<void> }> {
  const log = createLog({ level: config.logLevel });
  const channel = chooseChannel({ smtpUrl: config.smtpUrl, directory: join(config.out, "mail"), log });
  const database = await openDatabase(config);
  const { portal } = config.settings;
  const ctx: Context = {
    now: world.now,
    sleep: world.sleep,
    instance: instanceName(),
    settings: config.settings,
    portal: createPortal({ bases: config.bases, ...portal, now: world.now, log, sleep: world.sleep }),
    store: database.store,
    press: createPress(),
    channel,
    out: createOutput(config.out),
    log,
    progress: (line) => world.progress(redact(line)),
  };
  const close = async () => {
    try {
      await channel.close();
    } finally {
      await database.close();
    }
  };
  return { ctx, close };
}
