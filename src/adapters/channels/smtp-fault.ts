import { describeError } from "../../domain/errors.ts";
import { redact } from "./smtp-outcome.ts";
import type { Fault } from "./smtp-refusal.ts";

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

/** A fault while a session was being opened or used. */
export class RelayFault extends Error {
  override readonly name = "RelayFault";
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.reply);
    this.fault = fault;
  }
}

/** What an error says about the message, whichever part of the conversation threw it. Secrets are taken out of its words. */
export function faultOf(error: unknown, phase: Fault["phase"], secrets: readonly string[]): Fault {
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

/** Runs work that is over by a deadline: `extend` moves it, `fail` ends the work from an event. */
export async function within<T>(
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

/** A callback as a promise. */
export function called(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
