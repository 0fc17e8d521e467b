import { describe, expect, test } from "vitest";
import { type Change, detectChanges, incomparable, tally } from "../../src/domain/change.ts";
import { registered, view } from "./made-up.ts";

const brief = (changes: readonly Change[]) =>
  changes.map(({ unit, indicator, kind, before, after, delta }) => [unit, indicator, kind, before, after, delta]);

test("each unit and indicator says whether it moved, stayed, came or went, with its exact difference", () => {
  const before = view({ "H21.101": 7118, "H21.102": 5421, "H21.103": 6000, "H21.104": { TOTAL: null } });
  const after = view({ "H21.101": 5917, "H21.102": 5421, "H21.105": 6100, "H21.104": 4000 }, { day: "2026-10-12" });
  expect(brief(detectChanges(before, after))).toEqual([
    ["H21.101", "TOTAL", "moved", 7118, 5917, -1201],
    ["H21.102", "TOTAL", "same", 5421, 5421, 0],
    ["H21.103", "TOTAL", "absent", 6000, null, null],
    ["H21.104", "TOTAL", "moved", null, 4000, null],
    ["H21.105", "TOTAL", "new", null, 6100, null],
  ]);
  expect(tally(detectChanges(before, after))).toEqual({ up: 0, down: 1, same: 1, new: 1, absent: 1 });
});

test("ranks are 1-2-2-4 within one level, before and after, with the gap to the next higher and lower figure", () => {
  const figures = { "H21.1": 9000, "H21.101": 7000, "H21.102": 6000, "H21.103": 6000, "H21.104": 5000 };
  const [, , tied, , last] = detectChanges(view(figures), view({ ...figures, "H21.101": 5500 }, { day: "2026-10-10" }));
  expect(tied?.standingBefore).toMatchObject({
    rank: 2,
    of: 4,
    sharing: 2,
    above: { unit: "H21.101", gap: 1000 },
    below: { unit: "H21.104", gap: 1000 },
  });
  expect(tied?.standingAfter).toMatchObject({ rank: 1, sharing: 2, above: null, below: { unit: "H21.101", gap: 500 } });
  expect([last?.standingBefore?.rank, last?.standingAfter?.rank]).toEqual([4, 4]);
});

describe("a unit keeps out of the ranks, and the others close up,", () => {
  const figures = {
    "H21.101": { TOTAL: 7000, CKMB: 900, TDGQ: 800 },
    "H21.102": { TOTAL: 6000, CKMB: 800, TDGQ: 700 },
    "H21.103": { TOTAL: 5000, CKMB: 700, TDGQ: 600 },
  };
  const register = Object.keys(figures).map((code) => registered(code));
  const ranks = (shown: Parameters<typeof view>[0], units = register) =>
    detectChanges(view(shown, { register: units }), view(shown, { register: units }))
      .filter(({ indicator }) => indicator === "TOTAL")
      .map(({ standingAfter }) => (standingAfter === null ? null : `${standingAfter.rank}/${standingAfter.of}`));

  test("when a group is missing", () => {
    expect(ranks({ ...figures, "H21.101": { TOTAL: 7000, CKMB: 900 } })).toEqual([null, "1/2", "2/2"]);
    expect(ranks({ ...figures, "H21.101": { TOTAL: 7000, CKMB: 900, TDGQ: null } })).toEqual([null, "1/2", "2/2"]);
  });

  test("but not when a group is missing for everybody: then it was the answer", () => {
    const totals = { "H21.101": 7000, "H21.102": 6000, "H21.103": 5000 };
    expect(ranks(totals)).toEqual(["1/3", "2/3", "3/3"]);
  });

  test("but not when its total differs from its groups", () => {
    expect(ranks({ ...figures, "H21.102": { TOTAL: 7500, CKMB: 800, TDGQ: 700 } })).toEqual(["2/3", "1/3", "3/3"]);
  });

  test("while it waits for confirmation", () => {
    const units = [registered("H21.101", { standing: "waiting" }), ...register.slice(1)];
    expect(ranks(figures, units)).toEqual([null, "1/2", "2/2"]);
  });

  test("from the day it was closed on, not before", () => {
    const closed = (day: string) => [registered("H21.101", { closedFrom: day }), ...register.slice(1)];
    expect(ranks(figures, closed("2026-10-09"))).toEqual([null, "1/2", "2/2"]);
    expect(ranks(figures, closed("2026-10-10"))).toEqual(["1/3", "2/3", "3/3"]);
  });
});

