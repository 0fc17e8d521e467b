import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UNIT_BODIES } from "../../src/sample/bodies.ts";
import { CAST } from "../../src/sample/story.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";
import { GROUP_ENDPOINTS, headOf, type Json, rowsOf, sampleData } from "../support/sample.ts";

const CAPTURES = "../shared/captures/gen-b";
const DAY = "2026-10-12";
const real = (file: string) => (JSON.parse(readFileSync(`${CAPTURES}/${file}`, "utf8")) as { data: Json }).data;

/** Every path of names in a value; the elements of a list count as one. */
function fields(value: unknown, at = ""): Set<string> {
  const found = new Set<string>();
  if (Array.isArray(value)) for (const element of value) for (const path of fields(element, `${at}[]`)) found.add(path);
  else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      found.add(`${at}.${name}`);
      for (const path of fields(inner, `${at}.${name}`)) found.add(path);
    }
  }
  return found;
}

const codesOf = (row: Json) =>
  (row["metrics"] as Json[] | undefined)?.map((metric) => [metric["code"], metric["maxScore"]]);

describe("the 34 provinces", () => {
  it("have distinct codes and ids, and as many units as the portal", () => {
    expect(PROVINCES_CATALOGUE).toHaveLength(34);
    for (const key of ["code", "name", "agencyId", "departmentId"] as const) {
      expect(new Set(PROVINCES_CATALOGUE.map((province) => province[key])).size).toBe(34);
    }
    const sum = (key: "agencies" | "communes") => PROVINCES_CATALOGUE.reduce((all, province) => all + province[key], 0);
    expect([sum("agencies"), sum("communes")]).toEqual([521, 3322]);
  });
});

describe("the sample province", () => {
  it("has 14 agencies and 135 communes with distinct names, codes and ids", () => {
    const levels = UNIT_BODIES.map((unit) => unit.level);
    expect([levels.filter((level) => level === "agency").length, levels.length]).toEqual([14, 149]);
    for (const key of ["code", "name", "departmentId"] as const) {
      expect(new Set(UNIT_BODIES.map((unit) => unit[key])).size).toBe(149);
    }
    for (const { code, name, level, departmentId } of UNIT_BODIES) {
      expect(code).toMatch(level === "agency" ? /^H21\.\d\d$/ : /^H21\.[12]\d\d$/);
      expect(name).toMatch(level === "agency" ? / - tỉnh Gia Lai$/ : /^UBND ([Xx]ã|[Pp]hường) \p{L}/u);
      expect(name).toBe(name.normalize("NFC"));
      expect(departmentId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it.skipIf(!existsSync(CAPTURES))("shares no unit's name with a real answer", () => {
    const names = new Set(UNIT_BODIES.map((unit) => unit.name.toLocaleLowerCase("vi")));
    for (const row of rowsOf(real("gia-lai/service-results.captured-2026-10-09.json"))) {
      expect(names).not.toContain(String(row["departmentName"]).toLocaleLowerCase("vi"));
    }
  });
});

describe.skipIf(!existsSync(CAPTURES))("the fields are those of real answers:", () => {
  it.each([
    ["provinces", "national/service-results.year-2026.captured-2026-10-09.json"],
    ["H21", "gia-lai/service-results.captured-2026-10-09.json"],
  ])("service-results of %s", (place, file) => {
    const sample = sampleData("service-results", place, "2026", DAY);
    expect(fields(sample)).toEqual(fields(real(file)));
    expect((sample["radar"] as Json[]).map((axis) => [axis["code"], axis["maxScore"]])).toEqual(
      (real(file)["radar"] as Json[]).map((axis) => [axis["code"], axis["maxScore"]]),
    );
  });

  it.each(GROUP_ENDPOINTS)("%s", (endpoint) => {
    const sample = sampleData(endpoint, "H21", "2026-09", DAY);
    const answer = real(`phu-tho/${endpoint}.month-2026-08.json`);
    expect(fields(sample)).toEqual(fields(answer));
    const byCode = (row: Json) => [...(codesOf(row) ?? [])].sort();
    expect(byCode(headOf(sample))).toEqual(byCode(headOf(answer)));
    expect(byCode(rowsOf(sample)[0] as Json)).toEqual(byCode(rowsOf(answer)[0] as Json));
  });
});

describe("blanks", () => {
  it("months that have not begun are null, not zero", () => {
    const data = sampleData("service-results", "H21", "2026", DAY);
    const chart = data["monthlyChart"] as Json[];
    expect(chart.map((month) => month["averageScore"] === null)).toEqual([...Array(10).fill(false), true, true]);
    expect(chart[8]?.["averageScore"]).toBe(headOf(sampleData("service-results", "H21", "2026-09", DAY))["totalScore"]);
    const dossiers = data["dossierChart"] as Json[];
    expect([dossiers[9]?.["onTimePct"], dossiers[10]?.["onTimePct"]]).toEqual([expect.any(Number), null]);
  });

  it("a component with nothing to divide by has no ratio and no score", () => {
    const idle = UNIT_BODIES.find((unit) => unit.code === CAST.noDossiers)?.departmentId;
    const rows = rowsOf(sampleData("transparency", "H21", "2026", DAY));
    const metrics = rows.filter((row) => row["departmentId"] === idle).flatMap((row) => row["metrics"] as Json[]);
    const sync = metrics.find((metric) => metric["code"] === "DOSSIER_SYNC");
    expect(sync).toMatchObject({
      denominator: 0,
      ratio: null,
      score: null,
      dataQualityStatus: "NO_NATIONAL_REPORT_DATA",
    });
  });

  it("paging says how many there are and gives the page asked for", () => {
    const data = sampleData("dossier-digitized", "H21", "2026", DAY);
    expect(data["pagination"]).toEqual({ total: 149, currentPage: 1, pageSize: 300, totalPages: 1 });
  });
});
