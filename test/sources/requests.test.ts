import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePeriod } from "../../src/domain/period.ts";
import { evaluationApi } from "../../src/sources/evaluation-api.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";

function asked(key: string, scope: { code: string; portalId?: string }) {
  const period = parsePeriod(key);
  if (period === null) throw new Error(key);
  return evaluationApi
    .requests(period, scope)
    .map(({ endpoint, body }) => [endpoint, JSON.parse(body ?? "") as unknown]);
}

test("provinces are asked in one request", () => {
  const body = { timeType: "year", year: 2026, departmentType: "ADMINISTRATIVE_UNIT" };
  expect(asked("2026", { code: "provinces" })).toEqual([["service-results", body]]);
});

test("a province is asked in seven, satisfaction by the dates of the whole period", () => {
  const root = { rootDepartmentId: "id-1" };
  const page = { currentPage: 1, pageSize: 300 };
  const time = { timeType: "quarter", year: 2026, quarter: 1 };
  expect(asked("2026-Q1", { code: "H21", portalId: "id-1" })).toEqual([
    ["service-results", { ...time, ...root }],
    ["transparency", { ...time, ...root, ...page }],
    ["dvc-progress-tree", { ...time, ...root, ...page }],
    ["provide-online-tree", { ...time, ...root, ...page }],
    ["formality-online-payment-tree", { ...time, ...root, ...page }],
    ["handling-satisfaction", { fromDate: "2026-01-01", toDate: "2026-03-31", ...root, ...page }],
    ["dossier-digitized", { ...time, ...root, ...page }],
  ]);
});

test("a leap February ends on the 29th", () => {
  const satisfaction = asked("2028-02", { code: "H21", portalId: "x" })[5]?.[1];
  expect(satisfaction).toMatchObject({ fromDate: "2028-02-01", toDate: "2028-02-29" });
});

test("a half-year, a province without id and an unknown source are wrong use", () => {
  expect(() => asked("2026-H1", { code: "provinces" })).toThrow(/no half-years since 2026/);
  expect(() => asked("2026", { code: "H99" })).toThrow(/no portal id is known for province H99/);
  expect(() => sourceNamed("portal")).toThrow(/there are: evaluation-api, rest-jsp, public-table/);
});

const TABLE = new URL("../../../shared/domain/province_ids.csv", import.meta.url);

test.skipIf(!existsSync(TABLE))("the shipped provinces are those of the list that was gathered, id by id", () => {
  const [, ...lines] = readFileSync(TABLE, "utf8").trim().split(/\r?\n/);
  const listed = lines.map((line) => {
    const [code, , , name, agencyId, , departmentId, agencies, communes] = line.split(",");
    return { code, name, agencyId, departmentId, agencies: Number(agencies), communes: Number(communes) };
  });
  expect(listed).toHaveLength(34);
  expect(PROVINCES_CATALOGUE).toEqual(listed);
});

test("34 provinces, 521 agencies and 3.322 communes, every id once", () => {
  const sum = (of: (province: (typeof PROVINCES_CATALOGUE)[number]) => number) =>
    PROVINCES_CATALOGUE.reduce((all, province) => all + of(province), 0);
  expect([PROVINCES_CATALOGUE.length, sum(({ agencies }) => agencies), sum(({ communes }) => communes)]).toEqual([
    34, 521, 3322,
  ]);
  for (const id of ["code", "agencyId", "departmentId"] as const)
    expect(new Set(PROVINCES_CATALOGUE.map((province) => province[id])).size).toBe(34);
});
