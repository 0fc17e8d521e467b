import { afterEach, beforeEach, expect, test } from "vitest";
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Recipient } from "../../src/domain/delivery.ts";
import type { Channel, Context } from "../../src/pipeline/context.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { deliveryDeadline, nextTry } from "../../src/pipeline/delivery-deadline.ts";
import { resend, resolveUnknown } from "../../src/pipeline/resend.ts";
import type { Store } from "../../src/pipeline/store.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { faultyLine, parseMail, refusal, startRelay, type TestRelay } from "../support/smtp.ts";
import { freezeEdition, mailContext, SETTINGS } from "./mail-context.ts";

let database: FreshDatabase;
let store: Store;
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  store = database.store;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await database.drop();
});

async function relay(options: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
  const started = await startRelay({ hideSTARTTLS: true, ...options });
  cleanups.push(() => started.close());
  return started;
}

function smtp(port: number): Channel {
  const deadlines = { connectMs: 500, helloMs: 500, bodyMs: 500, replyMs: 500 };
  const made = createSmtpChannel({ url: `smtp://127.0.0.1:${port}?ignoreTLS=true`, log: () => undefined, deadlines });
  cleanups.push(() => made.close());
  return made;
}

function head(unit: string): Recipient {
  return { name: `Nguyễn ${unit}`, position: "", email: `head.${unit}@example.vn`, unit, bulletins: ["daily"] };
}

async function units(...codes: string[]): Promise<string[]> {
  await store.recipients.replace(codes.map(head));
  const keys: string[] = [];
  for (const audience of codes) keys.push(await freezeEdition(store, { audience }));
  return keys;
}

async function states(): Promise<string[]> {
  return (await store.deliveries.list()).map(
    ({ unit, purpose, state, attempts, late }) => `${unit} ${purpose} ${state} ${attempts}${late ? " late" : ""}`,
  );
}

/** The timetable's context at an instant of 12 October: no waiting in a round. */
function at(time: string, channel: Channel): { ctx: Context; byClock: Parameters<typeof deliver>[2] } {
  const now = instantAt("2026-10-12", time);
  const { ctx } = mailContext(store, channel);
  const byClock = { sleep: () => Promise.resolve(), occasion: { byHand: false, startedAt: now } };
  return { ctx: { ...ctx, now: () => now }, byClock };
}

const BUSY = refusal(451, "4.3.0 try later");

test("a busy relay is tried again after growing waits until the deadline; then the mail is late, once, and a person can still send it", async () => {
  let busy = true;
  const server = await relay({ onRcptTo: (_to, _session, done) => done(busy ? BUSY : null) });
  const keys = await units("H21.1");
  const run = async (time: string) => {
    const { ctx, byClock } = at(time, smtp(server.port));
    return deliver(ctx, keys, byClock);
  };
  expect(await run("07:00")).toMatchObject({ failed: 1 });
  expect(await states()).toEqual(["H21.1 normal failed 3"]);
  // Not before the wait is over: five minutes, give or take a fifth.
  expect(await run("07:03")).toMatchObject({ failed: 0, problems: [] });
  expect(await run("07:07")).toMatchObject({ failed: 1 });
  expect(await run("07:15")).toMatchObject({ failed: 0 });
  expect(await run("07:30")).toMatchObject({ failed: 1 });
  expect(await states()).toEqual(["H21.1 normal failed 9"]);
  const late = await run("12:01");
  expect(late).toMatchObject({ accepted: 0, failed: 0, problems: [{ cause: "deliver/late/daily/2026-10-12" }] });
  expect(await states()).toEqual(["H21.1 normal failed 9 late"]);
  busy = false;
  expect(await run("12:10")).toMatchObject({ accepted: 0, problems: [] });
  const { ctx } = at("12:20", smtp(server.port));
  expect(await deliver(ctx, keys)).toMatchObject({ accepted: 1, problems: [] });
  expect(await states()).toEqual(["H21.1 normal accepted 10"]);
  expect(server.taken).toHaveLength(1);
});

