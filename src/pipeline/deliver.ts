import { foldAddress, type Outcome, type Recipient } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import { SendError, UsageError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import { scopeOf } from "../domain/unit.ts";
import { insteadOfReaders } from "./consent.ts";
import type { Context } from "./context.ts";
import { share, stopsAll } from "./crew.ts";
import { heldProblem } from "./installation.ts";
import { composeMessage, messageId as messageIdOf } from "./message.ts";
import { withoutHeld } from "./publish-policy.ts";
import { readersOf } from "./readers.ts";
import { isMailAddress } from "./recipients.ts";
import type { StoredDelivery } from "./store.ts";
import { threadHeaders } from "./thread.ts";

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

/** What the stage needs beside the context: how to wait between tries, and who is sending (for the ledger). */
export type DeliverOptions = { readonly sleep?: (ms: number) => Promise<void>; readonly instance?: string };

type Letter = { readonly edition: Edition; readonly recipient: Recipient };
type Attempt = { readonly row: StoredDelivery; readonly outcome: Outcome };
type Desk = { readonly ctx: Context; readonly letters: ReadonlyMap<string, Letter> };

/** A claim older than this belongs to a worker that died: whether its mail went out is not known. */
const CLAIM_LASTS_MS = 15 * 60_000;

/** A fault that passes within seconds (a dropped line, a busy relay) is not left for the next job. */
const WAITS_MS = [2_000, 10_000] as const;

/**
 * Sends editions to everybody who is still owed one: a row per edition and folded address before the first connection, then each
 * by whoever has time: claim → send → finish. A run that ends anywhere leaves either nothing sent or a row that says `sending`, and
 * such a row is never sent again. `unknown` is never sent again either, nor is what a reissue has replaced; a fault of the relay ends the round
 * and leaves the rest owed.
 * @throws {UsageError} when the configuration names no sender.
 */
export async function deliver(
  ctx: Context,
  asked: readonly string[],
  options: DeliverOptions = {},
): Promise<Delivered> {
  checkSender(ctx);
  const given = await ctx.store.deliveries.abandonStale(new Date(ctx.now().getTime() - CLAIM_LASTS_MS));
  if (given > 0) ctx.log("deliveries-abandoned", { warning: "a worker died while sending", deliveries: given });
  const editionKeys = await withoutHeld(ctx, await ctx.store.editions.current(asked));
  const instead = await insteadOfReaders(ctx, editionKeys, receives);
  if (instead !== null) return { ...instead, nobody: [], problems: [...abandoned(given), ...instead.problems] };
  const { letters, nobody } = await owe(ctx, editionKeys);
  const earlier = await attemptsBefore(ctx, letters);
  const due = await stillWanted(ctx, editionKeys, letters);
  const held = due.length === 0 ? null : ((await ctx.channel.held?.()) ?? null);
  if (held !== null) {
    ctx.progress(held);
    ctx.log("sending-held", { warning: held, due: due.length });
    const problems = [...abandoned(given), heldProblem(held, due.length)];
    return { accepted: 0, failed: 0, unknown: 0, nobody, problems };
  }
  if (due.length > 0) warn(ctx);
  const desk = { ctx: { ...ctx, instance: options.instance ?? ctx.instance }, letters };
  const attempts = await sendAll(desk, { due, earlier, sleep: options.sleep ?? ctx.sleep });
  const count = (state: Outcome["state"]) => attempts.filter(({ outcome }) => outcome.state === state).length;
  const counts = { accepted: count("accepted"), failed: count("failed"), unknown: count("unknown") };
  ctx.log("delivered", { ...counts, due: due.length, channel: ctx.channel.name });
  return {
    ...counts,
    nobody,
    problems: [...abandoned(given), ...problemsOf(desk, attempts, due.length + earlier.length)],
  };
}

/** Nobody was there to say that these are unknown when their worker died. */
function abandoned(deliveries: number): Problem[] {
  if (deliveries === 0) return [];
  const message = `${deliveries} deliveries were being sent when their process ended: whether they arrived is not known, and they are never sent again by themselves; "diemtin deliveries list" shows them: ask the recipients or look into the relay's log`;
  return [{ cause: "deliver/unknown/abandoned", severity: "partial", message }];
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

/** True when a recipient should get an edition. The weekly speaks about the province, to anybody in it who asked for it. */
export function receives(recipient: Recipient, edition: Pick<Edition, "bulletin" | "audience">): boolean {
  if (!recipient.bulletins.includes(edition.bulletin)) return false;
  if (recipient.unit === edition.audience) return true;
  return edition.bulletin === "weekly" && scopeOf(recipient.unit) === edition.audience;
}

async function owe(ctx: Context, editionKeys: readonly string[]) {
  const live = readersOf(ctx.store);
  const letters = new Map<string, Letter>();
  const nobody: string[] = [];
  for (const key of editionKeys) {
    const edition = await ctx.store.editions.find(key);
    if (edition === null) throw new Error(`deliver: there is no edition ${key}`);
    const readers = (await live(edition)).filter((recipient) => receives(recipient, edition));
    if (readers.length === 0) nobody.push(edition.audience);
    for (const recipient of readers) {
      const letter = letterKey(key, recipient.email);
      if (letters.has(letter)) continue; // one person listed for two units of the province: one weekly
      letters.set(letter, { edition, recipient });
      await ctx.store.deliveries.owe(key, recipient, messageIdOf(edition, recipient.email, ctx.settings));
    }
  }
  return { letters, nobody };
}

/** What is due, without rows of people who have left the list since they were owed. */
async function stillWanted(ctx: Context, editionKeys: readonly string[], letters: ReadonlyMap<string, Letter>) {
  const due = await ctx.store.deliveries.due(editionKeys);
  const wanted = due.filter((row) => letters.has(letterKey(row.edition, row.recipient)));
  if (wanted.length < due.length) ctx.log("delivery-left-list", { deliveries: due.length - wanted.length });
  return wanted;
}

function warn(ctx: Context): void {
  const { warning } = ctx.channel;
  if (warning === undefined) return;
  ctx.progress(warning);
  ctx.log("channel-warning", { channel: ctx.channel.name, warning });
}

/** Mails of this same run that left for a process which died before it could tell of them; what is due again is told anew. */
async function attemptsBefore(ctx: Context, letters: ReadonlyMap<string, Letter>): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { work, gives } of ctx.crew?.earlier("deliver") ?? []) {
    const row = await ctx.store.deliveries.find(work.delivery);
    if (row !== null && gives !== null && letters.has(letterKey(row.edition, row.recipient)))
      attempts.push({ row, outcome: gives });
  }
  return attempts;
}

