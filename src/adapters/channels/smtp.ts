import type { Message, Outcome } from "../../domain/delivery.ts";
import type { Channel, Context } from "../../pipeline/context.ts";
import type { Signer } from "./dkim.ts";
import { rawMail } from "./raw-mail.ts";
import { type Deadlines, RelayFault } from "./smtp-fault.ts";
import { drop, openSession, type Session } from "./smtp-open.ts";
import { outcomeOf } from "./smtp-outcome.ts";
import { alive, KeptBack, leave, transmit } from "./smtp-session.ts";
import { parseRelay } from "./smtp-url.ts";

/** In all under the 15 minutes after which a delivery left `sending` is called `unknown`. */
const DEADLINES: Deadlines = { connectMs: 15_000, helloMs: 30_000, bodyMs: 240_000, replyMs: 300_000 };

/**
 * A channel that hands messages to a mail relay, one at a time over one kept connection.
 * `send` gives `accepted` only for a 2xx reply to the whole body of this message; `failed` when the relay certainly did not
 * take it; `unknown` when the final dot may have left and no reply came.
 * @throws {UsageError} for a wrong or unsafe URL; {SendError} from `send` for a message that may not be composed.
 */
export function createSmtpChannel(options: {
  readonly url: string;
  readonly log: Context["log"];
  readonly deadlines?: Partial<Deadlines>;
  readonly sign?: Signer;
}): Channel {
  const relay = parseRelay(options.url);
  const deadlines = { ...DEADLINES, ...options.deadlines };
  let kept: Session | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function attempt(message: Message, raw: Uint8Array): Promise<Outcome> {
    const reused = kept !== null && alive(kept);
    try {
      const session = reused && kept !== null ? kept : await openSession(relay, deadlines);
      kept = session;
      const envelope = {
        ...{ raw, from: message.envelopeFrom ?? message.from.address, to: message.to.address },
        ...(message.mayLeave === undefined ? {} : { mayLeave: message.mayLeave }),
      };
      return { state: "accepted", reply: await transmit(session, envelope, deadlines) };
    } catch (error) {
      if (kept !== null) drop(kept);
      kept = null;
      if (error instanceof KeptBack) return { state: "suppressed", reply: error.message };
      if (!(error instanceof RelayFault)) throw error;
      const { fault } = error;
      options.log("smtp-fault", { phase: fault.phase, command: fault.command, code: fault.code });
      // Relays end idle connections, with a bare close or with 421. Nothing of this message was said then: open another.
      const ended = fault.phase === "envelope" && (fault.code === 421 || (fault.code === null && !fault.refusedHere));
      return reused && ended ? attempt(message, raw) : outcomeOf(fault);
    }
  }

  return {
    name: "smtp",
    async send(message) {
      const raw = await rawMail(message, options.sign);
      const turn = last.then(() => attempt(message, raw));
      last = turn.catch(() => undefined); // the caller of that turn gets the error; the next turn only waits for its end
      return turn;
    },
    async close() {
      await last;
      if (kept !== null) await leave(kept);
      kept = null;
    },
  };
}
