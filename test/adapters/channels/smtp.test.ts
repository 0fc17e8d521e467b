import { afterEach, describe, expect, it } from "vitest";
import { createSmtpChannel } from "../../../src/adapters/channels/smtp.ts";
import type { Outcome } from "../../../src/domain/delivery.ts";
import type { Channel } from "../../../src/pipeline/context.ts";
import {
  type FaultKind,
  type FaultPlace,
  faultyLine,
  parseMail,
  refusal,
  startRelay,
  type TestRelay,
} from "../../support/smtp.ts";
import { pdfBytes, sampleMessage } from "./message.ts";

const SHORT = { connectMs: 300, helloMs: 300, bodyMs: 400, replyMs: 300 };
const cleanups: (() => Promise<unknown>)[] = [];
const logged: unknown[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  logged.splice(0);
});

async function relay(options: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
  const started = await startRelay({ hideSTARTTLS: true, ...options });
  cleanups.push(() => started.close());
  return started;
}

function channel(port: number, query = "ignoreTLS=true", login = ""): Channel {
  const url = `smtp://${login}127.0.0.1:${port}?${query}`;
  const made = createSmtpChannel({ url, deadlines: SHORT, log: (...facts) => logged.push(facts) });
  cleanups.push(() => made.close());
  return made;
}

/** More than the buffers between two sockets hold, so that a relay that stops reading is noticed before the end. */
function big(size = 4_000_000) {
  const content = pdfBytes(size);
  return sampleMessage({ attachments: [{ filename: "a.pdf", contentType: "application/pdf", content }] });
}

describe("a message through a relay", () => {
  it("arrives once, whole, readable by another parser", async () => {
    const server = await relay();
    const message = sampleMessage();
    const outcome = await channel(server.port).send(message);
    expect(outcome.state).toBe("accepted");
    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]).toMatchObject({ from: message.from.address, to: [message.to.address] });
    const mail = await parseMail(server.taken[0]?.raw ?? Buffer.alloc(0));
    expect(mail.subject).toBe(message.subject);
    expect(mail.from).toEqual(message.from);
    expect(mail.to).toEqual([message.to]);
    expect(mail.cc ?? []).toEqual([]);
    expect(mail.messageId).toBe(message.messageId);
    expect(new Date(mail.date ?? "")).toEqual(message.date);
    expect(mail.text?.trim()).toBe(message.text.trim());
    expect(mail.html?.trim()).toBe(message.html.trim());
    const header = (key: string) => mail.headers.find((one) => one.key === key)?.value;
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(header("content-language")).toBe("vi");
    expect(mail.attachments).toHaveLength(1);
    expect(mail.attachments[0]).toMatchObject({
      filename: "diem-tin-766_2026-10-12_H21.17.pdf",
      mimeType: "application/pdf",
    });
    expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer)).toEqual(Buffer.from(pdfBytes(20_000)));
  });

  it("goes over one kept connection, one after the other, also when asked for at the same time", async () => {
    const server = await relay();
    const mail = channel(server.port);
    const sent = await Promise.all([1, 2, 3].map((n) => mail.send(sampleMessage({ subject: `Số ${n}` }))));
    expect(sent.map((one) => one.state)).toEqual(["accepted", "accepted", "accepted"]);
    expect(server.connections()).toBe(1);
    const subjects = await Promise.all(server.taken.map(async (one) => (await parseMail(one.raw)).subject));
    expect(subjects).toEqual(["Số 1", "Số 2", "Số 3"]);
  });

  it("opens a new connection when the relay has ended the kept one, and still sends once", async () => {
    const server = await relay();
    const mail = channel(server.port);
    await mail.send(sampleMessage());
    server.disconnect();
    expect((await mail.send(sampleMessage())).state).toBe("accepted");
    expect(server.taken).toHaveLength(2);
    expect(server.connections()).toBe(2);
  });

  it("opens a new connection when the kept one answers MAIL with 421", async () => {
    let mails = 0;
    const server = await relay({
      onMailFrom(_address, _session, done) {
        mails += 1;
        done(mails === 2 ? refusal(421, "4.4.2 idle too long") : null);
      },
    });
    const mail = channel(server.port);
    await mail.send(sampleMessage());
    expect((await mail.send(sampleMessage())).state).toBe("accepted");
    expect(server.taken).toHaveLength(2);
  });

  it("logs in, and never says the password when the relay refuses it", async () => {
    const server = await relay({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        if (auth.password === "đúng") done(null, { user: auth.username });
        else done(refusal(535, `5.7.8 no ${auth.username} ${auth.password}`));
      },
    });
    expect((await channel(server.port, "ignoreTLS=true", "bantin:%C4%91%C3%BAng@").send(sampleMessage())).state).toBe(
      "accepted",
    );
    const refused = await channel(server.port, "ignoreTLS=true", "bantin:Bimat123@").send(sampleMessage());
    expect(refused).toMatchObject({ state: "failed", stop: true, mayPass: true });
    expect(refused.reply).toContain("535");
    expect(JSON.stringify([refused, logged])).not.toMatch(/Bimat123|bantin/);
    expect(server.taken).toHaveLength(1);
  });
});

