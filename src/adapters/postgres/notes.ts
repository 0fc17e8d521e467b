import type { Knex } from "knex";
import type { Note, Store } from "../../pipeline/store.ts";
import { change, query } from "./sql.ts";

/** The standing body's comments on issues of the weekly; the last word on an issue counts. */
export function notesIn(knex: Knex): Store["notes"] {
  return { of: (issue) => noteOf(knex, issue), set: (note) => setNote(knex, note) };
}

async function noteOf(knex: Knex, issue: string): Promise<Note | null> {
  const [row] = await query<{ text: string; set_at: Date; set_by: string }>(
    knex,
    `select text, set_at, set_by from notes where issue = ? order by id desc limit 1`,
    [issue],
  );
  return row === undefined || row.text === "" ? null : { issue, text: row.text, at: row.set_at, by: row.set_by };
}

async function setNote(knex: Knex, { issue, text, at, by }: Note): Promise<void> {
  await change(knex, `insert into notes (issue, text, set_at, set_by) values (?, ?, ?, ?)`, [issue, text, at, by]);
}
