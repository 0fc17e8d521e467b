import { describe, expect, test } from "vitest";
import { type Alike, freshnessFindings, headlineText } from "../../src/domain/freshness.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Answer } from "../../src/domain/snapshot.ts";

const at = (day: string, time = "06:00:00") => new Date(`${day}T${time}+07:00`);

function taken(period = "2026", day = "2026-10-12") {
  const parsed = parsePeriod(period);
  if (parsed === null) throw new Error(`no period: ${period}`);
  return { source: "evaluation-api", scope: "H21", period: parsed, takenAt: at(day) };
}
const like = (id: string, period: string, day: string): Alike => ({ id, period, takenAt: at(day) });

type Seen = Partial<Parameters<typeof freshnessFindings>[1]>;
const findings = (of: ReturnType<typeof taken>, seen: Seen = {}) =>
  freshnessFindings(of, { alike: [], isNewest: false, answers: [], now: of.takenAt, ...seen });
const codes = (of: ReturnType<typeof taken>, seen: Seen = {}) => findings(of, seen).map(({ code }) => code);

describe("figures of an older day", () => {
  test("are stale once newer ones were seen", () => {
    const older = like("s1", "2026", "2026-10-09");
    expect(findings(taken(), { alike: [older] })).toEqual([
      {
        code: "stale",
        severity: "incomplete",
        message:
          "evaluation-api: the figures of snapshot s1 of 2026-10-08T23:00:00.000Z again, although newer ones were seen since (scope H21, period 2026)",
      },
    ]);
  });

  test("are a portal that did not refresh while they are the newest", () => {
    expect(codes(taken(), { alike: [like("s1", "2026", "2026-10-09")], isNewest: true })).toEqual([]);
  });
});

describe("the same figures under another period", () => {
  const same = (own: string, other: string, [day, otherDay = day]: readonly [string, string?]) =>
    codes(taken(own, day), { alike: [like("s1", other, otherDay)] });

  test("are refused: a year and its October, two months, two years", () => {
    expect(same("2026", "2026-10", ["2026-10-12"])).toEqual(["wrong-period"]);
    expect(same("2026-10", "2026", ["2026-10-12"])).toEqual(["wrong-period"]);
    expect(same("2026-10", "2026-09", ["2026-10-12"])).toEqual(["wrong-period"]);
    expect(same("2026", "2025", ["2026-01-12"])).toEqual(["wrong-period"]);
    expect(same("2026-Q4", "2026", ["2026-10-12"])).toEqual(["wrong-period"]);
  });

  test("are allowed where both count the same days: January and its year, October and its quarter", () => {
    expect(same("2026", "2026-01", ["2026-01-12"])).toEqual([]);
    expect(same("2026-01", "2026", ["2026-01-12"])).toEqual([]);
    expect(same("2026-Q1", "2026", ["2026-02-12"])).toEqual([]);
    expect(same("2026-Q4", "2026-10", ["2026-10-12"])).toEqual([]);
    expect(same("2026-01", "2026", ["2026-02-02", "2026-01-31"])).toEqual([]);
  });

  test("are refused once the year has left January behind: a closed month is asked again for months", () => {
    expect(same("2026-01", "2026", ["2026-03-09"])).toEqual(["wrong-period"]);
    expect(same("2026", "2026-01", ["2026-03-09"])).toEqual(["wrong-period"]);
    expect(same("2026-10", "2026-Q4", ["2026-11-09"])).toEqual(["wrong-period"]);
  });

  test("are allowed a few days later: a portal that stood still has counted no more", () => {
    expect(same("2026-01", "2026", ["2026-02-20", "2026-02-05"])).toEqual([]);
    expect(same("2026-01", "2026", ["2026-02-20", "2026-02-06"])).toEqual(["wrong-period"]);
    const both = [like("s2", "2026", "2026-02-20"), like("s1", "2026", "2026-02-01")];
    expect(codes(taken("2026-01", "2026-02-20"), { alike: both })).toEqual([]);
  });
});

describe("a clock", () => {
  const answer = (date: string | undefined): Answer => ({
    endpoint: "service-results",
    request: null,
    status: 201,
    headers: date === undefined ? {} : { date },
    body: new Uint8Array(),
    receivedAt: at("2026-10-12"),
  });
  const clock = (date: string | undefined) => codes(taken(), { answers: [answer(date)] });

  test("more than five minutes off is doubted, fast or slow", () => {
    expect(clock("Sun, 11 Oct 2026 23:05:00 GMT")).toEqual([]);
    expect(clock("Sun, 11 Oct 2026 23:05:01 GMT")).toEqual(["clock-off"]);
    expect(clock("Sun, 11 Oct 2026 22:55:00 GMT")).toEqual([]);
    expect(clock("Sun, 11 Oct 2026 22:54:59 GMT")).toEqual(["clock-off"]);
  });

  test("that is not told or cannot be read is not doubted", () => {
    expect([clock(undefined), clock("soon")]).toEqual([[], []]);
  });

  test("is one finding, however many answers it stamped", () => {
    const off = answer("Sun, 11 Oct 2026 20:00:00 GMT");
    expect(findings(taken(), { answers: [off, off] })).toMatchObject([
      { code: "clock-off", endpoint: "service-results" },
    ]);
  });
});

test("a snapshot from the future is doubted, five minutes are not", () => {
  const now = (time: string) => codes(taken(), { now: at("2026-10-12", time) });
  expect([now("05:55:00"), now("05:54:59")]).toEqual([[], ["future"]]);
});

describe("the fingerprint's text", () => {
  const row = (unit: string, code: string, value: number | null, period = "2026"): Observation => ({
    unit,
    indicator: `dvc2026.${code}`,
    period,
    value,
    answer: 0,
  });
  const rows = [row("H21.1", "TOTAL", 6000), row("H21.1", "CKMB", 800), row("H21.2", "TOTAL", 6100)];
  const text = (observations: readonly Observation[]) => headlineText(observations, taken());

  test("does not depend on the order of rows, the scope's own figures, counts or other periods", () => {
    const others = [
      row("VN", "TOTAL", 1),
      row("H21", "TOTAL", 2),
      row("H21.1", "CKMB.DOSSIER_SYNC.score", 3),
      row("H21.1", "TOTAL", 4, "2026-09"),
    ];
    expect(text([...others, ...rows].reverse())).toBe(text(rows));
  });

  test("differs with any figure, and a blank is not a zero", () => {
    expect(text([...rows.slice(1), row("H21.1", "TOTAL", 6001)])).not.toBe(text(rows));
    expect(text([...rows, row("H21.2", "CKMB", null)])).not.toBe(text([...rows, row("H21.2", "CKMB", 0)]));
  });

  test("is none without totals", () => {
    expect([text([row("H21.1", "CKMB", 800)]), text([])]).toEqual([null, null]);
  });
});
