import { createHash } from "node:crypto";
import { dayOf } from "../domain/calendar.ts";
import { type Expectation, judge } from "../domain/completeness.ts";
import { freshnessFindings, headlineText } from "../domain/freshness.ts";
import { indicatorCode, TOTAL } from "../domain/indicator.ts";
import { periodKey } from "../domain/period.ts";
import type { Finding, Snapshot } from "../domain/snapshot.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { Source } from "../sources/source.ts";
import type { Context } from "./context.ts";

/** What normalising one snapshot came to. */
export type Normalised = {
  readonly id: string;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  readonly observations: number;
};

/**
 * Reads a snapshot's archived answers with today's reader, judges it against what its scope should hold, and stores
 * observations, findings and verdict in one transaction. May run twice: the second run writes the same rows.
 */
export async function normalise(
  ctx: Pick<Context, "store" | "log" | "now" | "settings">,
  source: Source,
  stored: Omit<Snapshot, "answers"> & { readonly id: string },
): Promise<Normalised> {
  const answers = await ctx.store.snapshots.answers(stored.id);
  const reading = source.read({ ...stored, answers });
  const expectation = await expectationOf(ctx, stored);
  const text = headlineText(reading.observations, stored);
  const fingerprint = text === null ? null : createHash("sha256").update(text).digest("hex");
  const doubts = freshnessFindings(stored, {
    ...(await seenBefore(ctx, stored, fingerprint)),
    answers,
    now: ctx.now(),
  });
  const verdict = judge({ ...stored, ...reading, findings: [...reading.findings, ...doubts] }, expectation);
  const { observations, units } = reading;
  await ctx.store.snapshots.settle(stored.id, { ...verdict, observations, units, fingerprint });
  ctx.log("normalised", {
    snapshot: stored.id,
    complete: verdict.complete,
    observations: reading.observations.length,
    findings: verdict.findings.length,
  });
  return {
    id: stored.id,
    complete: verdict.complete,
    findings: verdict.findings,
    observations: reading.observations.length,
  };
}

/** Complete snapshots that said the same before, and whether the newest of this period did. */
async function seenBefore(
  ctx: Pick<Context, "store">,
  stored: Omit<Snapshot, "answers"> & { readonly id: string },
  fingerprint: string | null,
) {
  if (fingerprint === null) return { alike: [], isNewest: false };
  const { source, scope, takenAt } = stored;
  const period = periodKey(stored.period);
  const newest = await ctx.store.snapshots.latest({ source, scope, period, asOf: takenAt, before: true });
  const alike = await ctx.store.snapshots.alike({ source, scope, fingerprint, asOf: takenAt, except: stored.id });
  return { alike, isNewest: alike.some(({ id }) => id === newest?.id) };
}

/** The scope's last complete snapshot before this one tells the units; that of the same period tells the figures. */
async function expectationOf(
  ctx: Pick<Context, "store" | "settings">,
  stored: Omit<Snapshot, "answers">,
): Promise<Expectation> {
  const question = { source: stored.source, scope: stored.scope, asOf: stored.takenAt, before: true };
  const [lastOfScope, lastOfPeriod] = await Promise.all([
    ctx.store.snapshots.latest(question),
    ctx.store.snapshots.latest({ ...question, period: periodKey(stored.period) }),
  ]);
  const province = PROVINCES_CATALOGUE.find(({ code }) => code === stored.scope);
  const counts = province === undefined ? null : { agencies: province.agencies, communes: province.communes };
  return {
    counts,
    zero: ctx.settings.thresholds.zero,
    codes: lastOfScope === null ? null : await codesOf(ctx, lastOfScope, stored),
    previous: lastOfPeriod === null ? null : await ctx.store.observations.of(lastOfPeriod.id),
  };
}

async function codesOf(
  ctx: Pick<Context, "store">,
  last: { readonly id: string; readonly period: string },
  stored: Omit<Snapshot, "answers">,
): Promise<Set<string>> {
  const [observations, register] = await Promise.all([
    ctx.store.observations.of(last.id),
    ctx.store.units.list(stored.scope),
  ]);
  const day = dayOf(stored.takenAt);
  const expected = new Set(
    register
      .filter((unit) => unit.standing !== "waiting" && (unit.closedFrom === null || unit.closedFrom > day))
      .map(({ code }) => code),
  );
  const totals = observations.filter((row) => indicatorCode(row.indicator) === TOTAL && row.period === last.period);
  return new Set(totals.map(({ unit }) => unit).filter((code) => expected.has(code)));
}
