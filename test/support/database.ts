import type { Knex } from "knex";
import { inject } from "vitest";
import { connect, type DatabaseAddress } from "../../src/adapters/postgres/connect.ts";
import { createStore, type PostgresStore } from "../../src/adapters/postgres/store.ts";
import { inDatabase, NAME_PREFIX, urlOf } from "./server.ts";

/** A migrated, empty database of one test file. */
export type FreshDatabase = {
  readonly knex: Knex;
  readonly store: PostgresStore;
  readonly address: DatabaseAddress;
  /** For programs that take DATABASE_URL. */
  readonly url: string;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
};

let made = 0;

/**
 * Clones the template the suite's setup has migrated: some forty milliseconds. Mail may leave for the readers of H21, unless `live`
 * says otherwise.
 */
export async function freshDatabase({ live = true }: { live?: boolean } = {}): Promise<FreshDatabase> {
  const database = await clone(inject("databaseTemplate"));
  if (live) await database.store.goLives.confirm({ province: "H21", at: new Date(0), by: "the test" });
  return database;
}

/** A database without any table, for tests of migrations. `options` are words of `create database`. */
export async function emptyDatabase(options = ""): Promise<FreshDatabase> {
  return clone("template0", options);
}

/** A copy of a filled database, whose own pool is ended by it: as many copies as a test wants. */
export async function copyOf(filled: FreshDatabase): Promise<FreshDatabase> {
  await filled.knex.destroy();
  const copy = await clone(new URL(filled.url).pathname.slice(1));
  // Or it would take itself for a copy of somebody's, and send nothing.
  await copy.knex.raw("delete from installation");
  return copy;
}

async function clone(template: string, options = ""): Promise<FreshDatabase> {
  const server = inject("databaseServer");
  const name = `${NAME_PREFIX}${Math.floor(Date.now() / 1000)}_${process.pid}_${++made}`;
  const admin = await connect(server);
  try {
    await admin.raw(`create database ${name} encoding 'UTF8' template ${template} strategy file_copy ${options}`);
  } finally {
    await admin.destroy();
  }
  const address = inDatabase(server, name);
  const knex = await connect(address);
  const drop = async (): Promise<void> => {
    await knex.destroy();
    const last = await connect(server);
    await last.raw(`drop database if exists ${name} with (force)`);
    await last.destroy();
  };
  return { knex, store: createStore(knex), address, url: urlOf(address), drop };
}
