import type { Command } from "commander";
import { publishWeekly } from "../../jobs/publish-weekly.ts";
import { type Config, readConfig, requireProvince } from "../config.ts";
import { dayOf, isDay, timeOf } from "../domain/calendar.ts";
import { editionKey } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import { exitCode } from "../domain/run.ts";
import { weeklyIssue } from "../domain/working-calendar.ts";
import { recordAction } from "../pipeline/actions.ts";
import { freezeDraft, outdated } from "../pipeline/approval.ts";
import type { Context } from "../pipeline/context.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import type { Draft } from "../pipeline/store.ts";
import { actorOf } from "./actor.ts";
import { redacted, runAndShow } from "./run.ts";
import { inContext, type Register, type Terminal } from "./terminal.ts";

/** `approve weekly`: the word without which a weekly does not leave, or with which it leaves sooner. */
export const registerApprove: Register = (program, terminal) => {
  program
    .command("approve")
    .argument("<bulletin>", "weekly (a daily needs no approval)")
    .description("agree to the weekly that waits: these very figures, words and bytes are sent, or none")
    .requiredOption("--for <issue>", "the issue, 2026-W41, or any day of the week it comes out in")
    .action((bulletin: string, options: { for: string }, command: Command) =>
      approve(terminal, { bulletin, issue: options.for, actor: actorOf(terminal, command) }),
    );
};

type Wanted = { readonly bulletin: string; readonly issue: string; readonly actor: string };

async function approve(terminal: Terminal, wanted: Wanted): Promise<void> {
  if (wanted.bulletin !== "weekly")
    throw new UsageError(`"${wanted.bulletin}" needs no approval: only the weekly does`);
  const config = readConfig(terminal);
  const { province, weekly } = requireProvince(config);
  if (weekly.approval.kind === "none")
    throw new UsageError("weekly.approval is none: nothing waits for approval, the weekly leaves when it is made");
  await inContext({ config, world: terminal }, async (ctx) => {
    const issue = await issueOf(ctx, wanted.issue);
    const draft = await waitingDraft(ctx, issue, province);
    const [at, edition] = [ctx.now(), editionKey(draft.edition)];
    const given = { bulletin: "weekly", issue, draft: draft.id, sha256: draft.sha256 };
    await recordAction(ctx.store, { at, actor: wanted.actor, command: "approve", arguments: given });
    const approval = { kind: "person", edition, sha256: draft.sha256, at, by: wanted.actor } as const;
    if (!(await ctx.store.drafts.approve(draft.id, approval)))
      throw new UsageError(`${issue}: another draft was made at this moment; look at it, then approve that one`);
    await freezeDraft(ctx, draft);
    terminal.print(`${edition} is approved by ${wanted.actor}: draft ${draft.id}, PDF sha256 ${draft.sha256}`);
    await send(terminal, { ctx, config, issue });
  });
}

async function issueOf(ctx: Context, text: string): Promise<string> {
  if (/^\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])$/.test(text)) return text;
  if (!isDay(text)) throw new UsageError(`--for: "${text}" is neither an issue such as 2026-W41 nor a day YYYY-MM-DD`);
  return weeklyIssue(await openCalendar(ctx), text).issue;
}

/** Throws UsageError when there is nothing to agree to, or no longer this. */
async function waitingDraft(ctx: Context, issue: string, province: string): Promise<Draft> {
  const draft = await ctx.store.drafts.of(issue, province);
  if (draft?.approval != null) {
    const { at, by } = draft.approval;
    throw new UsageError(`weekly ${issue} was approved on ${dayOf(at)} at ${timeOf(at)} by ${by}; nothing was changed`);
  }
  const key = `weekly/${issue}/${province}/r0`;
  if ((await ctx.store.editions.find(key)) !== null)
    throw new UsageError(`${key} was published without a draft; there is nothing to approve`);
  if (draft === null)
    throw new UsageError(`nothing of weekly ${issue} waits for approval; "diemtin run publish-weekly" composes it`);
  const why = await outdated(ctx, draft);
  if (why !== null)
    throw new UsageError(
      `weekly ${issue}: ${why} since draft ${draft.id} was composed; "diemtin run publish-weekly" composes it anew and asks the approvers again. Nothing was approved`,
    );
  return draft;
}

/** At once where the relay is known and it is still this week's; otherwise the next run sends it. */
async function send(
  terminal: Terminal,
  { ctx, config, issue }: { ctx: Context; config: Config; issue: string },
): Promise<void> {
  const today = dayOf(ctx.now());
  const isThisWeeks = weeklyIssue(await openCalendar(ctx), today).issue === issue;
  if (!isThisWeeks || config.smtpUrl === null) {
    const day = isThisWeeks ? "" : " --for DATE --send";
    terminal.print(`the next run sends it; "diemtin run publish-weekly${day}" does so now`);
    return;
  }
  const report = redacted(await runAndShow(ctx, publishWeekly, { day: today, asOf: ctx.now(), send: true }));
  terminal.print(`publish-weekly: ${report.state}: ${report.result}`);
  for (const problem of report.problems) terminal.progress(`${problem.severity}: ${problem.message}`);
  terminal.exit(exitCode(report.state));
}