test("between RCPT and the body it is asked once more: paused, left, suppressed or held mail is kept back", async () => {
  const keys = await units("H21.1", "H21.2", "H21.3", "H21.4");
  const by = { by: "an", at: instantAt("2026-10-12", "07:00") };
  const onRcptTo = (unit: string) =>
    ({
      "H21.1": () =>
        store.people.pause({
          address: "head.H21.1@example.vn",
          bulletin: null,
          until: null,
          origin: "admin",
          reason: "nghỉ",
          ...by,
        }),
      "H21.2": () => store.recipients.replace(["H21.1", "H21.3", "H21.4"].map(head)),
      "H21.3": () =>
        store.people.suppress({
          address: "head.H21.3@example.vn",
          cause: "bounced",
          reply: "5.1.1",
          delivery: null,
          at: by.at,
        }),
      // An issue of which a mail is on its way is not held by the command; the row says what a hold in that moment does.
      "H21.4": () =>
        database.knex.raw(
          "insert into holds (bulletin, issue, reason, held_by, held_at) values ('daily', '2026-10-12', 'x', 'an', now())",
        ),
    })[unit];
  const server = await relay({
    onRcptTo: ({ address }, _session, done) => {
      const act = onRcptTo(/head\.(H21\.\d)@/.exec(address)?.[1] ?? "");
      Promise.resolve(act?.()).then(() => done(), done);
    },
  });
  const { ctx, byClock } = at("07:00", smtp(server.port));
  expect(await deliver(ctx, keys, byClock)).toMatchObject({ accepted: 0, failed: 0, unknown: 0 });
  expect(server.taken).toEqual([]);
  expect(await states()).toEqual([
    ...["H21.1 normal suppressed 1", "H21.2 normal suppressed 1", "H21.3 normal suppressed 1"],
    "H21.4 normal queued 0",
  ]);
});

test("what was kept back during a pause goes out once when the pause ends before the deadline", async () => {
  const server = await relay();
  const [key = ""] = await units("H21.1");
  const address = "head.H21.1@example.vn";
  const by = { by: "an", at: instantAt("2026-10-12", "06:59") };
  const { ctx, byClock } = at("07:00", smtp(server.port));
  await store.deliveries.owe(key, head("H21.1"), {
    messageId: "<1@example.vn>",
    deadline: instantAt("2026-10-12", "12:00"),
  });
  await store.people.pause({ address, bulletin: null, until: null, origin: "admin", reason: "nghỉ", ...by });
  expect(await deliver(ctx, [key], byClock)).toMatchObject({ accepted: 0, nobody: ["H21.1"] });
  expect(await states()).toEqual(["H21.1 normal suppressed 1"]);
  await store.people.resume({ address, ...by });
  for (const accepted of [1, 0]) expect(await deliver(ctx, [key], byClock)).toMatchObject({ accepted });
  expect(await states()).toEqual(["H21.1 normal accepted 2"]);
  expect(server.taken).toHaveLength(1);
});

test("an address that does not exist is suppressed at once; the person's other mail is not even tried", async () => {
  const server = await relay({
    onRcptTo: ({ address }, _session, done) =>
      done(address.includes("H21.1") ? refusal(550, "5.1.1 no such user here") : null),
  });
  const [first = ""] = await units("H21.1");
  const { ctx, byClock } = at("07:00", smtp(server.port));
  expect((await deliver(ctx, [first], byClock)).problems[0]?.message).toContain("nothing is sent there any more");
  expect(await store.recipients.listed("2026-10-12")).toMatchObject([{ unit: "H21.1", state: "suppressed" }]);
  const next = await freezeEdition(store, { audience: "H21.1", issue: "2026-10-13" });
  expect(await deliver(ctx, [next], byClock)).toMatchObject({ accepted: 0, failed: 0, nobody: ["H21.1"] });
  expect(await states()).toEqual(["H21.1 normal failed 1"]);
});

test("three refusals for suspected unwanted mail in a row end the run; the rest waits an hour and is not refused one by one", async () => {
  let asked = 0;
  const server = await relay({
    onRcptTo: (_to, _session, done) => {
      asked += 1;
      done(refusal(550, "5.7.26 unauthenticated mail is not accepted"));
    },
  });
  const keys = await units("H21.1", "H21.2", "H21.3", "H21.4", "H21.5");
  const { ctx, byClock } = at("07:00", smtp(server.port));
  const delivered = await deliver(ctx, keys, byClock);
  expect(delivered.problems.map(({ cause }) => cause)).toContain("deliver/stopped");
  expect(asked).toBe(3);
  const later = at("07:10", smtp(server.port));
  expect(await deliver(later.ctx, keys, later.byClock)).toMatchObject({ accepted: 0, failed: 0 });
  expect(asked).toBe(3);
  expect(await states()).toEqual([
    ...["H21.1 normal failed 1", "H21.2 normal failed 1", "H21.3 normal failed 1"],
    ...["H21.4 normal queued 0", "H21.5 normal queued 0"],
  ]);
});

