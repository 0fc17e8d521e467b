import { expect, test } from "vitest";
import { analyse } from "../../../src/domain/analysis.ts";
import { formatSigned } from "../../../src/domain/figure.ts";
import { type Group, GROUPS, TOTAL } from "../../../src/domain/indicator.ts";
import { standings, type View } from "../../../src/domain/view.ts";
import { matchesGolden } from "../../support/golden.ts";
import { RULES, type Rows, scored, view } from "../../support/views.ts";

const signed = (value: number | null) => (value === null ? "?" : formatSigned(value));
const places = (count: number | undefined) =>
  count === undefined ? "–" : count === 0 ? "0" : `${count > 0 ? "+" : "−"}${Math.abs(count)}`;

/** What is said of everybody between the first and the last of some days, and the notices on the way. */
function told(views: readonly [View, ...View[]]): string {
  const [first] = views;
  const last = views.at(-1) ?? first;
  const analysis = analyse(views, RULES);
  const [then, now] = [standings(first, "commune"), standings(last, "commune")];
  const rows = [...last.units.keys()].map((unit) => {
    const delta = Number(last.value(unit, TOTAL)) - Number(first.value(unit, TOTAL));
    const split = analysis.split(unit);
    const parts = (analysis.attribution(unit, TOTAL)?.contributions ?? []).filter((part) => part.delta !== 0);
    return [
      unit,
      signed(delta),
      signed(analysis.portal(unit, TOTAL)),
      signed(analysis.own(unit, TOTAL)),
      `${then.get(unit)?.rank}→${now.get(unit)?.rank}`,
      places(split?.byPortal),
      places(split?.byOwn),
      places(split?.byOthers),
      split?.agrees === true ? "yes" : "no",
      parts.map((part) => `${part.indicator} ${signed(part.delta)}`).join(", "),
    ];
  });
  const head = ["unit", "change", "portal", "own", "rank", "portal", "own", "others", "named", "made of"];
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  const notices = [
    ...analysis.shifts.map(
      ({ kind, indicator, shift, units, of, from, to }) =>
        `${kind}: ${indicator} ${signed(shift)} in ${units} of ${of}, ${from} to ${to}`,
    ),
    ...analysis.jumps.map(
      ({ unit, indicator, delta, cause, from, to }) => `jump: ${unit} ${indicator} ${signed(delta)} (${cause}), ${from} to ${to}`,
    ),
  ];
  return `${[head, ...rows].map(line).join("\n")}\n\n${notices.join("\n")}\n`;
}

type Block = Readonly<Record<string, Partial<Record<Group, number>>>>;
const rows = (block: Block): Rows => Object.fromEntries(Object.entries(block).map(([unit, groups]) => [unit, scored(groups)]));

/** Satisfaction of everybody 6 points up, and what each kind of unit makes of it. */
test("a day on which everybody was scored anew", () => {
  const before: Block = {
    plain: { MDHL: 900 },
    plain2: { MDHL: 910, CKMB: 805 },
    plain3: { MDHL: 905, CKMB: 820 },
    rising: { MDHL: 900, CKMB: 810 },
    falling: { MDHL: 900, CKMB: 1200 },
    "at 12,00": { MDHL: 1200, CKMB: 550 },
    "at 12,50": { MDHL: 1250, CKMB: 300 },
    "at 17,00": { MDHL: 1700 },
    "at 18,00": { MDHL: 1800 },
    otherwise: { MDHL: 900, CKMB: 830 },
  };
  const after: Block = {
    plain: { MDHL: 1500 },
    plain2: { MDHL: 1512, CKMB: 805 },
    plain3: { MDHL: 1505, CKMB: 820 },
    rising: { MDHL: 1500, CKMB: 870 },
    falling: { MDHL: 1500, CKMB: 1160 },
    "at 12,00": { MDHL: 1800, CKMB: 550 },
    "at 12,50": { MDHL: 1800, CKMB: 300 },
    "at 17,00": { MDHL: 1800 },
    "at 18,00": { MDHL: 1800 },
    otherwise: { MDHL: 1200, CKMB: 830 },
  };
  const table = told([view(rows(before)), view(rows(after), { day: "10" })]);
  expect(table.split("\n").filter((line) => line.startsWith("mass-shift"))).toHaveLength(1);
  matchesGolden("analysis/scored-anew.txt", table);
});

/** One commune's first petition, late; another gains what it loses; the rest hardly moves. */
test("a week with a petition, a total that hides two moves, and others who pass", () => {
  const start: Block = {
    petition: { MDHL: 1800 },
    hidden: { TDGQ: 900, MDSH: 900 },
    still: { MDSH: 1000 },
    passing: { MDSH: 990 },
    passing2: { MDSH: 995 },
    last: {},
  };
  const middle: Block = { ...start, petition: { MDHL: 600 }, passing: { MDSH: 1001 } };
  const end: Block = { ...middle, hidden: { TDGQ: 960, MDSH: 841 }, passing2: { MDSH: 1003 }, last: { MDSH: 802 } };
  const table = told([
    view(rows(start), { day: "05" }),
    view(rows(middle), { day: "07" }),
    view(rows(end), { day: "09" }),
  ]);
  expect(GROUPS.filter((group) => table.includes(group))).toEqual(["TDGQ", "MDHL", "MDSH"]);
  matchesGolden("analysis/petition.txt", table);
});
