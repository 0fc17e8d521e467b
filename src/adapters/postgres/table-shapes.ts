import type { Knex } from "knex";
import { query } from "./sql.ts";

/** A table as a backup needs it. */
export type TableShape = {
  readonly table: string;
  /** Without those the server computes. */
  readonly columns: readonly string[];
  /** Columns that a sequence numbers. */
  readonly numbered: readonly string[];
};

type Row = {
  readonly table: string;
  readonly columns: string[];
  readonly numbered: string[];
  readonly needs: string[];
};

/** The tables of the program, each after those its foreign keys name. The bookkeeping of migrations is left out. */
export async function tablesOf(knex: Knex): Promise<readonly TableShape[]> {
  const rows = await query<Row>(
    knex,
    `select c.relname::text as table,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null) as numbered,
       array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname not like 'schema\\_migrations%'
     order by c.relname collate "C"`,
  );
  return inOrder(rows);
}

/** The migrations a database has seen, by name. */
export async function migrationsOf(knex: Knex): Promise<readonly string[]> {
  const rows = await query<{ name: string }>(
    knex,
    `select name::text from schema_migrations order by name collate "C"`,
  );
  return rows.map(({ name }) => name);
}

function inOrder(rows: readonly Row[]): readonly TableShape[] {
  const placed: TableShape[] = [];
  let left = rows;
  while (left.length > 0) {
    const names = new Set(left.map(({ table }) => table));
    const ready = left.filter(({ needs }) => !needs.some((need) => names.has(need)));
    if (ready.length === 0) throw new Error(`foreign keys run in a circle among ${[...names].join(", ")}`);
    placed.push(...ready.map(({ table, columns, numbered }) => ({ table, columns, numbered })));
    left = left.filter((row) => !ready.includes(row));
  }
  return placed;
}