test("an unknown mail is settled by a person once: sent, or sent again under the same Message-ID", async () => {
  const server = await relay({ hidePIPELINING: true });
  const line = await faultyLine(server.port, { at: "reply", kind: "drop", times: 2 });
  cleanups.push(() => line.close());
  const keys = await units("H21.1", "H21.2");
  const faulty = at("07:00", smtp(line.port));
  expect(await deliver(faulty.ctx, keys, faulty.byClock)).toMatchObject({ unknown: 2 });
  const { ctx } = at("08:00", smtp(server.port));
  const [one, two] = await store.deliveries.list();
  const resolve = (id = "", as: "sent" | "resend") => resolveUnknown(ctx, { id, as, actor: "an" });
  await expect(
    resend(ctx, { edition: keys[0] ?? "", recipient: one?.id ?? "", reason: "x", actor: "an" }),
  ).rejects.toThrow("is unknown");
  await resolve(one?.id, "sent");
  const again = await Promise.allSettled([resolve(two?.id, "resend"), resolve(two?.id, "resend")]);
  expect(again.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await states()).toEqual(["H21.1 normal accepted 1", "H21.2 normal accepted 2"]);
  const ids = await Promise.all(server.taken.map(async ({ raw }) => (await parseMail(raw)).messageId));
  expect(ids).toEqual([one?.messageId, two?.messageId, two?.messageId]);
  await expect(resolve(one?.id, "resend")).rejects.toThrow("is accepted, not unknown");
  expect((await store.actions.list()).map(({ command, actor }) => `${command} ${actor}`)).toContain(
    "deliveries resolve an",
  );
});

test("a mail sent once more is a row and a message of its own, with the stored bytes", async () => {
  const server = await relay();
  const keys = await units("H21.1");
  const { ctx, byClock } = at("07:00", smtp(server.port));
  await deliver(ctx, keys, byClock);
  const asked = { edition: keys[0] ?? "", recipient: "HEAD.h21.1@Example.vn", reason: "mất thư", actor: "an" };
  expect(await resend(ctx, asked)).toMatchObject({ outcome: { state: "accepted" } });
  expect(await resend(ctx, asked)).toMatchObject({ outcome: { state: "accepted" } });
  expect(await states()).toEqual([
    ...["H21.1 normal accepted 1", "H21.1 resend-1 accepted 1", "H21.1 resend-2 accepted 1"],
  ]);
  const mails = await Promise.all(server.taken.map(({ raw }) => parseMail(raw)));
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(3);
  expect(mails[1]?.messageId).toMatch(/^<766-daily-2026-10-12-r0-resend-1\./);
  expect(mails[1]?.attachments[0]?.content).toEqual(mails[0]?.attachments[0]?.content);
  await expect(resend(ctx, { ...asked, recipient: "nobody@example.vn" })).rejects.toThrow("nobody with that address");
});

test("the deadline is noon for the daily, a day for the weekly, and as long again from when somebody asks by hand", () => {
  const { delivery } = SETTINGS;
  const morning = instantAt("2026-10-12", "07:00");
  const deadline = (bulletin: "daily" | "weekly", composed: Date, by?: Date) =>
    deliveryDeadline({ bulletin, composedAt: composed }, delivery, {
      byHand: by !== undefined,
      startedAt: by ?? composed,
    });
  expect(deadline("daily", morning)).toEqual(instantAt("2026-10-12", "12:00"));
  expect(deadline("weekly", morning)).toEqual(instantAt("2026-10-13", "07:00"));
  expect(deadline("daily", morning, instantAt("2026-10-12", "15:00"))).toEqual(instantAt("2026-10-12", "20:00"));
  expect(deadline("daily", morning, instantAt("2026-10-12", "06:00"))).toEqual(instantAt("2026-10-12", "12:00"));
  const waits = [1, 4, 7, 10, 13, 99].map(
    (attempts) => (nextTry({ id: "7", attempts }, morning).getTime() - morning.getTime()) / 60_000,
  );
  for (const [index, minutes] of [5, 15, 30, 60, 120, 120].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(minutes * 0.8);
    expect(waits[index]).toBeLessThanOrEqual(minutes * 1.2);
  }
});
