import { describe, expect, test } from "vitest";
import { GROUPS } from "../../src/domain/indicator.ts";
import { evaluationApi } from "../../src/sources/evaluation-api.ts";
import {
  answerOf,
  dataOf,
  GROUP_NAMES,
  group,
  type Json,
  national,
  provinceAnswers,
  ranking,
  rowOf,
  rowsOf,
  scoresOf,
  set,
  snapshotOf,
  unitsOf,
} from "./made-up.ts";

const read = evaluationApi.read;

describe("a province's seven answers with one thing wrong", () => {
  const units = unitsOf("H49", 16, 54);
  const readChanged = (change: Parameters<typeof provinceAnswers>[2]) =>
    read(snapshotOf(provinceAnswers("H49", units, change)));
  const unsound = (reading: ReturnType<typeof read>) =>
    ["service-results", ...GROUP_NAMES].filter((_, index) => reading.sound[index] === false);
  const incomplete = (reading: ReturnType<typeof read>) =>
    reading.findings.filter(({ severity }) => severity === "incomplete").map(({ code }) => code);
  const codes = new Set(units.map(({ code }) => code));

  test("untouched: sound, complete of groups, components and counts", () => {
    const reading = readChanged({});
    expect(reading.findings).toEqual([]);
    expect(reading.sound).toEqual(Array(7).fill(true));
    expect(reading.units).toHaveLength(70);
    expect(
      reading.observations.filter(({ unit, indicator }) => codes.has(unit) && /^dvc2026\.[A-Z]{4}$/.test(indicator)),
    ).toHaveLength(70 * 6);
    const value = (indicator: string) =>
      reading.observations.find((row) => row.unit === "H49.1" && row.indicator === indicator)?.value;
    expect(value("dvc2026.TDGQ.received")).toBe(40);
    expect(value("dvc2026.CKMB.DOSSIER_SYNC.numerator")).toBe(3);
    expect(value("dvc2026.CKMB.DOSSIER_SYNC.score")).toBeNull();
    expect(reading.units[0]?.name, "the ranking's writing of a name wins").toBe("Sở Thứ 1");
  });

  test.each<[string, Parameters<typeof provinceAnswers>[2], string, string[]]>([
    [
      "the ranking of another province",
      { "service-results": () => ranking("H21", unitsOf("H21", 3, 3)) },
      "wrong-scope",
      ["service-results"],
    ],
    [
      "a group of another province, told by its code",
      { "dossier-digitized": () => group("dossier-digitized", "H21", units) },
      "wrong-scope",
      ["dossier-digitized"],
    ],
    [
      "a group of another province, told by its id",
      { transparency: () => group("transparency", "H21", units) },
      "wrong-scope",
      ["transparency"],
    ],
    [
      "a group of an id nobody knows",
      {
        transparency: (json) =>
          void Object.assign(dataOf(json)["overview"] as Json, {
            departmentId: "019d2be3-0000-7000-8000-000000000000",
          }),
      },
      "wrong-scope",
      ["transparency"],
    ],
    [
      "a group without an id",
      { transparency: (json) => void Object.assign(dataOf(json)["overview"] as Json, { departmentId: null }) },
      "wrong-scope",
      ["transparency"],
    ],
    [
      "a row of another province",
      { "dvc-progress-tree": (json) => set(rowOf(json, 5), { departmentCode: "H44.6" }) },
      "wrong-unit",
      ["dvc-progress-tree"],
    ],
    [
      "a new row of another province",
      {
        "dvc-progress-tree": (json) =>
          void rowsOf(json).push({ ...rowOf(json, 5), departmentId: "new", departmentCode: "H44.6" }),
      },
      "wrong-unit",
      ["dvc-progress-tree"],
    ],
    [
      "the province among its own units",
      {
        transparency: (json) =>
          void Object.assign(rowOf(json, 5), { departmentId: (dataOf(json)["overview"] as Json)["departmentId"] }),
      },
      "wrong-unit",
      ["transparency"],
    ],
    [
      "an unknown childGroup",
      { "service-results": (json) => set(rowOf(json, 0), { childGroup: "constructor" }) },
      "unknown-level",
      ["service-results"],
    ],
    [
      "a childGroup that is no text",
      { "service-results": (json) => set(rowOf(json, 0), { childGroup: { toString: 1 } }) },
      "unknown-level",
      ["service-results"],
    ],
    [
      "an unknown level",
      { "provide-online-tree": (json) => set(rowOf(json, 0), { level: "toString" }) },
      "unknown-level",
      ["provide-online-tree"],
    ],
    [
      "a group maximum that changed",
      { "provide-online-tree": (json) => set(rowOf(json, 0), { totalMaxScore: 14 }) },
      "maximum-changed",
      ["provide-online-tree"],
    ],
    [
      "a component maximum that changed",
      { transparency: (json) => void Object.assign((rowOf(json, 0)["metrics"] as Json[])[0] as Json, { maxScore: 9 }) },
      "maximum-changed",
      ["transparency"],
    ],
    [
      "a component score above its maximum",
      { transparency: (json) => void Object.assign((rowOf(json, 0)["metrics"] as Json[])[0] as Json, { score: 6.01 }) },
      "out-of-range",
      ["transparency"],
    ],
    [
      "pagination that says more",
      { "handling-satisfaction": (json) => void Object.assign(dataOf(json)["pagination"] as Json, { total: 71 }) },
      "short-list",
      ["handling-satisfaction"],
    ],
    [
      "a cut tree, which has no pagination",
      { "dvc-progress-tree": (json) => void rowsOf(json).splice(12) },
      "group-cover",
      ["dvc-progress-tree"],
    ],
    [
      "a duplicate row in a group",
      { "dvc-progress-tree": (json) => void rowsOf(json).push(rowOf(json, 0)) },
      "duplicate-unit",
      ["dvc-progress-tree"],
    ],
    [
      "a dead group",
      { "dossier-digitized": () => answerOf("dossier-digitized", "", { fault: "timeout", status: null }) },
      "answer-fault",
      ["dossier-digitized"],
    ],
    [
      "no parent",
      { "dvc-progress-tree": (json) => void delete dataOf(json)["parent"] },
      "shape",
      ["dvc-progress-tree"],
    ],
    [
      "children that are an object",
      { "dvc-progress-tree": (json) => set(dataOf(json), { children: {} }) },
      "shape",
      ["dvc-progress-tree"],
    ],
  ])("%s: only that answer is unsound", (_name, change, code, expected) => {
    const reading = readChanged(change);
    expect(incomplete(reading)).toContain(code);
    expect(unsound(reading)).toEqual(expected);
  });

  test("remarks travel with what cannot be printed but does no harm", () => {
    const reading = readChanged({
      "dvc-progress-tree": (json) => set(rowOf(json, 0), { totalReceived: -4 }),
      transparency: (json) => set(rowOf(json, 1), { metrics: [{ code: "NEW_ONE", score: 3 }] }),
      "handling-satisfaction": (json) => void delete rowOf(json, 2)["metrics"],
      "dossier-digitized": (json) =>
        void Object.assign((rowOf(json, 3)["metrics"] as Json[])[0] as Json, { dataQualityStatus: "x\u0000" }),
    });
    expect(unsound(reading)).toEqual([]);
    expect(reading.findings.map(({ code, unit }) => [code, unit])).toEqual([
      ["unknown-component", "H49.2"],
      ["count-unreadable", "H49.1"],
      ["components-missing", "H49.3"],
      ["flag-unreadable", "H49.4"],
    ]);
    expect(
      reading.observations.filter(({ unit, indicator }) => unit === "H49.1" && indicator === "dvc2026.TDGQ.received"),
    ).toEqual([]);
  });

  test("totals 0,05 off their groups are flagged one by one, and belong together all the same", () => {
    const moved = (hundredths: number) => (json: Json) => {
      for (const row of rowsOf(json))
        set(row, { totalScore: (Math.round(Number(row["totalScore"]) * 100) + hundredths) / 100 });
    };
    const near = readChanged({ "service-results": moved(5) });
    expect(incomplete(near)).toEqual([]);
    expect(near.findings.filter(({ code, severity }) => code === "sum-off" && severity === "remark")).toHaveLength(70);
    expect(incomplete(readChanged({ "service-results": moved(-6) }))).toEqual(["refreshes-differ"]);
  });

  test("of two figures for the province's own group the ranking's stands", () => {
    const reading = readChanged({
      "dossier-digitized": (json) => set(dataOf(json)["overview"] as Json, { totalScore: 1.23 }),
    });
    const own = reading.observations.filter(({ unit, indicator }) => unit === "H49" && indicator === "dvc2026.MDSH");
    expect(own).toMatchObject([{ value: scoresOf(50).MDSH, answer: 0 }]);
  });

  test("two answers of one endpoint are read by nobody: which one is right cannot be known", () => {
    const answers = provinceAnswers("H49", units);
    const other = ranking(
      "H49",
      unitsOf("H49", 16, 54).map((unit, index) => ({ ...unit, scores: scoresOf(index + 1) })),
    );
    const reading = read(snapshotOf([...answers, answerOf("service-results", other)]));
    expect(incomplete(reading)).toEqual(["answer-twice", "answer-twice"]);
    expect(reading.sound).toEqual([false, true, true, true, true, true, true, false]);
    expect(reading.observations.filter(({ indicator }) => indicator === "dvc2026.TOTAL")).toEqual([]);
  });

  test("an endpoint we never asked for is refused", () => {
    const reading = read(snapshotOf([...provinceAnswers("H49", units), answerOf("formalities", national())]));
    expect(incomplete(reading)).toEqual(["unknown-endpoint"]);
  });

  test("a missing answer is named", () => {
    const reading = read(snapshotOf(provinceAnswers("H49", units).slice(0, 6)));
    expect(reading.findings).toMatchObject([
      { code: "answer-missing", message: "evaluation-api: no answer of dossier-digitized" },
    ]);
  });

  test("without a ranking, rows that have no code anywhere are no units", () => {
    const reading = read(snapshotOf([answerOf("transparency", group("transparency", "H49", units))]));
    expect(reading.units).toEqual([]);
    expect(reading.observations.filter(({ unit }) => unit !== "H49")).toEqual([]);
  });

  test("a code learned late never takes another unit's figures", () => {
    const reading = readChanged({
      "service-results": (json) => set(rowOf(json, 1), { departmentCode: null }),
      // The progress tree says that the nameless row is H49.3, which the ranking gave to another id.
      "dvc-progress-tree": (json) => {
        rowOf(json, 1)["departmentCode"] = "H49.3";
      },
    });
    expect(incomplete(reading)).toContain("duplicate-unit");
    const total = reading.observations.find(({ unit, indicator }) => unit === "H49.3" && indicator === "dvc2026.TOTAL");
    expect(total?.value).toBe(GROUPS.reduce((sum, code) => sum + (units[2]?.scores[code] ?? 0), 0));
  });

  test("a code learned late joins all that was said by id", () => {
    const reading = readChanged({ "service-results": (json) => set(rowOf(json, 1), { departmentCode: null }) });
    expect(reading.findings).toEqual([]);
    expect(reading.units.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  test("a code in no form we know becomes an X- code of the id, with a remark", () => {
    const reading = readChanged(
      Object.fromEntries(
        ["service-results", ...GROUP_NAMES].map((endpoint) => [
          endpoint,
          (json: Json) =>
            "departmentCode" in rowOf(json, 4) ? set(rowOf(json, 4), { departmentCode: "000.05.30.H49" }) : undefined,
        ]),
      ),
    );
    expect(new Set(reading.findings.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
      new Set(["remark unit-code"]),
    );
    expect(reading.units.map(({ code }) => code)).toContain(`X-${units[4]?.id}`);
    expect(reading.sound).toEqual(Array(7).fill(true));
  });

  test("ten thousand rows are read, each fault counted but not each one told", () => {
    const many = unitsOf("H49", 1, 9_999).map((unit, index) => ({ ...unit, code: `H49.${index % 10_000}` }));
    const reading = read(
      snapshotOf(
        provinceAnswers("H49", many, {
          "service-results": (json) => {
            for (const row of rowsOf(json)) set(row, { totalScore: "x" });
          },
        }),
      ),
    );
    expect(reading.sound[0]).toBe(false);
    expect(reading.findings.length).toBeLessThan(2_000);
    expect(reading.findings.map(({ code }) => code)).toContain("more-findings");
    expect(
      reading.observations.filter(({ indicator }) => indicator === "dvc2026.TOTAL").map(({ unit }) => unit),
    ).toEqual(["H49"]);
  });
});
