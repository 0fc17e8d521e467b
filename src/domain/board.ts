import { mean } from "./figure.ts";
import { type Group, type Headline, TOTAL } from "./indicator.ts";
import { type Contender, inOrder, type Standing } from "./ranking.ts";
import type { Level } from "./unit.ts";
import { activeUnits, givenGroups, missingGroups, standings, unitName, type View } from "./view.ts";

/** A view with its arithmetic done once per block: ranks, means, orders. Same answers as the plain functions of view.ts. */
export type Board = {
  readonly view: View;
  standing(unit: string, code?: Headline): Standing | null;
  /** The mean of a block's active units, hundredths; null without figures. */
  mean(level: Level, code: Headline): number | null;
  /** The block by TOTAL, best first; units without rank are not in it. */
  ranking(level: Level): readonly Contender[];
  /** Groups the snapshot gives, but not for this unit. */
  missing(unit: string): readonly Headline[];
};

/**
 * What may be printed for a scope and period: the figures of one snapshot, and for a group whose answer failed the
 * last good ones, with their moment (`dated`). `snapshots` are all it was taken from, the main one first.
 */
export type Sight = {
  readonly board: Board;
  readonly view: View;
  readonly dated: ReadonlyMap<Group, Date>;
  readonly snapshots: readonly string[];
};

/** Opens the board of a view. */
export function boardOf(view: View): Board {
  const tables = new Map<string, ReadonlyMap<string, Standing>>();
  const means = new Map<string, number | null>();
  const given = givenGroups(view);
  const table = (level: Level, code: Headline) =>
    remember(tables, `${level}|${code}`, () => standings(view, level, code));
  return {
    view,
    standing: (unit, code = TOTAL) => {
      const level = view.units.get(unit)?.level;
      return level === undefined ? null : (table(level, code).get(unit) ?? null);
    },
    mean: (level, code) =>
      remember(means, `${level}|${code}`, () =>
        mean(activeUnits(view, level).flatMap((unit) => view.value(unit.code, code) ?? [])),
      ),
    ranking: (level) =>
      inOrder(
        activeUnits(view, level).flatMap((unit) => {
          const value = view.value(unit.code, TOTAL);
          return table(level, TOTAL).has(unit.code) && typeof value === "number"
            ? [{ unit: unit.code, name: unitName(unit), value }]
            : [];
        }),
      ),
    missing: (unit) => missingGroups(view, unit, given),
  };
}

function remember<T>(cache: Map<string, T>, key: string, make: () => T): T {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key) as T;
}
