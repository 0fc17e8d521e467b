import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answerOf,
  group,
  type Json,
  type MadeUnit,
  national,
  provinceAnswers,
  rowOf,
  rowsOf,
  scoresOf,
  set,
  unitsOf,
} from "../sources/made-up.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { faults, figureOf, readingDesk, taken } from "./answers-context.ts";

let database: FreshDatabase;
let desk: ReturnType<typeof readingDesk>;
beforeEach(async () => {
  database = await freshDatabase();
  desk = readingDesk(database);
});
afterEach(() => database.drop());

/** The national answer of a day: everybody's MDSH grows with the days. */
const nationalOf = (day: string, change: (json: Json) => void = () => {}) => {
  const json = national((_, scores) => ({ ...scores, MDSH: scores.MDSH + Number(day) }));
  change(json);
  return taken(day, [answerOf("service-results", json)]);
};
/** The seven answers of Quảng Ninh on a day. */
const quangNinh = (day: string, units: readonly MadeUnit[], change: Parameters<typeof provinceAnswers>[2] = {}) =>
  taken(day, provinceAnswers("H49", onDay(units, day), change), { scope: "H49" });
const onDay = (units: readonly MadeUnit[], day: string) =>
  units.map((unit) => ({ ...unit, scores: { ...unit.scores, CKMB: unit.scores.CKMB + Number(day) } }));
const without = (json: Json, code: string) => {
  const rows = rowsOf(json);
  rows.splice(
    rows.findIndex((row) => row["departmentCode"] === code),
    1,
  );
};

describe("the provinces", () => {
  test("two whole days are complete, their units confirmed by the first", async () => {
    const first = await desk.take(nationalOf("07"));
    const second = await desk.take(nationalOf("09"));
    expect([first.complete, second.complete, first.findings, second.findings]).toEqual([true, true, [], []]);
    const standing = await desk.standing("provinces");
    expect(Object.values(standing).filter((word) => word === "confirmed")).toHaveLength(35);
  });

  test("a province missing from the very first answer is counted", async () => {
    const first = await desk.take(nationalOf("07", (json) => without(json, "H21")));
    expect(faults(first)).toEqual(["unit-count"]);
    expect(Object.values(await desk.standing("provinces"))).not.toContain("waiting");
  });

  test("a province missing later makes it incomplete, until it is closed", async () => {
    await desk.take(nationalOf("07"));
    const missing = await desk.take(nationalOf("08", (json) => without(json, "H21")));
    expect(missing.findings).toMatchObject([{ code: "unit-missing", unit: "H21" }]);
    expect(await desk.sight({ onDay: "2026-10-08" }), "no rank is printed from a list that lacks one").toBeNull();
    await desk.store.units.close("H21", "2026-10-09");
    expect((await desk.take(nationalOf("09", (json) => without(json, "H21")))).complete).toBe(true);
    // Closed from the 9th: the 8th, read again, still lacks it.
    expect((await desk.store.snapshots.find(missing.id))?.complete).toBe(false);
  });

  test("an extra one waits: stored, listed new, out of every rank and denominator, complete, until it is confirmed", async () => {
    await desk.take(nationalOf("07"));
    const extra = (json: Json) =>
      void rowsOf(json).push({
        ...rowOf(json, 0),
        departmentId: "extra-1",
        departmentCode: "H99",
        departmentName: "UBND tỉnh Mới",
      });
    const second = await desk.take(nationalOf("08", extra));
    expect(second).toMatchObject({ complete: true, findings: [{ code: "unit-new", severity: "remark", unit: "H99" }] });
    expect((await desk.standing("provinces"))["H99"]).toBe("waiting");
    const sight = await desk.sight({ onDay: "2026-10-08" });
    expect(sight?.view.units.has("H99")).toBe(true);
    expect([sight?.board.standing("H99"), sight?.board.standing("H01")?.of]).toEqual([null, 34]);
    expect(sight?.board.ranking("province").map(({ unit }) => unit)).not.toContain("H99");
    await desk.store.units.confirm(["H99"]);
    const confirmed = await desk.sight({ onDay: "2026-10-08" });
    expect([confirmed?.board.standing("H99")?.sharing, confirmed?.board.standing("H01")?.of]).toEqual([2, 35]);
    // From now on it is expected like any other.
    expect(faults(await desk.take(nationalOf("09")))).toEqual(["unit-missing"]);
  });

  test("an extra one that nobody confirmed may go as it came", async () => {
    await desk.take(nationalOf("07"));
    await desk.take(
      nationalOf("08", (json) => {
        rowsOf(json).push({ ...rowOf(json, 0), departmentId: "extra-1", departmentCode: "H99" });
      }),
    );
    expect(await desk.take(nationalOf("09"))).toMatchObject({ complete: true, findings: [] });
  });

  test("a name in decomposed letters is the same name", async () => {
    await desk.take(nationalOf("07"));
    const names = async () => (await desk.store.units.list("provinces")).map(({ name }) => name);
    const before = await names();
    await desk.take(
      nationalOf("08", (json) => {
        for (const row of rowsOf(json)) set(row, { departmentName: String(row["departmentName"]).normalize("NFD") });
      }),
    );
    expect(await names()).toEqual(before);
    const stored = await database.knex("unit_names").count({ count: "*" });
    expect(Number(stored[0]?.["count"])).toBe(35);
  });

  test("junk of every kind is archived, read without an exception and leaves nothing to print", async () => {
    await desk.take(nationalOf("07"));
    const junk = [
      "",
      "<html>",
      "[]",
      '{"code":"OK","data":{"evaluation":[{}]}}',
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      '"\\u0000\\ud800"',
    ];
    for (const [index, body] of junk.entries()) {
      const snapshot = await desk.take(taken(String(10 + index), [answerOf("service-results", body)]));
      expect(snapshot).toMatchObject({ complete: false, observations: 0 });
      expect(snapshot.findings.length).toBeGreaterThan(0);
    }
    const words = JSON.stringify(national())
      .replace('"CKMB":5,', '"CKMB":5,"\\u0000\\ud800":7,')
      .replace('"UBND tỉnh An Giang"', '"\\u0000"');
    const [, row] = [0, await desk.take(taken("20", [answerOf("service-results", words)]))];
    expect(faults(row)).toEqual(["text-missing", "unit-missing"].slice(0, 1));
    const sight = await desk.sight({ asOf: new Date("2026-10-21T00:00:00Z") });
    expect(sight?.view.snapshot.takenAt).toEqual(new Date("2026-10-07T06:00:00+07:00"));
  });
});

