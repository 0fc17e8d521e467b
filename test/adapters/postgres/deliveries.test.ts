import { afterAll, beforeAll, expect, test } from "vitest";
import type { Outcome, Recipient } from "../../../src/domain/delivery.ts";
import type { Edition } from "../../../src/domain/edition.ts";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { at } from "./made-up.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const ACCEPTED: Outcome = { state: "accepted", reply: "250 ok" };
const GREYLISTED: Outcome = { state: "failed", reply: "451 later", mayPass: true, stop: false };
const REFUSED: Outcome = { state: "failed", reply: "550 no such user", mayPass: false, stop: false };

function person(email: string, given: Partial<Recipient> = {}): Recipient {
  return { name: "Lan", position: "Chủ tịch", email, unit: "H21.17", bulletins: ["daily"], ...given };
}

let issues = 0;
async function frozen(): Promise<string> {
  const content = { subject: "", lines: [], summary: "", title: "", pages: false, blocks: [], figures: [] };
  const edition: Edition = {
    ...{
      bulletin: "daily",
      audience: "H21.17",
      issue: `2026-10-12.${++issues}`,
      reissue: 0,
      snapshots: [],
      baseline: null,
    },
    ...{ asOf: at("12"), composedAt: at("12") },
    content: { ...content, masthead: { kind: "digest", left: "", right: "", unit: "" } },
  };
  return database.store.editions.freeze(edition, []);
}

/** One delivery of a new edition, and its key. */
async function owed(): Promise<{ key: string; id: string }> {
  const key = await frozen();
  await database.store.deliveries.owe(key, person("a@example.org"), { messageId: "<a@diemtin>" });
  const [due] = await database.store.deliveries.due([key]);
  if (due === undefined) throw new Error("nothing is due");
  return { key, id: due.id };
}

async function stored(id: string) {
  return (await database.store.deliveries.list()).find((delivery) => delivery.id === id);
}

async function attempts(id: string): Promise<unknown[]> {
  const sql =
    "select attempt, at, state, reply, instance from delivery_attempts where delivery_id = ? order by attempt";
  return (await database.knex.raw(sql, [id])).rows;
}

test("an address is owed an edition once, however it is written; the first row stays", async () => {
  const { deliveries } = database.store;
  const key = await frozen();
  await deliveries.owe(key, person("Lan@Example.org"), { messageId: "<1@diemtin>" });
  await deliveries.owe(key, person(" lan@example.ORG", { name: "Other", unit: "H21.18" }), {
    messageId: "<2@diemtin>",
  });
  await deliveries.owe(key, person("minh@example.org"), { messageId: "<3@diemtin>" });
  const due = await deliveries.due([key]);
  expect(due).toMatchObject([
    {
      recipient: "Lan@Example.org",
      name: "Lan",
      unit: "H21.17",
      messageId: "<1@diemtin>",
      state: "queued",
      attempts: 0,
    },
    { recipient: "minh@example.org", messageId: "<3@diemtin>" },
  ]);
  expect(await deliveries.list([key])).toHaveLength(2);
  expect(await deliveries.list([])).toEqual([]);
  expect(await deliveries.due([])).toEqual([]);
  expect(await deliveries.due([await frozen()])).toEqual([]);
});

test("of many workers one claims a delivery", async () => {
  const { deliveries } = database.store;
  const { key, id } = await owed();
  const claims = await Promise.all([1, 2, 3, 4, 5].map((worker) => deliveries.claim(id, `w${worker}`, at("12"))));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await deliveries.due([key])).toEqual([]);
  expect(await stored(id)).toMatchObject({ state: "sending" });
});

test("what was accepted is never due or claimed again", async () => {
  const { deliveries } = database.store;
  const { key, id } = await owed();
  await deliveries.claim(id, "w", at("12"));
  await deliveries.finish(id, ACCEPTED, at("12", "07:00"));
  expect(await stored(id)).toMatchObject({ state: "accepted", reply: "250 ok", attempts: 1 });
  expect(await deliveries.due([key])).toEqual([]);
  expect(await deliveries.claim(id, "w", at("12"))).toBe(false);
});

test("a failure that may pass is due again, each attempt is noted; one that may not is not due", async () => {
  const { deliveries } = database.store;
  const { key, id } = await owed();
  await deliveries.claim(id, "w1", at("12"));
  await deliveries.finish(id, GREYLISTED, at("12", "07:00"));
  expect(await deliveries.due([key])).toMatchObject([{ id, state: "failed", attempts: 1 }]);
  expect(await deliveries.claim(id, "w2", at("12", "07:10"))).toBe(true);
  await deliveries.finish(id, REFUSED, at("12", "07:11"));
  expect(await deliveries.due([key])).toEqual([]);
  expect(await attempts(id)).toEqual([
    { attempt: 1, at: at("12", "07:00"), state: "failed", reply: "451 later", instance: "w1" },
    { attempt: 2, at: at("12", "07:11"), state: "failed", reply: "550 no such user", instance: "w2" },
  ]);
});

