import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderChannel } from "../../src/adapters/channels/folder.ts";
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import type { Recipient } from "../../src/domain/delivery.ts";
import { UsageError } from "../../src/domain/errors.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { receives } from "../../src/pipeline/send-one.ts";
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

function head(unit: string, changes: Partial<Recipient> = {}): Recipient {
  return {
    name: `Nguyễn ${unit}`,
    position: "",
    email: `head.${unit}@example.vn`,
    unit,
    bulletins: ["daily"],
    ...changes,
  };
}

/** Units with an edition and a head each. */
async function units(...codes: string[]): Promise<string[]> {
  await store.recipients.replace(codes.map((code) => head(code)));
  const keys: string[] = [];
  for (const audience of codes) keys.push(await freezeEdition(store, { audience }));
  return keys;
}

async function states(): Promise<string[]> {
  return (await store.deliveries.list()).map(({ unit, state, attempts }) => `${unit} ${state} ${attempts}`);
}

function withDeliveries(changes: Partial<Store["deliveries"]>): Store {
  return { ...store, deliveries: { ...store.deliveries, ...changes } };
}

describe("delivering editions", () => {
  it("brings each head the own unit's edition, once, and says so in the ledger", async () => {
    const server = await relay();
    const keys = await units("H21.1", "H21.2");
    const { ctx, said } = mailContext(store, smtp(server.port));
    expect(await deliver(ctx, keys)).toEqual({ accepted: 2, failed: 0, unknown: 0, problems: [], nobody: [] });
    const mails = await Promise.all(server.taken.map(({ raw }) => parseMail(raw)));
    expect(server.taken.map(({ to }) => to)).toEqual([["head.H21.1@example.vn"], ["head.H21.2@example.vn"]]);
    expect(mails.map((mail) => mail.attachments[0]?.filename)).toEqual([
      "diem-tin-766_2026-10-12_H21.1.pdf",
      "diem-tin-766_2026-10-12_H21.2.pdf",
    ]);
    expect(mails.map((mail) => mail.text?.trim())).toEqual([
      "Lũy kế của H21.1: 59,17 điểm.",
      "Lũy kế của H21.2: 59,17 điểm.",
    ]);
    const rows = await store.deliveries.list();
    expect(rows.map(({ messageId }) => messageId)).toEqual(mails.map((mail) => mail.messageId));
    expect(rows[0]?.messageId).toMatch(/^<766-daily-2026-10-12-r0\.[0-9a-f]{20}@tinh\.example\.vn>$/);
    expect(await states()).toEqual(["H21.1 accepted 1", "H21.2 accepted 1"]);
    expect(rows[0]?.reply).toMatch(/^250 /);
    expect(said).toEqual([]);
  });

  it("sends nothing the second time, nor to another spelling of the same address", async () => {
    const server = await relay();
    const keys = await units("H21.1");
    const { ctx } = mailContext(store, smtp(server.port));
    await deliver(ctx, keys);
    await store.recipients.replace([head("H21.1", { email: "HEAD.h21.1@Example.VN" })]);
    expect(await deliver(ctx, keys)).toMatchObject({ accepted: 0, failed: 0, unknown: 0, problems: [] });
    expect(server.taken).toHaveLength(1);
  });

  it("writes every row before the first connection", async () => {
    const seen: string[][] = [];
    const server = await relay({
      onConnect: (_session, done) => {
        states().then((rows) => {
          seen.push(rows);
          done();
        }, done);
      },
    });
    const keys = await units("H21.1", "H21.2", "H21.3");
    await deliver(mailContext(store, smtp(server.port)).ctx, keys);
    expect(seen).toEqual([["H21.1 sending 0", "H21.2 queued 0", "H21.3 queued 0"]]);
  });

  it("reports editions nobody receives, by unit, without making it an error", async () => {
    const server = await relay();
    await store.recipients.replace([head("H21.1", { bulletins: ["weekly"] })]);
    const keys = [await freezeEdition(store, { audience: "H21.1" }), await freezeEdition(store, { audience: "H21.2" })];
    const delivered = await deliver(mailContext(store, smtp(server.port)).ctx, keys);
    expect(delivered).toEqual({ accepted: 0, failed: 0, unknown: 0, problems: [], nobody: ["H21.1", "H21.2"] });
    expect(server.connections()).toBe(0);
  });

  it("sends the weekly to everybody of the province who asked for it, a person with two units once", async () => {
    const server = await relay();
    await store.recipients.replace([
      head("H21", { bulletins: ["daily", "weekly"] }),
      head("H21.1", { bulletins: ["weekly"] }),
      head("H21.2", { bulletins: ["weekly"], email: "head.H21.1@EXAMPLE.vn" }),
      head("H21.3"),
      head("H17.1", { bulletins: ["weekly"] }),
    ]);
    const key = await freezeEdition(store, { bulletin: "weekly", audience: "H21" });
    await deliver(mailContext(store, smtp(server.port)).ctx, [key]);
    expect(server.taken.map(({ to }) => to[0])).toEqual(["head.H21@example.vn", "head.H21.1@example.vn"]);
    const mail = await parseMail(server.taken[0]?.raw ?? Buffer.alloc(0));
    expect(mail.attachments[0]?.filename).toBe("ban-tin-766_2026-W41_H21.pdf");
    expect(receives(head("H21.1"), { bulletin: "daily", audience: "H21" })).toBe(false);
  });

  it("sends a mail without pages as a mail without PDF", async () => {
    const server = await relay();
    await store.recipients.replace([head("H21.1")]);
    const key = await freezeEdition(store, { audience: "H21.1", pages: false });
    await deliver(mailContext(store, smtp(server.port)).ctx, [key]);
    expect((await parseMail(server.taken[0]?.raw ?? Buffer.alloc(0))).attachments).toEqual([]);
  });

  it("does not write to somebody who has left the list since the row was owed", async () => {
    const server = await relay();
    const keys = await units("H21.1", "H21.2");
    await deliver(mailContext(store, smtp(9)).ctx, keys);
    await store.recipients.replace([head("H21.1")]);
    const { ctx, logged } = mailContext(store, smtp(server.port));
    await deliver(ctx, keys);
    expect(server.taken.map(({ to }) => to[0])).toEqual(["head.H21.1@example.vn"]);
    expect(logged.join("\n")).toContain("delivery-left-list");
  });

  it("refuses to begin without a sender", async () => {
    const keys = await units("H21.1");
    const settings = { ...SETTINGS, mail: { from: { name: "", address: "" } } };
    await expect(deliver(mailContext(store, smtp(9), settings).ctx, keys)).rejects.toThrow(UsageError);
    expect(await states()).toEqual([]);
  });

  it("keeps addresses out of the log", async () => {
    const server = await relay({ onRcptTo: (address, _s, done) => done(refusal(550, `5.1.1 no ${address.address}`)) });
    const { ctx, logged } = mailContext(store, smtp(server.port));
    const { problems } = await deliver(ctx, await units("H21.1"));
    expect(JSON.stringify([logged, problems])).not.toMatch(/head\.H21\.1|example\.vn/i);
  });
});

