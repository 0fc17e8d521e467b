import { dayOf, endOfDay } from "../domain/calendar.ts";
import { periodEnd, periodKey } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { byHand } from "./by-hand.ts";
import { type CollectContext, collect, collectProblem, outcomeOf, requestsOf, type Visit } from "./collect.ts";
import type { Context } from "./context.ts";
import type { Normalised } from "./normalise.ts";
import type { StoredSnapshot } from "./store.ts";

/** Which periods are asked although something is known of them. */
export const REPROCESS = ["none", "failed", "all"] as const;
export type Reprocess = (typeof REPROCESS)[number];

/** Asking may not draw or send: there is no press and no channel here. */
export type BackfillContext = CollectContext & Pick<Context, "progress" | "instance">;

/** A visit to a closed period, and why it is due. */
export type Ask = { readonly visit: Visit; readonly why: string; readonly requests: number };

/** What will be asked, in order, and the visits that are left alone with the reason. */
export type BackfillPlan = {
  readonly asks: readonly Ask[];
  readonly known: readonly { readonly visit: Visit; readonly why: string }[];
};

/** One visit that was made. */
export type Visited = { readonly visit: Visit } & Normalised;

/** What came of it. `stopped`: the source refused, or failed alike too often; what was left is not asked. */
export type Backfilled = {
  readonly visited: readonly Visited[];
  readonly stopped: string | null;
};

/**
 * Decides which closed periods have to be asked. `none`: those without a snapshot taken after the period's end that was read;
 * `failed`: also those whose latest one is incomplete; `all`: every one. A snapshot that was cut off before it was read counts as
 * none, so that a second run continues where the first was killed.
 */
export async function planBackfill(
  ctx: Pick<Context, "store">,
  visits: readonly Visit[],
  reprocess: Reprocess,
): Promise<BackfillPlan> {
  const latest = new Map<string, StoredSnapshot>();
  for (const snapshot of await ctx.store.snapshots.list())
    if (wasRead(snapshot)) latest.set(placeOf(snapshot), snapshot);
  const asks: Ask[] = [];
  const known: { visit: Visit; why: string }[] = [];
  for (const visit of visits) {
    const last = latest.get(placeOf({ ...visit, source: visit.source.name, period: periodKey(visit.period) }));
    const closed = last !== undefined && last.takenAt > endOfDay(periodEnd(visit.period)) ? last : null;
    const why = whyAsk(closed, reprocess);
    // Asked for now, so that a scope nobody knows is refused before the first question.
    const requests = await requestsOf(ctx, visit);
    if (why !== null) asks.push({ visit, why, requests: requests.length });
    else
      known.push({ visit, why: `snapshot ${closed?.id} is ${closed?.complete === true ? "complete" : "incomplete"}` });
  }
  return { asks, known };
}

function whyAsk(closed: StoredSnapshot | null, reprocess: Reprocess): string | null {
  if (closed === null) return "no snapshot since the period ended";
  if (reprocess === "all") return `again, snapshot ${closed.id} stays`;
  return reprocess === "failed" && !closed.complete ? `snapshot ${closed.id} is incomplete` : null;
}

/**
 * True when the portal answered something and it was read. Not so when the process died before it came to that, nor of the empty
 * snapshots that older versions kept of a portal that had refused before the first question.
 */
function wasRead(snapshot: Pick<Normalised, "complete" | "observations" | "findings">): boolean {
  return (
    snapshot.complete || snapshot.observations > 0 || snapshot.findings.some(({ code }) => code !== "answer-missing")
  );
}

function placeOf(place: { source: string; scope: string; period: string }): string {
  return `${place.source} ${place.scope} ${place.period}`;
}

/**
 * Asks the portal for everything planned, one snapshot after the other, until it stops; with a row among the runs. Each snapshot is
 * archived and read before the next is asked, so a process that is killed loses at most the one at hand. Sends nothing.
 */
export function backfill(ctx: BackfillContext, asks: readonly Ask[]): Promise<Backfilled> {
  return byHand(ctx, { command: "backfill", day: dayOf(ctx.now()) }, async () => {
    const visited: Visited[] = [];
    const problems: Problem[] = [];
    let stopped: string | null = null;
    const startedAt = ctx.now().getTime();
    for (const { visit } of asks) {
      const collected = await collect(ctx, visit);
      if (collected.snapshot !== null) visited.push({ visit, ...collected.snapshot });
      stopped = collected.stopped;
      const problem = collectProblem(visit, collected);
      if (problem !== null) problems.push(stopped === null ? problem : { ...problem, severity: "failed" });
      const left = timeLeft({ spentMs: ctx.now().getTime() - startedAt, done: visited.length, all: asks.length });
      ctx.progress(
        `  ${visited.length}/${asks.length} ${visit.scope} ${periodKey(visit.period)}: ${outcomeOf(collected)}${left}`,
      );
      if (stopped !== null) break;
    }
    const complete = visited.filter((one) => one.complete).length;
    return {
      value: { visited, stopped },
      result: `${complete} of ${asks.length} snapshots complete, ${visited.length} asked; mails: 0`,
      problems,
    };
  });
}

/** ", about 3 min left", from what the visits took so far; nothing after the last. */
export function timeLeft({ spentMs, done, all }: { spentMs: number; done: number; all: number }): string {
  if (done === 0 || done >= all) return "";
  const seconds = Math.ceil(((spentMs / done) * (all - done)) / 1000);
  return seconds < 60 ? `, about ${seconds} s left` : `, about ${Math.ceil(seconds / 60)} min left`;
}
