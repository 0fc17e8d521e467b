import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readManifest } from "../../src/adapters/manifest.ts";
import { UsageError } from "../../src/domain/errors.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import { importSnapshots } from "../../src/pipeline/import.ts";
import { answerOf, national, provinceAnswers, unitsOf } from "../sources/made-up.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { faults, readingDesk, taken } from "./answers-context.ts";

let database: FreshDatabase;
let desk: ReturnType<typeof readingDesk>;
beforeEach(async () => {
  database = await freshDatabase();
  desk = readingDesk(database);
});
afterEach(() => database.drop());

const nationalOf = (day: string, given: Partial<Snapshot> = {}) =>
  taken(
    day,
    [
      answerOf(
        "service-results",
        national((_, scores) => ({ ...scores, MDSH: scores.MDSH + Number(day) })),
      ),
    ],
    given,
  );
const refused = async (snapshots: readonly Snapshot[]): Promise<readonly string[]> => {
  const error = await importSnapshots(desk.ctx, snapshots).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw new Error(`not a UsageError: ${String(error)}`);
  return error.mistakes;
};
const rows = async () => ({
  snapshots: await desk.store.snapshots.list(),
  observations: Number((await database.knex("observations").count({ count: "*" }))[0]?.["count"]),
  answers: Number((await database.knex("answers").count({ count: "*" }))[0]?.["count"]),
});

test("the same bytes again do nothing", async () => {
  const both = [nationalOf("07"), nationalOf("09")];
  await importSnapshots(desk.ctx, both);
  const before = await rows();
  const again = await importSnapshots(desk.ctx, both);
  expect(again.map(({ existed }) => existed)).toEqual([true, true]);
  expect(await rows()).toEqual(before);
  expect(before.snapshots).toHaveLength(2);
});

test("other bytes under the same key are refused, and nothing of the manifest is imported", async () => {
  await desk.take(nationalOf("07"));
  const before = await rows();
  const other = { ...nationalOf("07"), answers: nationalOf("08").answers };
  expect(await refused([nationalOf("09"), other])).toEqual([
    "evaluation-api provinces 2026 of 2026-10-06T23:00:00.000Z is archived already with other bytes; an archived snapshot is never changed",
  ]);
  expect(await rows()).toEqual(before);
});

test("more answers than were archived are other bytes too", async () => {
  const answers = provinceAnswers("H49", unitsOf("H49", 16, 54));
  const few = await desk.take(taken("09", answers.slice(0, 1), { scope: "H49" }));
  expect(faults(few)).toEqual(["answer-missing"]);
  const before = await rows();
  expect(await refused([taken("09", answers, { scope: "H49" })])).toHaveLength(1);
  expect(await refused([taken("09", [...answers].reverse(), { scope: "H49" })])).toHaveLength(1);
  expect(await rows()).toEqual(before);
});

test("an import that was cut off before it was read is finished by the next", async () => {
  const answers = provinceAnswers("H49", unitsOf("H49", 16, 54));
  const whole = taken("09", answers, { scope: "H49" });
  const { answers: _, ...head } = whole;
  const { id } = await desk.store.snapshots.open(head, new Date("2026-10-20T00:00:00Z"));
  const [first] = whole.answers;
  if (first === undefined) throw new Error("no answer");
  await desk.store.snapshots.archive(id, 0, first);
  const [imported] = await importSnapshots(desk.ctx, [whole]);
  expect(imported).toMatchObject({ existed: false, snapshot: { id, complete: true } });
  expect((await rows()).answers).toBe(7);
});

test("given in any order they are read oldest first, and come back in the order given", async () => {
  const out = await importSnapshots(desk.ctx, [nationalOf("09"), nationalOf("05"), nationalOf("07")]);
  expect(out.map(({ snapshot }) => [snapshot.takenAt.toISOString().slice(8, 10), snapshot.complete])).toEqual([
    ["08", true],
    ["04", true],
    ["06", true],
  ]);
});

test("an older day imported later is measured against what came before it, and the newer stays the latest", async () => {
  await desk.take(nationalOf("09"));
  const older = await desk.take(nationalOf("07"));
  expect(older.complete).toBe(true);
  const latest = await desk.store.snapshots.latest({
    source: "evaluation-api",
    scope: "provinces",
    period: "2026",
    asOf: new Date("2026-11-01T00:00:00Z"),
  });
  expect(latest?.takenAt).toEqual(nationalOf("09").takenAt);
  expect(new Set(Object.values(await desk.standing("provinces")))).toEqual(new Set(["confirmed"]));
});

