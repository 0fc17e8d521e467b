import { dayOf } from "../domain/calendar.ts";
import { type Differences, differences, together } from "../domain/correction.ts";
import { describeError, ReadError } from "../domain/errors.ts";
import { parsePeriod } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import type { Finding } from "../domain/snapshot.ts";
import { sourceNamed } from "../sources/index.ts";
import { timeLeft } from "./backfill.ts";
import { byHand } from "./by-hand.ts";
import type { Context } from "./context.ts";
import { assess } from "./normalise.ts";
import type { Settled, StoredSnapshot } from "./store.ts";

/** Reading again asks nobody, draws nothing and sends nothing. */
export type RereadContext = Pick<Context, "store" | "now" | "settings" | "log" | "progress" | "instance">;

/** Which archived snapshots are read again, by when they were taken, and whether anything is written. */
export type RereadQuestion = {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly source: string | null;
  readonly scope: string | null;
  readonly dryRun: boolean;
};

/** One snapshot that today's readers read or judge otherwise. */
export type RereadSnapshot = {
  readonly snapshot: StoredSnapshot;
  /** Observations as read now. */
  readonly read: number;
  readonly differences: Differences;
  readonly completeNow: boolean;
  /** Figures, or which of them may be printed, are otherwise; not only what is remarked about them. */
  readonly printed: boolean;
};

export type Reread = {
  /** Observations as read now, of all snapshots together. */
  readonly read: number;
  readonly snapshotsRead: number;
  readonly differences: Differences;
  readonly differing: readonly RereadSnapshot[];
  /** Snapshots that could not be read again; they stay as they were. */
  readonly problems: readonly Problem[];
};

/** A snapshot that was never read may still be in the making for so long. */
const IN_THE_MAKING_MS = 3_600_000;
const TOLD_EVERY = 25;

/**
 * Reads archived answers with today's readers, in the order they were taken, and gives what differs from what is stored. Without
 * `dryRun` each differing snapshot is written in a transaction of its own before the next is judged by it; a process that is
 * killed leaves whole snapshots, and a second run finds those unchanged. Judged as at the moment of recording; in a dry run, by
 * what is stored of earlier snapshots.
 */
export async function reread(ctx: RereadContext, question: RereadQuestion): Promise<Reread> {
  if (question.dryRun) return readAll(ctx, question);
  return byHand(ctx, { command: "reread", day: dayOf(ctx.now()) }, async () => {
    const value = await readAll(ctx, question);
    const { changed, added, removed } = value.differences;
    const result = `${value.snapshotsRead} snapshots with ${value.read} observations read: ${changed} changed, ${added} added, ${removed} removed`;
    return { value, result, problems: value.problems };
  });
}

async function readAll(ctx: RereadContext, question: RereadQuestion): Promise<Reread> {
  const wanted = (await ctx.store.snapshots.list()).filter((snapshot) => isWanted(snapshot, question, ctx.now()));
  const differing: RereadSnapshot[] = [];
  const problems: Problem[] = [];
  const startedAt = ctx.now().getTime();
  let read = 0;
  for (const [index, snapshot] of wanted.entries()) {
    try {
      const { settled, found } = await readAgain(ctx, snapshot);
      read += settled.observations.length;
      if (found !== null) {
        differing.push(found);
        // Differences alone are kept for the report: a year's observations do not fit into memory.
        if (!question.dryRun) await write(ctx, found, settled);
      }
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      problems.push({ cause: `reread/${snapshot.id}`, severity: "partial", message: describeError(error) });
    }
    const done = index + 1;
    if (done % TOLD_EVERY === 0 || done === wanted.length)
      ctx.progress(
        `  ${done}/${wanted.length} snapshots read, ${differing.length} differ${timeLeft({ spentMs: ctx.now().getTime() - startedAt, done, all: wanted.length })}`,
      );
  }
  const all = together(differing.map((one) => one.differences));
  return { read, snapshotsRead: wanted.length - problems.length, differences: all, differing, problems };
}

function isWanted(snapshot: StoredSnapshot, question: RereadQuestion, now: Date): boolean {
  const { takenAt, recordedAt, source, scope } = snapshot;
  const unread = !snapshot.complete && snapshot.observations === 0 && snapshot.findings.length === 0;
  if (unread && now.getTime() - recordedAt.getTime() < IN_THE_MAKING_MS) return false;
  return (
    (question.from === null || takenAt >= question.from) &&
    (question.to === null || takenAt <= question.to) &&
    (question.source === null || source === question.source) &&
    (question.scope === null || scope === question.scope)
  );
}

/** `found` is null when today's readers say and judge exactly what is stored. */
async function readAgain(ctx: RereadContext, snapshot: StoredSnapshot) {
  const period = parsePeriod(snapshot.period);
  if (period === null) throw new ReadError(`snapshot ${snapshot.id}: "${snapshot.period}" is no period we know`);
  const archived = { ...snapshot, period };
  const [{ settled }, before, verdict] = await Promise.all([
    assess({ ...ctx, now: () => snapshot.recordedAt }, sourceNamed(snapshot.source), archived),
    ctx.store.observations.of(snapshot.id, { all: true }),
    ctx.store.snapshots.verdict(snapshot.id),
  ]);
  const differ = differences(before, settled.observations);
  const completeNow = settled.complete || snapshot.accepted !== null;
  const judged = verdict.sound.join() !== settled.sound.join() || completeNow !== snapshot.complete;
  const printed = judged || differ.changed + differ.added + differ.removed > 0;
  const remarked =
    verdict.fingerprint !== settled.fingerprint || wordsOf(snapshot.findings) !== wordsOf(settled.findings);
  const found = { snapshot, read: settled.observations.length, differences: differ, completeNow, printed };
  return { settled, found: printed || remarked ? found : null };
}

async function write(ctx: RereadContext, found: RereadSnapshot, settled: Settled): Promise<void> {
  const { id } = found.snapshot;
  await ctx.store.snapshots.settle(id, settled, found.printed ? ctx.now() : undefined);
  const { changed, added, removed } = found.differences;
  ctx.log("reread", { snapshot: id, changed, added, removed, complete: found.completeNow });
}

/** The database gives a finding's fields in another order. */
function wordsOf(findings: readonly Finding[]): string {
  return findings.map((finding) => JSON.stringify(Object.entries(finding).sort())).join("\n");
}
