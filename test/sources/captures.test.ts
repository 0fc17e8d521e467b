import { afterAll, describe, expect, test } from "vitest";
import { GROUPS } from "../../src/domain/indicator.ts";
import { periodKey } from "../../src/domain/period.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { CAPTURE_NAMES, capture, capturedSnapshot, PRESENT, rawHundredths, rawJson, rawRows } from "./captures.ts";

type Row = Record<string, unknown>;

const answersRead = new Set<string>();

function readCapture(name: string) {
  const snapshot = capturedSnapshot(name);
  for (const { endpoint } of snapshot.answers) answersRead.add(`${name} ${endpoint}`);
  const reading = sourceNamed(snapshot.source).read(snapshot);
  const period = periodKey(snapshot.period);
  const value = (unit: string, code: string) =>
    reading.observations.find(
      (row) =>
        row.unit === unit &&
        row.indicator.endsWith(`.${code}`) &&
        row.indicator.split(".").length === code.split(".").length + 1 &&
        row.period === period,
    )?.value;
  return { ...reading, value };
}

const ROWS: Readonly<Record<string, number>> = {
  oct7: 34,
  oct9early: 34,
  oct9: 34,
  giaLai9: 149,
  giaLai10: 149,
  year11: 34,
  month11: 34,
  year15: 34,
  month15: 34,
  anGiang: 117,
  communes: 102,
  agencies: 15,
};

