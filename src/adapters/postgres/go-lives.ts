import type { Knex } from "knex";
import type { GoLive, Store } from "../../pipeline/store.ts";
import { change, query } from "./sql.ts";

/** The provinces for whose readers mail may leave. */
export function goLivesIn(knex: Knex): Store["goLives"] {
  return { find: (province) => findGoLive(knex, province), confirm: (given) => confirmGoLive(knex, given) };
}

type Row = { readonly province: string; readonly confirmed_at: Date; readonly confirmed_by: string };

async function findGoLive(knex: Knex, province: string): Promise<GoLive | null> {
  const [row] = await query<Row>(knex, `select province, confirmed_at, confirmed_by from go_lives where province = ?`, [
    province,
  ]);
  return row === undefined ? null : { province: row.province, at: row.confirmed_at, by: row.confirmed_by };
}

async function confirmGoLive(knex: Knex, { province, at, by }: GoLive): Promise<boolean> {
  const made = await change(
    knex,
    `insert into go_lives (province, confirmed_at, confirmed_by) values (?, ?, ?) on conflict (province) do nothing`,
    [province, at, by],
  );
  return made === 1;
}
