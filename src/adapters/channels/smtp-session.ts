import net from "node:net";
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import tls from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { describeError } from "../../domain/errors.ts";
import type { Fault } from "./smtp-outcome.ts";
import { redact } from "./smtp-outcome.ts";
import { isLoopback, type Relay } from "./smtp-url.ts";

/** How long each part may take in all, however lively the relay looks meanwhile. Milliseconds. */
export type Deadlines = {
  /** Address lookup, connection and, with smtps, the TLS handshake. */
  readonly connectMs: number;
  /** Greeting, EHLO, STARTTLS, login. */
  readonly helloMs: number;
  /** MAIL FROM to the last byte of the body. */
  readonly bodyMs: number;
  /** The reply to the body. RFC 5321 4.5.3.2.6 speaks of ten minutes; a silence becomes `unknown` and a person looks at it. */
  readonly replyMs: number;
};

/** An open conversation with a relay. */
export type Session = { readonly connection: SMTPConnection; readonly socket: net.Socket };

/** A fault while a session was being opened or used. */
export class RelayFault extends Error {
  override readonly name = "RelayFault";
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.reply);
    this.fault = fault;
  }
}

type Raw = { raw: Uint8Array; from: string; to: string };
const CHUNK = 16 * 1024;

/**
 * Opens a session up to the point where MAIL FROM may be said: TLS in place and checked unless the relay is plain, logged in.
 * @throws {RelayFault} in phase `opening`.
 */
export async function openSession(relay: Relay, deadlines: Deadlines): Promise<Session> {
  const socket = await connect(relay, deadlines.connectMs);
  const connection = new SMTPConnection({
    connection: socket,
    secure: relay.tls === "implicit",
    secured: relay.tls === "implicit",
    requireTLS: relay.tls === "starttls",
    ignoreTLS: relay.tls === "none",
    host: relay.host,
    tls: tlsOptions(relay),
    ...(relay.name === undefined ? {} : { name: relay.name }),
    connectionTimeout: deadlines.helloMs,
    greetingTimeout: deadlines.helloMs,
    socketTimeout: deadlines.bodyMs + deadlines.replyMs,
    socketCloseTimeout: 1000,
    logger: false,
  });
  const session = { connection, socket };
  try {
    await within(deadlines.helloMs, "no session", async (fail) => {
      // Stays for the life of the session: the library also emits what it hands to a callback.
      connection.on("error", fail);
      connection.once("end", () => fail(new Error("the relay closed the connection")));
      await called((done) => connection.connect(done));
      const { user, pass } = relay;
      if (user !== undefined && pass !== undefined) {
        await called((done) => connection.login({ user, credentials: { user, pass } }, done));
      }
    });
    return session;
  } catch (error) {
    drop(session);
    throw new RelayFault(faultOf(error, "opening", [relay.user ?? "", relay.pass ?? ""]));
  }
}

/**
 * Sends one composed message to one recipient over an open session; gives the relay's reply.
 * @throws {RelayFault} with the phase the message had reached; the session must then be dropped.
 */
export async function transmit(session: Session, message: Raw, deadlines: Deadlines): Promise<string> {
  const { connection } = session;
  const progress: { phase: Fault["phase"] } = { phase: "envelope" };
  const secrets = [message.to, message.from];
  try {
    return await within(deadlines.bodyMs, "the relay did not take the message", async (fail, extend) => {
      // A turn later, so that the library's own account of the end, which may carry a reply, comes first.
      connection.once("end", () => setImmediate(() => fail(new Error("the connection was closed"))));
      const body = Readable.from(bytes(), { objectMode: false, highWaterMark: CHUNK });
      async function* bytes() {
        // The library also takes 250 for "go ahead"; such a relay is out of step and would answer for another message.
        if (!String(connection.lastServerResponse).startsWith("354")) throw new Error("the reply to DATA is not 354");
        progress.phase = "body";
        for (let at = 0; at < message.raw.length; at += CHUNK) yield message.raw.subarray(at, at + CHUNK);
        // The library writes the final dot when this stream ends. It ends only after the system has taken all before it, so
        // that a connection lost during the body is never mistaken for a lost reply.
        await drained(connection);
        progress.phase = "sent";
        extend(deadlines.replyMs, "no reply to the body");
      }
      const envelope = { from: message.from, to: [message.to], size: message.raw.length };
      const info = await new Promise<Info>((resolve, reject) => {
        connection.send(envelope, body, (error, result) => (error ? reject(error) : resolve(result)));
      });
      const mine = info.accepted.some((one) => one.toLowerCase() === message.to.toLowerCase());
      if (progress.phase !== "sent" || !mine) {
        // "Accepted" before the end, or for somebody else: nothing this relay says can be relied on.
        progress.phase = "sent";
        throw new Error(`a reply that does not belong to this message: ${info.response}`);
      }
      return redact(info.response, secrets);
    });
  } catch (error) {
    throw new RelayFault(faultOf(error, progress.phase, secrets));
  }
}

