import type { Edition } from "../domain/edition.ts";
import type { LatestQuestion, Store, StoredSnapshot } from "./store.ts";

/**
 * The database as an edition saw it: the latest snapshot is the latest of those it was made from or compared with, and the issue
 * before it is its own baseline, whatever was collected, imported or published since.
 */
export async function pinnedTo(store: Store, edition: Edition): Promise<Store> {
  const ids = new Set([...edition.snapshots, ...(edition.baseline?.snapshots ?? [])]);
  const found = await Promise.all([...ids].map((id) => store.snapshots.find(id)));
  const snapshots = found.filter((snapshot) => snapshot !== null);
  const before = edition.baseline?.edition ?? null;
  return {
    ...store,
    snapshots: { ...store.snapshots, latest: async (question) => latestOf(snapshots, question) },
    editions: {
      ...store.editions,
      last: async () => (before === null ? null : store.editions.find(before)),
    },
  };
}

function latestOf(snapshots: readonly StoredSnapshot[], question: LatestQuestion): StoredSnapshot | null {
  const { source, scope, period, asOf, knownAt } = question;
  const [latest] = snapshots
    .filter(
      (snapshot) =>
        snapshot.source === source &&
        snapshot.scope === scope &&
        (period === undefined || snapshot.period === period) &&
        (question.before === true ? snapshot.takenAt < asOf : snapshot.takenAt <= asOf) &&
        (snapshot.complete || question.incomplete === true) &&
        (knownAt === undefined || snapshot.recordedAt <= knownAt),
    )
    .sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || Number(b.id) - Number(a.id));
  return latest ?? null;
}
