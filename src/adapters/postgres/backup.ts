import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Knex } from "knex";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { describeError, UsageError } from "../../domain/errors.ts";
import { type BackedTable, type Manifest, tableFile, writeTable } from "../backup-files.ts";
import { addressOf } from "./connect.ts";
import { atAddress } from "./database-error.ts";
import { inTransaction, query } from "./sql.ts";
import { migrationsOf, type TableShape, tablesOf } from "./table-shapes.ts";

/** Figures, instants and bytes as text that any later server reads alike. */
const PLAIN_TEXT = `
  set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';
  set local bytea_output = 'hex'; set local extra_float_digits = 3; set local client_encoding = 'UTF8';
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

/** Tables in which a migration leaves rows: a database with rows only here is still an empty one. */
export const SEEDED: readonly string[] = ["units", "unit_names", "calendar_days", "installation", "keys"];

/** Who backs up and when, for the manifest. */
export type BackupStamp = { readonly product: string; readonly at: Date; readonly installation: string };

/**
 * Copies every table of the program into a folder, all as of one moment while others go on writing. Streams: a table is never held in
 * memory. Tables of the queue are left out; it makes them again, and what is due stands in our own.
 */
export async function dumpTables(knex: Knex, folder: string, stamp: BackupStamp): Promise<Manifest> {
  const consistent = { isolationLevel: "repeatable read", readOnly: true } as const;
  try {
    return await knex.transaction(async (transaction) => {
      await transaction.raw(PLAIN_TEXT);
      const tables: BackedTable[] = [];
      for (const shape of await tablesOf(transaction)) tables.push(await dumpTable(transaction, folder, shape));
      const migrations = await migrationsOf(transaction);
      return {
        format: "diemtin-backup/1",
        product: stamp.product,
        at: stamp.at.toISOString(),
        installation: stamp.installation,
        migrations: [...migrations],
        tables,
      };
    }, consistent);
  } catch (error) {
    throw atAddress(error, addressOf(knex));
  }
}

async function dumpTable(
  transaction: Knex.Transaction,
  folder: string,
  { table, columns }: TableShape,
): Promise<BackedTable> {
  const connection: pg.ClientBase = await transaction.client.acquireConnection();
  const rows = connection.query(copyTo(`copy ${quoted(table)} (${columns.map(quoted).join(", ")}) to stdout`));
  const written = await writeTable(folder, table, rows);
  return { table, columns: [...columns], rows: rows.rowCount, ...written };
}

/**
 * Loads a checked backup into an empty database of the same version, all of it or nothing, and lets new rows continue after the
 * loaded ones. Throws UsageError when the database is not empty or the versions differ.
 */
export async function loadTables(knex: Knex, directory: string, manifest: Manifest): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    await transaction.raw(PLAIN_TEXT);
    const shapes = await tablesOf(transaction);
    checkVersions(manifest, await migrationsOf(transaction));
    checkShapes(manifest, shapes);
    const all = shapes.map(({ table }) => quoted(table)).join(", ");
    await transaction.raw(`lock table ${all} in access exclusive mode`);
    await refuseRows(transaction, shapes);
    await transaction.raw(`truncate table ${all}`);
    const backed = new Map(manifest.tables.map((table) => [table.table, table]));
    // In the order of this database's own foreign keys.
    for (const { table } of shapes) {
      const from = backed.get(table);
      if (from !== undefined) await loadTable(transaction, directory, from);
    }
    for (const shape of shapes) await continueNumbers(transaction, shape);
  });
}

function checkVersions({ migrations, product }: Manifest, own: readonly string[]): void {
  const newer = migrations.filter((name) => !own.includes(name));
  const older = own.filter((name) => !migrations.includes(name));
  if (newer.length > 0)
    throw new UsageError(
      `the backup was made by a newer version, ${product} (${newer.join(", ")}): update this program, then restore`,
    );
  if (older.length > 0)
    throw new UsageError(
      `the backup was made by an older version, ${product} (without ${older.join(", ")}): restore it with that version into an empty database, then update; the next command migrates`,
    );
}

/** The same migrations make the same tables; anything else was changed by hand. */
function checkShapes({ tables }: Manifest, shapes: readonly TableShape[]): void {
  const words = (list: readonly Pick<TableShape, "table" | "columns">[]) =>
    list.map(({ table, columns }) => `${table} (${columns.toSorted().join(", ")})`);
  const own = new Set(words(shapes));
  const given = new Set(words(tables));
  const odd = [...[...given].filter((one) => !own.has(one)), ...[...own].filter((one) => !given.has(one))];
  if (odd.length > 0)
    throw new UsageError(`the backup and this database do not have the same tables: ${odd.join("; ")}`);
}

async function refuseRows(transaction: Knex, shapes: readonly TableShape[]): Promise<void> {
  const mistakes: string[] = [];
  for (const { table } of shapes.filter((shape) => !SEEDED.includes(shape.table))) {
    const [row] = await query<{ some: boolean }>(transaction, `select exists (select from ${quoted(table)}) as some`);
    if (row?.some === true) mistakes.push(table);
  }
  if (mistakes.length > 0)
    throw new UsageError(
      `the database ${addressOf(transaction)} is not empty (rows in ${mistakes.join(", ")}): a backup is restored only into a new one; name it in DATABASE_URL, or a new DIEMTIN_HOME`,
    );
}

async function loadTable(
  transaction: Knex.Transaction,
  directory: string,
  { table, columns, rows }: BackedTable,
): Promise<void> {
  const connection: pg.ClientBase = await transaction.client.acquireConnection();
  const into = connection.query(copyFrom(`copy ${quoted(table)} (${columns.map(quoted).join(", ")}) from stdin`));
  try {
    await pipeline(createReadStream(join(directory, tableFile(table))), createGunzip(), into);
  } catch (error) {
    const away = atAddress(error, addressOf(transaction));
    if (away !== error) throw away;
    throw new UsageError(`${tableFile(table)} was not taken: ${describeError(error)}; nothing was restored`);
  }
  if (into.rowCount !== rows)
    throw new UsageError(
      `${tableFile(table)} held ${into.rowCount} rows, the manifest says ${rows}; nothing was restored`,
    );
}

/** COPY writes numbers a sequence has not given out; the next row has to come after them. */
async function continueNumbers(transaction: Knex, { table, numbered }: TableShape): Promise<void> {
  for (const column of numbered)
    await query(
      transaction,
      `select setval(pg_get_serial_sequence(?, ?), coalesce(max(${quoted(column)}), 1), max(${quoted(column)}) is not null)
       from ${quoted(table)}`,
      [quoted(table), column],
    );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
