import { once } from "node:events";
import net from "node:net";
import { describe, expect, it } from "vitest";
import { rawMail } from "../../../src/adapters/channels/raw-mail.ts";
import { createSmtpChannel } from "../../../src/adapters/channels/smtp.ts";
import { startRelay } from "../../support/smtp.ts";
import { pdfBytes, sampleMessage } from "./message.ts";

/** A relay that stops reading when the body begins, and can be asked later whether the final dot had left the sender. */
async function stuckRelay() {
  let stuck: net.Socket | undefined;
  const server = net.createServer((socket) => {
    stuck = socket;
    socket.on("error", () => undefined);
    socket.write("220 ready\r\n");
    const talk = (chunk: Buffer) => {
      if (!chunk.toString().startsWith("DATA")) return socket.write("250 ok\r\n");
      socket.off("data", talk);
      socket.pause();
      return socket.write("354 go ahead\r\n");
    };
    socket.on("data", talk);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as net.AddressInfo).port,
    async dotHadLeft(): Promise<boolean> {
      let tail = "";
      stuck?.on("data", (chunk: Buffer) => {
        tail = (tail + chunk.toString("latin1")).slice(-8);
      });
      if (stuck !== undefined) await once(stuck.resume(), "close");
      server.close();
      return tail.endsWith("\r\n.\r\n");
    },
  };
}

async function messageOf(bytes: number) {
  const withContent = (size: number) =>
    sampleMessage({ attachments: [{ filename: "a.pdf", contentType: "application/pdf", content: pdfBytes(size) }] });
  const rest = (await rawMail(withContent(3))).length;
  return withContent(Math.floor(((bytes - rest) * 3) / 4.11));
}

describe("the phase of a stuck body", () => {
  it("is `sent` exactly when the final dot has left this process", async () => {
    // Halves the way between a message the system takes whole and one it does not: the last steps are about a few kilobytes.
    let [taken, stuck] = [100_000, 16_000_000];
    while (stuck - taken > 4_000) {
      const size = Math.floor((taken + stuck) / 2);
      const relay = await stuckRelay();
      const url = `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`;
      const channel = createSmtpChannel({ url, log: () => undefined, deadlines: { bodyMs: 250, replyMs: 100 } });
      const { state } = await channel.send(await messageOf(size));
      const left = await relay.dotHadLeft();
      expect({ size, state }).toEqual({ size, state: left ? "unknown" : "failed" });
      if (left) taken = size;
      else stuck = size;
    }
    expect([taken > 100_000, stuck < 16_000_000]).toEqual([true, true]);
  });
});

describe("a kept connection", () => {
  it("carries many messages without growing", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const relay = await startRelay({ hideSTARTTLS: true });
    const channel = createSmtpChannel({ url: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`, log: () => undefined });
    for (let n = 0; n < 40; n += 1) expect((await channel.send(sampleMessage())).state).toBe("accepted");
    await channel.close();
    await relay.close();
    process.off("warning", onWarning);
    expect(relay.connections()).toBe(1);
    expect(relay.taken).toHaveLength(40);
    expect(warnings).toEqual([]);
  });
});
