import { boardOf, type Sight } from "../domain/board.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { GROUPS, type Group, indicatorCode, TOTAL } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import { type View, viewOf } from "../domain/view.ts";
import type { Context } from "./context.ts";
import type { StoredSnapshot, StoredUnit } from "./store.ts";

/** Loads sights, each snapshot's observations once. */
export type Sights = {
  /** The newest sight at an instant. With `onDay`, only one whose main snapshot was taken on that day in Việt Nam. */
  latest(question: SightQuestion): Promise<Sight | null>;
  /** The sight an edition was made from: those of its snapshots that show this scope and period. */
  of(snapshots: readonly string[], scope: string, period: string): Promise<Sight | null>;
  /** The views of two sights and of every complete snapshot taken between them, in order: what an analysis needs. */
  between(before: Sight, after: Sight): Promise<readonly View[]>;
};

export type SightQuestion = {
  readonly scope: string;
  readonly period: string;
  readonly asOf: Date;
  readonly onDay?: Day;
  /** Never a snapshot with failed groups: for the other side of a comparison. */
  readonly completeOnly?: boolean;
};

/** Opens the loader for one source; what it loaded is forgotten with it. */
export function openSights(ctx: Pick<Context, "store">, source: string): Sights {
  const observations = new Map<string, Promise<readonly Observation[]>>();
  const registers = new Map<string, Promise<readonly StoredUnit[]>>();
  const sights = new Map<string, Promise<Sight>>();
  const load = (id: string) => remember(observations, id, () => ctx.store.observations.of(id));
  const register = (scope: string) => remember(registers, scope, () => ctx.store.units.list(scope));
  const see = (main: StoredSnapshot, older: StoredSnapshot | null) =>
    remember(sights, `${main.id}|${older?.id ?? ""}`, async () =>
      combine(main, await load(main.id), {
        older,
        rows: older === null ? [] : await load(older.id),
        register: await register(main.scope),
      }),
    );

  return {
    async latest(question) {
      const where = { source, scope: question.scope, period: question.period, asOf: question.asOf };
      const complete = await ctx.store.snapshots.latest(where);
      const any = await ctx.store.snapshots.latest({ ...where, incomplete: true });
      const today = (snapshot: StoredSnapshot) =>
        question.onDay === undefined || dayOf(snapshot.takenAt) === question.onDay;
      const mayBePartial = question.completeOnly !== true && !(complete !== null && today(complete));
      if (mayBePartial && any !== null && any.id !== complete?.id && today(any) && hasTotals(any, await load(any.id))) {
        return see(any, complete);
      }
      return complete !== null && today(complete) ? see(complete, null) : null;
    },
    async of(ids, scope, period) {
      const found = await Promise.all(ids.map((id) => ctx.store.snapshots.find(id)));
      const [main, older] = found
        .filter((snapshot) => snapshot !== null)
        .filter((snapshot) => snapshot.scope === scope && snapshot.period === period && snapshot.source === source)
        .sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
      return main === undefined ? null : see(main, older ?? null);
    },
    async between(before, after) {
      const { scope, period, takenAt: from } = before.view.snapshot;
      const to = after.view.snapshot.takenAt;
      const found = await ctx.store.snapshots.between({ source, scope, period, from, to });
      const sights = await Promise.all(found.map((snapshot) => see(snapshot, null)));
      return [before.view, ...sights.map(({ view }) => view), after.view];
    },
  };
}

/** Totals and ranks are printed only from a sound ranking; rows of unsound answers are never loaded here. */
function hasTotals(snapshot: StoredSnapshot, rows: readonly Observation[]): boolean {
  return rows.some(
    (row) =>
      indicatorCode(row.indicator) === TOTAL &&
      row.unit !== snapshot.scope &&
      row.unit !== "VN" &&
      row.period === snapshot.period,
  );
}

type Older = {
  readonly older: StoredSnapshot | null;
  readonly rows: readonly Observation[];
  readonly register: readonly StoredUnit[];
};

function combine(
  main: StoredSnapshot,
  rows: readonly Observation[],
  { older, rows: olderRows, register }: Older,
): Sight {
  const groupOf = (row: Observation) => GROUPS.find((group) => indicatorCode(row.indicator).split(".")[0] === group);
  const isOwn = (row: Observation) => row.unit !== main.scope && row.unit !== "VN";
  const given = new Set(rows.filter(isOwn).map(groupOf));
  const dated = new Map<Group, Date>();
  const borrowed = olderRows.filter((row) => {
    const group = groupOf(row);
    if (older === null || group === undefined || given.has(group) || row.period !== main.period) return false;
    dated.set(group, older.takenAt);
    return true;
  });
  // Of two figures for one place the later row stands: today's own must never lie under a borrowed one.
  const filled = [...borrowed, ...rows];
  const view = viewOf(main, filled, register);
  return {
    board: boardOf(view),
    view,
    dated,
    snapshots: [main.id, ...(dated.size > 0 && older !== null ? [older.id] : [])],
  };
}

function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
