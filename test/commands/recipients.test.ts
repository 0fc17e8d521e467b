import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { configFor, findProvince } from "../../src/adapters/init-files.ts";
import { recipientSheet } from "../../src/adapters/recipients-xlsx.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { issueDay, unitsWithoutReader } from "../../src/pipeline/readers.ts";
import { at, reading, settled, unit } from "../adapters/postgres/made-up.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { momentOf, type Office, openOffice } from "../support/day.ts";

const HEADER = "name,position,email,unit,bulletins";
let office: Office;
let cwd: string;

const recipients = (words: readonly string[], now = "2026-10-12 07:00") =>
  inTerminal(["recipients", ...words], {
    ...{ cwd, now: momentOf(now) },
    env: { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var"), USER: "chị Mẫu" },
  });
const importing = (name: string, text: string | Uint8Array, words: readonly string[] = []) => {
  writeFileSync(join(cwd, name), text);
  return recipients(["import", name, ...words]);
};
const listed = async (now?: string) => JSON.parse((await recipients(["list", "--json"], now)).stdout);
const states = async (now?: string) =>
  (await listed(now)).map(({ email, state }: { email: string; state: string }) => `${email} ${state}`);

beforeAll(async () => {
  office = await openOffice();
  cwd = join(office.out, "desk");
  mkdirSync(cwd);
  const text = configFor(findProvince("H21"))
    .replace(/^ {2}contact:$/m, "  contact: P")
    .replace(/^ {4}address:$/m, '    address: a@b.example\n  allowed_domains: [example.vn, "*.example.vn"]');
  writeFileSync(join(cwd, "diemtin.yaml"), text);
  const seen = reading([unit("H21.101"), unit("H21.102")]);
  await settled(office.database.store, { scope: "H21", takenAt: at("12") }, seen);
}, 120_000);
afterAll(() => office.close());
beforeEach(async () => {
  const { knex, store } = office.database;
  await store.recipients.replace([]);
  await knex.raw("delete from pauses; delete from suppressions; delete from erasures");
});

describe("the list to fill in", () => {
  test("has a row for every unit, comes back as it was filled in, and leaves blank rows out", async () => {
    const made = await recipients(["template", "--out", "list.xlsx"]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain("3 units written");
    const rows = await recipientSheet(readFileSync(join(cwd, "list.xlsx")));
    expect(rows.slice(2).map(({ cells }) => cells[0])).toEqual(["H21", "H21.101", "H21.102"]);
    expect(rows[1]?.cells.join()).toMatch(/^# Mã đơn vị/);
    expect((await recipients(["import", "list.xlsx"])).stderr).toContain("names no recipient");
    const people = ["=1+1", "@ô", "xa@example.vn", "H21.101", "daily"].join(",");
    expect((await importing("a.csv", `${HEADER}\n${people}\n`)).code).toBe(0);
    for (const name of ["full.xlsx", "full.csv"]) {
      await recipients(["template", "--out", name]);
      if (name.endsWith("csv")) expect(readFileSync(join(cwd, name), "utf8")).toContain(",'=1+1,'@ô,");
      expect(statSync(join(cwd, name)).mode & 0o077).toBe(0);
    }
    const back = await recipients(["import", "full.xlsx", "--json"]);
    expect(JSON.parse(back.stdout)).toMatchObject({ unchanged: 1, added: [], left: [], blank: ["H21", "H21.102"] });
  });

  test("is refused where it is no workbook, unpacks to too much, lies about its size, holds formulas or far cells", async () => {
    const cell = { value: "unit", type: String } as const;
    const workbook = await writeXlsxFile([[cell]]).toBuffer();
    const { unzipSync } = await import("fflate");
    const parts = unzipSync(workbook);
    const sheet = new TextDecoder().decode(parts["xl/worksheets/sheet1.xml"]);
    const changed = (text: string) => zipSync({ ...parts, "xl/worksheets/sheet1.xml": new TextEncoder().encode(text) });
    const bomb = zipSync({ ...parts, "xl/sharedStrings.xml": new Uint8Array(60_000_000) });
    const liar = Buffer.from(zipSync({ ...parts, "xl/media/x.xml": new Uint8Array(1000) }));
    liar.writeUInt32LE(0xffff_fff0, liar.indexOf("xl/media/x.xml") - 8);
    const mistakes = {
      "zip.xlsx": [zipSync({ "a.xml": new Uint8Array(3) }), "no workbook"],
      "cut.xlsx": [workbook.subarray(0, 600), "the archive is broken"],
      "bomb.xlsx": [bomb, "unpacks to more than it may"],
      "formula.xlsx": [changed(sheet.replace(/(<c r="A1"[^>]*>)/, "$1<f>1+1</f>")), "formulas (A1)"],
      "far.xlsx": [changed(sheet.replace('r="A1"', 'r="XFD1048576"')), "XFD1048576"],
      "entity.xlsx": [changed(sheet.replace("<worksheet", "<!DOCTYPE a><worksheet")), "document type"],
      "old.xls": [Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), "old format"],
      "liar.xlsx": [liar, "the header must be"],
    } as const;
    for (const [name, [bytes, words]] of Object.entries(mistakes)) {
      const ended = await importing(name, bytes);
      expect([name, ended.code, ended.stderr.includes(words) ? words : ended.stderr]).toEqual([name, 2, words]);
    }
  });

  test("reads days of a workbook as days, and numbers as text", async () => {
    const text = (value: string) => ({ value, type: String });
    const day = { value: new Date("2026-10-20T00:00:00Z"), type: Date, format: "dd/mm/yyyy" } as const;
    const head = [...HEADER.split(","), "from", "until"].map(text);
    const row = [{ value: 7, type: Number }, ...["", "so@sub.example.vn", "province", "daily"].map(text)];
    const bytes = await writeXlsxFile([head, [...row, day, text("1/11/2026")]]).toBuffer();
    expect((await importing("days.xlsx", bytes)).code).toBe(0);
    expect(await listed("2026-10-20")).toMatchObject([
      { name: "7", unit: "H21", role: "head", from: "2026-10-20", until: "2026-11-01", state: "live" },
    ]);
    expect([await states("2026-10-19"), await states("2026-11-02")].flat()).toEqual([
      "so@sub.example.vn future",
      "so@sub.example.vn past",
    ]);
  });
});

describe("an import", () => {
  const one = "A,,a@example.vn,H21.101,daily";
  const two = "B,,b@example.vn,H21.102,daily";
  const three = "C,,c@example.vn,H21,daily;weekly";

  test("says what it adds, changes and takes off, changes nothing on a dry run, and asks before it takes off many", async () => {
    const dry = await importing("a.csv", [HEADER, one, two, three].join("\n"), ["--dry-run"]);
    expect(dry.stdout).toContain("added      H21.101    daily         a@example.vn  A, ");
    expect(dry.stdout).toContain("dry run: nothing was changed");
    expect(await listed()).toEqual([]);
    await recipients(["import", "a.csv"]);
    const fewer = [HEADER, "A,Chủ tịch,a@example.vn,H21.101,daily;weekly"].join("\n");
    const refused = await importing("b.csv", fewer);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("2 of 3 recipients off the list")]);
    expect(await listed()).toHaveLength(3);
    const meant = await recipients(["import", "b.csv", "--yes", "--json"]);
    expect(JSON.parse(meant.stdout)).toMatchObject({
      ...{ added: [], unchanged: 0, imported: true, recipients: 1, withoutRecipient: ["H21", "H21.102"] },
      changed: [{ before: { position: "" }, after: { position: "Chủ tịch" }, fields: ["position", "bulletins"] }],
      left: [{ email: "b@example.vn" }, { email: "c@example.vn" }],
    });
    const emptied = await importing("none.csv", `${HEADER}\n`);
    expect(emptied.stderr).toContain("would leave the list empty (1 recipients now)");
    expect((await recipients(["import", "none.csv", "--yes"])).code).toBe(0);
  });

  test("names every mistake with its row, other domains and overlapping days too, and takes nothing", async () => {
    const head = `${HEADER},role,from,until`;
    const text = [
      head,
      `${one},head,,2026-10-15`,
      "A,,A@example.vn,H21.101,daily,head,2026-10-15,",
      "D,,d@elsewhere.vn,H21.102,daily,boss,2026-02-30,",
      "E,,e@example.vn,H21.102,daily,copy,2026-10-15,14/10/2026",
    ].join("\n");
    const { code, stderr } = await importing("c.csv", text);
    expect(code).toBe(2);
    for (const words of [
      "line 3: the same address and unit as line 2, for days that belong to both",
      "line 4: email is at elsewhere.vn, which mail.allowed_domains does not name",
      "line 4: role must be head, deputy, copy, committee",
      'line 4: from is no day: "2026-02-30"',
      "line 5: until (2026-10-14) is before from (2026-10-15)",
    ])
      expect(stderr).toContain(words);
    expect(await listed()).toEqual([]);
  });
});

