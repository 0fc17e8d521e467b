import type { DatabaseAddress } from "../../src/adapters/postgres/connect.ts";

/** What the names of all test databases begin with; the second they were made follows. */
export const NAME_PREFIX = "diemtin_test_";

/** The same server, another database. */
export function inDatabase(server: DatabaseAddress, database: string): DatabaseAddress {
  if ("embedded" in server) return { embedded: { ...server.embedded, database } };
  const url = new URL(server.databaseUrl);
  url.pathname = `/${database}`;
  return { databaseUrl: url.href };
}

/** An address as a URL, for programs that take DATABASE_URL. */
export function urlOf(address: DatabaseAddress): string {
  if ("databaseUrl" in address) return address.databaseUrl;
  const { host, port, user, database } = address.embedded;
  return `postgres://${user}@${encodeURIComponent(host)}:${port ?? 5432}/${database}`;
}
