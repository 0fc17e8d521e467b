import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Knex } from "knex";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { ReadError } from "../../domain/errors.ts";
import type { Observation } from "../../domain/observation.ts";
import { addressOf } from "./connect.ts";
import { atAddress } from "./database-error.ts";
import { errorCode } from "./processes.ts";

const COPY = `copy observations (snapshot_id, unit, indicator, period, value, answer, flag) from stdin`;
const LINES_PER_CHUNK = 1_000;

/** Writes observations of one snapshot within a transaction, as one stream. A ReadError names a figure given twice. */
export async function copyObservations(
  transaction: Knex.Transaction,
  id: string,
  observations: readonly Observation[],
): Promise<void> {
  if (observations.length === 0) return;
  // Inside a transaction knex hands out the transaction's own connection, and keeps it.
  const connection: pg.ClientBase = await transaction.client.acquireConnection();
  try {
    await pipeline(Readable.from(chunks(id, observations)), connection.query(copyFrom(COPY)));
  } catch (error) {
    if (errorCode(error) === "23505") {
      throw new ReadError(`snapshot ${id}: the reading gave a figure twice: ${detailOf(error)}`, { cause: error });
    }
    throw atAddress(error, addressOf(transaction));
  }
}

function* chunks(id: string, observations: readonly Observation[]): Generator<Buffer> {
  for (let start = 0; start < observations.length; start += LINES_PER_CHUNK) {
    let text = "";
    for (const observation of observations.slice(start, start + LINES_PER_CHUNK)) text += line(id, observation);
    yield Buffer.from(text, "utf8");
  }
}

function line(id: string, { unit, indicator, period, value, answer, flag }: Observation): string {
  const figure = value === null ? "\\N" : value;
  const mark = flag === undefined ? "\\N" : escapeField(flag);
  return `${id}\t${escapeField(unit)}\t${escapeField(indicator)}\t${escapeField(period)}\t${figure}\t${answer}\t${mark}\n`;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** COPY's text format gives the backslash, tab and line ends a meaning. */
function escapeField(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (mark) => ESCAPES[mark] ?? mark) : text;
}

function detailOf(error: unknown): string {
  return typeof error === "object" && error !== null && "detail" in error ? String(error.detail) : String(error);
}
