import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawMail } from "../../src/adapters/channels/raw-mail.ts";
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import type { Purpose, Recipient } from "../../src/domain/delivery.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { ledgerMail } from "../../src/pipeline/ledger-mail.ts";
import { messageId as messageIdOf } from "../../src/pipeline/message.ts";
import { type Links, readEnvelopeToken, readLinkToken } from "../../src/pipeline/tokens.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { parseMail, startRelay } from "../support/smtp.ts";
import { freezeEdition, SETTINGS } from "./mail-context.ts";

const LINKS: Links = { publicUrl: "https://766.tinh.example.vn", secret: "0123456789abcdef0123456789abcdef" };
const BOUNCING: Settings = { ...SETTINGS, mail: { ...SETTINGS.mail, bounceAddress: "bounce@tinh.example.vn" } };
const HEAD: Recipient = {
  ...{ name: "Nguyễn Văn A", position: "Giám đốc", email: "A@so.example.vn", unit: "H21.17" },
  bulletins: ["daily", "weekly"],
};

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** Owes an edition to the head of H21.17 and composes its mail. */
async function mailOf(key: string, with_: { purpose?: Purpose; settings?: Settings; links?: Links } = {}) {
  const { store } = database;
  const { purpose = "normal", settings = SETTINGS, links } = with_;
  const edition = await store.editions.find(key);
  if (edition === null) throw new Error(`no edition ${key}`);
  const messageId = messageIdOf(edition, HEAD.email, { settings, purpose });
  await store.deliveries.owe(key, HEAD, { messageId, purpose });
  const row = (await store.deliveries.due([key])).find((one) => one.purpose === purpose);
  if (row === undefined) throw new Error(`nothing owed of ${key}`);
  const files = await store.editions.files(key);
  const compose = await ledgerMail(
    { store, settings, ...(links === undefined ? {} : { links }) },
    { row, edition, files },
  );
  return { row, message: compose() };
}

describe("the mail of a delivery", () => {
  it("names its list, how to stop it in one header, and itself in its envelope sender", async () => {
    const key = await freezeEdition(database.store, { audience: "H21.17", issue: "2026-10-12" });
    const { row, message } = await mailOf(key, { settings: BOUNCING, links: LINKS });
    const relay = await startRelay({ hideSTARTTLS: true });
    const channel = createSmtpChannel({ url: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`, log: () => undefined });
    expect((await channel.send(message)).state).toBe("accepted");
    await channel.close();
    await relay.close();
    const [taken] = relay.taken;
    const token = /^bounce\+(.+)@tinh\.example\.vn$/.exec(taken?.from ?? "")?.[1] ?? "";
    expect(readEnvelopeToken(await database.store.bounces.envelopeKey(), token)).toBe(row.id);
    const { headers, replyTo, from } = await parseMail(taken?.raw ?? Buffer.alloc(0));
    const valuesOf = (key: string) => headers.filter((header) => header.key === key).map(({ value }) => value);
    expect(valuesOf("list-id")).toEqual(["Ban tin ngay 766 <ban-tin-ngay.766.tinh.example.vn>"]);
    expect(valuesOf("list-unsubscribe-post")).toEqual(["List-Unsubscribe=One-Click"]);
    expect(valuesOf("list-unsubscribe")).toHaveLength(1);
    const [, https = "", mailto = ""] =
      /^<https:\/\/766\.tinh\.example\.vn\/u\/([^>]+)>, <mailto:([^>]+)>$/.exec(
        valuesOf("list-unsubscribe")[0] ?? "",
      ) ?? [];
    expect(readLinkToken(LINKS.secret, https)).toEqual({ delivery: row.id, bulletin: "daily" });
    expect(decodeURIComponent(mailto)).toBe("kstthc@tinh.example.vn?subject=Ngừng nhận bản tin ngày 766");
    expect(valuesOf("auto-submitted")).toEqual(["auto-generated"]);
    expect([from?.address, replyTo?.[0]?.address]).toEqual([SETTINGS.mail.from.address, SETTINGS.mail.replyTo]);
  });

  it("offers no click without a public address over TLS, and never to the committee", async () => {
    const daily = await freezeEdition(database.store, { audience: "H21.17", issue: "2026-10-13" });
    for (const links of [undefined, { ...LINKS, publicUrl: "http://127.0.0.1:8767" }]) {
      const { message } = await mailOf(daily, links === undefined ? {} : { links });
      expect(message.headers["List-Unsubscribe"]).toMatch(/^<mailto:[^<>]+>$/);
      expect(message.headers).not.toHaveProperty("List-Unsubscribe-Post");
      expect(message.envelopeFrom).toBeUndefined();
    }
    const weekly = await freezeEdition(database.store, { bulletin: "weekly", audience: "H21" });
    const { message } = await mailOf(weekly, { links: LINKS });
    expect(message.headers["List-Id"]).toBe("Ban tin tuan 766 <ban-tin-tuan.766.tinh.example.vn>");
    expect(Object.keys(message.headers).filter((key) => /unsubscribe/i.test(key))).toEqual([]);
  });

  it("says in subject and Message-ID when it is not simply the issue; a rehearsal stops nobody's mail", async () => {
    const key = await freezeEdition(database.store, {
      audience: "H21.17",
      issue: "2026-10-14",
      subject: "[766] 14/10",
    });
    const mails = [];
    for (const purpose of ["normal", "resend-1", "resend-2", "rehearsal"] as const)
      mails.push((await mailOf(key, { purpose, links: LINKS })).message);
    expect(mails.map(({ subject }) => subject)).toEqual([
      "[766] 14/10",
      "[Gửi lại] [766] 14/10",
      "[Gửi lại] [766] 14/10",
      "[CHẠY THỬ] [766] 14/10",
    ]);
    const hash = "[0-9a-f]{20}@tinh\\.example\\.vn>$";
    for (const [place, what] of ["", "-resend-1", "-resend-2", "-rehearsal"].entries())
      expect(mails[place]?.messageId).toMatch(new RegExp(`^<766-daily-2026-10-14-r0${what}\\.${hash}`));
    expect(new Set(mails.map(({ fileName }) => fileName)).size).toBe(4);
    expect(mails.map(({ headers }) => "List-Unsubscribe" in headers)).toEqual([true, true, true, false]);
    // Each can be written: a composer refuses names and ids it does not know.
    for (const mail of mails) expect((await rawMail(mail)).length).toBeGreaterThan(500);
  });

  it("stands below the mail it corrects, under the id its row was owed with", async () => {
    const first = await freezeEdition(database.store, { audience: "H21.17", issue: "2026-10-15" });
    const before = await mailOf(first);
    await database.store.deliveries.claim(before.row.id, "test:1", new Date(0));
    const claim = { instance: "test:1", at: new Date(0) };
    await database.store.deliveries.handOver(before.row.id, claim, new Date(0));
    await database.store.deliveries.finish(before.row.id, { state: "accepted", reply: "250" }, new Date(0));
    const second = await freezeEdition(database.store, { audience: "H21.17", issue: "2026-10-15", reissue: 1 });
    const { message, row } = await mailOf(second);
    expect(message.headers["References"]).toBe(before.message.messageId);
    expect(message.headers["In-Reply-To"]).toBe(before.message.messageId);
    const moved = { ...SETTINGS, mail: { ...SETTINGS.mail, from: { name: "X", address: "x@khac.example.vn" } } };
    expect((await mailOf(second, { settings: moved })).message.messageId).toBe(row.messageId);
  });
});
