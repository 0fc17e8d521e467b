import type { DeliveryState, Outcome, Purpose, Recipient } from "../domain/delivery.ts";

export type StoredDelivery = {
  readonly id: string;
  readonly edition: string;
  readonly recipient: string;
  readonly unit: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly reply: string | null;
  readonly messageId: string;
  readonly purpose: Purpose;
  /** Nothing is sent by itself after it; null: no such end. */
  readonly deadline: Date | null;
  /** Given up because the deadline passed before the relay took it. */
  readonly late: boolean;
};

/** How a message is owed. */
export type NewDelivery = {
  /** Fixed before any connection. */
  readonly messageId: string;
  /** Absent: normal. */
  readonly purpose?: Purpose;
  readonly deadline?: Date;
  /** A row that was given up as late is owed again. */
  readonly revive?: boolean;
};

/** What became of claims whose workers died: may have arrived, or certainly not and owed again. */
export type Abandoned = { readonly unknown: number; readonly owed: number };

/** A delivery that was given up because its deadline passed. */
export type LateDelivery = Pick<StoredDelivery, "id" | "edition" | "unit" | "attempts">;

/** The ledger of messages: one row per edition, folded address and purpose. */
export type DeliveriesStore = {
  /** One row per edition, folded address and purpose, before any connection. Of an existing row only the deadline may grow. */
  owe(editionKey: string, recipient: Recipient, owed: NewDelivery): Promise<void>;
  /** Who is owed one of these editions; with `now` without those whose next try has not come. */
  due(
    editionKeys: readonly string[],
    asked?: { readonly now?: Date },
  ): Promise<readonly (StoredDelivery & { readonly name: string })[]>;
  find(id: string): Promise<(StoredDelivery & { readonly name: string }) | null>;
  /** Compare-and-set queued|failed → sending; false when another worker has it. */
  claim(id: string, instance: string, at: Date): Promise<boolean>;
  /** Compare-and-set right before the body leaves: false when the claim is no longer this worker's, or the issue is held. */
  handOver(id: string, claim: { readonly instance: string; readonly at: Date }, at: Date): Promise<boolean>;
  /** A claim of which nothing was said to the relay is undone. */
  giveBack(id: string, instance: string): Promise<void>;
  /** What came of a claimed delivery; with `claim` only while nobody else has claimed it since. */
  finish(
    id: string,
    outcome: Outcome,
    ended:
      | Date
      | {
          readonly at: Date;
          readonly notBefore?: Date;
          readonly claim?: { readonly instance: string; readonly at: Date };
        },
  ): Promise<void>;
  /** Ends claims made before an instant whose workers never wrote an outcome. */
  abandonStale(before: Date): Promise<Abandoned>;
  /** Ends what is still owed of these editions after its deadline. */
  giveUpLate(editionKeys: readonly string[], at: Date): Promise<readonly LateDelivery[]>;
  /** What is owed of these is not tried by itself before an instant. */
  postpone(ids: readonly string[], until: Date): Promise<void>;
  /** Of the last so many attempts at anything, how many a relay refused as unwanted mail. */
  policyRefusals(last: number): Promise<number>;
  /** An administrator's word about an unknown delivery; false when it is not, or no longer, unknown. */
  resolve(
    id: string,
    as: "sent" | "resend",
    by: { readonly by: string; readonly at: Date; readonly deadline: Date },
  ): Promise<boolean>;
  /** Owes the edition of a delivery to its person once more, as a message of its own; gives its id, null when it cannot be. */
  resend(
    id: string,
    owed: { readonly messageIdOf: (purpose: Purpose) => string; readonly deadline: Date },
  ): Promise<string | null>;
  /** Every delivery, or those of some editions. */
  list(editionKeys?: readonly string[]): Promise<readonly StoredDelivery[]>;
};
