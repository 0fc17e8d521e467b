import { addDays, type Day, mondayOfWeek } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import type { PastIssue } from "../domain/memory.ts";
import type { Context } from "./context.ts";

/** So many weeks are looked back; longer rows are not told. */
const MOST_WEEKS = 26;

/** The bulletins of the weeks before the first covered one, newest first, up to the first week without one. */
export async function weeksBefore(
  ctx: Pick<Context, "store">,
  { province, issueName, from }: { province: string; issueName: string; from: Day },
): Promise<readonly PastIssue[]> {
  const issues = (await ctx.store.editions.past("weekly", issueName, MOST_WEEKS)).get(province) ?? [];
  const gap = issues.findIndex(({ issue }, index) => mondayOfIssue(issue) !== addDays(from, -7 * (index + 1)));
  return gap < 0 ? issues : issues.slice(0, gap);
}

/** The Monday on which a weekly comes out: the one after the week it covers. */
export function issueMonday(last: Edition | null): Day | null {
  const covered = last === null ? null : mondayOfIssue(last.issue);
  return covered === null ? null : addDays(covered, 7);
}

/** The Monday of the week an issue is named by. */
export function mondayOfIssue(issue: string): Day | null {
  const match = /^(\d{4})-W(\d{2})$/.exec(issue);
  return match === null ? null : mondayOfWeek(Number(match[1]), Number(match[2]));
}
