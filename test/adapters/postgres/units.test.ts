import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../../../src/domain/errors.ts";
import { type FreshDatabase, freshDatabase } from "../../support/database.ts";
import { at, reading, settled, unit } from "./made-up.ts";

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

async function standings(scope = "H21"): Promise<Record<string, string>> {
  return Object.fromEntries((await database.store.units.list(scope)).map((one) => [one.code, one.standing]));
}

async function names(code: string): Promise<string[]> {
  const sql = `select valid_from::text || ' ' || name as line from unit_names where code = ? order by seen_at`;
  return (await database.knex.raw(sql, [code])).rows.map((row: { line: string }) => row.line);
}

const show = (day: string, units: readonly ReturnType<typeof unit>[], complete = true, source = "evaluation-api") =>
  settled(database.store, { takenAt: at(day), source }, reading(units, { complete }));

test("Quảng Nam is known as closed and merged into Đà Nẵng", async () => {
  expect(await database.store.units.list("provinces")).toEqual([
    {
      ...{ code: "X-QUANGNAM", scope: "provinces", name: "UBND tỉnh Quảng Nam", printName: null, level: "province" },
      ...{ standing: "confirmed", closedFrom: "2025-07-01", mergedInto: "H17" },
    },
  ]);
});

test("before the scope's first complete snapshot units are provisional; it confirms its own and lets the others wait", async () => {
  await show("05", [unit("H21.1"), unit("H21.2")], false);
  expect(await standings()).toEqual({ "H21.1": "provisional", "H21.2": "provisional" });
  await show("06", [unit("H21.1"), unit("H21.3")]);
  expect(await standings()).toEqual({ "H21.1": "confirmed", "H21.2": "waiting", "H21.3": "confirmed" });
});

test("a unit first seen after it waits, complete snapshot or not", async () => {
  await show("05", [unit("H21.1")]);
  await show("06", [unit("H21.1"), unit("H21.2")]);
  await show("07", [unit("H21.3")], false);
  expect(await standings()).toEqual({ "H21.1": "confirmed", "H21.2": "waiting", "H21.3": "waiting" });
});

test("a complete snapshot older than every other confirms its units when it is read later", async () => {
  await show("05", [unit("H21.1")]);
  await show("06", [unit("H21.2"), unit("H21.4")]);
  await show("04", [unit("H21.2"), unit("H21.3")]);
  expect(await standings()).toEqual({
    ...{ "H21.1": "confirmed", "H21.2": "confirmed", "H21.3": "confirmed", "H21.4": "waiting" },
  });
});

test("scopes do not touch each other, and neither the country nor the own province is a unit of a scope", async () => {
  const country = unit("VN", "Cả nước", { level: "country" });
  const province = unit("H21", "UBND tỉnh Gia Lai", { level: "province" });
  await show("05", [country, province, unit("H21.1")]);
  await settled(database.store, { scope: "provinces" }, reading([country, province], { complete: false }));
  expect(await standings()).toEqual({ "H21.1": "confirmed" });
  expect(await standings("provinces")).toEqual({ H21: "provisional", "X-QUANGNAM": "confirmed" });
});

test("a new name begins on the day of the snapshot that first showed it", async () => {
  await show("05", [unit("H21.1", "UBND tỉnh Bắc Ninh")]);
  await show("07", [unit("H21.1", "UBND thành phố Bắc Ninh")]);
  await show("08", [unit("H21.1", "UBND thành phố Bắc Ninh")]);
  expect(await names("H21.1")).toEqual(["2026-10-05 UBND tỉnh Bắc Ninh", "2026-10-07 UBND thành phố Bắc Ninh"]);
  expect((await database.store.units.list("H21"))[0]?.name).toBe("UBND thành phố Bắc Ninh");
});

test("an older snapshot read later corrects dates and adds history, and never the current name", async () => {
  await show("09", [unit("H21.1", "B")]);
  await show("03", [unit("H21.1", "A")]);
  expect(await names("H21.1")).toEqual(["2026-10-03 A", "2026-10-09 B"]);
  await show("07", [unit("H21.1", "B")]);
  expect(await names("H21.1")).toEqual(["2026-10-03 A", "2026-10-07 B"]);
  await show("05", [unit("H21.1", "A")]);
  await show("04", [unit("H21.1", "old")]);
  expect(await names("H21.1")).toEqual(["2026-10-03 A", "2026-10-04 old", "2026-10-07 B"]);
  expect((await database.store.units.list("H21"))[0]?.name).toBe("B");
});