describe("delivering into a folder", () => {
  it("says loudly that mail reaches nobody, once, and writes one file per delivery", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "diemtin-mail-"));
    const { ctx, said } = mailContext(store, createFolderChannel({ directory }));
    const keys = await units("H21.1", "H21.2");
    expect(await deliver(ctx, keys)).toMatchObject({ accepted: 2, problems: [] });
    expect(said).toEqual([expect.stringContaining("MAIL DOES NOT REACH ANYBODY")]);
    const names = await readdir(directory);
    expect(names.map((name) => name.replace(/[0-9a-f]{8}\.eml$/, "#"))).toEqual([
      "2026-10-12_daily_H21.1_#",
      "2026-10-12_daily_H21.2_#",
    ]);
  });
});

describe("faults while delivering", () => {
  it("an unusable relay stops the round, leaves the rest owed, and the next round sends all", async () => {
    const keys = await units("H21.1", "H21.2", "H21.3");
    const down = await deliver(mailContext(store, smtp(9)).ctx, keys);
    expect(down).toMatchObject({ accepted: 0, failed: 1, unknown: 0 });
    expect(down.problems).toEqual([
      { cause: "deliver/stopped", severity: "failed", message: expect.stringContaining("ECONNREFUSED") },
    ]);
    expect(await states()).toEqual(["H21.1 failed 1", "H21.2 queued 0", "H21.3 queued 0"]);
    const server = await relay();
    expect(await deliver(mailContext(store, smtp(server.port)).ctx, keys)).toMatchObject({ accepted: 3, problems: [] });
    expect(server.taken).toHaveLength(3);
  });

  it("tries what may pass twice more, after waiting, and not what is final", async () => {
    const asked: string[] = [];
    const server = await relay({
      onRcptTo(address, _session, done) {
        asked.push(address.address);
        const tries = asked.filter((one) => one === address.address).length;
        if (address.address.includes("H21.1@")) done(tries < 3 ? refusal(450, "4.2.1 busy") : null);
        else if (address.address.includes("H21.2@")) done(refusal(451, "4.3.0 later"));
        else if (address.address.includes("H21.3@")) done(refusal(550, "5.1.1 unknown"));
        else done();
      },
    });
    const keys = await units("H21.1", "H21.2", "H21.3", "H21.4");
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const { ctx } = mailContext(store, smtp(server.port));
    const first = await deliver(ctx, keys, { sleep });
    expect(first).toMatchObject({ accepted: 2, failed: 2, unknown: 0 });
    expect(waits).toEqual([2000, 10_000]);
    expect(await states()).toEqual(["H21.1 accepted 3", "H21.2 failed 3", "H21.3 failed 1", "H21.4 accepted 1"]);
    expect(first.problems).toHaveLength(1);
    expect(first.problems[0]).toMatchObject({ cause: "deliver/failed/daily/2026-10-12", severity: "partial" });
    expect(first.problems[0]?.message).toMatch(/451 .*will be tried again/);
    expect(first.problems[0]?.message).toMatch(/550 5\.1\.1 unknown \(nothing is sent there any more\)$/m);
    await deliver(ctx, keys, { sleep });
    expect(await states()).toEqual(["H21.1 accepted 3", "H21.2 failed 6", "H21.3 failed 1", "H21.4 accepted 1"]);
    expect(server.taken).toHaveLength(2);
  });

  it("a lost reply after the body is unknown and is never sent again", async () => {
    const server = await relay({ hidePIPELINING: true });
    const line = await faultyLine(server.port, { at: "reply", kind: "drop", times: 1 });
    cleanups.push(() => line.close());
    const keys = await units("H21.1", "H21.2");
    const { ctx } = mailContext(store, smtp(line.port));
    const first = await deliver(ctx, keys);
    expect(first).toMatchObject({ accepted: 1, failed: 0, unknown: 1 });
    expect(first.problems).toEqual([
      {
        cause: "deliver/unknown/daily/2026-10-12",
        severity: "partial",
        message: expect.stringContaining("may or may not"),
      },
    ]);
    expect(await deliver(ctx, keys)).toMatchObject({ accepted: 0, failed: 0, unknown: 0, problems: [] });
    expect(await states()).toEqual(["H21.1 unknown 1", "H21.2 accepted 1"]);
    expect(server.taken).toHaveLength(2);
  });

  it("a line that drops before the body is tried again at once in the same run and arrives once", async () => {
    const server = await relay({ hidePIPELINING: true });
    const line = await faultyLine(server.port, { at: "data", kind: "drop", times: 2 });
    cleanups.push(() => line.close());
    const keys = await units("H21.1");
    expect(await deliver(mailContext(store, smtp(line.port)).ctx, keys)).toMatchObject({ accepted: 1, problems: [] });
    expect(await states()).toEqual(["H21.1 accepted 3"]);
    expect(server.taken).toHaveLength(1);
  });

  it("an edition that may not be mailed fails for good and does not keep the others back", async () => {
    const server = await relay();
    await store.recipients.replace([head("H21.1"), head("H21.2")]);
    const evil = await freezeEdition(store, { audience: "H21.1", subject: "x\r\nBcc: evil@example.org" });
    const good = await freezeEdition(store, { audience: "H21.2" });
    const delivered = await deliver(mailContext(store, smtp(server.port)).ctx, [evil, good]);
    expect(delivered).toMatchObject({ accepted: 1, failed: 1 });
    expect(delivered.problems[0]?.message).toContain("subject contains the control character U+000D");
    expect(server.taken.map(({ to }) => to[0])).toEqual(["head.H21.2@example.vn"]);
  });
});

