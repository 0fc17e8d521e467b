import { foldAddress, type Outcome } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import { insteadOfReaders } from "./consent.ts";
import type { Context } from "./context.ts";
import { deliveryDeadline, type Occasion } from "./delivery-deadline.ts";
import { type Attempt, abandonedProblems, attemptProblems, lateProblems } from "./delivery-problems.ts";
import { heldProblem } from "./installation.ts";
import { messageId as messageIdOf } from "./message.ts";
import { withoutHeld } from "./publish-policy.ts";
import { readersOf } from "./readers.ts";
import { isMailAddress } from "./recipients.ts";
import { receives, suppressLeft } from "./send-one.ts";
import { sendAll } from "./send-rounds.ts";
import type { StoredDelivery } from "./store.ts";

/** What came of a round of sending: deliveries by their last outcome in this run. */
export type Delivered = {
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly problems: readonly Problem[];
  /** Units whose edition nobody receives. */
  readonly nobody: readonly string[];
  /** Why nothing was even owed to anybody; absent when sending was free. */
  readonly unsent?: string;
};

/** What the stage needs beside the context. */
export type DeliverOptions = {
  readonly sleep?: (ms: number) => Promise<void>;
  /** Who is sending, for the ledger. */
  readonly instance?: string;
  /** Absent: asked for by hand, now. Only the timetable keeps to the waits between tries and gives up what is late. */
  readonly occasion?: Occasion;
};

/** A claim older than this belongs to a worker that died. */
const CLAIM_LASTS_MS = 15 * 60_000;

const DAY_MS = 86_400_000;

/**
 * Sends editions to everybody who is still owed one: a row per edition, folded address and purpose before the first connection, then
 * each by whoever has time: claim → hand over → send → finish. A run that ends anywhere leaves either nothing sent or a row that says
 * so. `unknown` is never sent again by itself, nor is what a reissue has replaced; a fault of the relay ends the round and leaves the
 * rest owed until its deadline.
 * @throws {UsageError} when the configuration names no sender.
 */
export async function deliver(
  ctx: Context,
  asked: readonly string[],
  options: DeliverOptions = {},
): Promise<Delivered> {
  checkSender(ctx);
  const occasion = options.occasion ?? { byHand: true, startedAt: ctx.now() };
  const given = await ctx.store.deliveries.abandonStale(new Date(ctx.now().getTime() - CLAIM_LASTS_MS));
  if (given.unknown + given.owed > 0)
    ctx.log("deliveries-abandoned", { warning: "a worker died while sending", ...given });
  const free = await withoutHeld(ctx, asked);
  const editionKeys = await ctx.store.editions.current(free);
  const before = abandonedProblems(given);
  const instead = await insteadOfReaders(ctx, editionKeys, receives);
  if (instead !== null) return { ...instead, nobody: [], problems: [...before, ...instead.problems] };
  const { nobody, listed } = await owe(ctx, editionKeys, occasion);
  // Also of what a reissue has replaced, which nobody gets any more.
  const late = occasion.byHand ? [] : await ctx.store.deliveries.giveUpLate(free, ctx.now());
  const problems = [...before, ...lateProblems(late)];
  const earlier = await attemptsBefore(ctx, editionKeys);
  const due = await stillWanted(ctx, listed, await dueOf(ctx, editionKeys, occasion));
  const held = due.length === 0 ? null : ((await ctx.channel.held?.()) ?? null);
  if (held !== null) {
    ctx.progress(held);
    ctx.log("sending-held", { warning: held, due: due.length });
    return { accepted: 0, failed: 0, unknown: 0, nobody, problems: [...problems, heldProblem(held, due.length)] };
  }
  if (due.length > 0) warn(ctx);
  const worker = { ...ctx, instance: options.instance ?? ctx.instance };
  const attempts = await sendAll(worker, { due, earlier, sleep: options.sleep ?? ctx.sleep });
  const count = (state: Outcome["state"]) => attempts.filter(({ outcome }) => outcome.state === state).length;
  const counts = { accepted: count("accepted"), failed: count("failed"), unknown: count("unknown") };
  ctx.log("delivered", { ...counts, suppressed: count("suppressed"), due: due.length, channel: ctx.channel.name });
  const missed = attemptProblems(ctx.channel.name, attempts, due.length + earlier.length);
  return { ...counts, nobody, problems: [...problems, ...missed] };
}

