import type { Outcome, Recipient } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { Problem } from "../domain/run.ts";
import { shownParts } from "./banner.ts";
import type { Context } from "./context.ts";
import { sendNotice } from "./notice.ts";
import { readersOf } from "./readers.ts";

/** What came of a round of rehearsing. */
export type Rehearsed = {
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly problems: readonly Problem[];
};

/** The one mailbox, and whether a reader would have got an edition. */
export type Rehearsal = {
  readonly mailbox: string;
  receives(reader: Recipient, edition: Edition): boolean;
};

const MOST_SHOWN = 10;

/**
 * Sends editions to the rehearsal's one mailbox, each once, and to nobody else: the ledger of deliveries stays as it is, so that
 * nobody counts as served. A fault of the whole relay ends the round; the rest is rehearsed by the next run.
 */
export async function rehearse(
  ctx: Context,
  keys: readonly string[],
  { mailbox, receives }: Rehearsal,
): Promise<Rehearsed> {
  const readers = readersOf(ctx.store);
  const ends: { readonly key: string; readonly outcome: Outcome }[] = [];
  for (const key of keys) {
    const edition = await ctx.store.editions.find(key);
    if (edition === null) throw new Error(`rehearse: there is no edition ${key}`);
    const people = (await readers(edition)).filter((reader) => receives(reader, edition)).length;
    const to = { name: "Chạy thử bản tin 766", address: mailbox };
    const lines = [
      `CHẠY THỬ: ấn bản này lẽ ra gửi đến ${people} người nhận của ${unitWords(edition)}. Chưa gửi cho ai trong số đó.`,
    ];
    const files = await ctx.store.editions.files(key);
    const parts = shownParts({ ...{ edition, files, to, lines }, settings: ctx.settings, mark: "[CHẠY THỬ]" });
    const told = await sendNotice(ctx, { key: `rehearsal/${key}`, to, ...parts });
    if (told === null) continue;
    ends.push({ key, outcome: told.outcome });
    if (told.outcome.state === "failed" && told.outcome.stop) break;
  }
  const count = (state: Outcome["state"]) => ends.filter(({ outcome }) => outcome.state === state).length;
  const missed = ends.filter(({ outcome }) => outcome.state !== "accepted");
  return {
    ...{ accepted: count("accepted"), failed: count("failed"), unknown: count("unknown") },
    problems: missed.length === 0 ? [] : [missedProblem(missed)],
  };
}

function missedProblem(missed: readonly { readonly key: string; readonly outcome: Outcome }[]): Problem {
  const shown = missed.slice(0, MOST_SHOWN).map(({ key, outcome }) => `${key}: ${outcome.state}, ${outcome.reply}`);
  const head = `${missed.length} editions did not reach the rehearsal's mailbox; mend the cause ("diemtin doctor" checks the relay), then "diemtin run redeliver"`;
  return { cause: "deliver/rehearsal", severity: "partial", message: [head, ...shown].join("\n  ") };
}

/** The unit by its name and code, never a person. */
function unitWords({ content, audience }: Edition): string {
  const { masthead } = content;
  return masthead.kind === "digest" ? `${masthead.unit} (${audience})` : `bản tin tuần (${audience})`;
}
