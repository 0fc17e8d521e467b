import fc from "fast-check";
import type { Email } from "postal-mime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { SendError } from "../../src/domain/errors.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import { composeMessage } from "../../src/pipeline/message.ts";
import type { EditionFile } from "../../src/pipeline/store.ts";
import { parseMail, startRelay, type TestRelay } from "../support/smtp.ts";
import { SETTINGS } from "./mail-context.ts";

/** What breaks out of a line, hides in a word, or turns the reading. */
const PIECES = [
  ..."\r\n\t\0\"'<>,;:()[]\\@=?%& .",
  ...[
    "\r\n",
    "\n\r\n",
    "\r\nBcc: evil@example.vn\r\n",
    "\nSubject: x",
    "\r\n\r\n<b>",
    "\u2028",
    "\u0085",
    "\u202e",
    "\u2066",
  ],
  ...["=?utf-8?B?QmNjOiBldmls?=", "=?utf-8?q?=0d=0aBcc:_evil@example.vn?=", "evil@example.vn", ", evil@example.vn"],
  ...[
    "<evil@example.vn>",
    '" <evil@example.vn>, "',
    "xn--",
    "Nguyễn",
    "Thị",
    "Sở",
    "A",
    "b",
    "9",
    "\ufeff",
    "\ud800",
    "😀",
  ],
];
const word = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: "binary", maxLength: 3 })),
  {
    maxLength: 8,
  },
);
const hostile = word.map((pieces) => pieces.join(""));
/** Hostile at one place of ten, so that much is sent and each place is tried alone. */
const maybe = (plain: string) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: hostile });
/** The configuration is UTF-8, which holds no half letters. */
const configured = (plain: string) => maybe(plain).map((text) => text.replace(/\p{Cs}/gu, ""));
/** What a name may well hold and a mail must carry unharmed. */
const odd = fc.array(fc.constantFrom(..."\"'<>,;:()[]\\@=?%& .", "Nguyễn", "Sở", "=?", "?=", "evil@example.vn"), {
  minLength: 1,
  maxLength: 8,
});

const parts = fc.record({
  toName: fc.oneof(
    maybe("Nguyễn Văn A"),
    odd.map((pieces) => pieces.join("")),
  ),
  toAddress: maybe("a@so.example.vn"),
  subject: fc.oneof(
    maybe("[766] 12/10: Sở Xây dựng"),
    odd.map((pieces) => pieces.join("")),
  ),
  audience: maybe("H21.17"),
  issue: maybe("2026-10-12"),
  fromName: fc.oneof(
    maybe("Bản tin 766"),
    odd.map((pieces) => pieces.join("")),
  ),
  fromAddress: configured("bantin@tinh.example.vn"),
  replyTo: configured("kstthc@tinh.example.vn"),
  bounceAddress: configured("bounce@tinh.example.vn"),
  publicUrl: configured("").map((text) => `https://766.tinh.example.vn/${text}`),
});

/** Every header a mail of this kind may carry, each once. */
const HEADERS = [
  ...["from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type", "content-language"],
  ...["auto-submitted", "x-auto-response-suppress", "list-id", "list-unsubscribe", "list-unsubscribe-post"],
];

let relay: TestRelay;
let channel: Channel;
beforeAll(async () => {
  relay = await startRelay({ hideSTARTTLS: true });
  channel = createSmtpChannel({ url: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`, log: () => undefined });
});
afterAll(async () => {
  await channel.close();
  await relay.close();
});

describe("text from outside in a mail", () => {
  it("adds no header and no recipient, whatever stands in names, units, subjects and the configuration", async () => {
    let [sent, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(parts, async (given) => {
        const before = relay.taken.length;
        const state = await trySend(given);
        if (state === "refused") refused += 1;
        if (relay.taken.length === before) return;
        sent += 1;
        const taken = relay.taken[before];
        expect(relay.taken).toHaveLength(before + 1);
        expect(taken?.to).toEqual([given.toAddress]);
        expect(taken?.from.replace(/\+1-[0-9a-f]{24}@/, "@")).toBe(given.bounceAddress);
        const mail = await parseMail(taken?.raw ?? Buffer.alloc(0));
        const wanted = HEADERS.filter((key) => key !== "subject" || given.subject.trim() !== "");
        expect(mail.headers.map(({ key }) => key).sort()).toEqual([...wanted].sort());
        expect(mail.to?.map(folded)).toEqual([{ name: given.toName, address: given.toAddress }].map(folded));
        expect([mail.from].map(folded)).toEqual([{ name: given.fromName, address: given.fromAddress }].map(folded));
        expect(mail.replyTo?.map((one) => one.address)).toEqual([given.replyTo]);
        expect([mail.cc ?? [], mail.bcc ?? []]).toEqual([[], []]);
        expect(mail.attachments).toHaveLength(1);
        expect(unfolded(mail.subject)).toBe(unfolded(given.subject));
      }),
      { numRuns: 600, seed: 766 },
    );
    // Looked at both: what was let through, and what was not.
    expect([sent > 100, refused > 50]).toEqual([true, true]);
  });
});

async function trySend(given: Given): Promise<string> {
  try {
    return (await channel.send(composed(given))).state;
  } catch (error) {
    if (error instanceof SendError) return "refused";
    throw error;
  }
}

type Given = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function composed(given: Given) {
  const { fromName, fromAddress, replyTo, bounceAddress } = given;
  const mail = { from: { name: fromName, address: fromAddress }, replyTo, bounceAddress };
  const settings: Settings = { ...SETTINGS, mail };
  const edition = {
    ...{ bulletin: "daily", audience: given.audience, issue: given.issue, reissue: 0, snapshots: [], baseline: null },
    ...{ asOf: new Date(0), composedAt: new Date(0) },
    content: { subject: given.subject, lines: [], summary: "", title: "", pages: true, blocks: [], figures: [] },
  } as unknown as Edition;
  const bytes = new TextEncoder().encode("x");
  const files = (["text", "html", "pdf"] as const).map((kind): EditionFile => ({ kind, bytes, sha256: "" }));
  return composeMessage({
    ...{ edition, files, settings, delivery: "1", envelopeKey: new Uint8Array(32) },
    recipient: { name: given.toName, position: "", email: given.toAddress, unit: "H21.17", bulletins: ["daily"] },
    links: { publicUrl: given.publicUrl, secret: "s".repeat(32) },
  });
}

function unfolded(text: string | undefined): string {
  return (text ?? "").replace(/\s+/gu, " ").trim();
}

function folded(one: Email["from"] | { name: string; address: string }) {
  return { name: unfolded(one?.name), address: one?.address };
}
