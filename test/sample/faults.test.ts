import { afterEach, describe, expect, it } from "vitest";
import { UsageError } from "../../src/domain/errors.ts";
import { ENDPOINTS, type Endpoint } from "../../src/sample/answer.ts";
import {
  DATA_FAULTS,
  type DataFault,
  FAULTS,
  type FaultPlan,
  parseFault,
  WIRE_FAULTS,
} from "../../src/sample/fault-plan.ts";
import { startSamplePortal } from "../../src/sample/server.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";
import { portalAt, question } from "../support/portal.ts";
import { changedRows, GROUP_ENDPOINTS, headOf, type Json, rowsOf, sampleData, scoreOf } from "../support/sample.ts";

const DAY = "2026-10-12";
const rootDepartmentId = PROVINCES_CATALOGUE.find((province) => province.code === "H21")?.departmentId;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function faulty(faults: FaultPlan) {
  const portal = await startSamplePortal({ now: () => new Date(`${DAY}T06:00:00+07:00`), faults });
  closers.push(portal.close);
  return portal.url;
}

/** The question a real client puts to an endpoint about the sample province (or all provinces) for September 2026. */
function asked(endpoint: Endpoint, place: string) {
  if (place === "provinces") {
    return question(endpoint, { timeType: "month", year: 2026, month: 9, departmentType: "ADMINISTRATIVE_UNIT" });
  }
  const time =
    endpoint === "handling-satisfaction"
      ? { fromDate: "2026-09-01", toDate: "2026-09-30" }
      : { timeType: "month", year: 2026, month: 9 };
  return question(endpoint, { ...time, rootDepartmentId, currentPage: 1, pageSize: 300 });
}

async function answered(endpoint: Endpoint, fault: DataFault, place = "H21") {
  const url = await faulty({ [endpoint]: fault });
  const answer = await portalAt(url).ask(asked(endpoint, place));
  const json = JSON.parse(new TextDecoder().decode(answer.body)) as { code: string; data: Json };
  const good = sampleData(endpoint, place, "2026-09", DAY);
  return { ...json, good, changed: changedRows(rowsOf(good), rowsOf(json.data)) };
}

const cases: readonly [Endpoint, string][] = [
  ["service-results", "provinces"],
  ...ENDPOINTS.map((endpoint): [Endpoint, string] => [endpoint, "H21"]),
];

describe.each(cases)("a spoilt answer of %s (%s)", (endpoint, place) => {
  const spoilt = (fault: DataFault) => answered(endpoint, fault, place);

  it("wrong-code has another code", async () => expect((await spoilt("wrong-code")).code).toBe("ERROR"));

  it("short-list has half the rows and says nothing of it", async () => {
    const { data, good } = await spoilt("short-list");
    expect(rowsOf(data)).toHaveLength(Math.floor(rowsOf(good).length / 2));
    expect(data["pagination"]).toEqual(good["pagination"]);
  });

  it("duplicate-row has a row twice in place of another", async () => {
    const { data, good } = await spoilt("duplicate-row");
    const ids = rowsOf(data).map((row) => row["departmentId"]);
    expect(ids).toHaveLength(rowsOf(good).length);
    expect(new Set(ids).size).toBe(ids.length - 1);
  });

  it("unknown-group speaks of XYZ", async () => {
    const { data, good } = await spoilt("unknown-group");
    expect(JSON.stringify(data)).toContain("XYZ");
    expect(JSON.stringify(good)).not.toContain("XYZ");
  });

  it("text-for-number, out-of-range and sum-off touch the score of one row", async () => {
    const text = await spoilt("text-for-number");
    expect(text.changed).toHaveLength(1);
    expect(() => scoreOf(text.changed[0] as Json)).toThrow(/không có/);
    const out = await spoilt("out-of-range");
    const [row] = out.changed as [Json];
    expect(out.changed).toHaveLength(1);
    expect(scoreOf(row)).toBeGreaterThan(100 * Number(row["totalMaxScore"] ?? row["maxScore"] ?? 100));
    const off = await spoilt("sum-off");
    const same = rowsOf(off.good).find((each) => each["departmentId"] === off.changed[0]?.["departmentId"]);
    expect(Math.abs(scoreOf(off.changed[0] as Json) - scoreOf(same as Json))).toBe(50);
  });

  it("wrong-unit speaks of another province above the same rows", async () => {
    const { data, good, changed } = await spoilt("wrong-unit");
    expect(headOf(data)["departmentName"]).toBe("UBND tỉnh An Giang");
    expect(headOf(data)["departmentName"]).not.toBe(headOf(good)["departmentName"]);
    expect(changed).toEqual([]);
  });

  it("zero-group has a whole group at zero", async () => {
    const { data } = await spoilt("zero-group");
    if (endpoint !== "service-results") {
      for (const row of [headOf(data), ...rowsOf(data)]) expect(scoreOf(row)).toBe(0);
      return;
    }
    const axis = (data["radar"] as Json[]).find((each) => each["code"] === "MDSH");
    expect(axis).toMatchObject({ score: 0, ratio: 0 });
    for (const row of rowsOf(data)) {
      const groups = row["groupScores"] as Record<string, number> | undefined;
      if (groups === undefined) continue;
      expect(groups["MDSH"]).toBe(0);
      const sum = Object.values(groups).reduce((all, score) => all + Math.round(score * 100), 0);
      expect(sum).toBe(scoreOf(row));
    }
  });

  it("missing-unit lacks one, extra-unit has one more, and the count agrees", async () => {
    for (const [fault, more] of [
      ["missing-unit", -1],
      ["extra-unit", 1],
    ] as const) {
      const { data, good } = await spoilt(fault);
      expect(rowsOf(data)).toHaveLength(rowsOf(good).length + more);
      const pagination = data["pagination"] as Json | undefined;
      if (pagination !== undefined) expect(pagination["total"]).toBe(rowsOf(data).length);
    }
  });

  it("wrong-period answers the period before", async () => {
    const { data } = await spoilt("wrong-period");
    expect(rowsOf(data)).toEqual(rowsOf(sampleData(endpoint, place, "2026-08", DAY)));
  });
});

