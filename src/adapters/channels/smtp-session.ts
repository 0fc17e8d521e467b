import { Readable } from "node:stream";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { MayLeave } from "../../domain/delivery.ts";
import { type Deadlines, faultOf, RelayFault, within } from "./smtp-fault.ts";
import { drop, type Session } from "./smtp-open.ts";
import { redact } from "./smtp-outcome.ts";
import type { Fault } from "./smtp-refusal.ts";

type Raw = {
  readonly raw: Uint8Array;
  readonly from: string;
  readonly to: string;
  /** Asked once the relay wants the body and before its first byte: why it must not leave after all, or null. */
  readonly mayLeave?: MayLeave;
};

/** The relay was ready for the body, and it was kept back: nothing of the message was accepted. */
export class KeptBack extends Error {
  override readonly name = "KeptBack";
}
const CHUNK = 16 * 1024;

/**
 * Sends one composed message to one recipient over an open session; gives the relay's reply.
 * @throws {RelayFault} with the phase the message had reached; the session must then be dropped.
 */
export async function transmit(session: Session, message: Raw, deadlines: Deadlines): Promise<string> {
  const { connection } = session;
  const progress: { phase: Fault["phase"] } = { phase: "envelope" };
  const secrets = [message.to, message.from];
  let closed = () => {};
  let kept: KeptBack | null = null;
  try {
    return await within(deadlines.bodyMs, "the relay did not take the message", async (fail, extend) => {
      // A turn later, so that the library's own account of the end, which may carry a reply, comes first.
      closed = () => setImmediate(() => fail(new Error("the connection was closed")));
      connection.once("end", closed);
      const body = Readable.from(bytes(), { objectMode: false, highWaterMark: CHUNK });
      async function* bytes() {
        // The library also takes 250 for "go ahead"; such a relay is out of step and would answer for another message.
        if (!String(connection.lastServerResponse).startsWith("354")) throw new Error("the reply to DATA is not 354");
        progress.phase = "body";
        const reason = (await message.mayLeave?.()) ?? null;
        if (reason !== null) {
          kept = new KeptBack(reason);
          throw kept;
        }
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
    // The library may wrap what ended the body.
    if (kept !== null) throw kept;
    throw new RelayFault(faultOf(error, progress.phase, secrets));
  } finally {
    connection.off("end", closed);
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

/** True while a session can take another message, as far as this side has heard. */
export function alive(session: Session): boolean {
  return !session.connection.destroyed && !session.socket.destroyed && session.socket.writable;
}

type Info = { readonly accepted: readonly string[]; readonly response: string };

/**
 * Resolves once the system has taken every byte written so far. An empty socket must be seen twice in a row, because the library
 * hands on what it holds between two turns.
 */
async function drained(connection: SMTPConnection): Promise<void> {
  for (let [quiet, waited] = [0, 0]; quiet < 2; ) {
    await nextTurn();
    const socket = connection._socket;
    if (!socket || socket.destroyed) throw new Error("the connection was lost during the body");
    quiet = socket.writableLength === 0 ? quiet + 1 : 0;
    if (quiet > 0) continue;
    // A relay beside us has it within a millisecond; a slow line is not asked a thousand times a second.
    waited = Math.min(waited + 1, 5);
    await pause(waited);
  }
}
