import { addDays, type Day, dayOf, instantAt, mondayOfWeek } from "../src/domain/calendar.ts";
import { type WorkingCalendar, weeklyIssueDay } from "../src/domain/working-calendar.ts";
import { isLatelyApproved, releaseDrafts } from "../src/pipeline/approval.ts";
import type { Context } from "../src/pipeline/context.ts";
import { deliver } from "../src/pipeline/deliver.ts";
import { deliveryDeadline } from "../src/pipeline/delivery-deadline.ts";
import { openCalendar } from "../src/pipeline/publish-policy.ts";
import type { Job } from "../src/pipeline/run.ts";
import type { EditionSummary } from "../src/pipeline/store.ts";
import { tellOfPeople } from "../src/pipeline/tidings.ts";

/** How far back an edition may still be owed to someone. */
const OWED_DAYS = 2;

/** Sends recent editions still owed to someone for a reason that may pass: same stored bytes, same Message-ID. */
export const redeliver: Job = {
  name: "redeliver",
  missed: "last",
  async run(ctx, { day, send, slot }) {
    if (!send) return { result: "nothing sent (a past day; --send sends)", problems: [], skipped: true };
    await tellOfPeople(ctx, day);
    await releaseDrafts(ctx);
    const recent = await owedEditions(ctx, day);
    const occasion = { byHand: slot === undefined, startedAt: ctx.now() };
    const delivered = await deliver(ctx, recent, { occasion });
    const sent = delivered.accepted + delivered.failed + delivered.unknown;
    if (delivered.unsent !== undefined)
      return {
        result: `${delivered.unsent}: ${recent.length} recent editions`,
        problems: delivered.problems,
        skipped: sent === 0 && delivered.problems.length === 0,
      };
    const result = `${delivered.accepted} mails accepted, ${delivered.failed} failed, ${delivered.unknown} unknown of ${recent.length} recent editions`;
    return { result, problems: delivered.problems, skipped: sent === 0 && delivered.problems.length === 0 };
  },
};

/**
 * Recent editions that were meant to be mailed: made on their own day (also when the process died before it wrote down whom it
 * owes them) and not past its deadline, or owed to somebody already. One made afterwards without --send, every correction, and what
 * has piled up before go-live, stays unsent.
 */
async function owedEditions(ctx: Context, day: Day): Promise<readonly string[]> {
  const calendar = await openCalendar(ctx);
  const now = ctx.now();
  const planned = { byHand: false, startedAt: now };
  const recent = await ctx.store.editions.list(instantAt(addDays(day, -OWED_DAYS)));
  const rows = await ctx.store.deliveries.list(recent.map(({ id }) => id));
  const owed = new Set(rows.map(({ edition }) => edition));
  const keys: string[] = [];
  for (const edition of recent) {
    const until = deliveryDeadline(edition, ctx.settings.delivery, planned);
    const isMeant = edition.reissue === 0 && isOnTime(edition, calendar) && now < until;
    if (owed.has(edition.id) || isMeant || (await isLatelyApproved(ctx, edition))) keys.push(edition.id);
  }
  return keys;
}

function isOnTime({ bulletin, issue, composedAt }: EditionSummary, calendar: WorkingCalendar): boolean {
  const made = dayOf(composedAt);
  if (bulletin === "daily") return issue === made;
  const [year, week] = issue.split("-W").map(Number);
  if (year === undefined || week === undefined) return false;
  return made === weeklyIssueDay(calendar, addDays(mondayOfWeek(year, week), 7));
}
