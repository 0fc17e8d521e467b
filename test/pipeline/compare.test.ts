import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectChanges } from "../../src/domain/change.ts";
import { GROUPS } from "../../src/domain/indicator.ts";
import { periodKey } from "../../src/domain/period.ts";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import { viewOf } from "../../src/domain/view.ts";
import { type Comparison, compare } from "../../src/pipeline/compare.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { CAPTURE_NAMES, capture, capturedSnapshot, PRESENT, rawHundredths, rawRows } from "../sources/captures.ts";
import { answerOf, type Json, national, rowsOf } from "../sources/made-up.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { readingDesk, taken } from "./answers-context.ts";

const asked = (given: Partial<Comparison>): Comparison => ({
  source: "evaluation-api",
  scope: "provinces",
  period: "2026",
  from: new Date("2026-10-07T12:00:00+07:00"),
  to: new Date("2026-10-09T23:00:00+07:00"),
  allowIncomplete: false,
  thresholds: THRESHOLDS,
  noise: 5,
  ...given,
});

/** What two raw answers say about each other, figured out again without any code of the product. */
function recomputed(before: string, after: string) {
  const [then, now] = [before, after].map((name) => new Map(rawRows(name).map((row) => [row.code, row])));
  if (then === undefined || now === undefined) throw new Error("no rows");
  const expected: Record<string, unknown> = {};
  const points = (rows: typeof then, code: string, indicator: string): number | undefined => {
    const row = rows.get(code);
    if (row === undefined || (indicator !== "TOTAL" && row.groups === null)) return undefined;
    return rawHundredths(indicator === "TOTAL" ? row.total : row.groups?.[indicator]);
  };
  const rank = (rows: typeof then, code: string, indicator: string) => {
    const own = points(rows, code, indicator);
    if (own === undefined) return null;
    const block = [...rows.values()].filter((row) => row.block === rows.get(code)?.block);
    const better = block.filter((row) => (points(rows, row.code, indicator) ?? 0) > own);
    return `${better.length + 1}/${block.length}`;
  };
  for (const code of new Set([...then.keys(), ...now.keys()])) {
    for (const indicator of ["TOTAL", ...GROUPS]) {
      const [a, b] = [points(then, code, indicator), points(now, code, indicator)];
      if (a === undefined && b === undefined) continue;
      const delta = a === undefined || b === undefined ? null : b - a;
      const kind = a === undefined ? "new" : b === undefined ? "absent" : delta === 0 ? "same" : "moved";
      expected[`${code} ${indicator}`] = [
        kind,
        a ?? null,
        b ?? null,
        delta,
        rank(then, code, indicator),
        rank(now, code, indicator),
      ];
    }
  }
  return expected;
}

