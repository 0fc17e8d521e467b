import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFor, findProvince } from "../../src/adapters/init-files.ts";
import { at, reading, settled, unit } from "../adapters/postgres/made-up.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { head, momentOf, type Office, openOffice } from "../support/day.ts";

let office: Office;
let cwd: string;

const status = (when: string, words: readonly string[] = []) =>
  inTerminal(["status", ...words], {
    cwd,
    now: momentOf(when),
    env: { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var") },
  });
const asJson = async (when: string) => JSON.parse((await status(when, ["--json"])).stdout);

beforeAll(async () => {
  office = await openOffice();
  cwd = join(office.out, "desk");
  mkdirSync(cwd);
  const text = configFor(findProvince("H21"))
    .replace(/^ {2}contact:$/m, "  contact: P")
    .replace(/^ {4}address:$/m, "    address: a@b.example");
  writeFileSync(join(cwd, "diemtin.yaml"), text);
}, 120_000);
afterAll(() => office.close());

test("an empty database: no data, nothing made, nobody to send to, and no crash", async () => {
  const ended = await status("2026-10-12 05:00");
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  expect(ended.stdout).toContain("NO complete snapshot yet");
  expect(ended.stdout).toContain("nothing made");
  expect(ended.stdout).toMatch(/sending +free \(installation /);
});

test("a day: last data, what was made and sent, who gets nothing, what is unknown, what comes next", async () => {
  const { store } = office.database;
  await store.recipients.replace([head("H21", "lanh-dao@example.vn"), head("H21.101", "xa@example.vn")]);
  await settled(store, { scope: "H21", takenAt: at("12") }, reading([unit("H21.101"), unit("H21.102")]));
  for (const audience of ["H21", "H21.101", "H21.102"]) await freezeEdition(store, { audience });
  await office.run("redeliver", "2026-10-12 07:20");
  const run = await store.runs.start("publish-daily", "2026-10-12", momentOf("2026-10-12 07:00"));
  await store.runs.finish(run, "done", [], "3 editions made", momentOf("2026-10-12 07:01"));
  const found = await asJson("2026-10-12 07:30");
  expect(found.data).toEqual([
    { scope: "provinces", period: "2026", takenAt: null },
    { scope: "H21", period: "2026", takenAt: "2026-10-11T23:00:00.000Z" },
  ]);
  expect(found.issues).toMatchObject([
    {
      ...{ bulletin: "daily", issue: "2026-10-12", due: "2026-10-12", editions: 3 },
      ...{ deliveries: { accepted: 2 }, hold: null, run: { state: "done" } },
    },
    { bulletin: "weekly", issue: "2026-W41", due: "2026-10-12", editions: 0, deliveries: {}, run: null },
  ]);
  expect(found.open).toEqual({ owed: 0, failed: 0, unknown: 0 });
  expect(found.units).toEqual({ known: 2, waiting: 0, withoutRecipient: ["H21.102"] });
  expect(found.next).toEqual([
    { bulletin: "daily", day: "2026-10-13" },
    { bulletin: "weekly", day: "2026-10-19" },
  ]);
  const { stdout } = await status("2026-10-12 07:30");
  expect(stdout).toContain("daily      2026-10-12: 3 editions, mails: accepted 2");
  expect(stdout).not.toContain("@");
  expect(stdout.split("\n").length).toBeLessThan(25);
});

test("a hold, an alert, a skipped run and a day off are told with their reasons", async () => {
  const { store } = office.database;
  const held = {
    bulletin: "daily",
    issue: "2026-10-13",
    reason: "chờ xác minh",
    by: "chị Mẫu",
    at: momentOf("2026-10-13 05:00"),
  } as const;
  await store.holds.place(held);
  await store.runs.raise("collect/provinces#", momentOf("2026-10-13 06:10"));
  const id = await store.runs.start("publish-daily", "2026-10-13", momentOf("2026-10-13 07:00"));
  await store.runs.finish(id, "skipped", [], "no figures by the deadline", momentOf("2026-10-13 08:30"));
  const { stdout } = await status("2026-10-13 09:00");
  expect(stdout).toContain("HELD by chị Mẫu: chờ xác minh");
  expect(stdout).toContain("collect/provinces since 2026-10-13 06:10");
  expect(stdout).toContain("skipped, no figures by the deadline");
  expect((await status("2026-11-24 09:00")).stdout).toContain(
    "no issue: 2026-11-24 is a holiday (Ngày Văn hóa Việt Nam)",
  );
  expect((await asJson("2026-11-23 09:00")).next[0]).toEqual({ bulletin: "daily", day: "2026-11-25" });
});
