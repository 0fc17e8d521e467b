import { createHash } from "node:crypto";
import { dayOf } from "../domain/calendar.ts";
import { type Expectation, judge } from "../domain/completeness.ts";
import { freshnessFindings, headlineText } from "../domain/freshness.ts";
import { HEADLINES, indicatorCode, indicatorId, TOTAL } from "../domain/indicator.ts";
import { periodKey } from "../domain/period.ts";
import type { Answer, Finding, Snapshot } from "../domain/snapshot.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import type { Source } from "../sources/source.ts";
import type { Context } from "./context.ts";
import type { Settled } from "./store.ts";

/** What normalising one snapshot came to. */
export type Normalised = {
  readonly id: string;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  readonly observations: number;
};

/** A snapshot read and judged, ready to be stored. */
export type Assessed = { readonly answers: readonly Answer[]; readonly settled: Settled };

type Archived = Omit<Snapshot, "answers"> & { readonly id: string };

/**
 * Reads a snapshot's archived answers with today's reader, judges it against what its scope should hold, and stores
 * observations, findings and verdict in one transaction. May run twice: the second run writes the same rows.
 */
export async function normalise(
  ctx: Pick<Context, "store" | "log" | "now" | "settings">,
  source: Source,
  stored: Archived,
): Promise<Normalised> {
  const { settled } = await assess(ctx, source, stored);
  await ctx.store.snapshots.settle(stored.id, settled);
  ctx.log("normalised", {
    snapshot: stored.id,
    complete: settled.complete,
    observations: settled.observations.length,
    findings: settled.findings.length,
  });
  return {
    id: stored.id,
    complete: settled.complete,
    findings: settled.findings,
    observations: settled.observations.length,
  };
}

/**
 * The first half of normalising, which writes nothing: reads a snapshot with today's reader and judges it by what is stored of
 * the snapshots before it. `now` is the moment of judging.
 */
export async function assess(
  ctx: Pick<Context, "store" | "now" | "settings">,
  source: Source,
  stored: Archived,
): Promise<Assessed> {
  const answers = await ctx.store.snapshots.answers(stored.id);
  const reading = source.read({ ...stored, answers });
  const expectation = await expectationOf(ctx, stored, source);
  const text = headlineText(reading.observations, stored);
  const fingerprint = text === null ? null : createHash("sha256").update(text).digest("hex");
  const doubts = freshnessFindings(stored, {
    ...(await seenBefore(ctx, stored, fingerprint)),
    answers,
    now: ctx.now(),
  });
  const verdict = judge({ ...stored, ...reading, findings: [...reading.findings, ...doubts] }, expectation);
  const { observations, units } = reading;
  return { answers, settled: { ...verdict, observations, units, fingerprint } };
}

/** Complete snapshots that said the same before, and whether the newest of this period did. */
async function seenBefore(ctx: Pick<Context, "store">, stored: Archived, fingerprint: string | null) {
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
  { scheme }: Source,
): Promise<Expectation> {
  // Judging looks at totals and groups only: a tenth of what a snapshot holds.
  const indicators = HEADLINES.map((code) => indicatorId(scheme, code));
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
    codes: lastOfScope === null ? null : await codesOf(ctx, lastOfScope, { ...stored, indicators }),
    previous: lastOfPeriod === null ? null : await ctx.store.observations.of(lastOfPeriod.id, { indicators }),
  };
}

async function codesOf(
  ctx: Pick<Context, "store">,
  last: { readonly id: string; readonly period: string },
  stored: Omit<Snapshot, "answers"> & { readonly indicators: readonly string[] },
): Promise<Set<string>> {
  const [observations, register] = await Promise.all([
    ctx.store.observations.of(last.id, { indicators: stored.indicators }),
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
