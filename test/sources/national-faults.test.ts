import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/domain/snapshot.ts";
import { evaluationApi } from "../../src/sources/evaluation-api.ts";
import { answerOf, dataOf, type Json, national, rowOf, rowsOf, set, snapshotOf } from "./made-up.ts";

const read = evaluationApi.read;
const provinces = (json: unknown, given: Partial<Answer> = {}) =>
  read(snapshotOf([answerOf("service-results", json, given)], { scope: "provinces" }));

/** A change to a fresh national answer. */
function withNational(change: (json: Json) => unknown): unknown {
  const json = national();
  return change(json) ?? json;
}
const firstScores = (json: Json) => rowOf(json, 0)["groupScores"] as Json;
const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Every figure of the reading that the untouched answer does not have, by unit and indicator. */
function strangers(reading: ReturnType<typeof read>, good = provinces(national())): string[] {
  const known = new Map(good.observations.map((row) => [`${row.unit}|${row.indicator}|${row.period}`, row.value]));
  return reading.observations
    .filter((row) => known.get(`${row.unit}|${row.indicator}|${row.period}`) !== row.value)
    .map((row) => `${row.unit} ${row.indicator} ${row.value}`);
}

test("the untouched national answer is sound, without a finding, every figure there", () => {
  const reading = provinces(national());
  expect(reading.findings).toEqual([]);
  expect(reading.sound).toEqual([true]);
  expect(reading.units).toHaveLength(34);
  expect(
    reading.observations.filter((row) => /^dvc2026\.(TOTAL|[A-Z]{4})$/.test(row.indicator) && row.unit !== "VN"),
  ).toHaveLength(34 * 7);
  expect(reading.units.map(({ code }) => code)).toContain("H37");
});

describe("no usable answer", () => {
  test.each<[string, unknown, Partial<Answer>, string, string]>([
    ["a hang", "", { status: null, fault: "no answer within 60000 ms" }, "answer-fault", "60000 ms"],
    ["half a body", '{"code":"OK","da', { fault: "connection closed after 16 bytes" }, "answer-fault", "16 bytes"],
    ["half a body nobody noticed", '{"code":"OK","da', {}, "not-json", "code"],
    [
      "an HTML page with 200",
      "<!DOCTYPE html><html><title>Request Rejected</title>",
      { status: 200 },
      "html",
      "DOCTYPE",
    ],
    ["a rejection in words", "Request Rejected. Support ID 1", { status: 200 }, "not-json", "Request Rejected"],
    ["status 500", national(), { status: 500 }, "http-status", "500"],
    ["status 403", "{}", { status: 403 }, "http-status", "403"],
    ["status 204", "", { status: 204 }, "http-status", "204"],
    ["an empty body", "", {}, "not-json", '""'],
    ["bytes that are not UTF-8", new Uint8Array([123, 34, 255, 34, 125]), {}, "not-utf8", "5 bytes"],
    ["code not OK", { ...national(), code: "ERROR" }, {}, "code-not-ok", "ERROR"],
    ["a code without data", { code: "E42", data: null }, {}, "code-not-ok", "E42"],
    ["null data", { code: "OK", data: null, message: "OK" }, {}, "shape", "null"],
    ["a list as data", { code: "OK", data: [1] }, {}, "shape", ""],
    ["a bare list", [1, 2], {}, "shape", ""],
    ["a bare number", "42", {}, "shape", "42"],
    ["null", "null", {}, "shape", "null"],
    ["a deep list", deep(100_000), {}, "shape", ""],
    ["__proto__ instead of data", '{"__proto__":{"code":"OK","data":{}}}', {}, "code-not-ok", ""],
  ])("%s: noted with what was found, no figure, not sound", (_name, body, given, code, found) => {
    const reading = provinces(body, given);
    expect(reading.sound).toEqual([false]);
    expect(reading.observations).toEqual([]);
    expect(reading.units).toEqual([]);
    expect(reading.findings).toHaveLength(1);
    expect(reading.findings[0]).toMatchObject({ code, severity: "incomplete", endpoint: "service-results" });
    expect(reading.findings[0]?.message).toContain(found);
    expect(reading.findings[0]?.message.length).toBeLessThan(300);
  });

  test("a byte order mark is no fault", () => {
    const reading = provinces(`\ufeff${JSON.stringify(national())}`);
    expect(reading.findings).toEqual([]);
    expect(reading.observations).toEqual(provinces(national()).observations);
  });
});