type Fault = readonly [FaultPlace, FaultKind, Outcome["state"], Partial<{ mayPass: boolean; stop: boolean }>, number];
const passing = { mayPass: true, stop: false };
const final = { mayPass: false, stop: false };
const stopping = { mayPass: true, stop: true };
const FAULTS: readonly Fault[] = [
  ["connect", "drop", "failed", stopping, 0],
  ["connect", "hang", "failed", stopping, 0],
  ["connect", { reply: "421 4.3.2 later" }, "failed", stopping, 0],
  ["connect", { reply: "554 5.3.2 no service" }, "failed", stopping, 0],
  ["ehlo", "drop", "failed", stopping, 0],
  ["ehlo", "hang", "failed", stopping, 0],
  ["ehlo", { reply: "421 4.3.2 later" }, "failed", stopping, 0],
  ["mail", "drop", "failed", passing, 0],
  ["mail", "hang", "failed", passing, 0],
  ["mail", { reply: "451 4.3.0 later" }, "failed", passing, 0],
  ["mail", { reply: "550 5.7.1 sender refused" }, "failed", stopping, 0],
  ["mail", { reply: "530 5.7.0 log in first" }, "failed", stopping, 0],
  ["mail", { reply: "552 5.3.4 too large" }, "failed", final, 0],
  ["rcpt", "drop", "failed", passing, 0],
  ["rcpt", "hang", "failed", passing, 0],
  ["rcpt", { reply: "450 4.2.1 busy" }, "failed", passing, 0],
  ["rcpt", { reply: "550 5.1.1 unknown" }, "failed", final, 0],
  ["data", "drop", "failed", passing, 0],
  ["data", "hang", "failed", passing, 0],
  ["data", { reply: "451 4.3.0 later" }, "failed", passing, 0],
  ["data", { reply: "554 5.5.1 no" }, "failed", final, 0],
  ["data", { reply: "250 2.0.0 out of step" }, "failed", passing, 0],
  ["body", "drop", "failed", passing, 0],
  ["body", "hang", "failed", passing, 0],
  ["body", { reply: "552 5.3.4 too large" }, "failed", final, 0],
  ["body", { reply: "250 2.0.0 too early" }, "unknown", {}, 0],
  ["dot", "drop", "unknown", {}, 0],
  ["dot", "hang", "unknown", {}, 0],
  ["dot", { reply: "451 4.3.0 later" }, "failed", passing, 0],
  ["dot", { reply: "554 5.7.1 spam" }, "failed", final, 0],
  ["dot", { reply: "354 again" }, "unknown", {}, 0],
  ["reply", "drop", "unknown", {}, 1],
  ["reply", "hang", "unknown", {}, 1],
];

