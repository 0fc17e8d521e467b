import { describe, expect, test } from "vitest";
import { analyse } from "../../src/domain/analysis.ts";
import { type Jump, massFirstFigures } from "../../src/domain/jump.ts";
import { alike, pairOf, type Rows, RULES, scored, view } from "../support/views.ts";

type Figures = Readonly<Record<string, number | null>>;
type Days = { readonly from?: string; readonly to?: string; readonly period?: string };

/** The jumps of one unit whose figures are `then` and `now`. */
function jumps(then: Figures, now: Figures, { from = "09", to = "10", period = "2026" }: Days = {}): readonly Jump[] {
  return analyse([view({ a: then }, { day: from, period }), view({ a: now }, { day: to, period })], RULES).jumps;
}
const cause = (then: Figures, now: Figures) => jumps(then, now).map((jump) => jump.cause);

describe("a jump", () => {
  test("is a move of a group by 1,00 or more, once the period is long", () => {
    expect(jumps(scored({ CKMB: 800 }), scored({ CKMB: 900 }))).toEqual([
      {
        kind: "source-jump",
        unit: "a",
        level: "commune",
        indicator: "CKMB",
        delta: 100,
        cause: "unknown",
        from: "2026-10-09",
        to: "2026-10-10",
      },
    ]);
    expect(jumps(scored({ CKMB: 800 }), scored({ CKMB: 899 }))).toEqual([]);
    expect(jumps(scored({ CKMB: 800 }), scored({ CKMB: 700 }))[0]?.delta).toBe(-100);
  });

  test("must exceed three even days' share of the maximum: 5,40 of 18 on the 10th day of a month", () => {
    const moved = (delta: number) => jumps(scored({ CKMB: 0 }), scored({ CKMB: delta }), { period: "2026-10" }).length;
    expect([moved(539), moved(540)]).toEqual([0, 1]);
  });

  test("over more days must be larger: 10,80 over two of the first ten", () => {
    const moved = (delta: number) =>
      jumps(scored({ CKMB: 0 }), scored({ CKMB: delta }), { period: "2026-10", from: "08" }).length;
    expect([moved(1079), moved(1080)]).toEqual([0, 1]);
  });

  test("on one day counts as over one day", () => {
    expect(jumps(scored({ CKMB: 0 }), scored({ CKMB: 540 }), { period: "2026-10", from: "10" })).toHaveLength(1);
  });

  test("is looked for between snapshots at most three days apart", () => {
    expect(jumps(scored({ CKMB: 200 }), scored({ CKMB: 1400 }), { from: "07" })).toHaveLength(1);
    expect(jumps(scored({ CKMB: 200 }), scored({ CKMB: 1400 }), { from: "06" })).toEqual([]);
  });

  test("is net of the portal's shift: everybody's +6,00 is nobody's jump, one fall under it is", () => {
    const all = analyse(pairOf(alike(20, 900, 600)), RULES);
    expect([all.shifts.length, all.jumps]).toEqual([1, []]);
    const [before, after] = pairOf([...alike(20, 900, 600), { before: 1700, delta: -800 }]);
    expect(analyse([before, after], RULES).jumps.map(({ unit, delta }) => [unit, delta])).toEqual([["H21.21", -800]]);
  });

  test("by the first figures of a group that was blank for the whole block is one thing told once", () => {
    const rows = (value: (index: number) => number | null): Rows =>
      Object.fromEntries([...Array(6).keys()].map((index) => [`H21.${index}`, { ...scored(), MDHL: value(index) }]));
    const all = analyse(
      [
        view(rows(() => null)),
        view(
          rows((index) => 20 + index * 200),
          { day: "10" },
        ),
      ],
      RULES,
    ).jumps;
    expect(all.map(({ unit, cause: why, mass }) => [unit, why, mass])).toEqual(
      [...Array(6).keys()].map((index) => [`H21.${index}`, "first-figure", 6]),
    );
    const once = { level: "commune", indicator: "MDHL", from: "2026-10-09", to: "2026-10-10", units: 6 };
    expect(massFirstFigures(all)).toEqual([once]);
    const one = rows((index) => (index === 0 ? 900 : null));
    const some = analyse(
      [
        view(one),
        view(
          rows(() => 900),
          { day: "10" },
        ),
      ],
      RULES,
    ).jumps;
    expect([some.length, massFirstFigures(some)]).toEqual([5, []]);
  });

  test("of a unit whose move cannot be told from a shift is not told", () => {
    const [before, after] = pairOf([...alike(20, 900, 600), { before: 900, delta: -300 }]);
    expect(analyse([before, after], RULES).jumps).toEqual([]);
  });

  test("is found in the pair it happened in, and both of a jump that was undone", () => {
    const rows = (CKMB: number): Rows => ({ a: scored({ CKMB }) });
    const views = [view(rows(600), { day: "07" }), view(rows(1400), { day: "08" }), view(rows(600), { day: "09" })];
    expect(analyse(views, RULES).jumps.map(({ delta, from, to }) => [delta, from, to])).toEqual([
      [800, "2026-10-07", "2026-10-08"],
      [-800, "2026-10-08", "2026-10-09"],
    ]);
  });
});

