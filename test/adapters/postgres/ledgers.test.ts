import { afterAll, beforeAll, expect, test } from "vitest";
import type { Recipient } from "../../../src/domain/delivery.ts";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { at } from "./made-up.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

function person(email: string, unit: string): Recipient {
  return { name: "Nguyễn Văn A", position: "Giám đốc", email, unit, bulletins: ["daily", "weekly"] };
}

test("a new list of recipients takes the old one's place, in its own order", async () => {
  const { recipients } = database.store;
  await recipients.replace([
    person("z@example.org", "H21.1"),
    person("a@example.org", "H21.1"),
    person("a@example.org", "H21.2"),
  ]);
  expect((await recipients.list()).map(({ email, unit }) => `${email} ${unit}`)).toEqual([
    ...["z@example.org H21.1", "a@example.org H21.1", "a@example.org H21.2"],
  ]);
  const next = [person("B@example.org", "H21.3")];
  await recipients.replace(next);
  expect(await recipients.list()).toEqual(next);
  const twice = recipients.replace([person("c@example.org", "H21.1"), person(" C@Example.org", "H21.1")]);
  await expect(twice).rejects.toThrow("recipient 2 has the address and unit (H21.1) of recipient 1");
  expect(await recipients.list()).toEqual(next);
});

test("a run tells when it began, how it ended and what was wrong", async () => {
  const { runs } = database.store;
  const id = await runs.start("collect", "2026-10-12", at("12"));
  const open = {
    id,
    job: "collect",
    scheduledFor: "2026-10-12",
    slot: null,
    startedAt: at("12"),
    problems: [],
    result: "",
  };
  expect(await runs.list()).toEqual([{ ...open, finishedAt: null, state: "running" }]);
  const problems = [{ cause: "evaluation-api/H21", message: "403", severity: "partial" }] as const;
  await runs.finish(id, "partial", problems, "1 of 2 snapshots", at("12", "06:05"));
  const earlier = await runs.start("collect", "2026-10-11", at("11"));
  const [first, second] = await runs.list();
  expect(first?.id).toBe(earlier);
  expect(second).toEqual({
    ...open,
    problems,
    result: "1 of 2 snapshots",
    finishedAt: at("12", "06:05"),
    state: "partial",
  });
  await expect(runs.finish("4711", "done", [], "", at("12"))).rejects.toThrow("there is no run 4711");
});

test("a cause is raised once, also by several processes, until causes with its beginning are cleared", async () => {
  const { runs } = database.store;
  const raised = await Promise.all([1, 2, 3].map(() => runs.raise("portal/H21_%/403", at("12"))));
  expect(raised.filter(Boolean)).toHaveLength(1);
  expect(await runs.raise("portal/H21x/403", at("12"))).toBe(true);
  expect(await runs.raise("portal/H22/403", at("12"))).toBe(true);
  await runs.clear("portal/H21_%");
  expect(await runs.raise("portal/H21x/403", at("13"))).toBe(false);
  expect(await runs.raise("portal/H21_%/403", at("13"))).toBe(true);
});
