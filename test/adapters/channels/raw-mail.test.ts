import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawMail } from "../../../src/adapters/channels/raw-mail.ts";
import type { Message } from "../../../src/domain/delivery.ts";
import { SendError } from "../../../src/domain/errors.ts";
import { parseMail } from "../../support/smtp.ts";
import { sampleMessage } from "./message.ts";

const { attachments, from } = sampleMessage();
const [pdf] = attachments;
if (pdf === undefined) throw new Error("the sample message has no attachment");
const EVIL = "x\r\nBcc: evil@example.org";

describe("the bytes of a message", () => {
  it("are the same every time, and others for another delivery", async () => {
    const [one, two] = [await rawMail(sampleMessage()), await rawMail(sampleMessage())];
    expect(one.equals(two)).toBe(true);
    const other = await rawMail(sampleMessage({ messageId: "<766-daily-2026-10-12-r0.ffff@tinh.example.vn>" }));
    expect(other.equals(one)).toBe(false);
  });

  it("are plain ASCII lines ended by CRLF, none longer than the standard's 998", async () => {
    const text = (await rawMail(sampleMessage())).toString("latin1");
    expect(text).toMatch(/^[\t\r\n\x20-\x7e]+$/);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(Math.max(...text.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  const injections: [string, Partial<Message>, string][] = [
    ["a subject", { subject: EVIL }, "subject"],
    ["a bare line feed in a subject", { subject: "x\nBcc: evil@example.org" }, "subject"],
    ["a line separator in a subject", { subject: "x\u2028y" }, "subject"],
    ["a recipient's name", { to: { name: EVIL, address: "a@example.vn" } }, "to.name"],
    ["a recipient's address", { to: { name: "A", address: "a@example.vn\r\nBcc: evil@example.org" } }, "to.address"],
    ["two addresses in one", { to: { name: "A", address: "a@example.vn, evil@example.org" } }, "to.address"],
    ["an address in brackets", { to: { name: "A", address: "<a@example.vn>" } }, "to.address"],
    ["SMTP parameters after an address", { to: { name: "A", address: "a@example.vn> NOTIFY=NEVER" } }, "to.address"],
    ["the sender's name", { from: { ...from, name: EVIL } }, "from.name"],
    ["the sender's address", { from: { name: "A", address: "nobody" } }, "from.address"],
    ["the reply address", { replyTo: EVIL }, "replyTo"],
    ["a header's value", { headers: { "Content-Language": EVIL } }, "headers.Content-Language"],
    ["a header's name", { headers: { "X-A: b\r\nBcc": "evil@example.org" } }, "headers"],
    ["a header that adds recipients", { headers: { Bcc: "evil@example.org" } }, "headers"],
    ["a header that changes the content", { headers: { "Content-Type": "text/html" } }, "headers"],
    ["the Message-ID", { messageId: `<a@b>\r\nBcc: evil@example.org` }, "messageId"],
    ["a file name", { attachments: [{ ...pdf, filename: 'a.pdf"\r\nX: y' }] }, "attachments.0.filename"],
    ["a path as a file name", { attachments: [{ ...pdf, filename: "../a.pdf" }] }, "attachments.0.filename"],
    [
      "a media type",
      { attachments: [{ ...pdf, contentType: "application/pdf\r\nX: y" }] },
      "attachments.0.contentType",
    ],
    ["the folder's file name", { fileName: "../../etc/x" }, "fileName"],
  ];
  it.each(injections)("cannot be extended through %s", async (_where, changes, field) => {
    const error = await rawMail(sampleMessage(changes)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SendError);
    expect(String(error)).toContain(`: ${field} `);
    expect(String(error)).not.toMatch(/evil@|a@example\.vn/);
  });

  it("carry any name and subject as they are, and never another recipient", async () => {
    const words = fc.string({ unit: "binary", minLength: 1, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(words, words, async (name, subject) => {
        const raw = await rawMail(sampleMessage({ to: { name, address: "a@example.vn" }, subject })).catch(
          (error: unknown) => {
            if (error instanceof SendError) return null;
            throw error;
          },
        );
        if (raw === null) return;
        const mail = await parseMail(raw);
        expect(mail.to?.map((one) => ("address" in one ? one.address : one))).toEqual(["a@example.vn"]);
        expect([mail.cc, mail.bcc].flatMap((list) => list ?? [])).toEqual([]);
        expect(mail.subject?.replace(/\s+/gu, " ").trim()).toBe(subject.replace(/\s+/gu, " ").trim());
        expect(mail.attachments).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});
