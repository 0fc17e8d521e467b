import { createHash } from "node:crypto";
import { noteBlocks } from "../bulletins/weekly-note.ts";
import { addDays, type Day, dayOf, instantAt, mondayOfWeek, shortDate, timeOf } from "../domain/calendar.ts";
import { blockTexts, type Edition, editionKey } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import { weeklyIssueDay } from "../domain/working-calendar.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { shownParts } from "./banner.ts";
import type { Composed } from "./compose-daily.ts";
import type { Context } from "./context.ts";
import { addressMark, sendNotice } from "./notice.ts";
import { render } from "./publish.ts";
import { openCalendar } from "./publish-policy.ts";
import type { Draft, EditionSummary } from "./store.ts";

/** What a weekly's run may go on with, or what it waits for. */
export type Agreed = {
  readonly composed: Composed;
  /** Null: nothing is waited for. `until`: the hour at which it may leave by itself. */
  readonly awaiting: { readonly reason: string; readonly until: Date | null; readonly lines: readonly string[] } | null;
};

const DAY_MS = 86_400_000;

/**
 * Puts a newly composed weekly before its approvers instead of freezing it. Only an approved draft becomes the edition, word for word
 * and byte for byte. Composed anew with other figures or words it is another draft, and what was said of the one before is void.
 * `ask`: approvers are mailed, each once per draft.
 */
export async function agree(ctx: Context, composed: Composed, { ask }: { ask: boolean }): Promise<Agreed> {
  const [edition] = composed.editions;
  const { approval } = ctx.settings.weekly;
  if (edition === undefined || approval.kind === "none") return { composed, awaiting: null };
  const files = await render(ctx, edition);
  const draft = await ctx.store.drafts.keep(edition, files, fingerprintOf(edition));
  if (draft.approval !== null || (await approveByClock(ctx, draft)))
    return { composed: { ...composed, editions: [], existing: [await freezeDraft(ctx, draft)] }, awaiting: null };
  const problems = ask ? await askApprovers(ctx, draft) : [];
  const unwritten = await putOutDraft(ctx, draft);
  return {
    composed: { ...composed, editions: [], problems: [...composed.problems, ...problems, ...unwritten] },
    awaiting: { ...(await awaited(ctx, draft)), lines: [draft.edition.content.summary] },
  };
}

/** This issue still waits for somebody's word: it is composed again each morning, with the figures of that day. */
export async function isPending(ctx: Context, issue: string, province: string): Promise<boolean> {
  if (ctx.settings.weekly.approval.kind !== "required") return false;
  const draft = await ctx.store.drafts.of(issue, province);
  return draft !== null && draft.approval === null;
}

/** Where a draft's PDF lies below the output directory. */
export function draftPath({ edition }: Pick<Draft, "edition">): string {
  return `weekly/cho-duyet_${edition.issue}_${edition.audience}.pdf`;
}

/**
 * Drafts of the last week that may leave without being composed again: approved ones whose process died before they were frozen, and
 * those whose hour came within the last day and that nobody has held. Gives the editions they became.
 */
export async function releaseDrafts(ctx: Context): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const { issue, audience } of await ctx.store.drafts.issues(new Date(ctx.now().getTime() - 7 * DAY_MS))) {
    const draft = await ctx.store.drafts.of(issue, audience);
    if (draft === null || (await ctx.store.editions.find(editionKey(draft.edition))) !== null) continue;
    const at = await leavesAt(ctx, issue);
    // What the standing body has said since must not be missing: the next publish-weekly composes it anew.
    if (draft.approval === null && (await hasOtherNote(ctx, draft.edition))) continue;
    const isOver = at !== null && ctx.now().getTime() - at.getTime() > DAY_MS;
    if (draft.approval !== null || (!isOver && (await approveByClock(ctx, draft))))
      keys.push(await freezeDraft(ctx, draft));
  }
  return keys;
}

/** Makes an approved draft the edition: its own words, its own bytes. Gives the edition's key. */
export async function freezeDraft(ctx: Context, draft: Draft): Promise<string> {
  return ctx.store.editions.freeze(draft.edition, await ctx.store.drafts.files(draft.id));
}

/** An edition that a person agreed to within the last day is meant to be mailed, whenever it was composed. */
export async function isLatelyApproved(
  ctx: Pick<Context, "store" | "now">,
  { id, bulletin }: Pick<EditionSummary, "id" | "bulletin">,
): Promise<boolean> {
  if (bulletin !== "weekly") return false;
  const approval = await ctx.store.drafts.approvalOf(id);
  return approval?.kind === "person" && ctx.now().getTime() - approval.at.getTime() < DAY_MS;
}

/** Why a draft is no longer what an approver should agree to; null when it is. */
export async function outdated(ctx: Pick<Context, "store" | "now">, { edition }: Draft): Promise<string | null> {
  if (await hasOtherNote(ctx, edition)) return "the standing body's comment is another one";
  const period = periodKey(periodOf("year", dayOf(edition.composedAt)));
  for (const scope of [PROVINCES, edition.audience]) {
    const latest = await ctx.store.snapshots.latest({ source: DEFAULT_SOURCE.name, scope, period, asOf: ctx.now() });
    if (latest !== null && latest.takenAt > edition.composedAt && !edition.snapshots.includes(latest.id))
      return `newer complete figures of ${scope} were taken on ${dayOf(latest.takenAt)} at ${timeOf(latest.takenAt)}`;
  }
  return null;
}

