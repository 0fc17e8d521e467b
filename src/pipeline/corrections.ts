import type { Sight } from "../domain/board.ts";
import { type Correction, correctionsBetween, type PrintedEdition } from "../domain/correction.ts";
import type { PrintedFigure } from "../domain/edition.ts";
import { HEADLINES, indicatorId, isHeadline } from "../domain/indicator.ts";
import { SOURCES } from "../sources/index.ts";
import { openSights, type Sights } from "./sight.ts";
import type { Store, StoredSnapshot, StoredVerdict } from "./store.ts";

/** An edition whose printed figures are now otherwise. */
export type EditionCorrections = { readonly edition: PrintedEdition; readonly corrections: readonly Correction[] };

/**
 * Editions, in their latest reissue, that printed a figure which the stored observations of the very same snapshots now state
 * otherwise. Ranks, and what a figure was compared with, are looked at where a snapshot was read again since: a unit that was
 * confirmed or renamed later does not make an old rank wrong.
 */
export async function listCorrections(store: Store): Promise<readonly EditionCorrections[]> {
  const issues = new Map((await store.editions.list()).map((one) => [`${one.bulletin}/${one.issue}`, one]));
  const found: EditionCorrections[] = [];
  for (const { bulletin, issue } of issues.values()) {
    // One desk per issue: its editions share their snapshots, and a year of snapshots does not fit into memory.
    const desk = openDesk(store);
    for (const edition of await store.editions.printed(bulletin, issue)) {
      const now = await Promise.all(edition.figures.map((figure) => desk.now(edition, figure)));
      const corrections = correctionsBetween(edition.figures, now);
      if (corrections.length > 0) found.push({ edition, corrections });
    }
  }
  return found;
}

type Desk = { now(edition: PrintedEdition, figure: PrintedFigure): Promise<PrintedFigure> };

function openDesk(store: Store): Desk {
  const snapshots = new Map<string, Promise<StoredSnapshot | null>>();
  const verdicts = new Map<string, Promise<StoredVerdict>>();
  const bySource = new Map<string, Sights>();
  const find = (id: string) => remember(snapshots, id, () => store.snapshots.find(id));
  const indicators = SOURCES.flatMap(({ scheme }) => HEADLINES.map((code) => indicatorId(scheme, code)));
  const headlinesOnly: Store = {
    ...store,
    snapshots: { ...store.snapshots, find },
    observations: { ...store.observations, of: (id) => store.observations.of(id, { indicators }) },
  };
  const sightsOf = (source: string) => {
    const sights = bySource.get(source) ?? openSights({ store: headlinesOnly }, source);
    bySource.set(source, sights);
    return sights;
  };
  const rereadSince = async (sight: Sight | null, since: Date) => {
    if (sight === null) return false;
    const moments = await Promise.all(
      sight.snapshots.map((id) => remember(verdicts, id, () => store.snapshots.verdict(id))),
    );
    return moments.some(({ rereadAt }) => rereadAt !== null && rereadAt > since);
  };
  return {
    async now(edition, figure) {
      const { unit, indicator, period, snapshot: id } = figure;
      const snapshot = await find(id);
      if (snapshot === null || !isHeadline(indicator))
        throw new Error(
          `edition ${edition.id}: its figure ${unit} ${indicator} names snapshot ${id}, which is not there`,
        );
      const sights = sightsOf(snapshot.source);
      const own = await sights.of([id], snapshot.scope, period);
      const together = await sights.of(edition.snapshots, snapshot.scope, period);
      const then = await sights.of(edition.baseline?.snapshots ?? [], snapshot.scope, period);
      const value = own?.view.value(unit, indicator) ?? null;
      const rank = (await rereadSince(together, edition.composedAt))
        ? { rank: together?.board.standing(unit, indicator)?.rank ?? null }
        : {};
      const compared = (await rereadSince(then, edition.composedAt))
        ? {
            before: then?.view.value(unit, indicator) ?? null,
            rankBefore: then?.board.standing(unit, indicator)?.rank ?? null,
          }
        : {};
      return { ...figure, value, ...rank, ...compared };
    },
  };
}

function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const made = cache.get(key) ?? make();
  cache.set(key, made);
  return made;
}