test("no reply means unknown, and unknown is never sent again", async () => {
  const { deliveries } = database.store;
  const { key, id } = await owed();
  await deliveries.claim(id, "w", at("12"));
  await deliveries.finish(id, { state: "unknown", reply: "no reply \u0000 after DATA" }, at("12"));
  expect(await stored(id)).toMatchObject({ state: "unknown", reply: "no reply \ufffd after DATA" });
  expect(await deliveries.due([key])).toEqual([]);
  expect(await deliveries.claim(id, "w", at("12"))).toBe(false);
});

test("a stale claim whose body was handed over becomes unknown and stays unsent; an earlier one is owed again; a fresh one is left alone", async () => {
  const { deliveries } = database.store;
  const [stale, early, fresh] = [await owed(), await owed(), await owed()];
  const claim = { instance: "dead", at: at("01", "06:00") };
  await deliveries.claim(stale.id, claim.instance, claim.at);
  await deliveries.claim(early.id, claim.instance, claim.at);
  expect(await deliveries.handOver(stale.id, claim, at("01", "06:01"))).toBe(true);
  await deliveries.claim(fresh.id, "alive", at("01", "06:20"));
  expect(await deliveries.abandonStale(at("01", "06:10"))).toEqual({ unknown: 1, owed: 1 });
  expect(await deliveries.abandonStale(at("01", "06:10"))).toEqual({ unknown: 0, owed: 0 });
  expect(await stored(early.id)).toMatchObject({ state: "failed", attempts: 1 });
  expect(await deliveries.due([early.key])).toMatchObject([{ id: early.id }]);
  // The worker was not dead but slow: its body may not leave any more.
  expect(await deliveries.handOver(early.id, claim, at("01", "06:30"))).toBe(false);
  expect(await stored(stale.id)).toMatchObject({ state: "unknown", attempts: 1 });
  expect(await stored(fresh.id)).toMatchObject({ state: "sending" });
  expect(await deliveries.due([stale.key])).toEqual([]);
  expect(await deliveries.claim(stale.id, "w", at("01"))).toBe(false);
  expect(await attempts(stale.id)).toMatchObject([{ attempt: 1, state: "unknown", instance: "dead" }]);
});

test("a worker that was given up and comes back late still says what happened", async () => {
  const { deliveries } = database.store;
  const { id } = await owed();
  await deliveries.claim(id, "slow", at("11"));
  await deliveries.handOver(id, { instance: "slow", at: at("11") }, at("11"));
  await deliveries.abandonStale(at("11", "06:01"));
  await deliveries.finish(id, ACCEPTED, at("12", "09:00"));
  expect(await stored(id)).toMatchObject({ state: "accepted", attempts: 2 });
  await expect(deliveries.finish(id, ACCEPTED, at("12"))).rejects.toThrow(`delivery ${id} was not being sent`);
});

test("a worker that slept through its claim has no word about the next worker's: what is being handed over does not become owed", async () => {
  const { deliveries } = database.store;
  const { key, id } = await owed();
  const [asleep, next] = [
    { instance: "asleep", at: at("11") },
    { instance: "next", at: at("11", "06:20") },
  ];
  await deliveries.claim(id, asleep.instance, asleep.at);
  await deliveries.abandonStale(at("11", "06:05"));
  await deliveries.claim(id, next.instance, next.at);
  await deliveries.handOver(id, next, next.at);
  const late = deliveries.finish(id, GREYLISTED, { at: at("11", "06:21"), claim: asleep });
  await expect(late).rejects.toThrow(`delivery ${id} was not being sent`);
  expect(await deliveries.due([key])).toEqual([]);
  await deliveries.finish(id, ACCEPTED, { at: at("11", "06:22"), claim: next });
  expect(await stored(id)).toMatchObject({ state: "accepted" });
});

test("an outcome for a delivery nobody claimed is a bug and changes nothing", async () => {
  const { deliveries } = database.store;
  const { id } = await owed();
  await expect(deliveries.finish(id, ACCEPTED, at("12"))).rejects.toThrow(`delivery ${id} was not being sent`);
  expect(await stored(id)).toMatchObject({ state: "queued", attempts: 0 });
  expect(await attempts(id)).toEqual([]);
});