describe("workers and crashes", () => {
  it("two workers at the same time bring each head one mail", async () => {
    const server = await relay();
    const keys = await units(...Array.from({ length: 12 }, (_, n) => `H21.${n + 1}`));
    const workers = ["one", "two"].map((instance) =>
      deliver(mailContext(store, smtp(server.port)).ctx, keys, { instance }),
    );
    const [one, two] = await Promise.all(workers);
    expect((one?.accepted ?? 0) + (two?.accepted ?? 0)).toBe(12);
    expect(new Set(server.taken.map(({ to }) => to[0])).size).toBe(12);
    expect(server.taken).toHaveLength(12);
  });

  const CUT = () => Promise.reject(new Error("cut off"));
  it.each<[string, Partial<Store["deliveries"]>, string, number, string]>([
    ["before the claim", { claim: CUT }, "H21.1 queued 0", 0, "H21.1 accepted 1"],
    ["after the claim", {}, "H21.1 sending 0", 0, "H21.1 accepted 2"],
    ["before the outcome is written", { finish: CUT }, "H21.1 sending 0", 1, "H21.1 unknown 1"],
  ])("cut off %s: the row says so and one mail arrives, once", async (where, broken, state, took, end) => {
    const server = await relay();
    const keys = await units("H21.1");
    const claim: Store["deliveries"]["claim"] = async (...claimed) => {
      await store.deliveries.claim(...claimed);
      throw new Error("cut off");
    };
    const breaking = where === "after the claim" ? { claim } : broken;
    const { ctx } = mailContext(withDeliveries(breaking), smtp(server.port));
    await expect(deliver(ctx, keys)).rejects.toThrow("cut off");
    expect(await states()).toEqual([state]);
    expect(server.taken).toHaveLength(took);
    await deliver(mailContext(store, smtp(server.port)).ctx, keys);
    expect(server.taken).toHaveLength(state.includes("sending") ? took : 1);
    // Half an hour later the claim is given up: what was not handed over is sent, what was is left for a person to look at.
    await database.store.deliveries.abandonStale(new Date("2026-10-12T00:35:00.000Z"));
    await deliver(mailContext(store, smtp(server.port)).ctx, keys);
    expect(server.taken).toHaveLength(1);
    expect(await states()).toEqual([end]);
  });

  it("a bug in the channel ends the run and leaves the row as being sent", async () => {
    const keys = await units("H21.1");
    const channel: Channel = {
      name: "broken",
      send: () => Promise.reject(new TypeError("a bug")),
      close: async () => {},
    };
    await expect(deliver(mailContext(store, channel).ctx, keys)).rejects.toThrow("a bug");
    expect(await states()).toEqual(["H21.1 sending 0"]);
  });
});