/** A wrong sender would fail every message one by one, each for good. */
function checkSender(ctx: Context): void {
  const { from, replyTo } = ctx.settings.mail;
  const mistakes = [
    ...(isMailAddress(from.address) ? [] : ["mail.from.address: the configuration must name the sender of every mail"]),
    ...(replyTo === undefined || isMailAddress(replyTo) ? [] : ["mail.reply_to is not a mail address"]),
  ];
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

/** Writes down whom each edition is owed; gives who is listed, and the units whose edition nobody receives. */
async function owe(ctx: Context, editionKeys: readonly string[], occasion: Occasion) {
  const live = readersOf(ctx.store);
  const nobody: string[] = [];
  const listed = new Set<string>();
  for (const key of editionKeys) {
    const edition = await ctx.store.editions.find(key);
    if (edition === null) throw new Error(`deliver: there is no edition ${key}`);
    const readers = (await live(edition)).filter((recipient) => receives(recipient, edition));
    if (readers.length === 0) nobody.push(edition.audience);
    const deadline = deliveryDeadline(edition, ctx.settings.delivery, occasion);
    for (const recipient of readers) {
      const letter = letterOf(key, recipient.email);
      if (listed.has(letter)) continue; // one person listed for two units of the province: one weekly
      listed.add(letter);
      const messageId = messageIdOf(edition, recipient.email, { settings: ctx.settings });
      await ctx.store.deliveries.owe(key, recipient, { messageId, deadline, revive: mayRevive(edition, occasion) });
    }
  }
  return { nobody, listed };
}

/** Mail that was given up is sent after all when somebody asks for it while it is still news: not yesterday's digest. */
function mayRevive({ bulletin, composedAt }: Edition, { byHand, startedAt }: Occasion): boolean {
  const lastsMs = bulletin === "weekly" ? 2 * DAY_MS : DAY_MS / 2;
  return byHand && startedAt.getTime() - composedAt.getTime() < lastsMs;
}

function letterOf(edition: string, address: string): string {
  return `${edition}\n${foldAddress(address)}`;
}

/** By hand everything is due that is owed; the timetable keeps to the waits between tries. */
function dueOf(ctx: Context, editionKeys: readonly string[], { byHand }: Occasion) {
  return ctx.store.deliveries.due(editionKeys, byHand ? {} : { now: ctx.now() });
}

/** What is due, without people who have left the list since they were owed; those rows end here. */
async function stillWanted(ctx: Context, listed: ReadonlySet<string>, due: readonly StoredDelivery[]) {
  const left = due.filter(
    ({ purpose, edition, recipient }) => purpose === "normal" && !listed.has(letterOf(edition, recipient)),
  );
  for (const { id } of left) await suppressLeft(ctx, id);
  if (left.length > 0) ctx.log("delivery-left-list", { deliveries: left.length });
  return due.filter((row) => !left.includes(row));
}

function warn(ctx: Context): void {
  const { warning } = ctx.channel;
  if (warning === undefined) return;
  ctx.progress(warning);
  ctx.log("channel-warning", { channel: ctx.channel.name, warning });
}

/** Mails of this same run that left for a process which died before it could tell of them; what is due again is told anew. */
async function attemptsBefore(ctx: Context, editionKeys: readonly string[]): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { work, gives } of ctx.crew?.earlier("deliver") ?? []) {
    const row = await ctx.store.deliveries.find(work.delivery);
    if (row !== null && gives !== null && editionKeys.includes(row.edition)) attempts.push({ row, outcome: gives });
  }
  return attempts;
}