describe.skipIf(!PRESENT)("real answers, compared end to end through the database", () => {
  let database: FreshDatabase;
  let desk: ReturnType<typeof readingDesk>;
  beforeAll(async () => {
    database = await freshDatabase();
    desk = readingDesk(database);
    for (const name of CAPTURE_NAMES) await desk.take(capturedSnapshot(name));
  });
  afterAll(() => database.drop());

  const at = (name: string) => capturedSnapshot(name).takenAt;
  const between = async (before: string, after: string) => {
    const { source, scope, period, refused } = capture(after);
    const allowIncomplete = refused !== undefined;
    const compared = await compare(
      desk.ctx,
      asked({ source, scope, period, from: at(before), to: at(after), allowIncomplete }),
    );
    const place = (standing: { rank: number; of: number } | null) =>
      standing === null ? null : `${standing.rank}/${standing.of}`;
    const found = compared.changes.map((change) => [
      `${change.unit} ${change.indicator}`,
      [
        change.kind,
        change.before,
        change.after,
        change.delta,
        place(change.standingBefore),
        place(change.standingAfter),
      ],
    ]);
    return { compared, found: Object.fromEntries(found) as Record<string, unknown> };
  };

  test.each([
    ["oct7", "oct9"],
    ["oct7", "oct9early"],
    ["oct9early", "oct9"],
    ["giaLai9", "giaLai10"],
    ["year11", "year15"],
    ["month11", "month15"],
  ])("%s → %s: every figure, difference, rank and denominator", async (before, after) => {
    const { compared, found } = await between(before, after);
    const expected = recomputed(before, after);
    expect(Object.keys(expected).length).toBeGreaterThan(140);
    expect(found).toEqual(expected);
    const totals = Object.entries(expected)
      .filter(([key]) => key.endsWith(" TOTAL"))
      .map(([, row]) => (row as (number | null)[])[3] ?? 0);
    expect(compared.total).toEqual({
      up: totals.filter((delta) => delta > 0).length,
      down: totals.filter((delta) => delta < 0).length,
      same: totals.filter((delta) => delta === 0).length,
      new: 0,
      absent: 0,
    });
  });

  test("7 → 9 October: the restatements of Khánh Hòa and Quảng Trị to the hundredth", async () => {
    const { found } = await between("oct7", "oct9");
    expect((found["H32 CKMB"] as unknown[]).slice(0, 4)).toEqual(["moved", 600, 1400, 800]);
    expect((found["H50 CKMB"] as unknown[]).slice(0, 4)).toEqual(["moved", 800, 1152, 352]);
  });

  test("Gia Lai: totals only, so incomplete, said so, 14 agencies and 135 communes ranked apart", async () => {
    const { compared, found } = await between("giaLai9", "giaLai10");
    expect(compared.notices.map(({ kind }) => kind)).toEqual(["incomplete", "incomplete"]);
    expect(
      compared.changes.filter(({ level }) => level === "agency").map(({ standingAfter }) => standingAfter?.of),
    ).toEqual(Array(14).fill(14));
    expect((found["H21.17 TOTAL"] as unknown[]).slice(1, 4)).toEqual([7921, 7914, -7]);
    const strict = await compare(desk.ctx, asked({ scope: "H21", from: at("giaLai9"), to: at("giaLai10") }));
    expect(strict).toMatchObject({
      changes: [],
      notices: [{ kind: "no-comparison", reason: expect.stringContaining("--allow-incomplete takes it") as string }],
    });
  });

  test("backwards, every difference turns round", async () => {
    const views = ["oct7", "oct9"].map((name) => {
      const snapshot = capturedSnapshot(name);
      const reading = sourceNamed(snapshot.source).read(snapshot);
      const register = reading.units.map((unit) => ({
        ...unit,
        printName: null,
        standing: "confirmed" as const,
        closedFrom: null,
      }));
      return viewOf(
        { ...snapshot, id: name, period: periodKey(snapshot.period), complete: true },
        reading.observations,
        register,
      );
    });
    const [then, now] = views;
    if (then === undefined || now === undefined) throw new Error("no views");
    const forth = detectChanges(then, now);
    const back = detectChanges(now, then);
    expect(back.map(({ delta }) => 0 - (delta ?? 0))).toEqual(forth.map(({ delta }) => delta));
    expect(back.map(({ standingAfter }) => standingAfter)).toEqual(forth.map(({ standingBefore }) => standingBefore));
  });

  test("the year of one day against the month of another is refused", () => {
    const view = (name: string) => {
      const snapshot = capturedSnapshot(name);
      const reading = sourceNamed(snapshot.source).read(snapshot);
      return viewOf(
        { ...snapshot, id: name, period: periodKey(snapshot.period), complete: true },
        reading.observations,
        [],
      );
    };
    expect(() => detectChanges(view("year11"), view("month15"))).toThrow("different periods, 2025 and 2025-10");
    expect(() => detectChanges(view("year15"), view("oct9"))).toThrow("different sources");
  });

  test("one snapshot on both sides is no comparison", async () => {
    const compared = await compare(desk.ctx, asked({ from: at("oct9"), to: new Date("2026-12-31T00:00:00Z") }));
    expect(compared).toMatchObject({
      changes: [],
      notices: [{ kind: "no-comparison", reason: expect.stringContaining("is the latest at both instants") as string }],
    });
  });

  test("before the first snapshot there is nothing to compare with", async () => {
    const compared = await compare(desk.ctx, asked({ from: new Date("2026-01-01T00:00:00Z"), to: at("oct9") }));
    expect(compared).toMatchObject({ before: null, changes: [], notices: [{ kind: "no-comparison" }] });
  });
});

test("rows in any order give the same changes", async () => {
  const database = await freshDatabase();
  const desk = readingDesk(database);
  const grown =
    (step: number) => (code: string, scores: Parameters<NonNullable<Parameters<typeof national>[0]>>[1]) => ({
      ...scores,
      MDSH: scores.MDSH + ((Number(code.slice(1)) * step) % 13),
    });
  const shuffled = (json: Json, turn: number) => {
    const rows = rowsOf(json);
    rows.push(...rows.splice(0, turn));
    return answerOf("service-results", json);
  };
  const changesOf = async (from: string, to: string) => {
    const instant = (day: string) => new Date(`2026-10-${day}T06:00:00+07:00`);
    const { changes } = await compare(desk.ctx, asked({ from: instant(from), to: instant(to) }));
    return changes;
  };
  await desk.take(taken("07", [shuffled(national(grown(3)), 0)]));
  await desk.take(taken("08", [shuffled(national(grown(5)), 0)]));
  const usual = await changesOf("07", "08");
  await database.drop();
  const second = await freshDatabase();
  const other = readingDesk(second);
  await other.take(taken("07", [shuffled(national(grown(3)), 11)]));
  await other.take(taken("08", [shuffled(national(grown(5)), 23)]));
  const instant = (day: string) => new Date(`2026-10-${day}T06:00:00+07:00`);
  const turned = await compare(other.ctx, asked({ from: instant("07"), to: instant("08") }));
  await second.drop();
  expect(usual).toHaveLength(34 * 7);
  expect(turned.changes).toEqual(usual);
  expect(usual.filter(({ delta }) => (delta ?? 0) !== 0).length).toBeGreaterThan(30);
});
