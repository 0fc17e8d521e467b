import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configFor, findProvince } from "../../../src/adapters/init-files.ts";
import { SEEDED } from "../../../src/adapters/postgres/backup.ts";
import { tablesOf } from "../../../src/adapters/postgres/table-shapes.ts";
import { SAMPLE_RECIPIENTS } from "../../../src/sample/setup.ts";
import { freezeEdition } from "../../pipeline/mail-context.ts";
import { freshFolder, inTerminal, sha256 } from "../../support/cli.ts";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { momentOf, type Office, openOffice } from "../../support/day.ts";

const folder = freshFolder("backup");
let office: Office;
let first: string;
/** What the database held when the first backup was made. */
let original: Readonly<Record<string, string>>;

const cli = (words: readonly string[], database: Pick<FreshDatabase, "url">, home: string) =>
  inTerminal(words, { cwd: folder.path, env: { DATABASE_URL: database.url, DIEMTIN_HOME: home, USER: "quan-tri" } });
const backUp = (name: string) => cli(["backup", name], office.database, join(office.out, "var"));
const restoreInto = (database: FreshDatabase, name: string) =>
  cli(["restore", name], database, join(folder.path, `home-of-${database.url.replace(/^.*\//, "")}`));

/** The command line as a process that may write no file of more than 64 KiB. */
function limited(words: readonly string[], env: Readonly<Record<string, string>>) {
  const cli = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));
  const limits = 'trap "" XFSZ; ulimit -f 128; exec "$@"';
  const node = [process.execPath, "--import", import.meta.resolve("tsx"), cli, ...words];
  const options = { cwd: folder.path, env: { PATH: process.env["PATH"], ...env } };
  return new Promise<{ code: number | null; stderr: string }>((resolve) => {
    const child = execFile("sh", ["-c", limits, "sh", ...node], options, (_error, _stdout, stderr) =>
      resolve({ code: child.exitCode, stderr }),
    );
  });
}

/** Every table with how many rows it has and the sha256 of all of them. */
async function contents(knex: Knex): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { table, columns } of await tablesOf(knex)) {
    const rows = await knex.raw(
      `select count(*) as rows, encode(sha256(coalesce(string_agg(sha256(t::text::bytea), ''::bytea order by t::text collate "C"), ''::bytea)), 'hex') as sum
       from (select ${columns.map((column) => `"${column}"`).join(", ")} from "${table}") t`,
    );
    found[table] = `${rows.rows[0].rows} ${rows.rows[0].sum}`;
  }
  return found;
}

beforeAll(async () => {
  office = await openOffice();
  await office.database.store.recipients.replace(SAMPLE_RECIPIENTS.slice(0, 4));
  await office.run("collect", "2026-10-12 06:00");
  for (const audience of ["H21", "H21.01"]) await freezeEdition(office.database.store, { audience });
  await office.run("redeliver", "2026-10-12 07:20");
  await freezeEdition(office.database.store, { audience: "H21.02" });
  first = join(folder.path, "first");
  const ended = await backUp("first");
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining(first)]);
  original = await contents(office.database.knex);
}, 180_000);
afterAll(async () => {
  await office.close();
  folder.remove();
});

