import type { Deadlines } from "../../src/adapters/channels/smtp-fault.ts";

/** A step between an edition and the row that says it is accepted, in the order they come. */
export const STEPS = [
  { name: "between two rows owed", ledger: { method: "owe", when: "before", nth: 2 } },
  { name: "before the claim", ledger: { method: "claim", when: "before", nth: 1 } },
  { name: "after the claim", ledger: { method: "claim", when: "after", nth: 1 } },
  { name: "connecting", line: "connect" },
  { name: "MAIL said", line: "mail" },
  { name: "RCPT said", line: "rcpt" },
  { name: "DATA said", line: "data" },
  { name: "before the hand-over", ledger: { method: "handOver", when: "before", nth: 1 } },
  { name: "after the hand-over", ledger: { method: "handOver", when: "after", nth: 1 }, handed: true },
  { name: "amid the body", line: "body", handed: true },
  { name: "at the final dot", line: "dot", handed: true },
  { name: "reply on its way", line: "reply", handed: true },
  { name: "before the outcome", ledger: { method: "finish", when: "before", nth: 1 }, handed: true },
  { name: "after the outcome", ledger: { method: "finish", when: "after", nth: 1 } },
] as const satisfies readonly Step[];

export type Step = {
  readonly name: string;
  /** A statement of the ledger: the process kills itself right before or after its nth. */
  readonly ledger?: LedgerPlace;
  /** A place on the line: whoever carries the line kills the process there. */
  readonly line?: LinePlace;
  /** The row already says that the body may have left. */
  readonly handed?: boolean;
};

export type LedgerPlace = {
  readonly method: "owe" | "claim" | "handOver" | "finish";
  readonly when: "before" | "after";
  readonly nth: number;
};

/** `dot`: the final dot does not reach the relay. `reply`: the relay took the message, its reply does not arrive. */
export type LinePlace = "connect" | "ehlo" | "starttls" | "mail" | "rcpt" | "data" | "body" | "dot" | "reply";
export type LineFault = { readonly at: LinePlace; readonly kind: "drop" | "hang" | { readonly reply: string } };

/** What is wrong with the relay, or the way to it, while the workers run. */
export type Fault = {
  readonly name: string;
  /** Absent: the line is sound. It strikes each worker once. */
  readonly line?: LineFault;
  /** Nobody listens. */
  readonly refused?: true;
  /** Absent: plain, as on the same machine. */
  readonly relay?: "no-starttls" | "other-certificate" | "no-login";
  /** Only the wait that a silence is about is short. */
  readonly deadlines?: Partial<Deadlines>;
  /** The run ends with it: the steps from here up to the outcome are not reached. */
  readonly ends?: LinePlace;
  /** The message it strikes is refused for good. */
  readonly final?: true;
  /** The message it strikes may have arrived. */
  readonly silent?: true;
  /** Of its verb's faults the one that meets every step; the others meet the three steps that tell most. */
  readonly every?: true;
};

const SHORT = 400;

export const FAULTS: readonly Fault[] = [
  { name: "none", every: true },
  { name: "connect: refused", refused: true, ends: "connect" },
  { name: "connect: 421", line: { at: "connect", kind: { reply: "421 4.3.2 shutting down" } }, ends: "ehlo" },
  { name: "connect: silence", line: { at: "connect", kind: "hang" }, deadlines: { helloMs: SHORT }, ends: "ehlo" },
  { name: "EHLO: cut", line: { at: "ehlo", kind: "drop" }, ends: "ehlo" },
  { name: "STARTTLS: missing", relay: "no-starttls", ends: "ehlo" },
  {
    ...{ name: "STARTTLS: slow", relay: "other-certificate", ends: "ehlo" },
    ...{ line: { at: "starttls", kind: "hang" }, deadlines: { helloMs: SHORT } },
  },
  { name: "STARTTLS: wrong certificate", every: true, relay: "other-certificate", ends: "ehlo" },
  { name: "AUTH: 535", every: true, relay: "no-login", ends: "ehlo" },
  { name: "MAIL: 451", every: true, line: { at: "mail", kind: { reply: "451 4.3.0 try later" } } },
  { name: "MAIL: 550", line: { at: "mail", kind: { reply: "550 5.1.8 sender refused" } }, ends: "mail" },
  { name: "MAIL: cut", line: { at: "mail", kind: "drop" } },
  { name: "RCPT: 452", line: { at: "rcpt", kind: { reply: "452 4.5.3 too many" } } },
  { name: "RCPT: 550", every: true, line: { at: "rcpt", kind: { reply: "550 5.1.1 no such user" } }, final: true },
  { name: "RCPT: silence", line: { at: "rcpt", kind: "hang" }, deadlines: { bodyMs: SHORT } },
  { name: "DATA: 421", every: true, line: { at: "data", kind: { reply: "421 4.3.2 closing" } } },
  { name: "DATA: 554", line: { at: "data", kind: { reply: "554 5.6.0 not here" } }, final: true },
  { name: "DATA: cut", line: { at: "data", kind: "drop" } },
  { name: "body: cut", every: true, line: { at: "body", kind: "drop" }, silent: true },
  {
    ...{ name: "body: silence", line: { at: "body", kind: "hang" }, silent: true },
    deadlines: { bodyMs: SHORT, replyMs: SHORT },
  },
  { name: "dot: lost", line: { at: "dot", kind: "drop" }, silent: true },
  { name: "dot: 451", line: { at: "dot", kind: { reply: "451 4.3.0 try later" } } },
  { name: "dot: 554", every: true, line: { at: "dot", kind: { reply: "554 5.6.0 not this one" } }, final: true },
  { name: "reply: lost", every: true, line: { at: "reply", kind: "drop" }, silent: true },
  { name: "reply: silence", line: { at: "reply", kind: "hang" }, deadlines: { replyMs: SHORT }, silent: true },
];

/** Where a worker dies while a fault strikes; null: it lives. */
export type Row = { readonly fault: Fault; readonly step: Step | null };

/** Right after the claim nothing was said, right after the hand-over nobody knows, before the outcome it is known and not written. */
const TELLING: readonly string[] = ["after the claim", "after the hand-over", "before the outcome"];

/**
 * Every step with a fault at every verb, without the steps a run that the fault ends never comes to; and of the further faults at a verb
 * those that tell most, because a killed process costs a third of a second.
 */
export function rows(): readonly Row[] {
  const steps: readonly (Step | null)[] = [null, ...STEPS];
  return FAULTS.flatMap((fault) =>
    steps.flatMap((step) => (step === null || (wanted(step, fault) && reached(step, fault)) ? [{ fault, step }] : [])),
  );
}

function wanted({ name }: Step, { every }: Fault): boolean {
  return every === true || TELLING.includes(name);
}

function reached(step: Step, { ends, refused }: Fault): boolean {
  if (ends === undefined) return true;
  if (step.line === "connect") return refused !== true;
  if (step.line !== undefined) return step.line === ends;
  return step.ledger?.method !== "handOver";
}