test("changes of a closed period are revisions once both sides lie more than five days after its end", () => {
  const kinds = (period: string, from: string, to: string) =>
    detectChanges(view({ "H21.101": 1 }, { period, day: from }), view({ "H21.101": 2 }, { period, day: to })).map(
      ({ kind }) => kind,
    );
  expect(kinds("2026-09", "2026-10-05", "2026-10-08")).toEqual(["moved"]);
  expect(kinds("2026-09", "2026-10-06", "2026-10-08")).toEqual(["revised"]);
  expect(kinds("2026-Q3", "2026-10-06", "2026-10-08")).toEqual(["revised"]);
  expect(kinds("2026", "2026-10-06", "2026-10-08")).toEqual(["moved"]);
});

test.each([
  ["another source", { source: "rest-jsp", scheme: "dvc2025" }, "different sources"],
  ["another scope", { scope: "H44" }, "different scopes"],
  ["a month against its year", { period: "2026-10" }, "different periods"],
  ["last year", { period: "2025" }, "different periods"],
])("%s is never compared", (_name, shown, reason) => {
  const [a, b] = [view({ "H21.101": 1 }), view({ "H21.101": 1 }, shown)];
  expect(incomparable(a, b)).toContain(reason);
  expect(() => detectChanges(a, b)).toThrow(RangeError);
  expect(() => detectChanges(b, a)).toThrow(reason);
});

describe("across the merger of 1 July 2025", () => {
  const at = (day: string, figures: Record<string, number>) =>
    view(figures, { day, scope: "provinces", period: "2025" });
  const before = at("2025-06-30", { H14: 8000, H17: 8100, H47: 7000 });
  const after = at("2025-07-01", { H14: 8050, H17: 7900 });

  test("only provinces that were not merged compare; the others begin anew, and one that ended is said to be absent", () => {
    expect(brief(detectChanges(before, after))).toEqual([
      ["H14", "TOTAL", "moved", 8000, 8050, 50],
      ["H17", "TOTAL", "new", null, 7900, null],
      ["H47", "TOTAL", "absent", 7000, null, null],
    ]);
  });

  test("two days after it compare as ever", () => {
    const later = at("2025-07-02", { H14: 8050, H17: 7950 });
    expect(brief(detectChanges(after, later)).map(([unit, , kind]) => [unit, kind])).toEqual([
      ["H14", "same"],
      ["H17", "moved"],
    ]);
  });
});

test("a unit that took another in between the two days begins anew", () => {
  const register = [
    registered("H21.101"),
    registered("H21.102"),
    registered("H21.103", { closedFrom: "2026-10-10", mergedInto: "H21.102" }),
  ];
  const compare = (from: string, to: string) =>
    brief(
      detectChanges(
        view({ "H21.101": 1, "H21.102": 2, "H21.103": 3 }, { day: from, register }),
        view({ "H21.101": 1, "H21.102": 4, ...(to < "2026-10-10" ? { "H21.103": 3 } : {}) }, { day: to, register }),
      ),
    ).map(([unit, , kind, , , delta]) => [unit, kind, delta]);
  expect(compare("2026-10-09", "2026-10-12")).toEqual([
    ["H21.101", "same", 0],
    ["H21.102", "new", null],
    ["H21.103", "absent", null],
  ]);
  expect(compare("2026-10-08", "2026-10-09")).toEqual([
    ["H21.101", "same", 0],
    ["H21.102", "moved", 2],
    ["H21.103", "same", 0],
  ]);
  // From the closing day itself on both sides speak of the same body.
  expect(compare("2026-10-10", "2026-10-12")[1]).toEqual(["H21.102", "moved", 2]);
});

test("the country and the scope's own place are no units", () => {
  const register = ["VN", "H21", "H21.101"].map((code) => registered(code));
  const shown = view({ VN: 1, H21: 2, "H21.101": 3 }, { register });
  expect([...shown.units.keys()]).toEqual(["H21.101"]);
});
