import type { Problem } from "../src/domain/run.ts";
import type { Composed } from "../src/pipeline/compose-daily.ts";
import type { Context } from "../src/pipeline/context.ts";
import { type Delivered, deliver } from "../src/pipeline/deliver.ts";
import type { Occasion } from "../src/pipeline/delivery-deadline.ts";
import { publish, putOut } from "../src/pipeline/publish.ts";
import type { JobResult } from "../src/pipeline/run.ts";
import type { Hold, Issued } from "../src/pipeline/store.ts";

const NOTHING_SENT: Delivered = { accepted: 0, failed: 0, unknown: 0, problems: [], nobody: [] };

/** `what` names the issue in the result, `issued` is its key; warnings are told whatever comes of it. */
type Plan = {
  readonly what: string;
  readonly send: boolean;
  readonly issued: Issued;
  readonly warnings: readonly Problem[];
  readonly occasion: Occasion;
};

/**
 * The second half of every bulletin's day: render and freeze what is new, put it out, deliver whatever is still owed. A held issue
 * is made, and nobody gets it until it is released.
 */
export async function publishAndDeliver(
  ctx: Context,
  composed: Composed,
  { what, send, issued, warnings, occasion }: Plan,
): Promise<JobResult> {
  const published = await publish(ctx, composed.editions);
  const unwritten = await putOut(ctx, [...composed.existing, ...published.keys]);
  const hold = await ctx.store.holds.open(issued);
  const sends = send && hold === null;
  const delivered = sends ? await deliver(ctx, [...composed.existing, ...published.keys], { occasion }) : NOTHING_SENT;
  const all = composed.existing.length + published.keys.length;
  const unread =
    sends && delivered.unsent === undefined && all > 0 && delivered.nobody.length === all ? [nobodyAtAll(what)] : [];
  const faults = [...composed.problems, ...published.problems, ...unwritten, ...delivered.problems, ...unread];
  const problems = [...faults, ...warnings];
  const made = published.keys.length;
  const sent = delivered.accepted + delivered.failed + delivered.unknown;
  const lines = composed.editions
    .filter((edition) =>
      published.keys.includes(`${edition.bulletin}/${edition.issue}/${edition.audience}/r${edition.reissue}`),
    )
    .map(({ content }) => content.summary);
  if (hold !== null)
    return { result: heldResult(hold, { what, made }), problems, lines, skipped: true, withheld: true };
  if (made === 0 && sent === 0 && composed.existing.length > 0 && faults.length === 0) {
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
    ? (delivered.unsent ??
      `${delivered.accepted} mails accepted, ${delivered.failed} failed, ${delivered.unknown} unknown${nobody}`)
    : "nothing sent (a past day; --send sends)";
  const result = `${what}: ${made} editions made, ${composed.existing.length} already published, ${mails}`;
  return { result, problems, lines };
}

/** Some units without a reader stand in every receipt; an issue nobody gets at all is a fault. */
function nobodyAtAll(what: string): Problem {
  const message = `nobody receives the ${what}: no recipient has asked for it; "diemtin recipients list" shows the list, "diemtin recipients import FILE" replaces it`;
  return { cause: "deliver/nobody", severity: "failed", message };
}

function heldResult({ bulletin, by, reason }: Hold, { what, made }: { what: string; made: number }): string {
  return `held by ${by}: ${reason} (${what}: ${made} editions made, nothing sent; "diemtin release ${bulletin} --for DATE" lets it go)`;
}