describe("a fault at each step", () => {
  it.each(FAULTS)("at %s, %o: %s %o, the relay took %i", async (at, kind, state, facts, took) => {
    const server = await relay({ hidePIPELINING: true });
    const line = await faultyLine(server.port, { at, kind });
    cleanups.push(() => line.close());
    const outcome = await channel(line.port).send(big(at === "body" && kind === "hang" ? 16_000_000 : 4_000_000));
    expect(outcome).toMatchObject({ state, ...facts });
    await new Promise((resolve) => setTimeout(resolve, 50)); // a message still under way would arrive now
    expect(server.taken).toHaveLength(took);
  });

  it("a lost reply after the body of a small message is unknown too, and nothing is sent again", async () => {
    const server = await relay({ hidePIPELINING: true });
    const line = await faultyLine(server.port, { at: "reply", kind: "drop", times: 1 });
    cleanups.push(() => line.close());
    const mail = channel(line.port);
    expect((await mail.send(sampleMessage())).state).toBe("unknown");
    expect((await mail.send(sampleMessage({ subject: "Thư sau" }))).state).toBe("accepted");
    expect(server.taken).toHaveLength(2);
  });

  it("a relay that is not there stops the sending and names the fault", async () => {
    const server = await startRelay();
    await server.close();
    const outcome = await channel(server.port).send(sampleMessage());
    expect(outcome).toMatchObject({ state: "failed", mayPass: true, stop: true });
    expect(outcome.reply).toContain("ECONNREFUSED");
  });

  it.each([
    [
      "MAIL",
      { onMailFrom: (_a: unknown, _s: unknown, done: (e: Error) => void) => done(refusal(452, "4.3.1 full")) },
      passing,
    ],
    [
      "RCPT",
      { onRcptTo: (_a: unknown, _s: unknown, done: (e: Error) => void) => done(refusal(550, "5.1.1 unknown")) },
      final,
    ],
    [
      "body",
      { onData: (_d: unknown, _s: unknown, done: (e: Error) => void) => done(refusal(451, "4.3.0 later")) },
      passing,
    ],
    ["body", { onData: (_d: unknown, _s: unknown, done: (e: Error) => void) => done(refusal(554, "5.6.0 no")) }, final],
  ])("a relay that is spoken to without waiting (PIPELINING) refuses at %s", async (_verb, hooks, facts) => {
    const server = await relay(hooks);
    const mail = channel(server.port);
    expect(await mail.send(sampleMessage())).toMatchObject({ state: "failed", ...facts });
    expect(server.taken).toHaveLength(0);
  });

  it("a refused recipient does not keep the next one from getting mail", async () => {
    const server = await relay({
      onRcptTo: (address, _session, done) =>
        done(address.address.startsWith("di.roi") ? refusal(550, "5.1.1 gone") : null),
    });
    const mail = channel(server.port);
    const gone = await mail.send(sampleMessage({ to: { name: "A", address: "di.roi@example.vn" } }));
    expect(gone).toMatchObject({ state: "failed", mayPass: false, stop: false });
    expect((await mail.send(sampleMessage())).state).toBe("accepted");
  });

  it("keeps mail addresses out of what is stored and logged", async () => {
    const to = { name: "A", address: "Tran.Van.An@example.vn" };
    const server = await relay({
      onRcptTo: (_address, _session, done) =>
        done(refusal(550, "5.1.1 <tran.van.an@EXAMPLE.vn>: user tran.van.an unknown; ask post@relay.vn")),
    });
    const outcome = await channel(server.port).send(sampleMessage({ to }));
    expect(outcome.reply).toMatch(/^RCPT TO: 550 5\.1\.1 /);
    expect(JSON.stringify([outcome, logged])).not.toMatch(/@|tran\.van\.an/i);
  });

  it("a message larger than the relay announces is refused before anything is said, for good", async () => {
    const server = await relay({ size: 10_000 });
    expect(await channel(server.port).send(sampleMessage())).toMatchObject({ state: "failed", ...final });
  });
});