async function hasOtherNote(ctx: Pick<Context, "store">, { issue, content }: Edition): Promise<boolean> {
  const note = await ctx.store.notes.of(issue);
  const wanted = blockTexts(noteBlocks(note?.text ?? null)).join("\n");
  return !blockTexts(content.blocks).join("\n").includes(wanted);
}

/** When an issue leaves by itself; null when it never does. */
export async function leavesAt(ctx: Pick<Context, "store" | "settings">, issue: string): Promise<Date | null> {
  const { approval } = ctx.settings.weekly;
  return approval.kind === "auto" ? instantAt(await issueDay(ctx, issue), approval.at) : null;
}

async function putOutDraft(ctx: Pick<Context, "store" | "out">, draft: Draft): Promise<readonly Problem[]> {
  const pdf = (await ctx.store.drafts.files(draft.id)).find(({ kind }) => kind === "pdf");
  try {
    if (pdf !== undefined) await ctx.out.write(draftPath(draft), pdf.bytes);
    return [];
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const message = `the draft's PDF is missing in ${ctx.out.directory}: ${error.message}. It is stored all the same: make room or give write access (DIEMTIN_OUT)`;
    return [{ cause: "output/pdf", severity: "partial", message }];
  }
}

async function approveByClock(ctx: Context, draft: Draft): Promise<boolean> {
  const { issue } = draft.edition;
  const at = await leavesAt(ctx, issue);
  const now = ctx.now();
  if (at === null || now < at || (await ctx.store.holds.open({ bulletin: "weekly", issue })) !== null) return false;
  const by = `weekly.approval: auto_at ${timeOf(at)}`;
  const edition = editionKey(draft.edition);
  return ctx.store.drafts.approve(draft.id, { kind: "clock", edition, sha256: draft.sha256, at: now, by });
}

async function awaited(ctx: Context, { id, edition }: Draft): Promise<{ reason: string; until: Date | null }> {
  const { issue } = edition;
  const hold = await ctx.store.holds.open({ bulletin: "weekly", issue });
  const how = `look at out/${draftPath({ edition })}, then "diemtin approve weekly --for ${issue}"`;
  if (hold !== null) return { reason: `draft ${id} of ${issue} is held by ${hold.by}: ${hold.reason}`, until: null };
  const at = await leavesAt(ctx, issue);
  if (at === null)
    return { reason: `draft ${id} of ${issue} waits for approval (weekly.approval: required): ${how}`, until: null };
  return {
    reason: `draft ${id} of ${issue} leaves on ${dayOf(at)} at ${timeOf(at)} unless it is held ("diemtin hold weekly"); sooner: ${how}`,
    until: at,
  };
}

/** Mails every approver a draft, once. Gives a problem per mail that did not leave. */
async function askApprovers(ctx: Context, draft: Draft): Promise<readonly Problem[]> {
  const files = await ctx.store.drafts.files(draft.id);
  const at = await leavesAt(ctx, draft.edition.issue);
  const problems: Problem[] = [];
  for (const address of ctx.settings.weekly.approvers) {
    const to = { name: "Người duyệt bản tin tuần", address };
    const lines = requestLines(draft, at);
    const parts = shownParts({
      ...{ edition: draft.edition, files, to, lines },
      settings: ctx.settings,
      mark: "[Chờ duyệt]",
    });
    const key = `approval/${draft.edition.issue}/${draft.id}/${addressMark(address)}`;
    problems.push(...((await sendNotice(ctx, { key, to, ...parts }))?.problems ?? []));
  }
  return problems;
}

function requestLines({ edition, sha256, id }: Draft, at: Date | null): readonly string[] {
  const { issue } = edition;
  return [
    `BẢN TIN CHỜ DUYỆT (số ${issue}, bản thảo ${id}), lập lúc ${timeOf(edition.composedAt)} ngày ${shortDate(dayOf(edition.composedAt))}. Chưa gửi cho ai khác.`,
    at === null
      ? "Bản tin chỉ được gửi sau khi có người duyệt."
      : `Nếu không có ai giữ lại, đúng bản này sẽ tự gửi lúc ${timeOf(at)} ngày ${shortDate(dayOf(at))}.`,
    `Duyệt: npx diemtin approve weekly --for ${issue}. Giữ lại: npx diemtin hold weekly --for ${dayOf(edition.composedAt)} --reason "…".`,
    `Có số liệu mới hoặc nhận xét mới thì bản tin được lập lại và cần duyệt lại. Mã sha256 của tệp PDF: ${sha256}.`,
  ];
}

async function issueDay(ctx: Pick<Context, "store">, issue: string): Promise<Day> {
  const [year = 0, week = 1] = issue.split("-W").map(Number);
  const monday = addDays(mondayOfWeek(year, week), 7);
  return weeklyIssueDay(await openCalendar(ctx), monday) ?? monday;
}

/** Equal for the same figures and words, whenever they were composed. */
function fingerprintOf({ asOf, snapshots, baseline, content }: Edition): string {
  return createHash("sha256").update(JSON.stringify({ asOf, snapshots, baseline, content })).digest("hex");
}
