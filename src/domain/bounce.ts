import type { BulletinName } from "./edition.ts";

/** What a relay reports of a mail it had accepted: given up, or still trying. */
export type BounceAction = "failed" | "delayed";

/** A notice that belongs to one of our deliveries. */
export type Bounce = {
  /** The notice's own Message-ID, or its sha256: one notice counts once. */
  readonly notice: string;
  readonly delivery: string;
  readonly action: BounceAction;
  /** RFC 3463: "5.1.1". */
  readonly status: string;
  /** The relay's words without addresses. */
  readonly reply: string;
};

/** What came of noting one. `again`: this notice was noted before, nothing changed. */
export type NotedBounce = { readonly noted: "bounced" | "delayed" | "again"; readonly suppressed: boolean };

/** A mail of the mailbox bounces come to, as read: nothing in it is believed yet. */
export type Notice = {
  /** Its Message-ID, or its sha256. */
  readonly id: string;
  /** What it reports of our mail; null when it is no report of a mail that did not arrive, and `why` says what it is. */
  readonly report: { readonly action: BounceAction; readonly status: string; readonly reply: string } | null;
  readonly why: string;
  /** Words that may be tokens of envelope senders, and Message-IDs of returned mails. */
  readonly tokens: readonly string[];
  readonly messageIds: readonly string[];
};

/** True when the address itself does not work: nothing more is sent to it. */
export function isHard({ action, status }: Pick<Bounce, "action" | "status">): boolean {
  return action === "failed" && status.startsWith("5.");
}

/** What the administrator has to hear of readers, once each. No addresses: numbers of deliveries and codes of units. */
export type Tidings = {
  readonly pauses: readonly { readonly id: string; readonly unit: string; readonly bulletin: BulletinName | null }[];
  readonly suppressions: readonly {
    readonly id: string;
    readonly cause: "bounced" | "refused";
    readonly delivery: string | null;
    readonly unit: string | null;
    readonly reply: string;
  }[];
  /** People three of whose editions came back for a reason that may pass: the bounces not yet told of, and the last delivery. */
  readonly soft: readonly {
    readonly bounces: readonly string[];
    readonly editions: number;
    readonly delivery: string;
    readonly unit: string;
    readonly reply: string;
  }[];
};