describe("a national answer with one thing wrong", () => {
  test.each<[string, (json: Json) => unknown, string, Partial<Record<"unit" | "indicator" | "found", string>>]>([
    ["no evaluation", (json) => void delete dataOf(json)["evaluation"], "shape", { found: "nothing" }],
    ["an object for the list", (json) => set(dataOf(json), { evaluation: {} }), "shape", {}],
    ["an empty list", (json) => set(dataOf(json), { evaluation: [] }), "empty", {}],
    ["a row that is a list", (json) => void rowsOf(json).splice(0, 1, [] as never), "shape", {}],
    ["a row that is null", (json) => void rowsOf(json).splice(0, 1, null as never), "shape", { found: "null" }],
    ["a duplicate row", (json) => void rowsOf(json).push(rowOf(json, 3)), "duplicate-unit", { unit: "H13" }],
    [
      "one code under two ids",
      (json) => void rowsOf(json).push({ ...rowOf(json, 3), departmentId: "other" }),
      "duplicate-unit",
      { unit: "H13" },
    ],
    [
      "one id with two codes",
      (json) => void rowsOf(json).push({ ...rowOf(json, 3), departmentCode: "H99" }),
      "unit-two-codes",
      { unit: "H99" },
    ],
    [
      "an unknown group",
      (json) => set(firstScores(json), { DVCTT: 4.2 }),
      "unknown-group",
      { unit: "H01", indicator: "DVCTT", found: "4.2" },
    ],
    [
      "a missing group",
      (json) => void delete firstScores(json)["MDHL"],
      "score-missing",
      { unit: "H01", indicator: "MDHL" },
    ],
    [
      "__proto__ as a group",
      (json) => JSON.stringify(json).replace('"CKMB":5,', '"CKMB":5,"__proto__":7,'),
      "unknown-group",
      { indicator: "__proto__", found: "7" },
    ],
    ["no groups", (json) => void delete rowOf(json, 0)["groupScores"], "group-missing", { unit: "H01" }],
    ["groups as a list", (json) => set(rowOf(json, 0), { groupScores: [1] }), "group-missing", { unit: "H01" }],
    [
      "text for a number",
      (json) => set(firstScores(json), { TDGQ: "cao" }),
      "not-a-number",
      { unit: "H01", indicator: "TDGQ", found: '"cao"' },
    ],
    [
      "a list for a number",
      (json) => set(firstScores(json), { TDGQ: [5.11] }),
      "not-a-number",
      { unit: "H01", indicator: "TDGQ" },
    ],
    ["true for a number", (json) => set(firstScores(json), { TDGQ: true }), "not-a-number", { found: "true" }],
    [
      "three decimals",
      (json) => set(firstScores(json), { TDGQ: 5.111 }),
      "not-a-number",
      { unit: "H01", indicator: "TDGQ", found: "5.111" },
    ],
    ["a decimal comma", (json) => set(firstScores(json), { TDGQ: "5,11" }), "not-a-number", { found: '"5,11"' }],
    [
      "an exponent",
      (json) => JSON.stringify(json).replace('"TDGQ":5.11', '"TDGQ":5.11e-9'),
      "not-a-number",
      { indicator: "TDGQ" },
    ],
    [
      "a number beyond any double",
      (json) => JSON.stringify(json).replace('"TDGQ":5.11', '"TDGQ":1e999'),
      "not-a-number",
      { indicator: "TDGQ" },
    ],
    [
      "a score above its maximum",
      (json) => set(firstScores(json), { TTTT: 10.01 }),
      "out-of-range",
      { indicator: "TTTT", found: "10.01" },
    ],
    ["a negative score", (json) => set(firstScores(json), { TTTT: -0.01 }), "out-of-range", { found: "-0.01" }],
    [
      "a total above 100",
      (json) => set(rowOf(json, 0), { totalScore: 100.01 }),
      "out-of-range",
      { indicator: "TOTAL" },
    ],
    [
      "a huge total",
      (json) => JSON.stringify(json).replace('"totalScore":31.65', '"totalScore":123456789012345678901234567890'),
      "not-a-number",
      { indicator: "TOTAL" },
    ],
    [
      "no total",
      (json) => void delete rowOf(json, 0)["totalScore"],
      "score-missing",
      { unit: "H01", indicator: "TOTAL" },
    ],
    ["a sum that is off by a hundredth", (json) => set(firstScores(json), { MDSH: 5.56 }), "sum-off", { unit: "H01" }],
    [
      "a row of a commune",
      (json) => set(rowOf(json, 0), { departmentCode: "H21.17" }),
      "wrong-unit",
      { unit: "H21.17" },
    ],
    [
      "a province's own answer",
      (json) => void Object.assign(dataOf(json)["overview"] as Json, { departmentCode: "H21" }),
      "wrong-scope",
      { found: '"H21"' },
    ],
    [
      "another total maximum",
      (json) => void Object.assign(dataOf(json)["overview"] as Json, { totalMaxScore: 120 }),
      "maximum-changed",
      { found: "120" },
    ],
    [
      "another group maximum",
      (json) => void Object.assign((dataOf(json)["radar"] as Json[])[3] as Json, { maxScore: 20 }),
      "maximum-changed",
      { indicator: "MDHL", found: "20" },
    ],
    [
      "an unknown radar group",
      (json) => void (dataOf(json)["radar"] as Json[]).push({ code: "NEW", score: 1 }),
      "unknown-group",
      { found: '"NEW"' },
    ],
    ["no name", (json) => set(rowOf(json, 0), { departmentName: "  " }), "text-missing", {}],
    [
      "a name with the character 0",
      (json) => set(rowOf(json, 0), { departmentName: "UBND\u0000" }),
      "text-missing",
      {},
    ],
    [
      "an id that is a path",
      (json) => set(rowOf(json, 0), { departmentId: "../../etc" }),
      "unit-id",
      { found: '"../../etc"' },
    ],
    ["no overview", (json) => void delete dataOf(json)["overview"], "shape", {}],
    [
      "a name as long as a book",
      (json) => set(rowOf(json, 0), { departmentName: "x".repeat(100_000) }),
      "text-missing",
      {},
    ],
  ])("%s: incomplete, named with its place, nothing false stored", (_name, change, code, place) => {
    const reading = provinces(withNational(change));
    expect(reading.sound).toEqual([false]);
    const found = reading.findings.filter((finding) => finding.severity === "incomplete");
    expect(found.map((finding) => finding.code)).toContain(code);
    expect(found.find((finding) => finding.code === code)).toMatchObject(place);
    for (const finding of reading.findings) expect(finding.message.length).toBeLessThan(400);
    // A figure that was read is one the publisher gave for that very unit and indicator.
    const told = code === "sum-off" || code === "wrong-unit" ? strangers(reading).slice(1) : strangers(reading);
    expect(told).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["a deep list where a score stands", `[${deep(50_000)}]`],
    ["an object that is no text", '{"toString":1,"valueOf":2}'],
    ["a long list", JSON.stringify(Array(5_000).fill("y"))],
    ["a long text of halves", JSON.stringify("\ud83d".repeat(100))],
    ["a long text of pairs", JSON.stringify(`x${"\ud83d\ude00".repeat(100)}`)],
  ])("%s never throws and is shown short, in whole characters", (_name, value) => {
    for (const field of ["totalScore", "departmentName", "departmentId", "departmentCode", "groupScores"]) {
      const json = JSON.stringify(national()).replace(
        new RegExp(`"${field}":("[^"]*"|[0-9.]+|\\{)`),
        (all, old: string) => (old === "{" ? `"${field}":${value},"x":{` : all.replace(old, () => value as string)),
      );
      const reading = provinces(json);
      for (const finding of reading.findings) {
        expect(finding.message.length).toBeLessThan(400);
        expect(finding.message, field).toBe(Buffer.from(finding.message, "utf8").toString("utf8"));
      }
    }
  });

  test("a group called by ten thousand letters is named short", () => {
    const reading = provinces(
      withNational((json) => set(firstScores(json), { [`${"A".repeat(10_000)}\u0000\ud800`]: 1 })),
    );
    const [finding] = reading.findings.filter(({ code }) => code === "unknown-group");
    expect(finding?.indicator?.length).toBeLessThan(100);
    expect(finding?.indicator).not.toContain("\u0000");
    expect(finding?.message.length).toBeLessThan(400);
  });

  test("a chart value beyond 0 to 100 is left out with a remark", () => {
    const reading = provinces(
      withNational((json) =>
        set(dataOf(json), {
          monthlyChart: [
            { month: "02", averageScore: 4522 },
            { month: "03", averageScore: -1 },
          ],
        }),
      ),
    );
    expect(reading.sound).toEqual([true]);
    expect(reading.findings.map(({ code }) => code)).toEqual(["chart-unreadable", "chart-unreadable"]);
    expect(reading.observations.filter(({ indicator }) => indicator.endsWith("averageScore"))).toEqual([]);
  });

  test("a total of the country far from its own radar is remarked", () => {
    const reading = provinces(
      withNational((json) => void Object.assign(dataOf(json)["overview"] as Json, { totalScore: 12.34 })),
    );
    expect(reading.findings).toMatchObject([{ code: "overview-off", severity: "remark" }]);
  });
});
