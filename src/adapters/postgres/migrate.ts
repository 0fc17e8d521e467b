import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Knex } from "knex";
import { describeError } from "../../domain/errors.ts";
import { projectFile } from "../../project-files.ts";
import { addressOf } from "./connect.ts";
import { atAddress, DatabaseError } from "./database-error.ts";

/** Any number that no other program on the same database uses for an advisory lock. */
const LOCK_KEY = 766_001;
const TABLE = "schema_migrations";

/**
 * Brings the tables to this version of the program and gives the names of the files that ran now. Forward only, all
 * that are missing or none of them; several processes at once wait for each other.
 */
export async function migrate(knex: Knex): Promise<readonly string[]> {
  try {
    return await knex.transaction(async (lock) => {
      // Held by this connection until the transaction ends, however it ends: a killed process leaves nothing locked.
      await lock.raw("select pg_advisory_xact_lock(?)", [LOCK_KEY]);
      return await runMigrations(knex);
    });
  } catch (error) {
    throw explain(error, addressOf(knex));
  }
}

async function runMigrations(knex: Knex): Promise<readonly string[]> {
  const config = { migrationSource: sqlFiles(projectFile("migrations")), tableName: TABLE, disableTransactions: false };
  // knex's own lock row stays set when a process is killed. Whoever holds the lock above is alone, so a set row is stale.
  await knex.migrate.forceFreeMigrationsLock(config);
  const [, names]: [number, string[]] = await knex.migrate.latest(config);
  return names;
}

/** Migrations are known by their `.sql` names: a compiled program and its sources see the same ones. */
function sqlFiles(directory: string): Knex.MigrationSource<string> {
  return {
    getMigrations: async () =>
      readdirSync(directory)
        .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
        .sort(),
    getMigrationName: (name) => name,
    getMigration: async (name) => {
      // knex takes a bare question mark for a place to fill in.
      const sql = readFileSync(join(directory, name), "utf8").replaceAll("?", "\\?");
      return {
        up: async (transaction) => {
          await transaction.raw(sql);
        },
        down: async () => {
          throw new Error(`${name}: migrations only go forward; restore a backup instead`);
        },
      };
    },
  };
}

function explain(error: unknown, address: string): unknown {
  if (error instanceof Error && error.message.startsWith("The migration directory is corrupt")) {
    const missing = describeError(error).replace(/^.*missing: /s, "");
    return new DatabaseError(
      `database ${address} was migrated by a newer version of this program (${missing}): update it`,
      error,
    );
  }
  return atAddress(error, address);
}