describe("a backup", () => {
  test("names version, migrations, installation, moment, and of every file rows, bytes and sha256", async () => {
    const manifest = JSON.parse(readFileSync(join(first, "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({
      product: JSON.parse(readFileSync("package.json", "utf8")).version,
      installation: readFileSync(join(office.out, "var/installation"), "utf8").trim(),
      at: "2026-10-12T00:00:00.000Z",
      migrations: readdirSync("migrations").sort(),
    });
    const files = manifest.tables.map((table: { table: string }) => `${table.table}.copy.gz`);
    expect([...files, "manifest.json"].sort()).toEqual(readdirSync(first).sort());
    for (const { table, bytes, sha256: sum } of manifest.tables)
      expect([
        statSync(join(first, `${table}.copy.gz`)).size,
        sha256(readFileSync(join(first, `${table}.copy.gz`))),
      ]).toEqual([bytes, sum]);
    expect(manifest.tables.find((each: { table: string }) => each.table === "observations").rows).toBeGreaterThan(
      10_000,
    );
    expect(statSync(first).mode & 0o077).toBe(0);
  });

  test("never replaces anything", async () => {
    mkdirSync(join(folder.path, "used"));
    writeFileSync(join(folder.path, "used/a"), "");
    for (const name of ["used", "used/a", "first"]) {
      const ended = await backUp(name);
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/not empty|no folder/)]);
    }
    mkdirSync(join(folder.path, "new"));
    expect((await backUp("new")).code).toBe(0);
  });

  test("that cannot be written says where and what to do, and leaves nothing", async () => {
    const ended = await backUp("used/a/below");
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/was not made: .*name a folder/)]);
    expect(readdirSync(folder.path).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  test("for which the disk has no room leaves nothing half", async () => {
    // The limit on a file's size stands for a full disk: writing fails after so many kilobytes.
    const env = { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var") };
    const ended = await limited(["backup", "full"], env);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/was not made: EFBIG.*free space/)]);
    expect(readdirSync(folder.path).filter((name) => name.includes("full"))).toEqual([]);
  });
});

describe("a restore", () => {
  test("gives every table row by row, notes who restored it, and numbers go on after the last", async () => {
    const database = await freshDatabase({ live: false });
    const ended = await restoreInto(database, "first");
    expect([ended.code, ended.stderr]).toEqual([0, ""]);
    const { actions: _kept, ...tables } = original;
    expect(await contents(database.knex)).toMatchObject(tables);
    const [kept, own] = [await office.database.store.actions.list(), await database.store.actions.list()];
    expect(own.slice(0, -1)).toEqual(kept.slice(0, own.length - 1));
    expect(own.at(-1)).toMatchObject({ command: "restore", arguments: { directory: first } });
    const [edition] = await database.store.editions.list();
    const files = await database.store.editions.files(edition?.id ?? "");
    expect(files).toEqual(await office.database.store.editions.files(edition?.id ?? ""));
    expect(files.map((file) => sha256(file.bytes))).toEqual(files.map((file) => file.sha256));
    const last = Math.max(...(await database.store.runs.list()).map(({ id }) => Number(id)));
    expect(Number(await database.store.runs.start("collect", "2026-10-13", new Date(0)))).toBe(last + 1);
    await database.drop();
  });

  test("goes into an empty database only", async () => {
    const database = await freshDatabase({ live: false });
    await database.store.runs.start("collect", "2026-10-12", new Date(0));
    const before = await contents(database.knex);
    const ended = await restoreInto(database, "first");
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/not empty \(rows in runs\)/)]);
    expect({ ...(await contents(database.knex)), installation: "" }).toEqual({ ...before, installation: "" });
    await database.drop();
  });

  test("refuses a flipped byte, a missing file and a cut one before the first row", async () => {
    const database = await freshDatabase({ live: false });
    const files = readdirSync(first);
    const broken = (name: string, change: (bytes: Buffer) => Buffer) => {
      mkdirSync(join(folder.path, name));
      for (const file of files) {
        const bytes = readFileSync(join(first, file));
        writeFileSync(join(folder.path, name, file), file === "edition_files.copy.gz" ? change(bytes) : bytes);
      }
    };
    broken("flipped", (bytes) =>
      Buffer.concat([bytes.subarray(0, 50), Buffer.from([(bytes[50] ?? 0) ^ 1]), bytes.subarray(51)]),
    );
    broken("cut", (bytes) => bytes.subarray(0, -1));
    const before = await contents(database.knex);
    for (const name of ["flipped", "cut"]) {
      const ended = await restoreInto(database, name);
      expect([ended.code, ended.stderr]).toEqual([
        2,
        expect.stringMatching(/edition_files.copy.gz is not what was backed up/),
      ]);
    }
    expect((await restoreInto(database, "used")).stderr).toContain("manifest.json cannot be read");
    expect(await contents(database.knex)).toEqual(before);
    await database.drop();
  });

  test("refuses a manifest that lies about rows, paths or versions, and keeps nothing", async () => {
    const database = await freshDatabase({ live: false });
    const text = readFileSync(join(first, "manifest.json"), "utf8");
    const lie = async (name: string, find: string | RegExp, put: string) => {
      expect(text).toMatch(find);
      mkdirSync(join(folder.path, name));
      for (const file of readdirSync(first))
        writeFileSync(join(folder.path, name, file), readFileSync(join(first, file)));
      writeFileSync(join(folder.path, name, "manifest.json"), text.replace(find, put));
      const { code, stderr } = await restoreInto(database, name);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await lie("rows", /("table": "units",[\s\S]*?"rows": )\d+/, "$17")).toContain("the manifest says 7");
    expect(await lie("path", '"units"', '"../units"')).toContain("no backup's manifest");
    expect(await lie("newer", '"0001_first_day.sql"', '"0001_first_day.sql", "0999_later.sql"')).toContain(
      "newer version",
    );
    expect(await lie("older", '"0002_fingerprints.sql",', "")).toContain("older version");
    expect((await database.knex.raw("select 1 from snapshots")).rows).toEqual([]);
    await database.drop();
  });
});

