import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { connect } from "../../../src/adapters/postgres/connect.ts";
import { migrate } from "../../../src/adapters/postgres/migrate.ts";
import { projectFile } from "../../../src/project-files.ts";
import { emptyDatabase, freshDatabase } from "../../support/database.ts";
import { reading, settled, unit } from "./made-up.ts";

test("several processes may migrate the same empty database at once: each file runs once", async () => {
  const database = await emptyDatabase();
  const pools = await Promise.all([1, 2, 3].map(() => connect(database.address)));
  const ran = await Promise.all(pools.map((pool) => migrate(pool)));
  expect(ran.flat()).toEqual(readdirSync(projectFile("migrations")).sort());
  expect(await migrate(database.knex)).toEqual([]);
  await Promise.all(pools.map((pool) => pool.destroy()));
  await database.drop();
});

test("a process killed while migrating leaves nothing locked", async () => {
  const database = await emptyDatabase();
  await migrate(database.knex);
  await database.knex.raw("update schema_migrations_lock set is_locked = 1");
  expect(await migrate(database.knex)).toEqual([]);
  await database.drop();
});

test("a database of a newer version is refused with its migration's name", async () => {
  const database = await freshDatabase();
  await database.knex.raw(
    "insert into schema_migrations (name, batch, migration_time) values ('0099_later.sql', 2, now())",
  );
  await expect(migrate(database.knex)).rejects.toThrow(/newer version of this program \(.*0099_later\.sql.*\): update/);
  await database.drop();
});

test("names and codes sort by code point whatever the database's collation", async () => {
  const { knex, drop } = await freshDatabase();
  const found = await knex.raw(
    `select table_name || '.' || column_name as place
     from information_schema.columns
     where table_schema = 'public' and table_name not like 'schema_migrations%'
       and data_type in ('text', 'ARRAY') and collation_name is distinct from 'C'
     order by 1`,
  );
  expect(found.rows.map((row: { place: string }) => row.place)).toEqual([
    "actions.actor",
    "answers.fault",
    "approvals.approved_by",
    "bounces.reply",
    "calendar_days.name",
    "calendar_days.source",
    "deliveries.address",
    "deliveries.name",
    "deliveries.reply",
    "delivery_attempts.reply",
    "erasures.erased_by",
    "erasures.readmitted_by",
    "erasures.reason",
    "go_lives.confirmed_by",
    "holds.held_by",
    "holds.reason",
    "holds.released_by",
    "notes.set_by",
    "notes.text",
    "notices.reply",
    "pauses.ended_by",
    "pauses.paused_by",
    "pauses.reason",
    "recipients.email",
    "recipients.name",
    "recipients.position",
    "runs.result",
    "snapshots.accepted_by",
    "snapshots.accepted_reason",
    "suppressions.lifted_by",
    "suppressions.reply",
    "units.print_name",
  ]);
  await drop();
});

test("in a database that sorts by Vietnamese rules units and issues still come by code point", async () => {
  const { knex, store, drop } = await emptyDatabase("locale_provider icu icu_locale 'vi-u-kn-true'");
  await migrate(knex);
  const sorted = await knex.raw("select code from (values ('H21.2'), ('H21.10')) v (code) order by code");
  expect(sorted.rows[0]).toEqual({ code: "H21.2" });
  await settled(store, {}, reading([unit("H21.2"), unit("H21.10"), unit("H21.1")]));
  expect((await store.units.list("H21")).map(({ code }) => code)).toEqual(["H21.1", "H21.10", "H21.2"]);
  await drop();
});
