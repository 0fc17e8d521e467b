import { dayOf } from "./calendar.ts";
import { GROUPS, HEADLINES, type Headline, indicatorCode, isHeadline, schemeOf, TOTAL } from "./indicator.ts";
import type { Observation } from "./observation.ts";
import { type Contender, rankAll, type Standing } from "./ranking.ts";
import { COUNTRY, type Level, shortName } from "./unit.ts";

/** A unit as the register knows it, as far as figures are concerned. */
export type RegisteredUnit = {
  readonly code: string;
  readonly name: string;
  readonly printName: string | null;
  readonly level: Level;
  readonly standing: "provisional" | "confirmed" | "waiting";
  readonly closedFrom: string | null;
  /** The unit it was merged into on the day it was closed. */
  readonly mergedInto?: string | null;
};

/** Which snapshot a view shows. */
export type ViewOf = {
  readonly id: string;
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly takenAt: Date;
  readonly complete: boolean;
};

/** One snapshot's figures arranged for looking up: by unit and indicator code, for the snapshot's own period. */
export type View = {
  readonly snapshot: ViewOf;
  /** The scheme of its headline figures, "dvc2026"; null without any. Figures of different schemes are never compared. */
  readonly scheme: string | null;
  /** The scope's units that have a total or a group here; "Cả nước" and the scope's parent are not among them. */
  readonly units: ReadonlyMap<string, RegisteredUnit>;
  /** A figure in its measure's steps; null is the publisher's blank, undefined is absent. */
  value(unit: string, code: string, period?: string): number | null | undefined;
  flag(unit: string, code: string): string | undefined;
  /** The codes below a group this snapshot speaks of: "TDGQ.received", "CKMB.DOSSIER_SYNC.score". */
  codes(group: string): readonly string[];
};

/** Arranges a snapshot's observations. Units the register does not know are left out (they cannot be named). */
export function viewOf(
  snapshot: ViewOf,
  observations: readonly Observation[],
  register: readonly RegisteredUnit[],
): View {
  const byCode = new Map(register.map((unit) => [unit.code, unit]));
  const values = new Map<string, Map<string, Map<string, Observation>>>();
  const units = new Map<string, RegisteredUnit>();
  let scheme: string | null = null;
  for (const observation of observations) {
    const code = indicatorCode(observation.indicator);
    remember(remember(values, observation.period), observation.unit).set(code, observation);
    if (scheme === null && code === TOTAL) scheme = schemeOf(observation.indicator);
    if (!isHeadline(code) || observation.period !== snapshot.period || units.has(observation.unit)) continue;
    const unit = byCode.get(observation.unit);
    if (unit !== undefined && observation.unit !== COUNTRY && observation.unit !== snapshot.scope)
      units.set(unit.code, unit);
  }
  const codes = new Map<string, Set<string>>();
  for (const observation of observations) {
    const code = indicatorCode(observation.indicator);
    const group = code.split(".")[0] ?? code;
    if (group === code || observation.period !== snapshot.period) continue;
    const known = codes.get(group) ?? new Set();
    codes.set(group, known.add(code));
  }
  const at = (unit: string, code: string, period: string) => values.get(period)?.get(unit)?.get(code);
  return {
    snapshot,
    scheme,
    units,
    value: (unit, code, period = snapshot.period) => at(unit, code, period)?.value,
    flag: (unit, code) => at(unit, code, snapshot.period)?.flag,
    codes: (group) => [...(codes.get(group) ?? [])],
  };
}

/** The inner map of a key, made when it is missing. Nested maps are looked up twice as fast as one with joined keys. */
function remember<T>(outer: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = outer.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, T>();
  outer.set(key, made);
  return made;
}

/** The name used in sentences and tables: the register's print name, otherwise the publisher's without its suffix. */
export function unitName(unit: Pick<RegisteredUnit, "name" | "printName">): string {
  return unit.printName ?? shortName(unit.name);
}

/** Groups this snapshot has figures for at all; a dead group endpoint leaves its group out. */
export function givenGroups(view: View): readonly Headline[] {
  return GROUPS.filter((group) => [...view.units.keys()].some((unit) => view.value(unit, group) !== undefined));
}

/** Units that may be ranked and counted: not waiting for confirmation, not closed when the snapshot was taken. */
export function activeUnits(view: View, level: Level): readonly RegisteredUnit[] {
  const day = dayOf(view.snapshot.takenAt);
  return [...view.units.values()].filter(
    (unit) =>
      unit.level === level && unit.standing !== "waiting" && (unit.closedFrom === null || unit.closedFrom > day),
  );
}

/** Groups the snapshot gives but not for this unit: such a unit is not ranked by its total. */
export function missingGroups(
  view: View,
  unit: string,
  given: readonly Headline[] = givenGroups(view),
): readonly Headline[] {
  return given.filter((group) => typeof view.value(unit, group) !== "number");
}

/** Everybody's standing within one level, by one indicator. By TOTAL, units that lack a group are left out. */
export function standings(view: View, level: Level, code: Headline = TOTAL): ReadonlyMap<string, Standing> {
  const given = givenGroups(view);
  const contenders: Contender[] = [];
  for (const unit of activeUnits(view, level)) {
    const value = view.value(unit.code, code);
    if (typeof value !== "number") continue;
    if (code === TOTAL && missingGroups(view, unit.code, given).length > 0) continue;
    contenders.push({ unit: unit.code, name: unitName(unit), value });
  }
  return rankAll(contenders);
}

/** Standings of every level present, by every headline indicator: `standing(unit, code)`. */
export function allStandings(view: View): (unit: string, code: Headline) => Standing | null {
  const levels = new Set([...view.units.values()].map((unit) => unit.level));
  const tables = new Map<string, ReadonlyMap<string, Standing>>();
  for (const level of levels)
    for (const code of HEADLINES) tables.set(`${level}|${code}`, standings(view, level, code));
  return (unit, code) => tables.get(`${view.units.get(unit)?.level}|${code}`)?.get(unit) ?? null;
}

/** True when the same units are ranked on both sides of a level: only then is a change of rank a figure. */
export function rankedAlike(before: View, after: View, level: Level): boolean {
  const then = standings(before, level);
  const now = standings(after, level);
  return then.size === now.size && [...then.keys()].every((code) => now.has(code));
}