/** A commune's petitions: in time, satisfied; the score of each part is 6 × share, 6 without petitions. */
function petitions(count: number, [onTime, satisfied]: readonly [number, number]): Figures {
  const part = (done: number) => (count === 0 ? 600 : (600 * done) / count);
  const score = part(onTime) + part(satisfied) + 600;
  return {
    ...scored({ MDHL: score }),
    "MDHL.petitions": count,
    "MDHL.PETITION_PROCESSING_ON_TIME.numerator": onTime,
    "MDHL.PETITION_PROCESSING_ON_TIME.denominator": count,
    "MDHL.PETITION_PROCESSING_ON_TIME.score": part(onTime),
    "MDHL.PETITION_HANDLING_SATISFACTION.numerator": satisfied,
    "MDHL.PETITION_HANDLING_SATISFACTION.denominator": count,
    "MDHL.PETITION_HANDLING_SATISFACTION.score": part(satisfied),
    "MDHL.DOSSIER_RECEIVING_SATISFACTION.numerator": 40,
    "MDHL.DOSSIER_RECEIVING_SATISFACTION.denominator": 40,
    "MDHL.DOSSIER_RECEIVING_SATISFACTION.score": 600,
  };
}

/** A group with one component that makes it all. */
function synced(score: number | null, numerator: number | null, denominator: number | null): Figures {
  return {
    ...scored({ CKMB: 200 + (score ?? 0) }),
    "CKMB.DOSSIER_SYNC.score": score,
    "CKMB.DOSSIER_SYNC.numerator": numerator,
    "CKMB.DOSSIER_SYNC.denominator": denominator,
  };
}