type Round = {
  readonly due: readonly StoredDelivery[];
  readonly earlier: readonly Attempt[];
  readonly sleep: (ms: number) => Promise<void>;
};

/** The last attempt at each delivery. What may pass is tried again in up to two more rounds; a `stop` ends all of them. */
async function sendAll({ ctx }: Desk, { due, earlier, sleep }: Round) {
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
    if (outcomes.some(stopsAll)) break;
    waiting = tried.flatMap(({ row, outcome }) => (outcome.state === "failed" && outcome.mayPass ? [row] : []));
  }
  return [...attempts.values()];
}

/**
 * One delivery, by whichever process: composed, claimed, sent, written down. Null when another worker holds it or held it, and
 * when its reader has left the list since it was owed.
 */
export async function sendOne(ctx: Context, id: string): Promise<Outcome | null> {
  const row = await ctx.store.deliveries.find(id);
  if (row === null) throw new Error(`deliver: there is no delivery ${id}`);
  const edition = await ctx.store.editions.find(row.edition);
  if (edition === null) throw new Error(`deliver: there is no edition ${row.edition}`);
  const address = foldAddress(row.recipient);
  const readers = await readersOf(ctx.store)(edition);
  const recipient = readers.find((reader) => foldAddress(reader.email) === address && receives(reader, edition));
  if (recipient === undefined) return null;
  const files = await ctx.store.editions.files(row.edition);
  const thread = await threadHeaders(ctx.store, { edition, address: recipient.email });
  if (!(await ctx.store.deliveries.claim(id, ctx.instance, ctx.now()))) return null;
  // The id the row was owed under stays, also when the sender's domain has changed since.
  const { messageId } = row;
  const outcome = await send(ctx, () => {
    const message = composeMessage({ edition, files, recipient, settings: ctx.settings });
    return { ...message, messageId, headers: { ...message.headers, ...thread } };
  });
  await ctx.store.deliveries.finish(id, outcome, ctx.now());
  ctx.log("delivery", { id, edition: row.edition, state: outcome.state, reply: outcome.reply });
  return outcome;
}

/** A message that may not be composed was certainly not sent; any other error is a bug and leaves the row `sending`. */
async function send(ctx: Context, compose: () => ReturnType<typeof composeMessage>): Promise<Outcome> {
  try {
    return await ctx.channel.send(compose());
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { state: "failed", reply: error.message, mayPass: error.mayPass, stop: false };
  }
}

function problemsOf(desk: Desk, attempts: readonly Attempt[], due: number): Problem[] {
  const problems: Problem[] = [];
  const stopped = attempts.find(({ outcome }) => outcome.state === "failed" && outcome.stop);
  const accepted = attempts.filter(({ outcome }) => outcome.state === "accepted").length;
  if (stopped !== undefined) {
    problems.push({
      cause: "deliver/stopped",
      severity: accepted === 0 ? "failed" : "partial",
      message: `${desk.ctx.channel.name}: sending stopped after ${accepted} of ${due} deliveries: ${stopped.outcome.reply}. The rest stays owed: mend the cause ("diemtin doctor" checks the relay), then "diemtin run redeliver"`,
    });
  }
  const byIssue = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const { outcome, row } = attempt;
    if (outcome.state === "accepted" || attempt === stopped) continue;
    const { bulletin, issue } = letterOf(desk, row).edition;
    const cause = `deliver/${outcome.state}/${bulletin}/${issue}`;
    byIssue.set(cause, [...(byIssue.get(cause) ?? []), attempt]);
  }
  for (const [cause, missed] of byIssue) problems.push({ cause, severity: "partial", message: missedMessage(missed) });
  return problems;
}

function missedMessage(missed: readonly Attempt[]): string {
  const unknown = missed.some(({ outcome }) => outcome.state === "unknown");
  const shown = missed.slice(0, 10).map(({ row, outcome }) => {
    const later = outcome.state === "failed" && outcome.mayPass ? " (will be tried again)" : "";
    return `delivery ${row.id} of ${row.edition}: ${outcome.reply}${later}`;
  });
  const more =
    missed.length > shown.length ? [`… and ${missed.length - shown.length} more: "diemtin deliveries list"`] : [];
  const head = unknown
    ? `${missed.length} deliveries may or may not have arrived; they are never sent again by themselves: ask the recipient or look into the relay's log`
    : `${missed.length} deliveries were not taken: correct the address in the recipient list and import it again, or mend the named fault`;
  return [head, ...shown, ...more].join("\n  ");
}

function letterOf(desk: Desk, row: StoredDelivery): Letter {
  const letter = desk.letters.get(letterKey(row.edition, row.recipient));
  if (letter === undefined) throw new Error(`deliver: delivery ${row.id} belongs to no recipient of this run`);
  return letter;
}

function letterKey(edition: string, address: string): string {
  return `${edition}\n${foldAddress(address)}`;
}
