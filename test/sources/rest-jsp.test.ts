import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Answer } from "../../src/domain/snapshot.ts";
import { restJsp } from "../../src/sources/rest-jsp.ts";
import { answerOf, type Json, set, snapshotOf } from "./made-up.ts";

const SERVICE = "report_tinh_766_service";
const rows = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/rest-jsp/${name}.json`, import.meta.url), "utf8")) as Json[];
const read = (body: unknown, scope = "provinces", given: Partial<Answer> = {}) =>
  restJsp.read(
    snapshotOf([answerOf(SERVICE, body, { status: 200, ...given })], { source: "rest-jsp", scope, period: "2025" }),
  );
const first = (list: Json[]): Json => list[0] ?? {};

test("text becomes exact hundredths, trailing zeros cut or not, and names NFC", () => {
  const list = rows("provinces");
  set(first(list), {
    CKMB: "18",
    TDGQ: "19.5",
    CLGQ: "0",
    TTTT: "9.05",
    MDHL: "12",
    MDSH: "1.10",
    TONG_SCORE: "59.65",
  });
  const reading = read(list);
  expect(reading.findings).toEqual([]);
  const own = reading.observations.filter(({ unit }) => unit === "H01");
  expect(Object.fromEntries(own.map(({ indicator, value }) => [indicator, value]))).toEqual({
    "dvc2025.CKMB": 1800,
    "dvc2025.TDGQ": 1950,
    "dvc2025.CLGQ": 0,
    "dvc2025.TTTT": 905,
    "dvc2025.MDHL": 1200,
    "dvc2025.MDSH": 110,
    "dvc2025.TOTAL": 5965,
  });
  expect(list[2]?.["TEN_COQUAN"]).not.toBe("UBND tỉnh Cà Mau");
  expect(reading.units[2]).toMatchObject({ code: "H12", name: "UBND tỉnh Cà Mau" });
  expect(reading.units.map(({ code }) => code)).toContain("H37");
});

test("before July 2025 districts are told by their name", () => {
  const levels = read(rows("H47-with-districts"), "H47").units.map(({ code, level }) => [code, level]);
  expect(levels).toEqual([
    ["H47.01", "agency"],
    ["H47.21", "district"],
    ["H47.22", "district"],
    ["H47.101", "commune"],
  ]);
});

describe("refused", () => {
  test.each<[string, (list: Json[]) => unknown, string]>([
    ["an empty list (a wrong id gives one)", () => [], "empty"],
    ["an object in place of the list", (list) => ({ data: list }), "shape"],
    ["a row that is no object", (list) => [...list, "x"], "shape"],
    ["a duplicate code", (list) => [...list, { ...first(list), ID: "1" }], "duplicate-unit"],
    ["a duplicate id", (list) => [...list, { ...first(list), MA_COQUAN: "H99" }], "duplicate-unit"],
    ["a commune among provinces", (list) => set(first(list), { LOAI_COQUAN: "3" }), "wrong-unit"],
    ["a province with a unit's code", (list) => set(first(list), { MA_COQUAN: "H01.13" }), "wrong-unit"],
    ["an unknown LOAI_COQUAN", (list) => set(first(list), { LOAI_COQUAN: "4" }), "unknown-level"],
    ["a comma", (list) => set(first(list), { CKMB: "18,0" }), "not-a-number"],
    ["an empty text", (list) => set(first(list), { CKMB: "" }), "not-a-number"],
    ["three decimals", (list) => set(first(list), { CKMB: "17.999" }), "not-a-number"],
    ["an object", (list) => set(first(list), { CKMB: {} }), "not-a-number"],
    [
      "a missing group",
      (list) => {
        delete first(list)["MDSH"];
      },
      "score-missing",
    ],
    ["CLGQ above 12", (list) => set(first(list), { CLGQ: "12.01" }), "out-of-range"],
    ["a sum off by a hundredth", (list) => set(first(list), { TONG_SCORE: "38.32" }), "sum-off"],
    ["no name", (list) => set(first(list), { TEN_COQUAN: "", TEN: "" }), "text-missing"],
    ["an id that is no id", (list) => set(first(list), { ID: "1/../2" }), "unit-id"],
  ])("%s", (_name, change, code) => {
    const list = rows("provinces");
    const reading = read(change(list) ?? list);
    expect(reading.sound).toEqual([false]);
    expect(reading.findings.map((finding) => finding.code)).toContain(code);
    expect(reading.findings.every(({ message }) => message.startsWith("rest-jsp: "))).toBe(true);
  });

  test("a list cut in the middle is short by its own numbering", () => {
    const list = rows("provinces").filter((_, index) => index !== 20);
    expect(read(list).findings).toMatchObject([{ code: "short-list", found: "34" }]);
    // Cut at its end it looks whole: there only the count of expected units can tell.
    expect(read(rows("provinces").slice(0, 33)).sound).toEqual([true]);
  });

  test("the units of another province", () => {
    const reading = read(rows("H47-with-districts"), "H01");
    expect(reading.findings.map(({ code }) => code)).toEqual(["wrong-scope"]);
    expect(reading.sound).toEqual([false]);
  });

  test("a row of a province of today, but not one under the code of a province that was merged away", () => {
    const units = (other: string) =>
      rows("H47-with-districts").map((row, index) => ({
        ...row,
        MA_COQUAN: index === 0 ? "H17.1" : `${other}.${index}`,
      }));
    const refused = (other: string) =>
      read(units(other), "H17").findings.filter(({ code }) => code === "wrong-unit").length;
    expect([refused("H48"), refused("H47")]).toEqual([3, 0]);
  });

  test("two answers, or none", () => {
    const answer = answerOf(SERVICE, rows("provinces"));
    for (const answers of [[answer, answer], []]) {
      const reading = restJsp.read(snapshotOf(answers, { source: "rest-jsp", scope: "provinces" }));
      expect(reading).toMatchObject({ observations: [], findings: [{ code: "answer-missing" }] });
      expect(reading.sound).toEqual(answers.map(() => false));
    }
  });
});

test("the publisher's blank stays a blank", () => {
  const list = rows("provinces");
  set(first(list), { MDSH: null });
  const reading = read(list);
  expect(reading.sound).toEqual([true]);
  expect(
    reading.observations.find(({ unit, indicator }) => unit === "H01" && indicator === "dvc2025.MDSH")?.value,
  ).toBeNull();
});

test("a code in no form we know, or none, becomes an X- code with a remark", () => {
  const list = rows("provinces");
  set(first(list), { MA_COQUAN: null });
  const reading = read(list);
  expect(reading.findings).toMatchObject([{ code: "unit-code", severity: "remark" }]);
  expect(reading.units[0]?.code).toBe("X-398126");
});

test.each([
  ["2025", { p_6thang: 0, p_quy: 0, p_thang: 0 }],
  ["2025-H1", { p_6thang: 1, p_quy: 0, p_thang: 0 }],
  ["2025-Q3", { p_6thang: 0, p_quy: 3, p_thang: 0 }],
  ["2025-08", { p_6thang: 0, p_quy: 0, p_thang: 8 }],
])("period %s is asked as %o", (key, expected) => {
  const period = parsePeriod(key);
  if (period === null) throw new Error(key);
  const [request] = restJsp.requests(period, { code: "H01", portalId: "398126" });
  const params = JSON.parse(new URLSearchParams(request?.body).get("params") ?? "") as Json;
  expect(params).toMatchObject({ ...expected, p_nam: "2025", p_tinh_id: "398126", pageSize: 1000, service: SERVICE });
});
