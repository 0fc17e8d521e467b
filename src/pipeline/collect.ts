import { FetchError, UsageError } from "../domain/errors.ts";
import { type Period, parsePeriod, periodKey } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import type { Answer, Request, Scope } from "../domain/snapshot.ts";
import { PROVINCES } from "../domain/unit.ts";
import { sourceNamed } from "../sources/index.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { Source } from "../sources/source.ts";
import type { Context } from "./context.ts";
import type { ScopeWork, VisitReport } from "./crew.ts";
import { type Normalised, normalise } from "./normalise.ts";

/** What collecting may do to the world: it asks, archives and reads. It has no way to draw or to send. */
export type CollectContext = Pick<Context, "store" | "now" | "portal" | "log" | "settings">;

/** One visit: a source, a scope, a period. */
export type Visit = { readonly source: Source; readonly scope: string; readonly period: Period };

/** What a visit came to. `snapshot` is null when the source had stopped before the first question; `stopped` tells why it did. */
export type Collected =
  | { readonly snapshot: Normalised; readonly stopped: string | null }
  | { readonly snapshot: null; readonly stopped: string };

/**
 * Asks a source everything one snapshot needs, archives each answer before anything reads it, then normalises.
 * A source that stops in the middle leaves an incomplete snapshot of what it said. One that is asked nothing leaves none: a snapshot
 * is what the publisher said.
 */
export async function collect(ctx: CollectContext, visit: Visit): Promise<Collected> {
  const { source, period } = visit;
  const requests = await requestsOf(ctx, visit);
  const takenAt = ctx.now();
  const snapshot = { source: source.name, scope: visit.scope, period, takenAt };
  let id: string | null = null;
  let stopped: string | null = null;
  for (const [ordinal, request] of requests.entries()) {
    const asked = await askOne(ctx, source, request);
    if (typeof asked === "string") {
      stopped = asked;
      if (id === null) return { snapshot: null, stopped };
      break;
    }
    id ??= (await ctx.store.snapshots.open(snapshot, takenAt)).id;
    await ctx.store.snapshots.archive(id, ordinal, asked);
  }
  if (id === null) throw new Error(`${source.name} has no question for ${visit.scope} ${periodKey(period)}`);
  return { snapshot: await normalise(ctx, source, { id, ...snapshot }), stopped };
}

/** The answer, or why the source is asked nothing more. */
async function askOne(ctx: CollectContext, source: Source, request: Request): Promise<Answer | string> {
  try {
    return await ctx.portal.ask(source.name, request);
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return error.message;
  }
}

/**
 * One visit as a piece of a run's work. A complete snapshot taken since `since` is of the same run, by a worker that died before it
 * could say so, and is not asked for again.
 * @throws {UsageError} for a source or a period that does not exist.
 */
export async function collectScope(ctx: CollectContext, work: ScopeWork): Promise<VisitReport> {
  const period = parsePeriod(work.period);
  if (period === null) throw new UsageError(`collect: "${work.period}" is no period`);
  const visit = { source: sourceNamed(work.source), scope: work.scope, period };
  const done = work.since === null ? null : await ctx.store.snapshots.latest({ ...work, asOf: ctx.now() });
  if (done !== null && work.since !== null && done.takenAt >= work.since)
    return { outcome: outcomeOf({ snapshot: done, stopped: null }), problem: null, stopped: null };
  const collected = await collect(ctx, visit);
  return {
    outcome: outcomeOf(collected),
    problem: collectProblem(visit, collected),
    stopped: collected.stopped,
  };
}

/** What a visit asks. Throws UsageError for a period or scope the source does not know. */
export async function requestsOf(ctx: Pick<Context, "store">, visit: Visit): Promise<readonly Request[]> {
  return visit.source.requests(visit.period, await scopeToAsk(ctx, visit));
}

/** The publisher's own id of a province: as last seen in its answers, otherwise as shipped. */
async function scopeToAsk(ctx: Pick<Context, "store">, visit: Visit): Promise<Scope> {
  if (visit.scope === PROVINCES) return { code: PROVINCES };
  const seen = await ctx.store.units.portalId(visit.scope, visit.source.name);
  const shipped = PROVINCES_CATALOGUE.find(({ code }) => code === visit.scope);
  const portalId = seen ?? (visit.source.name === "rest-jsp" ? shipped?.agencyId : shipped?.departmentId);
  return portalId === undefined ? { code: visit.scope } : { code: visit.scope, portalId };
}

/** A visit in two words and a count, for the person at the terminal. */
export function outcomeOf({ snapshot }: Collected): string {
  if (snapshot === null) return "NOT ASKED";
  return `${snapshot.complete ? "complete" : "INCOMPLETE"}, ${snapshot.observations} observations`;
}

/** What is wrong with a visit, as the run's problem: place, values, and what was kept. */
export function collectProblem(visit: Visit, { snapshot, stopped }: Collected): Problem | null {
  if (snapshot?.complete === true) return null;
  const place = `${visit.source.name} ${visit.scope} ${periodKey(visit.period)}`;
  if (snapshot === null) {
    const message = `${place}: nothing was asked and nothing is stored; the last complete snapshot stays in use\n  ${stopped}`;
    return { cause: `collect/${visit.source.name}/stopped`, severity: "partial", message };
  }
  const faults = snapshot.findings.filter(({ severity }) => severity === "incomplete");
  const shown = faults.slice(0, 5).map(({ message }) => message);
  const more =
    faults.length > shown.length ? [`… and ${faults.length - shown.length} more: "diemtin snapshots list"`] : [];
  return {
    cause: `collect/${visit.source.name}/${faults[0]?.code ?? "stopped"}`,
    severity: "partial",
    message: [
      `${place}: snapshot ${snapshot.id} is incomplete; the last complete one stays in use`,
      ...shown,
      ...more,
      ...(stopped === null ? [] : [stopped]),
    ].join("\n  "),
  };
}
