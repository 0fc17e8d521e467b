import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesDocument } from "../src/commands/changes-document.ts";
import { type Group, TOTAL } from "../src/domain/indicator.ts";
import type { Observation } from "../src/domain/observation.ts";
import type { Unit } from "../src/domain/unit.ts";
import { compare } from "../src/pipeline/compare.ts";
import { at, settled } from "./adapters/postgres/made-up.ts";
import { type FreshDatabase, freshDatabase } from "./support/database.ts";
import { codes, RULES, scored } from "./support/views.ts";

let database: FreshDatabase;
const UNITS = codes(10);

/** One day of ten communes: satisfaction of everybody, and what else is given for one of them. */
async function day(
  of: string,
  MDHL: number,
  more: { complete?: boolean; groups?: Readonly<Record<string, Partial<Record<Group, number>>>> } = {},
) {
  const rows = UNITS.map(
    (unit, index) => [unit, scored({ MDHL, CKMB: 800 + index * 10, ...more.groups?.[unit] })] as const,
  );
  const observations = rows.flatMap(([unit, figures]) =>
    Object.entries(figures).map(
      ([code, value]): Observation => ({ unit, indicator: `dvc2026.${code}`, period: "2026", value, answer: 0 }),
    ),
  );
  const units = UNITS.map((code): Unit => ({ code, name: `UBND xã ${code}`, level: "commune", parent: "H21" }));
  const { complete = true } = more;
  await settled(
    database.store,
    { takenAt: at(of), recordedAt: at(of) },
    { complete, findings: [], sound: [true], observations, units, fingerprint: null },
  );
}

async function changes(from: string, to: string) {
  const { store } = database;
  const compared = await compare(
    { store },
    {
      source: "evaluation-api",
      scope: "H21",
      period: "2026",
      from: at(from, "12:00"),
      to: at(to, "12:00"),
      allowIncomplete: false,
      thresholds: RULES.thresholds,
      noise: RULES.noise,
    },
  );
  return changesDocument({ scope: "H21", period: "2026" }, compared);
}

beforeAll(async () => {
  database = await freshDatabase();
  await day("07", 500);
  // Everybody's +6,00; nine of ten, the tenth stands at the start of a fall of its own.
  await day("08", 1100);
  // A torn answer: zeros for everybody. Nothing may be compared with it.
  await day("09", 0, { complete: false });
  await day("10", 1100, { groups: { "H21.1": { CKMB: 700 }, "H21.2": { CKMB: 1010, TDGQ: 600 } } });
});
afterAll(() => database.drop());

type Row = Awaited<ReturnType<typeof changes>>["changes"][number];
const rowOf = (rows: readonly Row[], unit: string, indicator: string = TOTAL) =>
  rows.find((row) => row.unit === unit && row.indicator === indicator);

describe("changes --json over several snapshots", () => {
  test("has the notices of the pairs on the way; the incomplete one is stepped over", async () => {
    const { notices, from, to } = await changes("07", "10");
    expect([from?.takenAt, to?.takenAt]).toEqual([at("07").toISOString(), at("10").toISOString()]);
    expect(notices).toEqual([
      {
        kind: "mass-shift",
        indicator: "MDHL",
        level: "commune",
        shift: 6,
        units: 10,
        of: 10,
        from: "2026-10-07",
        to: "2026-10-08",
      },
      {
        kind: "source-jump",
        unit: "H21.1",
        level: "commune",
        indicator: "CKMB",
        delta: -1,
        cause: "unknown",
        from: "2026-10-08",
        to: "2026-10-10",
      },
      {
        kind: "source-jump",
        unit: "H21.2",
        level: "commune",
        indicator: "CKMB",
        delta: 2,
        cause: "unknown",
        from: "2026-10-08",
        to: "2026-10-10",
      },
      {
        kind: "source-jump",
        unit: "H21.2",
        level: "commune",
        indicator: "TDGQ",
        delta: -2,
        cause: "unknown",
        from: "2026-10-08",
        to: "2026-10-10",
      },
    ]);
  });

  test("has figures and ranks end to end, the net move, its parts and whose the places are", async () => {
    const { changes: rows } = await changes("07", "10");
    expect(rowOf(rows, "H21.1")).toEqual({
      unit: "H21.1",
      name: "xã H21.1",
      level: "commune",
      indicator: "TOTAL",
      kind: "moved",
      before: 45,
      after: 50,
      delta: 5,
      deltaNet: -1,
      rankBefore: 10,
      rankAfter: 10,
      rankedBefore: 10,
      rankedAfter: 10,
      gapAbove: 1.1,
      gapBelow: null,
      contributions: [
        { indicator: "CKMB", delta: -1 },
        ...["TDGQ", "CLGQ", "TTTT"].map((indicator) => ({ indicator, delta: 0 })),
        { indicator: "MDHL", delta: 6 },
        { indicator: "MDSH", delta: 0 },
      ],
      residual: 0,
      rankByPortal: 0,
      rankByOwn: 0,
      rankByOthers: 0,
    });
    expect(rowOf(rows, "H21.1", "MDHL")).toMatchObject({ delta: 6, deltaNet: 0, contributions: [], residual: null });
    expect(rowOf(rows, "H21.2")).toMatchObject({ delta: 6, deltaNet: 0 });
  });

  test("has numbers of two decimals and nothing that is no number", async () => {
    const { changes: rows } = await changes("07", "10");
    expect(rows).toHaveLength(70);
    for (const row of rows) {
      const sum = row.contributions.reduce((all, { delta }) => all + Math.round(delta * 100), 0);
      if (row.indicator === TOTAL)
        expect(sum + Math.round((row.residual ?? 0) * 100)).toBe(Math.round((row.delta ?? 0) * 100));
      for (const figure of [row.delta, row.deltaNet, row.residual, row.gapAbove, row.gapBelow])
        expect(figure === null || Math.round(figure * 100) / 100 === figure).toBe(true);
      if (row.indicator !== TOTAL || !("rankByOwn" in row)) continue;
      expect((row.rankByPortal ?? 0) + (row.rankByOwn ?? 0) + (row.rankByOthers ?? 0)).toBe(
        (row.rankAfter ?? 0) - (row.rankBefore ?? 0),
      );
    }
  });

  test("of the day before the incomplete one are those of the pair alone", async () => {
    const { notices, changes: rows } = await changes("07", "09");
    expect(notices.map(({ kind }) => kind)).toEqual(["mass-shift"]);
    expect(rowOf(rows, "H21.5")).toMatchObject({
      delta: 6,
      deltaNet: 0,
      rankByPortal: 0,
      rankByOwn: 0,
      rankByOthers: 0,
    });
  });

  test("of one snapshot are none, and say why", async () => {
    const { notices, changes: rows } = await changes("08", "09");
    expect(rows).toEqual([]);
    expect(notices).toMatchObject([{ kind: "no-comparison" }]);
  });
});
