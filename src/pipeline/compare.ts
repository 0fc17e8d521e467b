import { type Analysis, analyse } from "../domain/analysis.ts";
import { type Change, detectChanges, type Tally, tally } from "../domain/change.ts";
import type { Thresholds } from "../domain/thresholds.ts";
import { type View, viewOf } from "../domain/view.ts";
import { sourceNamed } from "../sources/index.ts";
import type { Context } from "./context.ts";
import type { LatestQuestion, StoredSnapshot } from "./store.ts";

/** What `changes` asks: the latest complete snapshots at or before two instants. */
export type Comparison = {
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly from: Date;
  readonly to: Date;
  /** Takes incomplete snapshots too, with every figure that could be read, marked. */
  readonly allowIncomplete: boolean;
  readonly thresholds: Thresholds;
  /** Changes below it are noise; hundredths of a point. */
  readonly noise: number;
};

/** Something a reader of the comparison must know. `no-comparison`: why there are no changes. `incomplete`: which side is. */
export type Notice = { readonly kind: "no-comparison" | "incomplete"; readonly reason: string };

export type Compared = {
  readonly before: StoredSnapshot | null;
  readonly after: StoredSnapshot | null;
  readonly changes: readonly Change[];
  readonly total: Tally;
  readonly notices: readonly Notice[];
  /** Whose changes they are; null without a comparison. */
  readonly analysis: Analysis | null;
};

/** Compares end to end. Two sides that cannot be compared give a notice, never an exception and never zeros. */
export async function compare(ctx: Pick<Context, "store">, comparison: Comparison): Promise<Compared> {
  const [before, after] = await Promise.all([
    side(ctx, comparison, comparison.from),
    side(ctx, comparison, comparison.to),
  ]);
  const notices: Notice[] = [];
  for (const snapshot of new Set([before, after])) {
    if (snapshot !== null && !snapshot.complete) {
      notices.push({
        kind: "incomplete",
        reason: `snapshot ${snapshot.id} of ${snapshot.takenAt.toISOString()} is incomplete: its figures are what could be read, and units it lacks count as absent`,
      });
    }
  }
  const reason = await whyNot(ctx, comparison, { before, after });
  if (reason !== null || before === null || after === null) {
    return {
      before,
      after,
      changes: [],
      total: tally([]),
      notices: [...notices, { kind: "no-comparison", reason: reason ?? "" }],
      analysis: null,
    };
  }
  const sides = [await load(ctx, before), await load(ctx, after)] as const;
  const changes = detectChanges(...sides);
  return { before, after, changes, total: tally(changes), notices, analysis: await analysisOf(ctx, comparison, sides) };
}

/** Notices and jumps come from the pairs of complete snapshots on the way; incomplete ones are stepped over. */
async function analysisOf(
  ctx: Pick<Context, "store">,
  comparison: Comparison,
  [before, after]: readonly [View, View],
): Promise<Analysis> {
  const { source, scope, period, thresholds, noise } = comparison;
  const [from, to] = [before.snapshot.takenAt, after.snapshot.takenAt];
  const between = await ctx.store.snapshots.between({ source, scope, period, from, to });
  const views = [before, ...(await Promise.all(between.map((snapshot) => load(ctx, snapshot)))), after];
  return analyse(views, { maxima: sourceNamed(source).scheme.maxima, thresholds, noise });
}

function side(ctx: Pick<Context, "store">, comparison: Comparison, asOf: Date): Promise<StoredSnapshot | null> {
  const { source, scope, period, allowIncomplete } = comparison;
  const question: LatestQuestion = { source, scope, period, asOf, ...(allowIncomplete ? { incomplete: true } : {}) };
  return ctx.store.snapshots.latest(question);
}

type Sides = { readonly before: StoredSnapshot | null; readonly after: StoredSnapshot | null };

async function whyNot(
  ctx: Pick<Context, "store">,
  comparison: Comparison,
  { before, after }: Sides,
): Promise<string | null> {
  const { source, scope, period } = comparison;
  const missing = before === null ? comparison.from : after === null ? comparison.to : null;
  if (missing !== null) {
    const unread = await ctx.store.snapshots.latest({ source, scope, period, asOf: missing, incomplete: true });
    const hint =
      unread === null
        ? ""
        : `; snapshot ${unread.id} of ${unread.takenAt.toISOString()} is incomplete (--allow-incomplete takes it)`;
    return `there is no complete snapshot of ${source} ${scope} ${period} at or before ${missing.toISOString()}${hint}`;
  }
  if (before?.id !== after?.id) return null;
  return `snapshot ${before?.id} of ${before?.takenAt.toISOString()} is the latest at both instants`;
}

async function load(ctx: Pick<Context, "store">, snapshot: StoredSnapshot): Promise<View> {
  const [observations, register] = await Promise.all([
    ctx.store.observations.of(snapshot.id, { all: !snapshot.complete }),
    ctx.store.units.list(snapshot.scope),
  ]);
  return viewOf(snapshot, observations, register);
}