describe("who reads on a day", () => {
  test("a head changes post: each gets the issues of their own days", async () => {
    const head = `${HEADER},role,from,until`;
    const old = "Cũ,,cu@example.vn,H21.101,daily,head,,2026-10-11";
    const next = "Mới,,moi@example.vn,H21.101,daily,head,2026-10-12,";
    await importing("d.csv", [head, old, next, "P,,pho@example.vn,H21.101,daily,deputy,,"].join("\n"));
    const { store } = office.database;
    const live = async (day: string) => (await store.recipients.liveOn(day)).map(({ name }) => name);
    expect([await live("2026-10-11"), await live("2026-10-12")]).toEqual([
      ["Cũ", "P"],
      ["Mới", "P"],
    ]);
    const may = (address: string, day: string) => store.recipients.mayReceive(address, "H21.101", "daily", day);
    expect(await may("CU@example.vn", "2026-10-12")).toEqual({ may: false, reason: "left" });
    expect(await may("CU@example.vn", "2026-10-11")).toEqual({ may: true });
    expect((await store.recipients.mayReceive("cu@example.vn", "H21.102", "daily", "2026-10-11")).may).toBe(false);
    const weekly = { bulletin: "weekly", issue: "2026-W41", composedAt: at("12") } as const;
    expect(issueDay(weekly)).toBe("2026-10-12");
    expect(await unitsWithoutReader({ store, settings: { province: "H21" } }, "2026-10-12")).toEqual([
      "H21",
      "H21.102",
    ]);
  });

  test("a pause holds through its last day, for issues still owed too, and an import does not end it", async () => {
    await importing("e.csv", [HEADER, "A,,a@example.vn,H21.101,daily", "B,,b@example.vn,H21.102,daily"].join("\n"));
    const paused = await recipients(["pause", "A@example.vn", "--until", "2026-10-14", "--reason", "nghỉ, hỏi z@z.vn"]);
    expect([paused.code, paused.stdout]).toEqual([0, expect.stringContaining("until 2026-10-14, that day included")]);
    await recipients(["import", "e.csv"]);
    expect([await states(), await states("2026-10-14"), await states("2026-10-15")].map(([first]) => first)).toEqual([
      "a@example.vn paused",
      "a@example.vn paused",
      "a@example.vn live",
    ]);
    const { store } = office.database;
    expect(await store.recipients.mayReceive("a@example.vn", "H21.101", "daily", "2026-10-09")).toEqual({
      may: false,
      reason: "paused",
    });
    const status = await inTerminal(["status"], {
      ...{ cwd, now: momentOf("2026-10-12 07:00") },
      env: { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var") },
    });
    expect(status.stdout).toContain("2 without recipient (H21, H21.101)");
    await store.people.suppress({
      address: "b@example.vn",
      cause: "refused",
      reply: "550",
      delivery: null,
      at: at("12"),
    });
    expect((await states())[1]).toBe("b@example.vn suppressed");
    expect((await recipients(["resume", "b@example.vn"])).stdout).toContain("1 suppressions lifted");
    expect((await recipients(["resume", "a@example.vn"])).stdout).toContain("1 pauses ended");
    expect(await states()).toEqual(["a@example.vn live", "b@example.vn live"]);
    expect((await recipients(["pause", "x@example.vn", "--reason", "?"])).stderr).toContain("not on the list");
    const actions = await store.actions.list();
    expect(JSON.stringify(actions)).not.toContain("@example.vn");
    expect(JSON.stringify(actions)).not.toContain("z@z.vn");
  });
});

test("erasing a person leaves no address in any row, blocks a second mail and a silent return", async () => {
  const { store, knex } = office.database;
  const address = "quen.toi@example.vn";
  await importing("f.csv", [HEADER, `Quên Tôi,,${address},H21.101,daily`].join("\n"));
  const key = await freezeEdition(store, { audience: "H21.101" });
  expect((await office.run("redeliver", "2026-10-12 07:20")).result).toContain("1 mails accepted");
  await recipients(["pause", address, "--reason", "thử"]);
  const file = join(cwd, "person.json");
  expect((await recipients(["export", address, "--out", "person.json"])).stdout).toContain("1 deliveries");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    ...{ address, recipients: [{ name: "Quên Tôi" }], deliveries: [{ edition: key, state: "accepted" }] },
    ...{ attempts: [{ attempt: 1 }], pauses: [{ reason: "thử" }], suppressions: [], bounces: [] },
  });
  expect(statSync(file).mode & 0o077).toBe(0);
  const erased = await recipients(["erase", "Quen.Toi@Example.vn", "--reason", "người nhận yêu cầu"]);
  expect([erased.code, erased.stdout]).toEqual([0, expect.stringContaining("1 rows of the list, 1 deliveries")]);
  const tables = await knex.raw(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  expect(tables.rows.length).toBeGreaterThan(20);
  for (const { name } of tables.rows) {
    const found = await knex.raw(
      "select count(*)::int as rows from ?? as t where t::text ilike '%quen.toi%' or t::text like '%Quên Tôi%'",
      [name],
    );
    expect([name, found.rows[0].rows]).toEqual([name, 0]);
  }
  expect((await recipients(["export", address, "--out", "again.json"])).stdout).toContain("nothing is held");
  expect(existsSync(join(cwd, "again.json"))).toBe(false);

  const back = await recipients(["import", "f.csv"]);
  expect([back.code, back.stderr]).toEqual([
    2,
    expect.stringContaining("line 2: this person was erased on 12/10/2026"),
  ]);
  await expect(
    store.recipients.replace([{ name: "Q", position: "", email: address, unit: "H21.101", bulletins: ["daily"] }]),
  ).rejects.toThrow("was erased");
  expect((await recipients(["import", "f.csv", "--again"])).code).toBe(0);
  expect((await office.run("redeliver", "2026-10-12 07:40")).state).toBe("skipped");
  expect(await store.deliveries.list()).toMatchObject([
    { state: "accepted", recipient: expect.stringMatching(/^erased:/) },
  ]);
  const next = await freezeEdition(store, { audience: "H21.101", issue: "2026-10-13" });
  const sent = await office.during(momentOf("2026-10-13 07:20"), (ctx) => deliver(ctx, [key, next]));
  expect(sent).toMatchObject({ accepted: 1, nobody: [] });
});
