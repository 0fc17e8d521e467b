import type { Bounce, NotedBounce, Tidings } from "../domain/bounce.ts";
import type { Day } from "../domain/calendar.ts";
import type { Recipient } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import type { ListedRecipient, Pause, Permission } from "../domain/membership.ts";

/** Who did something by hand, and when. */
export type ByHand = { readonly by: string; readonly at: Date };

/** A delivery as a link or a bounce finds it. */
export type FoundDelivery = {
  readonly id: string;
  readonly edition: string;
  readonly bulletin: BulletinName;
  readonly address: string;
  readonly unit: string;
};

/** A person who was erased and has not been taken on again. */
export type Erased = { readonly at: Date; readonly reason: string };

/** How many rows lost an address. */
export type Forgotten = { readonly attempts: number; readonly deliveries: number; readonly bounces: number };

/** The list of recipients: what was imported, and what holds on a day. */
export type RecipientsStore = {
  /**
   * The new list takes the old one's place, all or nothing; pauses and suppressions stay. UsageError for a person twice in one unit on
   * one day, and for a person who was erased unless `again` says by whom they are taken on again.
   */
  replace(recipients: readonly Recipient[], again?: ByHand): Promise<void>;
  /** Every row as imported, whatever holds today. */
  list(): Promise<readonly Recipient[]>;
  /** Every row with its state on a day. */
  listed(day: Day): Promise<readonly ListedRecipient[]>;
  /** Who gets mail on a day: members of that day, not suppressed, each with the bulletins no pause keeps back. */
  liveOn(day: Day): Promise<readonly Recipient[]>;
  /** The last question before a mail leaves: still a member on the day, and neither paused nor suppressed now. */
  mayReceive(address: string, unit: string, bulletin: BulletinName, day: Day): Promise<Permission>;
};

/** What is known of people beside the list. Addresses are compared folded. */
export type PeopleStore = {
  /** Twelve hexadecimal digits that stand for an address where it may not be written: a keyed hash. */
  reference(address: string): Promise<string>;
  /** An administrator's pause takes the place of an open one for the same bulletin. */
  pause(pause: Pause & ByHand & { readonly address: string; readonly delivery?: string }): Promise<void>;
  /** Ends open pauses, all or only a reader's own for one bulletin, and lifts a suppression when an administrator asks. */
  resume(
    asked: ByHand & { readonly address: string; readonly onlyReaders?: BulletinName },
  ): Promise<{ readonly pauses: number; readonly suppressions: number }>;
  pauses(address: string): Promise<readonly Pause[]>;
  /** Nothing more is sent to an address: it bounced, or a relay refused it for good (5.1.1). Does nothing when it is so already. */
  suppress(suppressed: {
    readonly address: string;
    readonly cause: "bounced" | "refused";
    readonly reply: string;
    readonly delivery: string | null;
    readonly at: Date;
  }): Promise<void>;
  /** The delivery of that number; null when there is none, or its person was erased. */
  delivery(id: string): Promise<FoundDelivery | null>;
  /** Everything held about one person, table by table; null when there is nothing. */
  held(address: string): Promise<Readonly<Record<string, readonly unknown[]>> | null>;
  /** Every row loses the address; a keyed hash stays where it keeps a second mail away. Null when nothing was held. */
  erase(
    erased: ByHand & { readonly address: string; readonly reason: string },
  ): Promise<{ readonly recipients: number; readonly deliveries: number } | null>;
  /** Of these addresses, folded, those of people who were erased. */
  erasedAmong(addresses: readonly string[]): Promise<ReadonlyMap<string, Erased>>;
  /** Send logs made before an instant: attempts and bounces go, deliveries lose the address. */
  forgetBefore(cutoff: Date): Promise<Forgotten>;
  untold(since: Date): Promise<Tidings>;
  told(tidings: Tidings, at: Date): Promise<void>;
};

/** Notices of mails that did not arrive. */
export type BouncesStore = {
  /** The secret of the tokens in envelope senders, 32 bytes; see tokens.ts. */
  envelopeKey(): Promise<Uint8Array>;
  /** The number of the delivery with a Message-ID, angle brackets included; null when it is none of ours. */
  withMessageId(messageId: string): Promise<string | null>;
  /** Notes a notice once: the delivery of a failed one is `bounced`, and the address of a hard one suppressed, in one transaction. */
  note(bounce: Bounce, at: Date): Promise<NotedBounce>;
};
