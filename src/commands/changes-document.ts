import type { Analysis } from "../domain/analysis.ts";
import type { Change } from "../domain/change.ts";
import { formatPoints, formatSigned, toPoints } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { type Jump, massFirstFigures } from "../domain/jump.ts";
import type { Compared } from "../pipeline/compare.ts";

/** The one document of `changes --json`: figures as numbers of points, ranks as places. */
export function changesDocument(asked: { readonly scope: string; readonly period: string }, compared: Compared) {
  return {
    scope: asked.scope,
    period: asked.period,
    from: side(compared.before),
    to: side(compared.after),
    changes: compared.changes.map((change) => row(change, compared.analysis)),
    summary: { TOTAL: compared.total },
    notices: [...compared.notices, ...noticesOf(compared.analysis)],
  };
}

function side(snapshot: Compared["before"]) {
  if (snapshot === null) return null;
  const incomplete = snapshot.complete ? {} : { incomplete: true };
  return { takenAt: snapshot.takenAt.toISOString(), snapshot: snapshot.id, ...incomplete };
}

const points = (value: number | null) => (value === null ? null : toPoints(value));

function noticesOf(analysis: Analysis | null) {
  if (analysis === null) return [];
  const shifts = analysis.shifts.map(({ kind, indicator, level, shift, units, of, from, to }) => ({
    ...{ kind, indicator, level, shift: toPoints(shift), units, of, from, to },
  }));
  const first = massFirstFigures(analysis.jumps).map((fresh) => ({ kind: "first-figures" as const, ...fresh }));
  const jumps = analysis.jumps.filter(isOwn).map(({ kind, unit, level, indicator, delta, cause, from, to }) => ({
    ...{ kind, unit, level, indicator, delta: toPoints(delta), cause, from, to },
  }));
  return [...shifts, ...first, ...jumps];
}

const isOwn = ({ mass }: Jump) => mass === undefined;

function row(change: Change, analysis: Analysis | null) {
  const { standingBefore, standingAfter } = change;
  return {
    unit: change.unit,
    name: change.name,
    level: change.level,
    indicator: change.indicator,
    kind: change.kind,
    before: points(change.before),
    after: points(change.after),
    delta: points(change.delta),
    deltaNet: points(change.delta === null ? null : (analysis?.net(change.unit, change.indicator) ?? null)),
    rankBefore: standingBefore?.rank ?? null,
    rankAfter: standingAfter?.rank ?? null,
    rankedBefore: standingBefore?.of ?? null,
    rankedAfter: standingAfter?.of ?? null,
    gapAbove: points(standingAfter?.above?.gap ?? null),
    gapBelow: points(standingAfter?.below?.gap ?? null),
    ...partsOf(change, analysis),
  };
}

/** What the change is made of; for the total also whose the change of place is. */
function partsOf(change: Change, analysis: Analysis | null) {
  const attribution = change.delta === null ? null : (analysis?.attribution(change.unit, change.indicator) ?? null);
  const made = {
    contributions: (attribution?.contributions ?? []).map(({ indicator, delta }) => ({
      indicator,
      delta: toPoints(delta),
    })),
    residual: points(attribution?.residual ?? null),
  };
  if (change.indicator !== TOTAL) return made;
  const split = change.standingBefore === null ? null : (analysis?.split(change.unit) ?? null);
  return {
    ...made,
    rankByPortal: split?.byPortal ?? null,
    rankByOwn: split?.byOwn ?? null,
    rankByOthers: split?.byOthers ?? null,
  };
}

/** The same for people: a line per unit, a line per notice, the tally. */
export function changesLines(compared: Compared): string[] {
  const totals = compared.changes.filter(({ indicator }) => indicator === TOTAL);
  const { up, down, same, new: fresh, absent } = compared.total;
  const shifts = compared.analysis?.shifts ?? [];
  const jumps = (compared.analysis?.jumps ?? []).filter(isOwn);
  const first = massFirstFigures(compared.analysis?.jumps ?? []);
  return [
    ...totals.map(({ unit, name, kind, before, after, delta, standingBefore, standingAfter }) => {
      const figure = (value: number | null) => (value === null ? "–" : formatPoints(value)).padStart(6);
      const rank = `${standingBefore?.rank ?? "–"} → ${standingAfter?.rank ?? "–"}`;
      return `${unit.padEnd(9)} ${figure(before)} → ${figure(after)}  ${(delta === null ? kind : formatSigned(delta)).padStart(7)}  rank ${rank}  ${name}`;
    }),
    ...shifts.map(
      ({ kind, indicator, level, shift, units, of, from, to }) =>
        `${kind}: ${units} of ${of} units of level ${level} moved ${formatSigned(shift)} in ${indicator} between ${from} and ${to}`,
    ),
    ...first.map(
      ({ indicator, level, units, from, to }) =>
        `first-figures: ${units} units of level ${level} got their first figures of ${indicator} between ${from} and ${to}`,
    ),
    ...jumps.map(
      ({ unit, indicator, delta, cause, from, to }) =>
        `source-jump: ${unit} ${indicator} ${formatSigned(delta)} between ${from} and ${to} (${cause})`,
    ),
    `TOTAL: ${up} up, ${down} down, ${same} same, ${fresh} new, ${absent} absent`,
  ];
}
