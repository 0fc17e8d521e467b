import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePeriod } from "../../src/domain/period.ts";
import { publicTable } from "../../src/sources/public-table.ts";
import { answerOf, snapshotOf } from "./made-up.ts";

const page = (name: string) => readFileSync(new URL(`../fixtures/public-table/${name}.html`, import.meta.url), "utf8");
const read = (scope: string, html: string | Uint8Array, given = {}) =>
  publicTable.read(snapshotOf([answerOf("page", html, { status: null, ...given })], { source: "public-table", scope }));
const provinces = (change: (html: string) => string = (html) => html) => read("provinces", change(page("provinces")));
const province = (change: (html: string) => string = (html) => html) => read("H49", change(page("H49")));
const codes = (reading: ReturnType<typeof read>) => [...new Set(reading.findings.map(({ code }) => code))];

test("34 provinces by name, five columns with decimal commas, the 22 points of online service in one", () => {
  const reading = provinces();
  expect(reading.findings).toEqual([]);
  expect(reading.sound).toEqual([true]);
  expect(reading.units).toHaveLength(34);
  expect(reading.units.filter(({ code }) => !/^H\d{2}$/.test(code))).toEqual([]);
  const first = reading.observations
    .filter(({ unit }) => unit === "H01")
    .map(({ indicator, value }) => [indicator, value]);
  // The first row of the page: 6,11 6,22 12,77 6,55 6,66 and 38,31.
  expect(Object.fromEntries(first)).toEqual({
    "dvctable.TOTAL": 3831,
    "dvctable.CKMB": 611,
    "dvctable.TDGQ": 622,
    "dvctable.ONLINE_SERVICE": 1277,
    "dvctable.MDHL": 655,
    "dvctable.MDSH": 666,
  });
});

test("CLGQ and TTTT stay absent: the page cannot tell them apart", () => {
  expect(provinces().observations.filter(({ indicator }) => /CLGQ|TTTT/.test(indicator))).toEqual([]);
});

test("a province's page: agencies from the first table, communes from the second, codes made from names", () => {
  const reading = province();
  expect(reading.findings).toEqual([]);
  expect(reading.units.map(({ code, level, name, parent }) => [code, level, name, parent])).toEqual([
    ["X-so-thu-nhat", "agency", "Sở Thứ Nhất", "H49"],
    ["X-so-thu-hai", "agency", "Sở Thứ Hai", "H49"],
    ["X-ubnd-xa-thu-nhat", "commune", "UBND xã Thứ Nhất", "H49"],
    ["X-ubnd-phuong-thu-hai", "commune", "UBND phường Thứ Hai", "H49"],
    ["X-ubnd-dac-khu-thu-ba", "commune", "UBND đặc khu Thứ Ba", "H49"],
  ]);
});

test.each<[string, (html: string) => string, string]>([
  ["an unknown heading", (html) => html.replace("Mức độ hài lòng", "Sự hài lòng"), "shape"],
  ["a heading that is a word of the language", (html) => html.replace("<th>STT</th>", "<th>constructor</th>"), "shape"],
  ["a heading twice", (html) => html.replace("<th>STT</th>", "<th>Tổng điểm</th>"), "shape"],
  [
    "online service of 12 points",
    (html) => html.replace("Dịch vụ trực tuyến (22)", "Dịch vụ trực tuyến (12)"),
    "shape",
  ],
  ["dot decimals", (html) => html.replace("<td>6,11</td>", "<td>6.11</td>"), "not-a-number"],
  ["three decimals", (html) => html.replace("<td>6,11</td>", "<td>6,111</td>"), "not-a-number"],
  ["an empty cell", (html) => html.replace("<td>6,11</td>", "<td></td>"), "not-a-number"],
  ["a dash for a figure", (html) => html.replace("<td>6,11</td>", "<td>-</td>"), "not-a-number"],
  ["a score above the maximum", (html) => html.replace("<td>12,77</td>", "<td>22,01</td>"), "out-of-range"],
  ["a sum that is off", (html) => html.replace("<td>6,11</td>", "<td>6,12</td>"), "sum-off"],
  ["a row too short", (html) => html.replace("<td>6,11</td>", ""), "shape"],
  ["a second row of headings", (html) => html.replace("<tbody>", "<tbody><tr><td>1</td><td>2</td></tr>"), "shape"],
  ["no table", (html) => html.replace("table-container", "other-container"), "shape"],
  ["a table too many", (html) => html.replace("</table>", "</table><table></table>"), "shape"],
  [
    "a table in a table",
    (html) => html.replace("<td>6,11</td>", "<td><table><tr><td>6,11</td></tr></table></td>"),
    "shape",
  ],
  [
    "the same province twice",
    (html) => html.replace("UBND thành phố Bắc Ninh", "UBND tỉnh An Giang"),
    "duplicate-unit",
  ],
  ["a row without a name", (html) => html.replace("UBND tỉnh An Giang", " "), "text-missing"],
  ["a name without letters", (html) => html.replace("UBND tỉnh An Giang", "..."), "wrong-unit"],
  ["a rejection page", () => "<html><title>Request Rejected</title></html>", "shape"],
  ["nothing", () => "", "shape"],
])("%s is refused", (_name, change, code) => {
  const reading = provinces(change);
  expect(reading.sound).toEqual([false]);
  expect(codes(reading)).toContain(code);
});

test.each<[string, (html: string) => string, string]>([
  ["one of the two tables missing", (html) => html.slice(0, html.lastIndexOf("<div")), "shape"],
  ["provinces instead of units", () => page("provinces"), "shape"],
])("a province's page with %s is refused", (_name, change, code) => {
  const reading = province(change);
  expect(reading.sound).toEqual([false]);
  expect(codes(reading)).toEqual([code]);
  expect(reading.observations).toEqual([]);
});

test("a column of codes is used, and a code of another province refused", () => {
  const coded = (code: string) =>
    province((html) =>
      html.replaceAll("<th>STT</th>", "<th>Mã cơ quan</th>").replace("<td>1</td><td>Sở", `<td>${code}</td><td>Sở`),
    );
  expect(coded("H49.05").units[0]?.code).toBe("H49.05");
  expect(codes(coded("H44.05"))).toEqual(["wrong-unit"]);
  expect(codes(coded("H49"))).toEqual(["wrong-unit"]);
});

test.each<[string, object, string]>([
  ["a fault", { fault: "timeout" }, "answer-fault"],
  ["status 403", { status: 403 }, "http-status"],
])("%s gives nothing to read", (_name, given, code) => {
  expect(codes(read("provinces", page("provinces"), given))).toEqual([code]);
});

test("bytes that are not UTF-8 are refused, not guessed", () => {
  const latin = Buffer.from(page("provinces"), "latin1");
  expect(codes(read("provinces", new Uint8Array(latin)))).toEqual(["not-utf8"]);
});

test("two pages for one are read by nobody", () => {
  const answers = [answerOf("page", page("provinces")), answerOf("page", page("provinces"))];
  const reading = publicTable.read(snapshotOf(answers, { source: "public-table", scope: "provinces" }));
  expect(reading).toMatchObject({ sound: [false, false], observations: [], findings: [{ code: "answer-missing" }] });
});

test("the page is never asked", () => {
  const period = parsePeriod("2026");
  expect(() => publicTable.requests(period ?? { kind: "year", year: 0 }, { code: "provinces" })).toThrow(
    /only imported/,
  );
});
