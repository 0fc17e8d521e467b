import type { Knex } from "knex";
import type { Action, Store } from "../../pipeline/store.ts";
import { change, jsonText, query } from "./sql.ts";

/** Who gave which command by hand. */
export function actionsIn(knex: Knex): Store["actions"] {
  return { record: (action) => record(knex, action), list: () => listActions(knex) };
}

async function record(knex: Knex, { at, actor, command, arguments: given }: Action): Promise<void> {
  await change(knex, `insert into actions (at, actor, command, arguments) values (?, ?, ?, ?::jsonb)`, [
    ...[at, actor, command, jsonText(given)],
  ]);
}

/** Oldest first. */
async function listActions(knex: Knex): Promise<readonly (Action & { readonly id: string })[]> {
  return query<Action & { readonly id: string }>(
    knex,
    `select id, at, actor, command, arguments from actions order by at, actions.id`,
  );
}
