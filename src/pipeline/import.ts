import { UsageError } from "../domain/errors.ts";
import { periodKey } from "../domain/period.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { sourceNamed } from "../sources/index.ts";
import type { Context } from "./context.ts";
import { normalise } from "./normalise.ts";
import type { StoredSnapshot } from "./store.ts";

/** What importing may do to the world: it never asks, draws or sends. */
export type ImportContext = Pick<Context, "store" | "now" | "log" | "progress" | "settings">;

/** One imported snapshot; `existed` when the very same bytes were archived before, and nothing was done. */
export type Imported = { readonly snapshot: StoredSnapshot; readonly existed: boolean };

/**
 * Archives given answers as snapshots and reads them, oldest first, so that each is judged against the one before.
 * The same bytes again do nothing; other bytes under an existing key are refused before anything is imported.
 */
export async function importSnapshots(
  ctx: ImportContext,
  snapshots: readonly Snapshot[],
): Promise<readonly Imported[]> {
  const archived = new Map((await ctx.store.snapshots.list()).map((stored) => [keyOf({ ...stored }), stored]));
  const states = new Map<Snapshot, State>();
  for (const snapshot of snapshots)
    states.set(
      snapshot,
      await stateOf(ctx, snapshot, archived.get(keyOf({ ...snapshot, period: periodKey(snapshot.period) }))),
    );
  const conflicts = [...states]
    .filter(([, state]) => state === "other")
    .map(
      ([snapshot]) =>
        `${describe(snapshot)} is archived already with other bytes; an archived snapshot is never changed`,
    );
  if (conflicts.length > 0) throw new UsageError(conflicts);
  const imported = new Map<Snapshot, Imported>();
  for (const snapshot of [...snapshots].sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime())) {
    imported.set(snapshot, await importOne(ctx, snapshot, states.get(snapshot) === "same"));
    ctx.progress(`imported ${describe(snapshot)}`);
  }
  return snapshots.flatMap((snapshot) => imported.get(snapshot) ?? []);
}

async function importOne(ctx: ImportContext, snapshot: Snapshot, same: boolean): Promise<Imported> {
  const { answers, ...head } = snapshot;
  const { id } = await ctx.store.snapshots.open(head, ctx.now());
  if (!same) {
    for (const [ordinal, answer] of answers.entries()) await ctx.store.snapshots.archive(id, ordinal, answer);
    await normalise(ctx, sourceNamed(snapshot.source), { id, ...head });
  }
  const stored = await ctx.store.snapshots.find(id);
  if (stored === null) throw new Error(`snapshot ${id} vanished while it was imported`);
  return { snapshot: stored, existed: same };
}

type State = "none" | "part" | "same" | "other";

/** `part`: an import that was cut off before it was read; its missing answers are added and it is read. */
async function stateOf(
  ctx: Pick<Context, "store">,
  snapshot: Snapshot,
  stored: StoredSnapshot | undefined,
): Promise<State> {
  if (stored === undefined) return "none";
  const answers = await ctx.store.snapshots.answers(stored.id);
  const agrees = answers.every((answer, index) => {
    const given = snapshot.answers[index];
    return given !== undefined && given.endpoint === answer.endpoint && Buffer.compare(given.body, answer.body) === 0;
  });
  if (!agrees) return "other";
  const settled = stored.observations > 0 || stored.findings.length > 0;
  if (!settled) return "part";
  return answers.length === snapshot.answers.length ? "same" : "other";
}

function keyOf(key: { source: string; scope: string; period: string; takenAt: Date }): string {
  return [key.source, key.scope, key.period, key.takenAt.toISOString()].join(" ");
}

function describe(snapshot: Snapshot): string {
  return `${snapshot.source} ${snapshot.scope} ${periodKey(snapshot.period)} of ${snapshot.takenAt.toISOString()}`;
}
