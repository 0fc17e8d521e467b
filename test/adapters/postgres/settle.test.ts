import { afterAll, beforeAll, expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { answer, at, figure, reading, settled, unit, visit } from "./made-up.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** Every row a settling may write. */
async function allRows(): Promise<unknown> {
  const tables = ["snapshots", "answers", "observations", "units", "unit_names", "unit_portal_ids"];
  const found = await Promise.all(
    tables.map((table) => database.knex.raw(`select t::text as row from ${table} t order by 1`)),
  );
  return found.map((result) => result.rows);
}

test("observations come back as given: blanks, flags, odd text, other periods", async () => {
  const { store } = database;
  const given = [
    figure("H21.1", null),
    figure("H21.1", -5, { period: "2026-10" }),
    figure("H21.17", 9_007_199_254_740_991, { flag: "A\tB\\N\nC\r" }),
    figure("\\N", 0),
  ];
  const id = await settled(store, { scope: "H22" }, reading([], { observations: given }));
  const found = await store.observations.of(id);
  expect(found).toHaveLength(4);
  expect(found).toEqual(expect.arrayContaining(given));
  expect((await store.snapshots.find(id))?.observations).toBe(4);
});

test("settling again replaces the observations, and the same reading leaves the same rows", async () => {
  const { store } = database;
  const units = [unit("H23.1", "UBND xã A", { portalId: "a1" }), unit("H23.2")];
  const id = await settled(store, { scope: "H23" }, reading([unit("H23.1", "UBND xã A", { portalId: "a1" })]));
  await store.snapshots.settle(id, reading(units));
  expect((await store.observations.of(id)).map((row) => row.unit)).toEqual(["H23.1", "H23.2"]);
  const before = await allRows();
  await store.snapshots.settle(id, reading(units));
  expect(await allRows()).toEqual(before);
});

test("figures of an unsound answer are kept, and shown only on request", async () => {
  const { store } = database;
  const id = await visit(store, { scope: "H24" });
  await store.snapshots.archive(id, 1, answer("transparency", "half a bo"));
  const observations = [figure("H24.1", 1), figure("H24.1", 2, { indicator: "dvc2026.CKMB", answer: 1 })];
  const findings = [{ code: "body", severity: "incomplete", message: "cut \u0000 off" }] as const;
  await store.snapshots.settle(id, {
    complete: false,
    findings,
    sound: [true, false],
    observations,
    units: [],
    fingerprint: null,
  });
  expect((await store.observations.of(id)).map(({ value }) => value)).toEqual([1]);
  expect((await store.observations.of(id, { all: true })).map(({ value }) => value)).toEqual([2, 1]);
  const stored = await store.snapshots.find(id);
  expect(stored).toMatchObject({ complete: false, findings: [{ code: "body", message: "cut \ufffd off" }] });
});

test("a reading that does not fit is refused by name and changes nothing", async () => {
  const { store } = database;
  const id = await settled(store, { scope: "H25" }, reading([unit("H25.1")]));
  const before = await allRows();
  const refuse = (given: Parameters<typeof reading>[1], words: RegExp) =>
    expect(store.snapshots.settle(id, reading([unit("H25.2")], given))).rejects.toThrow(words);
  await refuse({ observations: [figure("H25.2", 1), figure("H25.2", 2)] }, /gave a figure twice: .*H25\.2.*TOTAL/);
  await refuse(
    { observations: [figure("H25.2", 1, { answer: 3 })] },
    /H25\.2 dvc2026\.TOTAL is said to come from answer 3/,
  );
  await refuse({ observations: [figure("H25.2", 1.5)] }, /H25\.2 dvc2026\.TOTAL has the value 1\.5/);
  await refuse({ sound: [true, true] }, /judged 2 answers, 1 are archived/);
  expect(await allRows()).toEqual(before);
  await expect(store.snapshots.settle("424242", reading([]))).rejects.toThrow("there is no snapshot 424242");
});

test("a connection cut in the middle of settling leaves nothing half written and names the database", async () => {
  const { store, knex } = database;
  const id = await settled(store, { scope: "H26" }, reading([unit("H26.1")]));
  const before = await allRows();
  const blocker = await knex.transaction();
  await blocker.raw("select pg_advisory_xact_lock(766002)");
  const settling = store.snapshots.settle(id, reading([unit("H26.1"), unit("H26.2")]));
  const outcome = expect(settling).rejects.toThrow(/database \S+\/diemtin_test_\S+ is away: .*Start the server/s);
  for (let cut = 0; cut === 0; ) {
    const found = await knex.raw(
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    cut = found.rows.length;
  }
  await outcome;
  await blocker.rollback();
  expect(await allRows()).toEqual(before);
});

test("a series is one figure through the snapshots, as of an instant and as known at one", async () => {
  const { store } = database;
  const one = unit("H27.1");
  const make = (day: string, value: number | null, given: Parameters<typeof reading>[1] = {}) =>
    settled(
      store,
      { scope: "H27", takenAt: at(day), recordedAt: day === "05" ? at("15") : at(day) },
      reading([one], { observations: [figure("H27.1", value, { flag: "TEMP" })], ...given }),
    );
  const d9 = await make("09", null);
  const d5 = await make("05", 5);
  await make("10", 10, { sound: [false], complete: false });
  const ask = { source: "evaluation-api", scope: "H27", unit: "H27.1", indicator: "dvc2026.TOTAL", period: "2026" };
  expect(await store.observations.series(ask)).toEqual([
    { takenAt: at("05"), recordedAt: at("15"), snapshot: d5, value: 5, flag: "TEMP" },
    { takenAt: at("09"), recordedAt: at("09"), snapshot: d9, value: null, flag: "TEMP" },
  ]);
  const ids = async (more: object) =>
    (await store.observations.series({ ...ask, ...more })).map((point) => point.snapshot);
  expect(await ids({ asOf: at("08") })).toEqual([d5]);
  expect(await ids({ knownAt: at("10") })).toEqual([d9]);
});