test("what was said and what is known have two clocks", async () => {
  const snapshot = await desk.take(nationalOf("09"));
  expect([snapshot.takenAt, snapshot.recordedAt]).toEqual([new Date("2026-10-08T23:00:00Z"), desk.ctx.now()]);
});

test("a snapshot from the future is kept, and never used", async () => {
  const future = await desk.take({ ...nationalOf("09"), takenAt: new Date("2030-01-01T00:00:00Z") });
  expect(faults(future)).toEqual(["future"]);
  expect(await desk.sight({ asOf: new Date("2031-01-01T00:00:00Z") })).toBeNull();
});

describe("a manifest", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "diemtin-manifest-"));
    await writeFile(join(folder, "a.json"), JSON.stringify(national()));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const entry = {
    source: "evaluation-api",
    period: "2026",
    scope: "provinces",
    takenAt: "2026-10-09T07:00:00Z",
    answers: [{ endpoint: "service-results", file: "a.json" }],
  };
  const read = async (manifest: unknown) => {
    const path = join(folder, "manifest.json");
    await writeFile(path, typeof manifest === "string" ? manifest : JSON.stringify(manifest));
    return readManifest(path);
  };

  test("names files relative to itself, or absolute", async () => {
    const absolute = {
      ...entry,
      takenAt: "2026-10-10T14:00:00+07:00",
      answers: [{ endpoint: "service-results", file: join(folder, "a.json") }],
    };
    const [one, two] = await read({ snapshots: [entry, absolute] });
    expect(one?.takenAt).toEqual(new Date("2026-10-09T07:00:00Z"));
    expect(two?.takenAt).toEqual(new Date("2026-10-10T07:00:00Z"));
    expect(two?.answers[0]?.body).toEqual(one?.answers[0]?.body);
  });

  test.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /cannot be read as a manifest/],
    ["no snapshots", { snapshots: [] }, /no snapshots/],
    ["an unknown key", { snapshots: [{ ...entry, note: 1 }] }, /note/],
    ["an unknown source", { snapshots: [{ ...entry, source: "portal" }] }, /no source "portal"/],
    ["a half-year of the evaluation API", { snapshots: [{ ...entry, period: "2026-H1" }] }, /no period like 2026-H1/],
    ["no period", { snapshots: [{ ...entry, period: "2026-13" }] }, /"2026-13" is no period/],
    ["no scope", { snapshots: [{ ...entry, scope: "H21.17" }] }, /"H21.17" is no scope/],
    ["a moment without a zone", { snapshots: [{ ...entry, takenAt: "2026-10-09T07:00:00" }] }, /takenAt/],
    ["a day that does not exist", { snapshots: [{ ...entry, takenAt: "2026-02-30T07:00:00Z" }] }, /takenAt/],
    [
      "a file that is not there",
      { snapshots: [{ ...entry, answers: [{ endpoint: "service-results", file: "b.json" }] }] },
      /b\.json|cannot be read/,
    ],
    [
      "an endpoint of another source",
      { snapshots: [{ ...entry, answers: [{ endpoint: "report_tinh_766_service", file: "a.json" }] }] },
      /no endpoint/,
    ],
    ["an endpoint twice", { snapshots: [{ ...entry, answers: [...entry.answers, ...entry.answers] }] }, /stands twice/],
    [
      "one moment twice, in two writings",
      { snapshots: [entry, { ...entry, takenAt: "2026-10-09T14:00:00+07:00" }] },
      /stands twice/,
    ],
  ])("with %s is refused whole", async (_name, manifest, message) => {
    await expect(read(manifest)).rejects.toThrow(UsageError);
    await expect(read(manifest)).rejects.toThrow(message);
  });

  test("tells every mistake at once", async () => {
    const bad = { ...entry, source: "x", scope: "y", period: "z" };
    const error = await read({ snapshots: [bad, bad] }).catch((thrown: unknown) => thrown);
    expect((error as UsageError).mistakes.length).toBeGreaterThanOrEqual(6);
  });
});
