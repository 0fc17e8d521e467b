import type { Problem } from "../domain/run.ts";
import type { Context } from "./context.ts";
import { heldProblem } from "./installation.ts";
import { provinceOf } from "./province.ts";
import { type Rehearsal, type Rehearsed, rehearse } from "./rehearsal.ts";

/** What a round of sending came to that reached no reader, and why. */
export type Unsent = Rehearsed & { readonly unsent: string };

/**
 * What is done with editions while no mail may leave for their readers: a rehearsal sends them to its mailbox, before go-live they are
 * kept. In neither is anybody owed anything, so no backlog waits for the day it ends. Null: mail may leave.
 */
export async function insteadOfReaders(
  ctx: Context,
  keys: readonly string[],
  receives: Rehearsal["receives"],
): Promise<Unsent | null> {
  if (keys.length === 0) return null;
  const { rehearsalTo } = ctx.settings.mail;
  if (rehearsalTo !== undefined) return rehearsal(ctx, keys, { mailbox: rehearsalTo, receives });
  const province = provinceOf(ctx);
  if ((await ctx.store.goLives.find(province)) !== null) return null;
  const problem = notLiveProblem(province, keys.length);
  ctx.progress(problem.message);
  ctx.log("sending-not-live", { warning: problem.message, editions: keys.length });
  return { ...NONE, unsent: 'nothing sent: go-live is not confirmed ("npx diemtin go-live")', problems: [problem] };
}

const NONE = { accepted: 0, failed: 0, unknown: 0 } as const;

async function rehearsal(ctx: Context, keys: readonly string[], given: Rehearsal): Promise<Unsent> {
  const held = (await ctx.channel.held?.()) ?? null;
  if (held !== null) {
    ctx.progress(held);
    return { ...NONE, unsent: "nothing sent: held", problems: [heldProblem(held, keys.length)] };
  }
  if (ctx.channel.warning !== undefined) ctx.progress(ctx.channel.warning);
  const done = await rehearse(ctx, keys, given);
  const unsent = `rehearsal: ${done.accepted} mails accepted for mail.rehearsal_to, ${done.failed} failed, ${done.unknown} unknown; nothing sent to readers`;
  return { ...done, unsent };
}

/** What a run says of editions that nobody gets yet: one problem, in words for whoever set the program up this morning. */
export function notLiveProblem(province: string, editions: number): Problem {
  return {
    cause: "go-live/unconfirmed",
    severity: "partial",
    message: `NOTHING WAS SENT: ${editions} editions are made and kept, but nobody has confirmed that mail may leave for the readers of ${province}. "npx diemtin go-live" shows who will get what and asks for the province's code; where nobody can type: "npx diemtin go-live --confirm ${province}". After that "npx diemtin run redeliver" sends what is not past its deadline`,
  };
}
