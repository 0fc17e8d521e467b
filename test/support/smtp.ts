import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A message a real relay has answered with 250. */
export type Taken = { readonly from: string; readonly to: readonly string[]; readonly raw: Buffer };

/** A real mail relay on the loopback: what it took, and how often somebody connected. */
export type TestRelay = {
  readonly port: number;
  readonly taken: readonly Taken[];
  readonly connections: () => number;
  /** Ends every open connection from the relay's side; it goes on listening. */
  disconnect(): void;
  close(): Promise<void>;
};

/** A refusal as smtp-server wants it. */
export function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Starts a relay; `options` are smtp-server's own (hooks, TLS, limits). Counts a message only when it was accepted whole. */
export async function startRelay(options: SMTPServerOptions = {}): Promise<TestRelay> {
  const taken: Taken[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const accept = (error?: Error | null) => {
          const { mailFrom, rcptTo } = session.envelope;
          if (!error) {
            const from = mailFrom === false ? "" : mailFrom.address;
            taken.push({ from, to: rcptTo.map((one) => one.address), raw: Buffer.concat(chunks) });
          }
          done(error);
        };
        if (options.onData) options.onData(stream, session, accept);
        else accept();
      });
    },
  });
  server.on("error", () => undefined); // a client that breaks off is what these tests are about
  server.server.on("connection", (socket: net.Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as net.AddressInfo).port,
    taken,
    connections: () => connections,
    disconnect: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Where a fault strikes. `dot`: the final dot does not reach the relay. `reply`: the relay took the message, its reply is lost. */
export type FaultPlace = "connect" | "ehlo" | "mail" | "rcpt" | "data" | "body" | "dot" | "reply";
/** What happens there: the line is cut, nothing more is said, or the given line is answered instead. */
export type FaultKind = "drop" | "hang" | { readonly reply: string };

/**
 * A line in front of a relay that fails at one place, on the first `times` connections (default: always). Between client and a
 * real relay, so what the relay took is the relay's own word.
 */
export async function faultyLine(
  relayPort: number,
  fault: { readonly at: FaultPlace; readonly kind: FaultKind; readonly times?: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  let left = fault.times ?? Number.POSITIVE_INFINITY;
  const server = net.createServer((client) => {
    const faulty = left > 0;
    left -= 1;
    const relay = net.connect(relayPort, "127.0.0.1");
    for (const socket of [client, relay]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        client.destroy();
        relay.destroy();
      });
    }
    carry(client, relay, faulty ? fault : null);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function carry(client: net.Socket, relay: net.Socket, fault: { at: FaultPlace; kind: FaultKind } | null): void {
  let mode: "lines" | "body" | "stuck" = "lines";
  let replyLost = false;
  let seen = "";
  let bodyBytes = 0;
  const strike = () => {
    mode = "stuck";
    if (fault?.kind === "drop") client.destroy();
    else if (fault?.kind === "hang")
      client.pause(); // what is not read fills the line, as with a relay that is stuck
    else if (typeof fault?.kind === "object") client.write(`${fault.kind.reply}\r\n`);
  };
  if (fault?.at === "connect") strike();
  relay.on("data", (chunk: Buffer) => {
    const text = chunk.toString("latin1");
    if (replyLost) strike();
    if (mode === "lines" && /^354/m.test(text)) mode = "body";
    if (mode !== "stuck") client.write(chunk);
  });
  client.on("data", (chunk: Buffer) => {
    const text = chunk.toString("latin1");
    if (mode === "lines") {
      const verb = text.trim().split(/[ :]/)[0]?.toLowerCase();
      if (verb === fault?.at) strike();
    } else if (mode === "body") {
      bodyBytes += chunk.length;
      seen = (seen + text).slice(-16);
      if (fault?.at === "body" && bodyBytes > 60_000) strike();
      if (seen.endsWith("\r\n.\r\n")) {
        if (fault?.at === "dot") strike();
        else mode = "lines";
        replyLost = fault?.at === "reply";
      }
    }
    if (mode !== "stuck") relay.write(chunk);
  });
}

/** Reads a message back with a parser that is not the composer's. */
export function parseMail(raw: Uint8Array): Promise<Email> {
  return PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
}

/** A fresh self-signed certificate for localhost and 127.0.0.1; `file` is what NODE_EXTRA_CA_CERTS may point to. */
export async function selfSigned(): Promise<{ key: Buffer; cert: Buffer; file: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "diemtin-cert-"));
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"];
  await promisify(execFile)("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  return { key: await readFile(key), cert: await readFile(cert), file: cert };
}