test("what was restored sends nothing by hand before it is confirmed, then only what was still owed", async () => {
  const database = await freshDatabase({ live: false });
  await restoreInto(database, "first");
  const cwd = join(folder.path, "copy");
  mkdirSync(cwd);
  const config = configFor(findProvince("H21")).replace(/^ {2}contact:$/m, "  contact: P");
  writeFileSync(join(cwd, "diemtin.yaml"), config.replace(/^ {4}address:$/m, "    address: a@b.example"));
  const here = (...words: readonly string[]) =>
    inTerminal(words, {
      cwd,
      now: momentOf("2026-10-12 07:30"),
      env: { DATABASE_URL: database.url, USER: "quan-tri" },
    });
  const held = await here("run", "redeliver");
  expect([held.code, held.stderr]).toEqual([1, expect.stringMatching(/1 deliveries are held.*restored or copied/s)]);
  expect(existsSync(join(cwd, "out/mail"))).toBe(false);
  const { installation } = JSON.parse(readFileSync(join(first, "manifest.json"), "utf8"));
  expect((await here("installation", "confirm", "--confirm", installation)).code).toBe(0);
  expect((await here("run", "redeliver")).code).toBe(0);
  expect(readdirSync(join(cwd, "out/mail"))).toHaveLength(1);
  await database.drop();
});

test("a backup is of one moment, whatever is written meanwhile", async () => {
  const { store } = office.database;
  let going = true;
  const writing = (async () => {
    for (let n = 0; going; n += 1) {
      const id = await store.runs.start("collect", `2026-11-${n}`, new Date(0));
      await store.runs.raise(`run-${id}`, new Date(0));
    }
  })();
  const ended = await backUp("busy");
  going = false;
  await writing;
  expect(ended.code).toBe(0);
  const database = await freshDatabase({ live: false });
  expect((await restoreInto(database, "busy")).code).toBe(0);
  const count = async (sql: string) => Number((await database.knex.raw(sql)).rows[0].count);
  const runs = await count("select count(*) from runs where scheduled_for like '2026-11-%'");
  const alerts = await count("select count(*) from alerts where cause like 'run-%'");
  expect([0, 1]).toContain(runs - alerts);
  await database.drop();
});

test("a new database leaves rows only where a restore expects them", async () => {
  const database = await freshDatabase({ live: false });
  const filled = Object.entries(await contents(database.knex)).filter(([, found]) => !found.startsWith("0 "));
  expect(filled.length).toBeGreaterThan(0);
  // A migration that seeds another table has to name it in SEEDED (src/adapters/postgres/backup.ts).
  expect(filled.map(([table]) => table).filter((table) => !SEEDED.includes(table))).toEqual([]);
  await database.drop();
});
