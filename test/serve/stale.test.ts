import { afterAll, beforeAll, expect, test } from "vitest";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import { watchAges } from "../../src/serve/stale.ts";
import { mailContext } from "../pipeline/mail-context.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** A complete snapshot of the running year, taken on a day at six. */
async function fetched(scope: string, day: string): Promise<void> {
  const takenAt = instantAt(day, "06:00");
  const period = { kind: "year", year: 2026 } as const;
  const { id } = await database.store.snapshots.open({ source: "evaluation-api", scope, period, takenAt }, takenAt);
  const nothing = { findings: [], sound: [], observations: [], units: [], fingerprint: null };
  await database.store.snapshots.settle(id, { ...nothing, complete: true });
}

test("figures older than two working days are told once a day from nine, until there are new ones", async () => {
  const told: string[] = [];
  const channel: Channel = {
    name: "ear",
    send: async ({ text }) => {
      told.push(text);
      return { state: "accepted", reply: "250" };
    },
    close: async () => undefined,
  };
  const { ctx } = mailContext(database.store, channel);
  const minute = async (day: string, time: string): Promise<number> => {
    const before = told.length;
    await watchAges({ ...ctx, now: () => instantAt(day, time) });
    return told.length - before;
  };
  // A new installation has no figures at all: that is no age.
  expect(await minute("2026-10-08", "10:00")).toBe(0);
  await fetched("provinces", "2026-10-08");
  await fetched("H21", "2026-10-08"); // a Thursday
  expect(await minute("2026-10-12", "09:00")).toBe(0); // Friday and Monday: two working days, the weekend is none
  expect(await minute("2026-10-13", "08:59")).toBe(0);
  expect(await minute("2026-10-13", "09:00")).toBe(1);
  expect(told[0]).toContain("H21: the last complete figures are of 08/10/2026 06:00");
  expect(told[0]).toContain("provinces: the last complete figures are of 08/10/2026");
  expect(told[0]).toContain("diemtin run collect");
  expect(await minute("2026-10-13", "09:01")).toBe(0);
  await fetched("provinces", "2026-10-14");
  expect(await minute("2026-10-14", "09:00")).toBe(1);
  expect(told[1]).not.toContain("provinces:");
  await fetched("H21", "2026-10-14");
  expect(await minute("2026-10-14", "10:00")).toBe(0);
  expect(await minute("2026-10-16", "10:00")).toBe(0);
  expect(await minute("2026-10-19", "10:00")).toBe(1);
});
