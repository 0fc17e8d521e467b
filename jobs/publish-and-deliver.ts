import type { Composed } from "../src/pipeline/compose-daily.ts";
import type { Context } from "../src/pipeline/context.ts";
import { type Delivered, deliver } from "../src/pipeline/deliver.ts";
import { publish, putOut } from "../src/pipeline/publish.ts";
import type { JobResult } from "../src/pipeline/run.ts";

const NOTHING_SENT: Delivered = { accepted: 0, failed: 0, unknown: 0, problems: [], nobody: [] };

/** The second half of every bulletin's day: render and freeze what is new, put it out, deliver whatever is still owed. */
export async function publishAndDeliver(
  ctx: Context,
  composed: Composed,
  { what, send }: { what: string; send: boolean },
): Promise<JobResult> {
  const published = await publish(ctx, composed.editions);
  const unwritten = await putOut(ctx, [...composed.existing, ...published.keys]);
  const delivered = send ? await deliver(ctx, [...composed.existing, ...published.keys]) : NOTHING_SENT;
  const problems = [...composed.problems, ...published.problems, ...unwritten, ...delivered.problems];
  const made = published.keys.length;
  const sent = delivered.accepted + delivered.failed + delivered.unknown;
  const lines = composed.editions
    .filter((edition) =>
      published.keys.includes(`${edition.bulletin}/${edition.issue}/${edition.audience}/r${edition.reissue}`),
    )
    .map(({ content }) => content.summary);
  if (made === 0 && sent === 0 && composed.existing.length > 0 && problems.length === 0) {
    return {
      result: `${what}: already published (${composed.existing.length} editions), nothing sent`,
      problems,
      skipped: true,
    };
  }
  const nobody =
    delivered.nobody.length === 0
      ? ""
      : `; no recipient: ${delivered.nobody.length} (${delivered.nobody.slice(0, 10).join(", ")}${delivered.nobody.length > 10 ? ", …" : ""})`;
  const mails = send
    ? `${delivered.accepted} mails accepted, ${delivered.failed} failed, ${delivered.unknown} unknown${nobody}`
    : "nothing sent (a past day; --send sends)";
  const result = `${what}: ${made} editions made, ${composed.existing.length} already published, ${mails}`;
  return { result, problems, lines };
}
