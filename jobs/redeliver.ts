import { addDays, instantAt } from "../src/domain/calendar.ts";
import { deliver } from "../src/pipeline/deliver.ts";
import type { Job } from "../src/pipeline/run.ts";

/** How far back an edition may still be owed to someone. */
const OWED_DAYS = 2;

/** Sends recent editions still owed to someone for a reason that may pass: same stored bytes, same Message-ID. */
export const redeliver: Job = {
  name: "redeliver",
  async run(ctx, { day }) {
    const recent = (await ctx.store.editions.list(instantAt(addDays(day, -OWED_DAYS)))).map(({ id }) => id);
    const delivered = await deliver(ctx, recent);
    const sent = delivered.accepted + delivered.failed + delivered.unknown;
    const result = `${delivered.accepted} mails accepted, ${delivered.failed} failed, ${delivered.unknown} unknown of ${recent.length} recent editions`;
    return { result, problems: delivered.problems, skipped: sent === 0 && delivered.problems.length === 0 };
  },
};
