import type { Context } from "./context.ts";
import { share, stopsAll } from "./crew.ts";
import type { Attempt } from "./delivery-problems.ts";
import { sendOne } from "./send-one.ts";
import type { StoredDelivery } from "./store.ts";

/** A fault that passes within seconds (a dropped line, a busy relay) is not left for the next job. */
const WAITS_MS = [2_000, 10_000] as const;

/** What is to be sent, what an earlier process of this run has sent, and how to wait between rounds. */
type Round = {
  readonly due: readonly StoredDelivery[];
  readonly earlier: readonly Attempt[];
  readonly sleep: (ms: number) => Promise<void>;
};

/** The last attempt at each delivery. What may pass is tried again in up to two more rounds; a `stop` ends all of them. */
export async function sendAll(ctx: Context, { due, earlier, sleep }: Round): Promise<readonly Attempt[]> {
  const attempts = new Map(earlier.map((attempt) => [attempt.row.id, attempt]));
  let waiting = due;
  for (const waitMs of [0, ...WAITS_MS]) {
    if (waiting.length === 0) break;
    if (waitMs > 0) await sleep(waitMs);
    const outcomes = await share(ctx, {
      name: "deliver",
      works: waiting.map(({ id }) => ({ delivery: id })),
      one: ({ delivery }) => sendOne(ctx, delivery),
      told: (ended) => {
        if (ended % 50 === 0) ctx.progress(`mail: ${ended} of ${waiting.length}`);
      },
    });
    const tried = waiting.flatMap((row, place) => {
      const outcome = outcomes[place] ?? null;
      return outcome === null ? [] : [{ row, outcome }];
    });
    for (const attempt of tried) attempts.set(attempt.row.id, attempt);
    const stop = outcomes.find(stopsAll);
    if (stop !== undefined) {
      if (stop !== null && stop.state === "failed" && stop.refusal === "policy") await postpone(ctx, waiting);
      break;
    }
    waiting = tried.flatMap(({ row, outcome }) => (outcome.state === "failed" && outcome.mayPass ? [row] : []));
  }
  return [...attempts.values()];
}

/** After a relay took us for a sender of unwanted mail the rest waits, so that not three more are refused for good every ten minutes. */
async function postpone(ctx: Context, rows: readonly StoredDelivery[]): Promise<void> {
  const until = new Date(ctx.now().getTime() + 60 * 60_000);
  await ctx.store.deliveries.postpone(
    rows.map(({ id }) => id),
    until,
  );
}
