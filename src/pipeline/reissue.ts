import { corrected } from "../bulletins/correction.ts";
import { addDays, dayOf, mondayOfWeek } from "../domain/calendar.ts";
import { type Correction, correctionsBetween } from "../domain/correction.ts";
import { type Edition, editionKey } from "../domain/edition.ts";
import { ReadError, SendError, UsageError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import { isProvinceCode, PROVINCES, scopeOf } from "../domain/unit.ts";
import { unitName } from "../domain/view.ts";
import { nextWeeklyIssueDay, nextWorkingDay } from "../domain/working-calendar.ts";
import { byHand } from "./by-hand.ts";
import { composeDailies } from "./compose-daily.ts";
import { composeWeeklies } from "./compose-weekly.ts";
import type { Context } from "./context.ts";
import { type Delivered, deliver } from "./deliver.ts";
import { pinnedTo } from "./pinned.ts";
import { putOut, render } from "./publish.ts";
import { openCalendar } from "./publish-policy.ts";

export type ReissueQuestion = {
  /** Any edition of the issue: "daily/2026-10-12/H21.17/r0". */
  readonly edition: string;
  /** Printed: why figures are corrected. Vietnamese. */
  readonly reason: string;
  /** Makes one although no figure differs. */
  readonly force: boolean;
  readonly send: boolean;
};

export type Reissued = {
  readonly key: string;
  /** False when the latest reissue says all this already and was only sent. */
  readonly made: boolean;
  readonly corrections: readonly Correction[];
  /** Null when nothing was to be sent. */
  readonly delivered: Delivered | null;
  readonly problems: readonly Problem[];
};

type Stored = Edition & { readonly id: string };

/**
 * Composes an issue anew from the snapshots it was made from and compared with, and freezes it as its next reissue with the box
 * "Số liệu điều chỉnh". What was printed before stays. Mail leaves only with `send`: each recipient of the list gets a reissue
 * once. Where the latest reissue says the same already, `send` sends that one to whoever has not got it.
 * Throws UsageError when no figure differs (unless forced) and when there is no such edition.
 */
export async function reissue(ctx: Context, question: ReissueQuestion): Promise<Reissued> {
  const latest = await latestOf(ctx, question.edition);
  const fresh = await composeAnew(ctx, latest);
  const corrections = correctionsBetween(latest.content.figures, fresh.content.figures);
  const repeats = corrections.length === 0 && !question.force;
  if (repeats && (latest.reissue === 0 || !question.send))
    throw new UsageError(
      `${latest.id}: composed anew from the same snapshots, every figure is as printed; nothing to correct (--force makes a reissue all the same)`,
    );
  return byHand(ctx, { command: "reissue", day: dayOf(ctx.now()) }, async () => {
    const key = repeats ? latest.id : await freezeNext(ctx, { latest, fresh, corrections, reason: question.reason });
    const unwritten = await putOut(ctx, [key]);
    const delivered = question.send ? await deliver(ctx, [key]) : null;
    const problems = [...unwritten, ...(delivered?.problems ?? [])];
    const mails = delivered === null ? "nothing sent" : `${delivered.accepted} mails accepted`;
    const value = { key, made: !repeats, corrections, delivered, problems };
    return { value, result: `${key}: ${corrections.length} corrections, ${mails}`, problems };
  });
}

async function latestOf(ctx: Context, key: string): Promise<Stored> {
  let latest = await ctx.store.editions.find(key);
  if (latest === null) throw new UsageError(`there is no edition ${key}; "diemtin editions list" shows them`);
  for (;;) {
    const next = await ctx.store.editions.find(editionKey({ ...latest, reissue: latest.reissue + 1 }));
    if (next === null) return latest;
    latest = next;
  }
}

/** The issue as today's readers, composer and register make it, from what it was made from. */
async function composeAnew(ctx: Context, edition: Stored): Promise<Edition> {
  const pinned = { ...ctx, store: await pinnedTo(ctx.store, edition) };
  const snapshots = await Promise.all(edition.snapshots.map((id) => ctx.store.snapshots.find(id)));
  const moments = snapshots.flatMap((snapshot) => snapshot?.takenAt.getTime() ?? []);
  const day = issueDay(edition);
  const calendar = await openCalendar(ctx);
  const issue = {
    province: provinceOfAudience(edition.audience),
    day,
    asOf: new Date(Math.max(edition.asOf.getTime(), ...moments)),
    afresh: true,
    older: dayOf(edition.asOf) !== day,
  };
  const composed =
    edition.bulletin === "daily"
      ? await composeDailies(pinned, { ...issue, nextIssue: nextWorkingDay(calendar, day), only: edition.audience })
      : await composeWeeklies(pinned, { ...issue, nextIssue: nextWeeklyIssueDay(calendar, day) });
  const fresh = composed.editions.find(
    ({ audience, issue: name }) => audience === edition.audience && name === edition.issue,
  );
  if (fresh !== undefined && fresh.asOf.getTime() === edition.asOf.getTime()) return fresh;
  const why = composed.problems[0]?.message ?? "its unit is closed, unconfirmed or not among the figures any more";
  throw new ReadError(`${edition.id} cannot be composed from its own snapshots any more: ${why}`);
}

/** The day a weekly was issued on: of its figures, or the Monday when those are older. */
function issueDay(edition: Edition): string {
  if (edition.bulletin === "daily") return edition.issue;
  const [year, week] = edition.issue.split("-W").map(Number);
  const monday = addDays(mondayOfWeek(year ?? 0, week ?? 0), 7);
  const taken = dayOf(edition.asOf);
  return taken >= monday && taken <= addDays(monday, 6) ? taken : monday;
}

function provinceOfAudience(audience: string): string {
  return isProvinceCode(audience) ? audience : scopeOf(audience);
}

type Next = {
  readonly latest: Stored;
  readonly fresh: Edition;
  readonly corrections: readonly Correction[];
  readonly reason: string;
};

async function freezeNext(ctx: Context, { latest, fresh, corrections, reason }: Next): Promise<string> {
  const register = await Promise.all(
    [PROVINCES, provinceOfAudience(latest.audience)].map((scope) => ctx.store.units.list(scope)),
  );
  const names = new Map(register.flat().map((unit) => [unit.code, unitName(unit)]));
  const next = latest.reissue + 1;
  const nameOf = (unit: string) => names.get(unit) ?? unit;
  const content = corrected(fresh.content, { replaced: latest, reissue: next, reason, corrections, nameOf });
  const edition: Edition = { ...fresh, reissue: next, content };
  const key = await ctx.store.editions.freeze(edition, await render(ctx, edition));
  const kept = await ctx.store.editions.find(key);
  if (kept?.composedAt.getTime() !== edition.composedAt.getTime())
    throw new SendError(`${key} was made by somebody else at the same time; look at it, then correct that one`, {
      mayPass: false,
    });
  return key;
}
