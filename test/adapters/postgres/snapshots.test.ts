import { afterAll, beforeAll, expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { answer, at, reading, settled, unit, visit } from "./made-up.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const YEAR = { kind: "year", year: 2026 } as const;

test("opening the same source, scope, period and moment again finds the snapshot", async () => {
  const { snapshots } = database.store;
  const head = { source: "a", scope: "provinces", period: YEAR, takenAt: at("01") };
  const first = await snapshots.open(head, at("01"));
  expect(first.existed).toBe(false);
  expect(await snapshots.open(head, at("02"))).toEqual({ id: first.id, existed: true });
  const month = await snapshots.open({ ...head, period: { kind: "month", year: 2026, index: 10 } }, at("02"));
  expect(month.existed).toBe(false);
  expect((await snapshots.find(first.id))?.recordedAt).toEqual(at("01"));
});

test("an answer comes back byte for byte with everything said about it", async () => {
  const { snapshots } = database.store;
  const { id } = await snapshots.open({ source: "b", scope: "H21", period: YEAR, takenAt: at("01") }, at("01"));
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  const odd = answer("transparency", "", {
    body: bytes,
    request: null,
    status: null,
    fault: "reset \u0000 by peer".replace("\u0000", ""),
  });
  await snapshots.archive(id, 1, odd);
  await snapshots.archive(id, 0, answer("service-results", "", { headers: { "x-odd": "\u0000\ud800 \\u0000" } }));
  const [first, second] = await snapshots.answers(id);
  expect(first?.headers).toEqual({ "x-odd": "\ufffd\ufffd \\u0000" });
  expect(first?.request?.path).toBe("/service-results");
  expect(first).not.toHaveProperty("fault");
  expect(Buffer.compare(second?.body ?? Buffer.alloc(0), bytes)).toBe(0);
  expect({ ...second, body: null }).toEqual({ ...odd, body: null });
});

test("the same bytes again do nothing; other bytes are refused by snapshot and endpoint", async () => {
  const { store, knex } = database;
  const id = await visit(store, { source: "c" });
  const kept = await store.snapshots.answers(id);
  await store.snapshots.archive(id, 0, answer("service-results", '{"scope":"H21"}', { receivedAt: at("30") }));
  expect(await store.snapshots.answers(id)).toEqual(kept);
  const other = store.snapshots.archive(id, 0, answer("service-results", "{}"));
  await expect(other).rejects.toThrow(new RegExp(`snapshot ${id} already has another answer 0 .* service-results`));
  expect(await store.snapshots.answers(id)).toEqual(kept);
  const blobs = await knex.raw("select size from blobs where size = 2");
  expect(blobs.rows).toEqual([]);
});

test("stored bytes that were tampered with are noticed", async () => {
  const { store, knex } = database;
  const { id } = await store.snapshots.open({ source: "d", scope: "H21", period: YEAR, takenAt: at("01") }, at("01"));
  await store.snapshots.archive(id, 0, answer("service-results", "first body"));
  await knex.raw("alter table blobs disable trigger blobs_are_facts");
  const other = await knex.raw("select gzip from blobs where size = 15 limit 1");
  await knex.raw("update blobs set gzip = ?, size = 15 where size = 10", [other.rows[0].gzip]);
  await knex.raw("alter table blobs enable trigger blobs_are_facts");
  await expect(store.snapshots.answers(id)).rejects.toThrow(
    /answer 0 \(service-results\): the stored bytes no longer match/,
  );
});

test("the latest snapshot is the last complete one at the instant, unless more is asked", async () => {
  const { store } = database;
  const { latest } = store.snapshots;
  const one = [unit("H30.1")];
  const make = (day: string, complete: boolean, recordedAt = at(day)) =>
    settled(store, { source: "e", scope: "H30", takenAt: at(day), recordedAt }, reading(one, { complete }));
  const [d5, d9, d10] = [await make("05", true), await make("09", true, at("20")), await make("10", false)];
  const ask = { source: "e", scope: "H30", period: "2026", asOf: at("30") };
  expect((await latest(ask))?.id).toBe(d9);
  expect((await latest({ ...ask, incomplete: true }))?.id).toBe(d10);
  expect((await latest({ ...ask, asOf: at("09") }))?.id).toBe(d9);
  expect((await latest({ ...ask, asOf: at("09"), before: true }))?.id).toBe(d5);
  expect((await latest({ ...ask, knownAt: at("19") }))?.id).toBe(d5);
  expect(await latest({ ...ask, period: "2026-10" })).toBeNull();
  const { period: _, ...anyPeriod } = ask;
  expect((await latest(anyPeriod))?.id).toBe(d9);
  expect(await latest({ ...ask, asOf: at("04") })).toBeNull();
});

test("accepting completes a snapshot for good, with reason, actor and time", async () => {
  const { store, knex } = database;
  const doubtful = reading([unit("H31.1")], { complete: false, sound: [false] });
  const id = await settled(store, { source: "f", scope: "H31" }, doubtful);
  expect(await store.observations.of(id)).toEqual([]);
  await store.snapshots.accept(id, "checked by telephone", "lan");
  await store.snapshots.settle(id, doubtful);
  expect(await store.snapshots.find(id)).toMatchObject({ complete: true, accepted: "checked by telephone" });
  expect(await store.observations.of(id)).toHaveLength(1);
  const row = await knex.raw("select accepted_by, accepted_at is not null as timed from snapshots where id = ?", [id]);
  expect(row.rows).toEqual([{ accepted_by: "lan", timed: true }]);
  expect((await store.units.list("H31")).map(({ standing }) => standing)).toEqual(["confirmed"]);
});

test("an id that is none finds nothing and accepts nothing", async () => {
  const { snapshots } = database.store;
  expect(await snapshots.find("daily/2026")).toBeNull();
  expect(await snapshots.find("999999")).toBeNull();
  await expect(snapshots.accept("999999", "x", "y")).rejects.toThrow("there is no snapshot 999999");
});

test("what was said is never changed or deleted, not even by hand", async () => {
  const { store, knex } = database;
  const id = await settled(store, { source: "g", scope: "H32" }, reading([unit("H32.1")]));
  const refused = async (sql: string) => expect(knex.raw(sql)).rejects.toThrow(/is a fact and cannot be changed/);
  await refused(`update snapshots set taken_at = now() where id = ${id}`);
  await refused(`delete from snapshots where id = ${id}`);
  await refused(`update answers set status = 200 where snapshot_id = ${id}`);
  await refused(`delete from answers where snapshot_id = ${id}`);
  await refused(`update blobs set gzip = ''`);
  await refused(`delete from blobs`);
});
