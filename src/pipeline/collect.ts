import { FetchError } from "../domain/errors.ts";
import { type Period, periodKey } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import type { Request, Scope } from "../domain/snapshot.ts";
import { PROVINCES } from "../domain/unit.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { Source } from "../sources/source.ts";
import type { Context } from "./context.ts";
import { type Normalised, normalise } from "./normalise.ts";

/** What collecting may do to the world: it asks, archives and reads. It has no way to draw or to send. */
export type CollectContext = Pick<Context, "store" | "now" | "portal" | "log" | "settings">;

/** One visit: a source, a scope, a period. */
export type Visit = { readonly source: Source; readonly scope: string; readonly period: Period };

/**
 * Asks a source everything one snapshot needs, archives each answer before anything reads it, then normalises.
 * A source that stops in the middle leaves an incomplete snapshot of what it said; `stopped` tells why.
 */
export async function collect(
  ctx: CollectContext,
  visit: Visit,
): Promise<Normalised & { readonly stopped: string | null }> {
  const { source, period } = visit;
  const requests = await requestsOf(ctx, visit);
  const takenAt = ctx.now();
  const snapshot = { source: source.name, scope: visit.scope, period, takenAt };
  const { id } = await ctx.store.snapshots.open(snapshot, takenAt);
  let stopped: string | null = null;
  for (const [ordinal, request] of requests.entries()) {
    try {
      await ctx.store.snapshots.archive(id, ordinal, await ctx.portal.ask(source.name, request));
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      stopped = error.message;
      break;
    }
  }
  return { ...(await normalise(ctx, source, { id, ...snapshot })), stopped };
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

/** What is wrong with a collected snapshot, as the run's problem: place, values, and what was kept. */
export function collectProblem(
  visit: Visit,
  collected: Normalised & { readonly stopped: string | null },
): Problem | null {
  if (collected.complete) return null;
  const faults = collected.findings.filter(({ severity }) => severity === "incomplete");
  const place = `${visit.source.name} ${visit.scope} ${periodKey(visit.period)}`;
  const shown = faults.slice(0, 5).map(({ message }) => message);
  const more =
    faults.length > shown.length ? [`… and ${faults.length - shown.length} more: "diemtin snapshots list"`] : [];
  return {
    cause: `collect/${visit.source.name}/${faults[0]?.code ?? "stopped"}`,
    severity: "partial",
    message: [
      `${place}: snapshot ${collected.id} is incomplete; the last complete one stays in use`,
      ...shown,
      ...more,
      ...(collected.stopped === null ? [] : [collected.stopped]),
    ].join("\n  "),
  };
}