describe("a province", () => {
  const units = unitsOf("H49", 16, 55);
  const MISSING = ["H49.1", "H49.101", "H49.102"];

  test("71 units with 68 in all six groups publish: complete, three unranked", async () => {
    const lacking = (json: Json, gone: readonly string[]) => {
      const names = new Set(units.filter(({ code }) => gone.includes(code)).map(({ id }) => id));
      const rows = rowsOf(json);
      rows.splice(0, rows.length, ...rows.filter((row) => !names.has(String(row["departmentId"]))));
      const paging = (json["data"] as Json)["pagination"] as Json | undefined;
      if (paging !== undefined) set(paging, { total: rows.length });
    };
    const snapshot = await desk.take(
      quangNinh("09", units, {
        "provide-online-tree": (json) => lacking(json, MISSING),
        transparency: (json) => lacking(json, ["H49.1"]),
      }),
    );
    expect(snapshot.complete).toBe(true);
    expect(snapshot.findings.map(({ code, unit, endpoint }) => `${code} ${unit} ${endpoint}`).sort()).toEqual([
      "unit-without-group H49.1 provide-online-tree",
      "unit-without-group H49.1 transparency",
      "unit-without-group H49.101 provide-online-tree",
      "unit-without-group H49.102 provide-online-tree",
    ]);
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-09" });
    const standings = units.map(({ code }) => [code, sight?.board.standing(code)] as const);
    expect(standings.filter(([, standing]) => standing === null).map(([code]) => code)).toEqual(MISSING);
    expect(sight?.board.standing("H49.2")?.of).toBe(15);
    expect(sight?.board.standing("H49.100")?.of).toBe(53);
    expect(sight?.board.standing("H49.1", "TDGQ")?.of, "by a group it has, it is ranked").toBe(16);
    expect(sight?.board.missing("H49.1")).toEqual(["CKMB", "CLGQ"]);
    expect(sight?.view.value("H49.1", "TOTAL")).toBe(
      Object.values(onDay(units, "09")[0]?.scores ?? {}).reduce((a, b) => a + b, 0),
    );
  });

  test("a group under 95 % is incomplete; the group is dated, the ranks are of today", async () => {
    await desk.take(quangNinh("08", units));
    const cut = await desk.take(
      quangNinh("09", units, { "dvc-progress-tree": (json) => void rowsOf(json).splice(67) }),
    );
    expect(faults(cut)).toEqual(["group-cover"]);
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-09" });
    expect([...(sight?.dated ?? [])]).toEqual([["TDGQ", new Date("2026-10-08T06:00:00+07:00")]]);
    expect(sight?.board.standing("H49.100")?.of).toBe(55);
    expect(sight?.view.value("H49.1", "CKMB")).toBe((units[0]?.scores.CKMB ?? 0) + 9);
  });

  test("exactly 95 % is enough", async () => {
    const hundred = unitsOf("H49", 20, 80);
    const cut = await desk.take(
      quangNinh("09", hundred, { "dvc-progress-tree": (json) => void rowsOf(json).splice(95) }),
    );
    expect(cut.complete).toBe(true);
  });

  test("one dead group endpoint: totals and ranks of today, the group from the last complete snapshot with its moment", async () => {
    const first = await desk.take(quangNinh("08", units));
    const dead = await desk.take(
      quangNinh("09", units, {
        "dossier-digitized": () => answerOf("dossier-digitized", "", { status: null, fault: "no answer within 60 s" }),
      }),
    );
    expect(dead).toMatchObject({
      complete: false,
      findings: [{ code: "answer-fault", endpoint: "dossier-digitized" }],
    });
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-09" });
    expect(sight?.snapshots).toEqual([dead.id, first.id]);
    expect([...(sight?.dated ?? [])]).toEqual([["MDSH", new Date("2026-10-08T06:00:00+07:00")]]);
    const own = onDay(units, "09")[3];
    expect(sight?.view.value("H49.4", "TOTAL")).toBe(Object.values(own?.scores ?? {}).reduce((a, b) => a + b, 0));
    expect(sight?.view.value("H49.4", "CKMB")).toBe(own?.scores.CKMB);
    expect(sight?.view.value("H49.4", "MDSH")).toBe(own?.scores.MDSH);
    expect(sight?.board.standing("H49.4")?.of).toBe(16);
    // The province's own group comes from today's ranking; nothing older may stand over it.
    expect(sight?.view.value("H49", "MDSH")).toBe(scoresOf(50).MDSH);
    expect(await desk.sight({ scope: "H49", onDay: "2026-10-09", completeOnly: true })).toBeNull();
  });

  test("an older figure never stands over one of today", async () => {
    await desk.take(quangNinh("08", units));
    const dead = quangNinh("09", units, {
      "service-results": (json) => {
        for (const item of (json["data"] as { radar: Json[] }).radar)
          if (item["code"] === "MDSH") set(item, { score: 9.99 });
        set((json["data"] as { overview: Json }).overview, { totalScore: 1 });
      },
      "dossier-digitized": () => answerOf("dossier-digitized", "", { status: 500 }),
    });
    await desk.take(dead);
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-09" });
    expect(sight?.view.value("H49", "MDSH")).toBe(999);
    expect(sight?.view.value("H49.1", "MDSH")).toBe(units[0]?.scores.MDSH);
  });

  test("a dead group on the very first day: ranks from totals alone, the group nowhere", async () => {
    await desk.take(
      quangNinh("09", units, { transparency: () => answerOf("transparency", "<html>", { status: 200 }) }),
    );
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-09" });
    expect(sight?.board.standing("H49.100")?.of).toBe(55);
    expect(sight?.view.value("H49.1", "CKMB")).toBeUndefined();
    expect([...(sight?.dated ?? [])]).toEqual([]);
    expect(Object.values(await desk.standing("H49"))).not.toContain("waiting");
  });

  test("a dead ranking gives nothing of that day", async () => {
    await desk.take(quangNinh("08", units));
    const dead = await desk.take(
      quangNinh("09", units, { "service-results": () => answerOf("service-results", "", { status: 503 }) }),
    );
    expect(faults(dead)).toEqual(["http-status"]);
    expect(await desk.sight({ scope: "H49", onDay: "2026-10-09" })).toBeNull();
    expect((await desk.sight({ scope: "H49" }))?.view.snapshot.takenAt).toEqual(new Date("2026-10-08T06:00:00+07:00"));
  });

  test("a group at zero for all is a fault, not a fall, until a person says otherwise", async () => {
    await desk.take(quangNinh("08", units));
    const emptied = units.map((unit) => ({ ...unit, scores: { ...unit.scores, MDSH: 0 } }));
    const zero = await desk.take(quangNinh("09", emptied));
    expect(faults(zero)).toEqual(["zero-guard"]);
    expect(await desk.sight({ scope: "H49", onDay: "2026-10-09" }), "the totals count the zero").toBeNull();
    await desk.store.snapshots.accept(zero.id, "the portal confirmed it", "admin");
    expect((await desk.sight({ scope: "H49", onDay: "2026-10-09" }))?.view.value("H49.1", "MDSH")).toBe(0);
    // What was accepted is the measure of the next day.
    expect((await desk.take(quangNinh("10", emptied))).complete).toBe(true);
  });

  test("totals and groups of different refreshes: up to a tenth are flagged, beyond it the groups are not printed", async () => {
    await desk.take(quangNinh("08", units));
    const moved = (count: number) => (json: Json) => {
      for (const row of rowsOf(json).slice(0, count))
        set(row, { totalScore: Math.round(Number(row["totalScore"]) * 100 + 6) / 100 });
    };
    const few = await desk.take(quangNinh("09", units, { "service-results": moved(7) }));
    expect(few.complete).toBe(true);
    expect(few.findings.filter(({ code }) => code === "sum-off")).toHaveLength(7);
    expect((await desk.sight({ scope: "H49", onDay: "2026-10-09" }))?.board.standing("H49.1")).not.toBeNull();
    const many = await desk.take(quangNinh("10", units, { "service-results": moved(8) }));
    expect(faults(many)).toEqual(["refreshes-differ"]);
    const sight = await desk.sight({ scope: "H49", onDay: "2026-10-10" });
    expect([...(sight?.dated.keys() ?? [])].sort()).toEqual(["CKMB", "CLGQ", "MDHL", "MDSH", "TDGQ", "TTTT"]);
    expect(sight?.view.value("H49.1", "CKMB"), "of the 9th").toBe((units[0]?.scores.CKMB ?? 0) + 9);
    expect(sight?.board.standing("H49.1")).not.toBeNull();
  });

  test("a first snapshot that is incomplete confirms nobody; the first complete one does", async () => {
    await desk.take(quangNinh("08", units.slice(1), { transparency: () => answerOf("transparency", "") }));
    expect(new Set(Object.values(await desk.standing("H49")))).toEqual(new Set(["provisional"]));
    await desk.take(quangNinh("09", units));
    expect(new Set(Object.values(await desk.standing("H49")))).toEqual(new Set(["confirmed"]));
  });

  test("without a ranking no ghost enters the register", async () => {
    await desk.take(taken("09", [answerOf("transparency", group("transparency", "H49", units))], { scope: "H49" }));
    expect(await desk.store.units.list("H49")).toEqual([]);
  });

  test("read again, the same rows", async () => {
    const snapshot = await desk.take(quangNinh("09", units));
    const rows = await desk.store.observations.of(snapshot.id);
    expect(figureOf(rows, "H49.1", "CKMB")).toBe((units[0]?.scores.CKMB ?? 0) + 9);
    const { normalise } = await import("../../src/pipeline/normalise.ts");
    const { evaluationApi } = await import("../../src/sources/evaluation-api.ts");
    await normalise(desk.ctx, evaluationApi, { ...quangNinh("09", units), id: snapshot.id });
    expect(await desk.store.observations.of(snapshot.id)).toEqual(rows);
    expect(await desk.store.snapshots.find(snapshot.id)).toEqual(snapshot);
  });
});
