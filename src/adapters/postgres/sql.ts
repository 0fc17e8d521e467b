import type { Knex } from "knex";
import { addressOf } from "./connect.ts";
import { atAddress } from "./database-error.ts";

/** A value a statement takes. */
export type Binding = string | number | boolean | Date | Buffer | null | string[];

/**
 * Runs one statement and gives its rows as the caller names them. Places are `?`.
 * A lost or refused connection becomes a DatabaseError with the address.
 */
export async function query<Row>(db: Knex, sql: string, bindings: readonly Binding[] = []): Promise<readonly Row[]> {
  try {
    const result = await db.raw<{ rows: Row[] }>(sql, [...bindings]);
    return result.rows;
  } catch (error) {
    throw atAddress(error, addressOf(db));
  }
}

/** Runs one statement that changes rows and gives how many. */
export async function change(db: Knex, sql: string, bindings: readonly Binding[] = []): Promise<number> {
  try {
    const result = await db.raw<{ rowCount: number | null }>(sql, [...bindings]);
    return result.rowCount ?? 0;
  } catch (error) {
    throw atAddress(error, addressOf(db));
  }
}

/** Does all of the work or none of it. */
export async function inTransaction<T>(knex: Knex, work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
  try {
    return await knex.transaction(work);
  } catch (error) {
    throw atAddress(error, addressOf(knex));
  }
}

/** The number in an id as it is written outside; null when the text cannot be an id of ours. */
export function parseId(text: string): string | null {
  return /^[1-9]\d{0,17}$/.test(text) ? text : null;
}

/**
 * A value as JSON that a jsonb column takes: it refuses the character 0 and halves of surrogate pairs, which a publisher's text
 * may hold. Each becomes U+FFFD.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /(\\\\)|\\u(?:0000|d[89a-f][0-9a-f]{2})/gi,
    (_, backslash: string | undefined) => (backslash === undefined ? "\ufffd" : backslash),
  );
}
