import { createHash } from "node:crypto";
import type { Tidings } from "../domain/bounce.ts";
import { addDays, type Day, instantAt } from "../domain/calendar.ts";
import type { Problem } from "../domain/run.ts";
import { tellAdmin } from "./alarm.ts";
import type { Context } from "./context.ts";

/** Bounces older than this say nothing about an address any more. */
const SOFT_DAYS = 31;

/**
 * Tells the administrator what has happened to readers since the last time: who paused a bulletin, which addresses do not work, and
 * where mail keeps coming back. Each once; what could not be told by mail is tried again the next time. Gives what stayed untold.
 */
export async function tellOfPeople(ctx: Context, day: Day): Promise<readonly Problem[]> {
  const tidings = await ctx.store.people.untold(instantAt(addDays(day, -SOFT_DAYS)));
  const problems = problemsOf(tidings);
  if (problems.length === 0) return [];
  const untold = await tellAdmin(ctx, { job: "recipients", scheduledFor: day }, problems);
  if (untold.length === 0) await ctx.store.people.told(tidings, ctx.now());
  return untold;
}

function problemsOf({ pauses, suppressions, soft }: Tidings): readonly Problem[] {
  const problems: Problem[] = [];
  if (pauses.length > 0) {
    const shown = pauses.map(({ unit, bulletin }) => `${bulletin ?? "every bulletin"} about ${unit}`);
    problems.push({
      cause: causeOf("paused", pauses),
      severity: "warning",
      message: `${pauses.length} readers paused a bulletin by the link in their mail: ${shown.join("; ")}. Who it is: "diemtin recipients list"; "diemtin recipients resume ADDRESS" ends it when they agree`,
    });
  }
  if (suppressions.length > 0) {
    const shown = suppressions.map(
      ({ delivery, unit, reply }) => `delivery ${delivery ?? "-"} (unit ${unit ?? "-"}): ${reply}`,
    );
    problems.push({
      cause: causeOf("suppressed", suppressions),
      severity: "warning",
      message: `${suppressions.length} addresses do not work and get nothing any more: correct them in the list and import it, or try one again with "diemtin recipients resume ADDRESS"\n  ${shown.join("\n  ")}`,
    });
  }
  for (const { bounces, editions, delivery, unit, reply } of soft)
    problems.push({
      cause: causeOf(
        "soft",
        bounces.map((id) => ({ id })),
      ),
      severity: "warning",
      message: `mail of ${editions} editions to one reader of ${unit} came back for a reason that may pass (last: delivery ${delivery}: ${reply}): ask whether the mailbox is full or has moved`,
    });
  return problems;
}

/** The same news are the same cause, so that two processes at once tell them once. */
function causeOf(kind: string, rows: readonly { readonly id: string }[]): string {
  const ids = rows.map(({ id }) => id).join(",");
  return `recipients/${kind}/${createHash("sha256").update(ids).digest("hex").slice(0, 12)}`;
}