/** Leaves a session politely (QUIT, at most a second), or at once when it is broken. */
export async function leave(session: Session): Promise<void> {
  if (!alive(session)) return drop(session);
  const gone = new Promise<void>((resolve) => {
    session.connection.once("end", resolve);
    setTimeout(resolve, 1000).unref();
  });
  session.connection.quit();
  await gone;
  drop(session);
}

/** Ends a session at once: nothing still waiting in this process is written any more. */
export function drop(session: Session): void {
  session.connection.close();
  session.socket.destroy();
}

/** True while a session can take another message, as far as this side has heard. */
export function alive(session: Session): boolean {
  return !session.connection.destroyed && !session.socket.destroyed && session.socket.writable;
}

type Info = { readonly accepted: readonly string[]; readonly response: string };

async function connect(relay: Relay, connectMs: number): Promise<net.Socket> {
  const target = { host: relay.host, port: relay.port };
  const socket = relay.tls === "implicit" ? tls.connect({ ...target, ...tlsOptions(relay) }) : net.connect(target);
  try {
    await within(connectMs, "no connection", async (fail) => {
      socket.once("error", fail);
      await called((done) => socket.once(relay.tls === "implicit" ? "secureConnect" : "connect", () => done()));
    });
    if (relay.tls === "none" && !isLoopback(socket.remoteAddress ?? "")) {
      throw new Error("the host name of a plain relay leads to another machine; TLS is required there");
    }
    // An error between here and the library's own listener must not end the process.
    socket.on("error", () => undefined);
    return socket;
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    throw new RelayFault(faultOf(error, "opening", []));
  }
}

function tlsOptions(relay: Relay): tls.ConnectionOptions {
  const servername = relay.servername ?? (net.isIP(relay.host) ? undefined : relay.host);
  // Said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise switch the check off.
  return { rejectUnauthorized: true, minVersion: "TLSv1.2", ...(servername === undefined ? {} : { servername }) };
}

/** Runs work that is over by a deadline: `extend` moves it, `fail` ends the work from an event. */
async function within<T>(
  ms: number,
  what: string,
  work: (fail: (error: Error) => void, extend: (ms: number, what: string) => void) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const extend = (nextMs: number, nextWhat: string) => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new Error(`${nextWhat} within ${nextMs} ms`)), nextMs);
      };
      extend(ms, what);
      work(reject, extend).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

function called(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

/** Resolves once the system has taken every byte written so far; never, when the connection is gone (the deadline ends it). */
async function drained(connection: SMTPConnection): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    await turn();
    const socket = connection._socket;
    if (!socket || socket.destroyed) throw new Error("the connection was lost during the body");
    quiet = socket.writableLength === 0 ? quiet + 1 : 0;
  }
}

function faultOf(error: unknown, phase: Fault["phase"], secrets: readonly string[]): Fault {
  const facts = (error instanceof Error ? error : {}) as {
    responseCode?: unknown;
    response?: unknown;
    command?: unknown;
    code?: unknown;
    errors?: unknown;
  };
  const code = typeof facts.responseCode === "number" ? facts.responseCode : null;
  const words = typeof facts.response === "string" && code !== null ? facts.response : describeAll(error);
  return {
    phase,
    command: typeof facts.command === "string" && facts.command !== "API" ? facts.command : phase.toUpperCase(),
    code,
    reply: redact(words, secrets),
    refusedHere: phase === "envelope" && code === null && (facts.code === "EMESSAGE" || facts.code === "EENVELOPE"),
  };
}

/** A connection tried on several addresses fails with one error per address and no words of its own. */
function describeAll(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(describeError))].join("; ");
  return describeError(error);
}