test("the day of a name is the day in Việt Nam", async () => {
  await settled(database.store, { takenAt: new Date("2026-10-08T18:00:00Z") }, reading([unit("H21.1", "A")]));
  expect(await names("H21.1")).toEqual(["2026-10-09 A"]);
});

test("the portal's id of a unit is the one last seen in that source", async () => {
  const { units } = database.store;
  expect(await units.portalId("H21.1", "evaluation-api")).toBeNull();
  await show("09", [unit("H21.1", "A", { portalId: "new" })]);
  await show("05", [unit("H21.1", "A", { portalId: "old" })]);
  await show("09", [unit("H21.1", "A", { portalId: "398126" })], true, "rest-jsp");
  expect(await units.portalId("H21.1", "evaluation-api")).toBe("new");
  expect(await units.portalId("H21.1", "rest-jsp")).toBe("398126");
  await show("10", [unit("H21.1", "A", { portalId: "newer" })]);
  expect(await units.portalId("H21.1", "evaluation-api")).toBe("newer");
});

test("confirming takes codes or all, counts what changed, and refuses unknown codes whole", async () => {
  const { units } = database.store;
  await show("05", [unit("H21.1")]);
  await show("06", [unit("H21.2"), unit("H21.3")]);
  await expect(units.confirm(["H21.2", "H99.1"])).rejects.toThrow(UsageError);
  expect((await standings())["H21.2"]).toBe("waiting");
  expect(await units.confirm(["H21.1", "H21.2"])).toBe(1);
  expect(await units.confirm("all")).toBe(1);
  expect(await units.confirm("all")).toBe(0);
});

test("closing and naming a unit are kept through later snapshots", async () => {
  const { units } = database.store;
  await show("05", [unit("H21.1"), unit("H21.2")]);
  await units.close("H21.1", "2026-10-06", "H21.2");
  await units.name("H21.1", "phường Cũ".normalize("NFD"));
  await show("07", [unit("H21.1", "khác")]);
  expect((await units.list("H21"))[0]).toMatchObject({
    ...{ name: "khác", printName: "phường Cũ", closedFrom: "2026-10-06", mergedInto: "H21.2" },
  });
  await expect(units.close("H21.9", "2026-10-06")).rejects.toThrow("there is no unit H21.9");
  await expect(units.close("H21.1", "2026-10-06", "H21.9")).rejects.toThrow("there is no unit H21.9");
  await expect(units.close("H21.1", "2026-02-30")).rejects.toThrow('"2026-02-30" is not a day');
  await expect(units.name("H21.9", "x")).rejects.toThrow(UsageError);
});

test("many snapshots settled at once still confirm only the first complete one's units", async () => {
  const days = ["05", "06", "07", "08", "09"];
  await Promise.all(days.map((day) => show(day, [unit("H21.1"), unit(`H21.${day}`)])));
  const found = await standings();
  expect(found["H21.1"]).toBe("confirmed");
  expect(found["H21.05"]).toBe("confirmed");
  expect(await names("H21.1")).toEqual(["2026-10-05 UBND xã H21.1"]);
});

test("amendments set and clear by code, all or nothing, and count what changed", async () => {
  const { units } = database.store;
  await show("05", [unit("H21.1"), unit("H21.2")]);
  const none = { printName: null, closedFrom: null, mergedInto: null };
  const quangNam = { code: "X-QUANGNAM", printName: null, closedFrom: "2025-07-01", mergedInto: "H17" };
  const one = { code: "H21.1", printName: "xã Một", closedFrom: "2026-10-06", mergedInto: "H21.2" };
  expect(await units.amend([quangNam, one, { code: "H21.2", ...none }])).toBe(1);
  expect((await units.list("H21"))[0]).toMatchObject({
    printName: "xã Một",
    closedFrom: "2026-10-06",
    mergedInto: "H21.2",
  });
  const wrong = [
    { code: "H21.1", ...none },
    { code: "H21.8", ...none },
    { ...one, mergedInto: "H21.9" },
    { code: "H21.2", ...none, closedFrom: "06/10/2026" },
    { code: "H21.2", ...none, mergedInto: "H21.1" },
  ];
  const failure = await units.amend(wrong).catch((error) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect(failure.mistakes).toEqual([
    'unit H21.2: "06/10/2026" is not a day of the form 2025-07-01',
    "unit H21.2 is merged into H21.1 but has no closing day",
    'there is no unit H21.8: see "units list"',
    'there is no unit H21.9: see "units list"',
  ]);
  expect((await units.list("H21"))[0]?.printName).toBe("xã Một");
  expect(await units.amend([{ code: "H21.1", ...none }])).toBe(1);
  expect((await units.list("H21"))[0]).toMatchObject(none);
});
