import { dayOf } from "../domain/calendar.ts";
import type { LinkState } from "../domain/membership.ts";
import { printName, scopeOf } from "../domain/unit.ts";
import type { Context } from "./context.ts";
import { tellOfPeople } from "./tidings.ts";
import { type LinkedMail, readLinkToken } from "./tokens.ts";

/** What a link asks for: its page, a pause, or its end. */
export type LinkAct = "look" | "pause" | "resume";

/**
 * Follows the link of a mail: looking changes nothing; a pause holds for that person and bulletin until they or the administrator end
 * it, and the administrator is told. Null for a token that is not ours, or whose person was erased: there is nothing to learn from it.
 */
export async function followLink(ctx: Context, token: string, act: LinkAct): Promise<LinkState | null> {
  const linked = ctx.links === undefined ? null : readLinkToken(ctx.links.secret, token);
  if (linked === null) return null;
  const mail = await ctx.store.people.delivery(linked.delivery);
  if (mail === null || mail.bulletin !== linked.bulletin) return null;
  if (act === "pause") await pause(ctx, mail.address, linked);
  if (act === "resume") {
    const asked = { address: mail.address, onlyReaders: linked.bulletin, by: "reader", at: ctx.now() };
    const { pauses } = await ctx.store.people.resume(asked);
    ctx.log("reader-resumed", { delivery: linked.delivery, bulletin: linked.bulletin, pauses });
  }
  const state = await stateOf(ctx, mail.address, linked);
  return { bulletin: linked.bulletin, unit: await unitName(ctx, mail.unit), state };
}

async function pause(ctx: Context, address: string, { delivery, bulletin }: LinkedMail): Promise<void> {
  await ctx.store.people.pause({
    ...{ address, delivery, bulletin, until: null },
    ...{ origin: "reader", reason: "the reader's own link", by: "reader", at: ctx.now() },
  });
  ctx.log("reader-paused", { delivery, bulletin });
  await tellOfPeople(ctx, dayOf(ctx.now()));
}

async function stateOf(ctx: Context, address: string, { bulletin }: LinkedMail): Promise<LinkState["state"]> {
  const day = dayOf(ctx.now());
  const open = (await ctx.store.people.pauses(address)).filter(
    (each) => (each.bulletin === null || each.bulletin === bulletin) && (each.until === null || day <= each.until),
  );
  if (open.some(({ origin }) => origin === "admin")) return "kept";
  return open.length > 0 ? "paused" : "open";
}

async function unitName(ctx: Context, code: string): Promise<string> {
  const unit = (await ctx.store.units.list(scopeOf(code))).find((each) => each.code === code);
  return unit?.printName ?? printName(unit?.name ?? code);
}