describe.skipIf(!PRESENT)("real answers", () => {
  afterAll(() => {
    expect(answersRead.size, "answers read").toBe(18);
    process.stdout.write(`${answersRead.size} real answers read\n`);
  });

  test.each(Object.keys(ROWS))("%s: every unit, total and group to the hundredth", (name) => {
    const reading = readCapture(name);
    const rows = rawRows(name);
    expect(rows).toHaveLength(ROWS[name] ?? 0);
    expect(reading.units).toHaveLength(rows.length);
    for (const row of rows) {
      expect(reading.value(row.code, "TOTAL"), row.code).toBe(rawHundredths(row.total));
      if (row.groups === null) continue;
      let sum = 0;
      for (const group of GROUPS) {
        expect(reading.value(row.code, group), `${row.code} ${group}`).toBe(rawHundredths(row.groups[group]));
        sum += rawHundredths(row.groups[group]);
      }
      expect(sum, `${row.code}: six groups`).toBe(rawHundredths(row.total));
    }
    const units = new Map(reading.units.map((unit) => [unit.code, unit.name]));
    for (const row of rows) expect(units.get(row.code)).toBe(row.name.normalize("NFC"));
  });

  test.each(CAPTURE_NAMES)("%s is sound, or refused for the reason it should be", (name) => {
    const { refused } = capture(name);
    const incomplete = readCapture(name).findings.filter(({ severity }) => severity === "incomplete");
    if (refused === undefined) expect(incomplete).toEqual([]);
    else
      expect(new Set(incomplete.map(({ code }) => code))).toEqual(
        new Set(name === "phuTho" ? [refused, "answer-missing"] : [refused]),
      );
  });

  test.each(CAPTURE_NAMES)("%s has no remark we did not know of", (name) => {
    const remarks = readCapture(name).findings.filter(({ severity }) => severity === "remark");
    expect(remarks).toEqual([]);
  });

  test("a name in decomposed Unicode is there, and comes out composed", () => {
    const decomposed = ["year11", "month11", "year15", "month15", "anGiang", "communes", "agencies"].flatMap((name) =>
      rawRows(name)
        .filter((row) => row.name !== row.name.normalize("NFC"))
        .map((row) => ({ ...row, capture: name })),
    );
    expect(decomposed.length).toBeGreaterThan(0);
    for (const row of decomposed) {
      const unit = readCapture(row.capture).units.find(({ code }) => code === row.code);
      expect(unit?.name).toBe(row.name.normalize("NFC"));
      expect(unit?.name).not.toBe(row.name);
    }
  });

  test("000.00.00.H37 is H37", () => {
    const raw = rawJson("year15") as Row[];
    expect(raw.map((row) => row["MA_COQUAN"])).toContain("000.00.00.H37");
    const unit = readCapture("year15").units.find(({ code }) => code === "H37");
    expect(unit?.name).toBe("UBND tỉnh Lạng Sơn");
  });

  test("An Giang has 15 agencies and 102 communes, told by LOAI_COQUAN", () => {
    const levels = readCapture("anGiang").units.map(({ level }) => level);
    expect(levels.filter((level) => level === "agency")).toHaveLength(15);
    expect(levels.filter((level) => level === "commune")).toHaveLength(102);
  });

  test("Gia Lai has 14 agencies and 135 communes, its own total and its charts", () => {
    const reading = readCapture("giaLai10");
    const levels = reading.units.map(({ level }) => level);
    expect(levels.filter((level) => level === "agency")).toHaveLength(14);
    expect(levels.filter((level) => level === "commune")).toHaveLength(135);
    expect(reading.value("H21", "TOTAL")).toBe(6614);
    expect(readCapture("giaLai9").value("H21", "TOTAL")).toBe(6608);
    expect(reading.value("H21", "onlineDossier.ONLINE")).toBe(406704);
    const chart = reading.observations.filter(({ indicator }) => indicator === "dvc2026.chart.averageScore");
    expect(chart.map(({ period, value }) => [period, value])).toEqual([
      ["2026-01", 5482],
      ["2026-02", 5029],
      ["2026-03", 5044],
      ["2026-04", 4686],
      ["2026-05", 4453],
      ["2026-06", 6627],
      ["2026-07", 6144],
      ["2026-08", 6057],
      ["2026-09", 6118],
      ["2026-10", 5580],
      ["2026-11", null],
      ["2026-12", null],
    ]);
  });

  test("the country: total and radar, no unit of its own", () => {
    const reading = readCapture("oct9");
    expect([reading.value("VN", "TOTAL"), reading.value("VN", "CKMB"), reading.value("VN", "ONLINE_SERVICE")]).toEqual([
      6240, 1046, 1462,
    ]);
    expect(reading.units.map(({ code }) => code)).not.toContain("VN");
  });

  test("Phú Thọ: six groups of the province add up to 59,91, and twelve of 163 units are refused as the whole", () => {
    const reading = readCapture("phuTho");
    const groups = GROUPS.map((group) => reading.value("H44", group) ?? 0);
    expect(groups).toEqual([796, 1568, 883, 625, 1297, 822]);
    expect(groups.reduce((sum, value) => sum + value, 0)).toBe(5991);
    expect(reading.units).toHaveLength(12);
    const short = reading.findings.filter(({ code }) => code === "short-list");
    expect(short.map(({ endpoint, found }) => [endpoint, found])).toEqual([
      ["transparency", "163"],
      ["handling-satisfaction", "163"],
      ["dossier-digitized", "163"],
    ]);
    // Trees state no number of rows: only the ranking could tell, and there is none.
    expect(reading.findings.filter(({ code }) => code === "answer-missing").map(({ message }) => message)).toEqual([
      "evaluation-api: no answer of service-results",
    ]);
  });

  test("Phú Thọ: components keep numerator, denominator, score and flag, and null stays null", () => {
    const reading = readCapture("phuTho");
    const row = (unit: string, code: string) =>
      reading.observations.find((one) => one.unit === unit && one.indicator === `dvc2026.${code}`);
    expect(row("H44", "CKMB.DOSSIER_SYNC.numerator")).toMatchObject({
      value: 138744,
      flag: "TEMP_NATIONAL_REPORT_DENOMINATOR",
    });
    expect(row("H44", "CKMB.PUBLISH_ON_TIME.score")?.value).toBeNull();
    expect(row("H44.01", "CKMB.DOSSIER_SYNC.score")).toMatchObject({ value: null, flag: "NO_NATIONAL_REPORT_DATA" });
    expect(row("H44.01", "MDHL.PETITION_PROCESSING_ON_TIME.score")?.value).toBe(600);
    expect(row("H44", "MDSH.ELECTRONIC_CERTIFIED_COPY.numerator")?.value).toBeNull();
    expect(row("H44", "TDGQ.onTime")?.value).toBe(144625);
    expect(row("H44", "MDHL.petitions")?.value).toBe(247);
    // Every score and count of the raw answer is stored, null for null.
    const json = rawJson("phuTho", "dossier-digitized") as {
      data: { evaluation: { departmentCode: string; metrics: Row[] }[] };
    };
    for (const { departmentCode, metrics } of json.data.evaluation) {
      for (const metric of metrics) {
        const code = `MDSH.${String(metric["code"])}`;
        expect(row(departmentCode, `${code}.score`)?.value).toBe(
          metric["score"] === null ? null : rawHundredths(metric["score"]),
        );
        expect(row(departmentCode, `${code}.numerator`)?.value).toBe(metric["numerator"]);
      }
    }
  });
});
