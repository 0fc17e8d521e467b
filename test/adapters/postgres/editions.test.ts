import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edition, editionKey } from "../../../src/domain/edition.ts";
import type { EditionFile } from "../../../src/pipeline/store.ts";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { at } from "./made-up.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

function edition(given: Partial<Edition> = {}): Edition {
  return {
    ...{ bulletin: "daily", audience: "H21.17", issue: "2026-10-12", reissue: 0 },
    ...{ asOf: at("12"), composedAt: at("12", "06:31"), snapshots: ["12", "7"] },
    baseline: { edition: "daily/2026-10-09/H21.17/r0", day: "2026-10-09", snapshots: ["7"] },
    content: {
      ...{ subject: "Đạt 85,31 điểm", lines: ["Một.", "Hai."], summary: "tăng 0,8", title: "Bản tin", pages: true },
      masthead: { kind: "digest", left: "VĂN PHÒNG", right: "12/10/2026", unit: "phường An Bình" },
      blocks: [{ kind: "paragraph", runs: [{ text: "a ? \\ \u2028 “b”", strong: true }] }],
      figures: [
        {
          ...{ unit: "H21.17", indicator: "dvc2026.TOTAL", period: "2026", value: 8_531, before: null },
          ...{ rank: 1, rankBefore: null, snapshot: "12" },
        },
      ],
    },
    ...given,
  };
}

function file(kind: EditionFile["kind"], text: string): EditionFile {
  const bytes = Buffer.from(text);
  return { kind, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

test("a frozen edition comes back whole, with its moments as dates and its files byte for byte", async () => {
  const { editions } = database.store;
  const given = edition();
  const files = [file("html", "<p>ă</p>"), file("pdf", "%PDF \u0000\u0001"), file("text", "ă")];
  const key = await editions.freeze(given, files);
  expect(key).toBe(editionKey(given));
  expect(await editions.find(key)).toEqual({ ...given, id: key });
  expect(await editions.files(key)).toEqual(files);
});

test("a list names every edition, or those composed since an instant", async () => {
  const { editions } = database.store;
  const { baseline: _, content, ...given } = edition({ issue: "2026-10-20", composedAt: at("20") });
  const key = await editions.freeze(edition({ issue: "2026-10-20", composedAt: at("20") }), []);
  const listed = { ...given, id: key, recordedAt: expect.any(Date), summary: content.summary, pages: true };
  expect(await editions.list(at("20"))).toEqual([listed]);
  expect(await editions.list(at("21"))).toEqual([]);
  expect((await editions.list()).length).toBeGreaterThan(1);
});

test("what was frozen first stays: a second freezing changes no word and no file", async () => {
  const { editions } = database.store;
  const first = edition({ issue: "2026-10-01" });
  const key = await editions.freeze(first, [file("text", "first")]);
  const again = edition({ issue: "2026-10-01", baseline: null });
  expect(await editions.freeze(again, [file("text", "second"), file("pdf", "%PDF")])).toBe(key);
  expect((await editions.find(key))?.baseline).toEqual(first.baseline);
  expect(await editions.files(key)).toEqual([file("text", "first")]);
});

test("of several processes freezing the same issue one wins, with its own files only", async () => {
  const { editions } = database.store;
  const given = edition({ issue: "2026-10-02" });
  await Promise.all(
    ["a", "b", "c", "d"].map((text) => editions.freeze(given, [file("text", text), file("pdf", text)])),
  );
  const files = await editions.files(editionKey(given));
  expect(files).toHaveLength(2);
  expect(files[0]?.sha256).toBe(files[1]?.sha256);
});

test("an edition whose file does not match its sha256 is not frozen at all", async () => {
  const { editions } = database.store;
  const given = edition({ issue: "2026-10-03" });
  const wrong = { ...file("pdf", "%PDF"), sha256: file("pdf", "other").sha256 };
  await expect(editions.freeze(given, [file("text", "x"), wrong])).rejects.toThrow(/edition_files_check/);
  expect(await editions.find(editionKey(given))).toBeNull();
});

test("the last edition is the highest issue strictly before, in its latest reissue", async () => {
  const { editions } = database.store;
  const weekly = (issue: string, reissue = 0) =>
    editions.freeze(edition({ bulletin: "weekly", audience: "H21", issue, reissue }), []);
  for (const issue of ["2025-W52", "2026-W39", "2026-W40", "2026-W41"]) await weekly(issue);
  await weekly("2026-W40", 2);
  await weekly("2026-W40", 1);
  const last = async (before: string) => (await editions.last("weekly", "H21", before))?.id;
  expect(await last("2026-W41")).toBe("weekly/2026-W40/H21/r2");
  expect(await last("2026-W40")).toBe("weekly/2026-W39/H21/r0");
  expect(await last("2026-W01")).toBe("weekly/2025-W52/H21/r0");
  expect(await last("2025-W52")).toBeUndefined();
  expect(await editions.last("daily", "H21", "2026-W41")).toBeNull();
});

test("an edition and its files are never changed or deleted, not even by hand", async () => {
  const key = await database.store.editions.freeze(edition({ issue: "2026-10-04" }), [file("text", "x")]);
  for (const sql of ["update editions set as_of = now()", "delete from editions"]) {
    await expect(database.knex.raw(`${sql} where key = ?`, [key])).rejects.toThrow(/editions is a fact/);
  }
  for (const sql of ["update edition_files set bytes = ''", "delete from edition_files"]) {
    await expect(database.knex.raw(`${sql} where edition = ?`, [key])).rejects.toThrow(/edition_files is a fact/);
  }
});
