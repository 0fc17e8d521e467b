import type { Day } from "./calendar.ts";
import type { BulletinName } from "./edition.ts";

/** Someone who gets a bulletin about a unit. */
export type Recipient = {
  readonly name: string;
  readonly position: string;
  /** As written in the list; compared folded for case. */
  readonly email: string;
  /** An H-code; "province" in a list is stored as the province's code. */
  readonly unit: string;
  readonly bulletins: readonly BulletinName[];
  /** Absent: the head. */
  readonly role?: Role;
  /** The first and the last day on which the person gets the bulletins of this unit; absent: no such end. */
  readonly from?: Day;
  readonly until?: Day;
};

/** Why somebody is on the list: answers for the unit, stands in, reads along, or sits on the steering committee. */
export type Role = "head" | "deputy" | "copy" | "committee";

/**
 * Where a delivery stands. `queued`: owed, no connection made. `sending`: claimed by a worker, outcome not yet written.
 * `accepted`: the relay (or the folder) took it. `failed`: it certainly did not. `unknown`: the body was sent and no reply came;
 * never sent again by itself. `suppressed`: the recipient no longer wants or may get it. `bounced`: the relay took it and a
 * notice came back that it could not be delivered.
 */
export type DeliveryState = "queued" | "sending" | "accepted" | "failed" | "unknown" | "suppressed" | "bounced";

/** Why a message may not leave after all; null when it may. */
export type MayLeave = () => Promise<string | null>;

/** One message to one person, whole: what a channel needs and nothing more. */
export type Message = {
  /** Deterministic, with angle brackets: the same delivery always has the same id. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: Uint8Array;
    /** Set for a picture the HTML shows ("cid:…"): "id@domain", without angle brackets. */
    readonly cid?: string;
  }[];
  /**
   * The last question, asked by the channel when the relay wants the body and nothing of it has left: why the message must be kept
   * back after all; null lets it go. Part of the message, so that nothing that passes messages on can lose it.
   */
  readonly mayLeave?: MayLeave;
  /** Where notices of failure go, when not to `from`: "bounce+TOKEN@domain". */
  readonly envelopeFrom?: string;
  /** A file name for channels that write files, unique per delivery, ASCII, without extension. */
  readonly fileName: string;
};

/**
 * Why a message was not taken, which decides what happens next. `transient`: tried again until the deadline. `throttled`: the same,
 * and sending slows down. `configuration`: login, certificate, a sender nobody accepts; every message would meet it. `address`: there
 * is no such mailbox. `mailbox`: it is full. `policy`: taken for unwanted mail. `message`: this message is refused for itself.
 */
export const REFUSALS = ["transient", "throttled", "configuration", "address", "mailbox", "policy", "message"] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * What a channel knows after one attempt. `mayPass` on `failed`: nothing was accepted and trying again may help. `suppressed`: right
 * before the body was handed over somebody no longer wanted or was no longer allowed to get it.
 */
export type Outcome =
  | { readonly state: "accepted"; readonly reply: string }
  | {
      readonly state: "failed";
      readonly reply: string;
      readonly mayPass: boolean;
      /** The whole relay is unusable: stop sending to anybody in this run. */
      readonly stop: boolean;
      /** Absent: nothing is known beyond the other two. */
      readonly refusal?: Refusal;
    }
  | { readonly state: "unknown" | "suppressed"; readonly reply: string };

/** What a message is for: the issue itself, a rehearsal of it in the office's own mailbox, or the n-th time it is sent by hand. */
export type Purpose = "normal" | "rehearsal" | `resend-${number}`;

/** An address folded for comparison: NFC, trimmed, lower case. */
export function foldAddress(address: string): string {
  return address.normalize("NFC").trim().toLowerCase();
}
