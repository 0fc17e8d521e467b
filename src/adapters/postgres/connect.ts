import createKnex, { type Knex } from "knex";
import pg from "pg";
import { UsageError } from "../../domain/errors.ts";
import { CLIENT_SETTINGS } from "./cluster.ts";
import { atAddress, DatabaseError } from "./database-error.ts";
import type { EmbeddedConnection } from "./embedded.ts";

/** A server of the operator's own, or the embedded one. */
export type DatabaseAddress = { readonly databaseUrl: string } | { readonly embedded: EmbeddedConnection };

const OLDEST_VERSION = 150_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool and checks the server behind it: reachable, PostgreSQL 15 or later, UTF-8.
 * Throws a UsageError for an address that is none, a DatabaseError naming host, port and database otherwise.
 * The caller ends it with `knex.destroy()`.
 */
export async function connect(address: DatabaseAddress): Promise<Knex> {
  const connection =
    "databaseUrl" in address ? fromUrl(address.databaseUrl) : { ...address.embedded, ...CLIENT_SETTINGS };
  const knex = createKnex({
    client: "pg",
    connection: { ...connection, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    pool: { min: 0, max: 8 },
    acquireConnectionTimeout: 30_000,
    // By default knex writes to stdout, where a command's JSON goes. What it warns of, a connection refused or lost, is thrown
    // to whoever asked for one, or mended by opening another.
    log: { warn: () => {}, error: toStderr, deprecate: toStderr, debug: toStderr },
  });
  try {
    await checkServer(knex);
    return knex;
  } catch (error) {
    await knex.destroy();
    throw error;
  }
}

/** Where a pool connects to, for messages: "host:port/database". Never user or password. */
export function addressOf(knex: Knex): string {
  const config: Knex.Config = knex.client.config;
  const connection = config.connection;
  if (typeof connection !== "object" || !("database" in connection)) return "(unknown address)";
  const host = "host" in connection ? connection.host : undefined;
  const port = "port" in connection ? connection.port : undefined;
  return `${host ?? "localhost"}:${port ?? 5432}/${connection.database ?? ""}`;
}

function toStderr(message: unknown): void {
  console.error(`database pool: ${String(message)}`);
}

async function checkServer(knex: Knex): Promise<void> {
  const address = addressOf(knex);
  let server: { version: number; encoding: string } | undefined;
  try {
    const found = await knex.raw<{ rows: { version: number; encoding: string }[] }>(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    );
    server = found.rows[0];
  } catch (error) {
    throw atAddress(error, address);
  }
  if (server === undefined || server.version < OLDEST_VERSION) {
    const version = Math.floor((server?.version ?? 0) / 10_000);
    throw new DatabaseError(`database ${address} runs PostgreSQL ${version}: 15 or later is needed`);
  }
  if (server.encoding !== "UTF8") {
    throw new DatabaseError(`database ${address} has encoding ${server.encoding}: create it with encoding UTF8`);
  }
}

type UrlConnection = {
  readonly connectionString: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
};

function fromUrl(databaseUrl: string): UrlConnection {
  const form = "postgres://user:password@host:5432/database";
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw new UsageError(`DATABASE_URL is not of the form ${form}`);
  try {
    // The driver's own reading of the address, so that messages name what it will connect to.
    const { host, port, database } = new pg.Client({ connectionString: databaseUrl });
    return { connectionString: databaseUrl, host, port, database: database ?? "" };
  } catch {
    // The reader's message would repeat the address with its password.
    throw new UsageError(`DATABASE_URL cannot be read as an address of the form ${form}`);
  }
}
