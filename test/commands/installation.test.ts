import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/adapters/postgres/connect.ts";
import { openDatabase } from "../../src/context.ts";
import type { Context } from "../../src/pipeline/context.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { emptyDatabase } from "../support/database.ts";
import { ADMIN, head, type Office, openOffice } from "../support/day.ts";
import { inDatabase } from "../support/server.ts";

const DAY = "2026-10-12";
let office: Office;
let home: string;
let id: string;

/** The office's command line, on its own machine or on another. */
const cli = (words: readonly string[], machine = home) =>
  inTerminal(words, {
    cwd: office.out,
    env: { DATABASE_URL: office.database.url, DIEMTIN_HOME: machine, USER: "quan-tri" },
  });

beforeAll(async () => {
  office = await openOffice();
  home = join(office.out, "var");
  await office.database.store.recipients.replace([
    head("H21", "lanh-dao@example.vn"),
    head("H21.101", "xa@example.vn"),
  ]);
  await office.run("redeliver", `${DAY} 06:00`);
  id = readFileSync(join(home, "installation"), "utf8").trim();
}, 120_000);
afterAll(() => office.close());

describe("the first opening of a database", () => {
  test("gives it an id and leaves the id with the home", async () => {
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse((await cli(["installation", "show", "--json"])).stdout)).toMatchObject({
      id,
      file: id,
      original: true,
      held: null,
    });
    expect(existsSync(join(home, "installation.new"))).toBe(false);
  });

  test("is one opening when several come at once", async () => {
    const database = await emptyDatabase();
    const machine = join(office.out, "at-once");
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ databaseUrl: database.url, home: machine })));
    const [row] = (await database.knex.raw("select id from installation")).rows;
    expect(readFileSync(join(machine, "installation"), "utf8").trim()).toBe(row.id);
    await Promise.all(opened.map(({ close }) => close()));
    await database.drop();
  });

  test("that died after the database had its id is finished by the next", async () => {
    rmSync(join(home, "installation"));
    writeFileSync(join(home, "installation.new"), `${id}\n`);
    expect((await cli(["installation", "show"])).stdout).toContain("sending is free");
    expect(readFileSync(join(home, "installation"), "utf8").trim()).toBe(id);
  });

  test("in a home that cannot be written gives no id and says what to set", async () => {
    const database = await emptyDatabase();
    writeFileSync(join(office.out, "a-file"), "");
    const options = { cwd: office.out, env: { DATABASE_URL: database.url, DIEMTIN_HOME: join(office.out, "a-file") } };
    const ended = await inTerminal(["migrate"], options);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/installation's file .*DIEMTIN_HOME/);
    expect((await database.knex.raw("select 1 from installation")).rows).toEqual([]);
    await database.drop();
  });
});

describe("an installation that is not confirmed", () => {
  beforeEach(() => rmSync(join(home, "installation"), { force: true }));

  test("owes its mails, claims and sends nothing, and says so; confirmed, it sends each once", async () => {
    for (const audience of ["H21", "H21.101"]) await freezeEdition(office.database.store, { audience });
    writeFileSync(join(home, "installation"), "11111111-1111-4111-8111-111111111111\n");
    const [alarms, logged]: [string[], string[]] = [[], []];
    const change = (ctx: Context): Context => ({
      ...ctx,
      alarm: async ({ cause }) => {
        alarms.push(cause);
        return null;
      },
      log: (event) => void logged.push(event),
    });
    const report = await office.run("redeliver", `${DAY} 07:20`, { change });
    expect(report.state).toBe("failed");
    expect([alarms, logged]).toEqual([[], expect.arrayContaining(["alarm-held"])]);
    expect(report.problems.map(({ cause }) => cause)).toEqual(["installation/unconfirmed", "alert/not-sent"]);
    expect(report.problems[0]?.message).toMatch(/2 deliveries are held.*another installation.*installation confirm/s);
    expect(office.relay.taken).toEqual([]);
    const rows = await office.database.store.deliveries.list();
    expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
      ["queued", 0],
      ["queued", 0],
    ]);
    expect(office.said.join("\n")).toContain("installation unconfirmed");

    const wrong = await cli(["installation", "confirm", "--confirm", "11111111-1111-4111-8111-111111111111"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("nothing was changed")]);
    const right = await cli(["installation", "confirm", "--confirm", id]);
    expect(right.stderr).toContain("2 mails are owed");
    expect([right.code, right.stdout]).toEqual([0, expect.stringContaining("may send")]);
    expect((await cli(["installation", "show"])).stdout).toContain("by quan-tri");
    const [action] = await office.database.store.actions.list();
    expect(action).toMatchObject({ actor: "quan-tri", command: "installation confirm", arguments: { owed: 2 } });
    await office.run("redeliver", `${DAY} 07:30`);
    await office.run("redeliver", `${DAY} 07:40`);
    expect(office.relay.taken.flatMap(({ to }) => to).filter((to) => to !== ADMIN)).toHaveLength(2);
  });

  test("is every further machine once, and every machine whose home was lost", async () => {
    const further = join(office.out, "further");
    const shown = JSON.parse((await cli(["installation", "show", "--json"], further)).stdout);
    expect(shown).toMatchObject({ id, file: null, original: true, held: expect.stringContaining("no file") });
    await cli(["installation", "confirm", "--confirm", id], further);
    expect((await cli(["installation", "show"], further)).stdout).toContain("sending is free");
  });

  test("asks for the id where nobody can type it", async () => {
    const ended = await cli(["installation", "confirm"]);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(`--confirm ${id}`)]);
    expect(existsSync(join(home, "installation"))).toBe(false);
  });
});

test("a database cloned on the same server is no original, also for the home that has its id", async () => {
  await cli(["installation", "confirm", "--confirm", id]);
  const clone = `${new URL(office.database.url).pathname.slice(1)}_clone`;
  const admin = await connect(inDatabase(office.database.address, "postgres"));
  try {
    await office.database.knex.destroy();
    await admin.raw(`create database ${clone} template ${clone.slice(0, -"_clone".length)} strategy file_copy`);
    const options = {
      cwd: office.out,
      env: { DATABASE_URL: office.database.url.replace(/\/[^/]*$/, `/${clone}`), DIEMTIN_HOME: home, USER: "quan-tri" },
    };
    const shown = await inTerminal(["installation", "show"], options);
    expect(shown.stdout).toMatch(/HELD: .*restored or copied/);
    const confirmed = await inTerminal(["installation", "confirm", "--confirm", id, "--drop-owed"], options);
    expect(confirmed.stdout).toContain("never sent");
    expect((await inTerminal(["installation", "show"], options)).stdout).toContain("sending is free");
  } finally {
    await admin.raw(`drop database if exists ${clone} with (force)`);
    await admin.destroy();
  }
});