it("stale answers as a week ago", async () => {
  const url = await faulty({ all: "stale" });
  const body = { timeType: "year", year: 2026, rootDepartmentId };
  const answer = await portalAt(url).ask(question("service-results", body));
  const { data } = JSON.parse(new TextDecoder().decode(answer.body)) as { data: Json };
  expect(data).toEqual(sampleData("service-results", "H21", "2026", "2026-10-05"));
  expect(data).not.toEqual(sampleData("service-results", "H21", "2026", DAY));
});

describe("a fault of the wire", () => {
  const faults: Record<(typeof WIRE_FAULTS)[number], RegExp> = {
    hang: /^timeout: .*\(0 bytes/,
    stall: /^timeout: .*\([1-9]\d* bytes/,
    "half-body": /^half-body: /,
    reset: /^reset: /,
    huge: /^too-large: /,
    "html-200": /^blocked: HTML page/,
    "request-rejected": /^blocked: the page says "Request Rejected"/,
    "status-401": /^blocked: 401/,
    "status-403": /^blocked: 403/,
    "status-404": /^http-status: 404/,
    "status-429": /^blocked: 429/,
    "status-500": /^http-status: 500/,
    "status-503": /^http-status: 503/,
  };
  it.each(WIRE_FAULTS)("%s is met as such by a client", async (fault) => {
    const url = await faulty({ "service-results": fault });
    const { ask } = portalAt(url, { timeoutMs: fault === "hang" || fault === "stall" ? 150 : 5_000 });
    expect((await ask(asked("service-results", "H21"))).fault).toMatch(faults[fault]);
  });
});

describe("a plan", () => {
  it("can fail one request of many", async () => {
    const url = await faulty((endpoint, _body, nth) =>
      endpoint === "transparency" && nth === 1 ? "status-503" : undefined,
    );
    const { ask, time } = portalAt(url);
    for (const endpoint of GROUP_ENDPOINTS) expect((await ask(asked(endpoint, "H21"))).fault).toBeUndefined();
    expect(time.slept).toEqual([2_000]);
  });

  it("is written ENDPOINT=FAULT, and anything else is refused with what there is", () => {
    expect(parseFault("service-results=html-200")).toEqual({ endpoint: "service-results", fault: "html-200" });
    expect(parseFault("all = hang")).toEqual({ endpoint: "all", fault: "hang" });
    expect(FAULTS).toHaveLength(WIRE_FAULTS.length + DATA_FAULTS.length);
    for (const text of ["", "hang", "nowhere=hang", "all=unheard", "all=hang=hang"]) {
      expect(() => parseFault(text), text).toThrow(UsageError);
    }
    expect(() => parseFault("all=unheard")).toThrow(/faults: hang, .*wrong-period/);
  });
});
