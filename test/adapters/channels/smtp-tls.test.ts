import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSmtpChannel } from "../../../src/adapters/channels/smtp.ts";
import type { Outcome } from "../../../src/domain/delivery.ts";
import { selfSigned, startRelay, type TestRelay } from "../../support/smtp.ts";
import { sampleMessage } from "./message.ts";

const SCRIPT = path.join(import.meta.dirname, "send-one.ts");
let certificate: Awaited<ReturnType<typeof selfSigned>>;
let startTls: TestRelay;
let fromFirstByte: TestRelay;
let withoutTls: TestRelay;

beforeAll(async () => {
  certificate = await selfSigned();
  const { key, cert } = certificate;
  const said: string[] = [];
  startTls = await startRelay({
    key,
    cert,
    onMailFrom: (_address, session, done) => done(session.secure ? null : new Error("plain")),
  });
  fromFirstByte = await startRelay({ key, cert, secure: true });
  withoutTls = await startRelay({
    hideSTARTTLS: true,
    disabledCommands: ["STARTTLS"],
    onMailFrom: (address, _s, done) => {
      said.push(address.address);
      done();
    },
  });
});
afterAll(async () => {
  for (const relay of [startTls, fromFirstByte, withoutTls]) await relay.close();
});

/** In a process of its own, because authorities are read once, when a process starts. */
async function sendTrusting(url: string, authority: string | undefined): Promise<Outcome> {
  const env = {
    ...process.env,
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    NODE_NO_WARNINGS: "1",
    NODE_EXTRA_CA_CERTS: authority,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", SCRIPT, url], { env });
  return JSON.parse(stdout);
}

describe("a relay with TLS", () => {
  it.each(["smtp", "smtps"])("%s: mail goes out when its authority is known, and not otherwise", async (scheme) => {
    const relay = scheme === "smtp" ? startTls : fromFirstByte;
    const url = `${scheme}://localhost:${relay.port}`;
    // NODE_TLS_REJECT_UNAUTHORIZED=0 is set in both: it must not switch the check off.
    const [stranger, known] = await Promise.all([sendTrusting(url, undefined), sendTrusting(url, certificate.file)]);
    expect(stranger).toMatchObject({ state: "failed", stop: true, mayPass: true });
    expect(stranger.reply).toMatch(/self.signed/);
    expect(known.state).toBe("accepted");
    expect(relay.taken).toHaveLength(1);
  });

  it("a certificate for another name is refused", async () => {
    const url = `smtps://127.0.0.1:${fromFirstByte.port}?servername=mail.example.vn`;
    const before = fromFirstByte.taken.length;
    const outcome = await sendTrusting(url, certificate.file);
    expect(outcome).toMatchObject({ state: "failed", stop: true });
    expect(outcome.reply).toContain("does not match certificate's altnames");
    expect(fromFirstByte.taken).toHaveLength(before);
  });

  it("a relay that offers no TLS gets nothing, not even the sender", async () => {
    const channel = createSmtpChannel({ url: `smtp://127.0.0.1:${withoutTls.port}`, log: () => undefined });
    expect(await channel.send(sampleMessage())).toMatchObject({ state: "failed", stop: true });
    await channel.close();
    expect(withoutTls.taken).toHaveLength(0);
  });
});