describe("the cause of a jump", () => {
  test("of a first petition, late and unsatisfied, is not the source's adjustment", () => {
    expect(jumps(petitions(0, [0, 0]), petitions(1, [0, 0])).map(({ delta, cause: why }) => [delta, why])).toEqual([
      [-1200, "unknown"],
    ]);
  });

  test("of a petition that became overdue is not the source's adjustment, although fewer are in time", () => {
    expect(cause(petitions(1, [1, 1]), petitions(1, [0, 1]))).toEqual(["unknown"]);
    expect(cause(petitions(2, [2, 2]), petitions(2, [2, 0]))).toEqual(["unknown"]);
  });

  test("of a petition that vanished is the source's adjustment", () => {
    expect(cause(petitions(1, [0, 0]), petitions(0, [0, 0]))).toEqual(["adjusted"]);
  });

  test("is the source's adjustment when a cumulative count fell", () => {
    expect(cause(synced(500, 500, 600), synced(300, 250, 500))).toEqual(["adjusted"]);
    const progress = (TDGQ: number, received: number, onTime: number) => ({
      ...scored({ TDGQ }),
      "TDGQ.received": received,
      "TDGQ.onTime": onTime,
    });
    expect(cause(progress(1000, 200, 100), progress(1200, 150, 90))).toEqual(["adjusted"]);
  });

  test("is not when dossiers in time became overdue", () => {
    const progress = (TDGQ: number, onTime: number) => ({
      ...scored({ TDGQ }),
      "TDGQ.received": 200,
      "TDGQ.onTime": onTime,
    });
    expect(cause(progress(2000, 200), progress(1500, 150))).toEqual(["unknown"]);
  });

  test("is the source's adjustment when the score changed and its counts did not", () => {
    expect(cause(synced(200, 100, 300), synced(500, 100, 300))).toEqual(["adjusted"]);
    const counts = { "TDGQ.received": 200, "TDGQ.onTime": 150, "TDGQ.overdue": 50 };
    expect(cause({ ...scored({ TDGQ: 1500 }), ...counts }, { ...scored({ TDGQ: 1900 }), ...counts })).toEqual([
      "adjusted",
    ]);
  });

  test("is not proved by equal counts of a component that did not change", () => {
    const still = {
      "CKMB.PUBLISH_ON_TIME.score": 200,
      "CKMB.PUBLISH_ON_TIME.numerator": 4,
      "CKMB.PUBLISH_ON_TIME.denominator": 12,
    };
    expect(cause({ ...synced(100, 100, 600), ...still }, { ...synced(500, 500, 600), ...still })).toEqual(["unknown"]);
    expect(cause({ ...scored({ CKMB: 200 }), ...still }, { ...scored({ CKMB: 600 }), ...still })).toEqual(["unknown"]);
  });

  test("is not proved by a small component's fallen count beside a large fall", () => {
    const small = (denominator: number) => ({ "MDHL.DOSSIER_RECEIVING_SATISFACTION.denominator": denominator });
    expect(cause(petitions(0, [0, 0]), { ...petitions(1, [0, 0]), ...small(39) })).toEqual(["unknown"]);
  });

  test("stays unknown while one of the counts is not in hand", () => {
    expect(cause(synced(200, null, 300), synced(500, null, 300))).toEqual(["unknown"]);
    expect(cause(synced(200, 100, 300), synced(500, null, 300))).toEqual(["unknown"]);
    expect(cause(scored({ CKMB: 200 }), scored({ CKMB: 800 }))).toEqual(["unknown"]);
  });

  test("is a first figure when a component's blank became its score", () => {
    expect(cause(synced(null, 0, 0), synced(500, 500, 600))).toEqual(["first-figure"]);
  });

  test("is no first figure when what appeared is the least of it", () => {
    const appeared = (score: number | null) => ({ "CKMB.PUBLISH_ON_TIME.score": score });
    const [then, now] = [synced(100, 100, 600), synced(500, 500, 600)];
    expect(cause({ ...then, ...appeared(null) }, { ...now, CKMB: 710, ...appeared(10) })).toEqual(["unknown"]);
  });

  test("is a first figure when the group's blank became a score", () => {
    const blank = { ...scored(), CKMB: null };
    expect(jumps(blank, scored({ CKMB: 800 })).map(({ delta, cause: why }) => [delta, why])).toEqual([
      [800, "first-figure"],
    ]);
    expect(jumps(blank, scored({ CKMB: 99 }))).toEqual([]);
  });

  test("is no first figure when an earlier snapshot knew one: then it is what changed in between", () => {
    const views = (last: number) => [
      view({ a: scored({ CKMB: 700 }) }, { day: "07" }),
      view({ a: { ...scored(), CKMB: null } }, { day: "08" }),
      view({ a: scored({ CKMB: last }) }, { day: "09" }),
    ];
    expect(analyse(views(710), RULES).jumps).toEqual([]);
    expect(analyse(views(1400), RULES).jumps.map(({ delta, cause: why }) => [delta, why])).toEqual([[700, "unknown"]]);
  });
});
