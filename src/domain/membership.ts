import type { Day } from "./calendar.ts";
import type { Recipient } from "./delivery.ts";
import type { BulletinName } from "./edition.ts";

/** Nothing is sent to a person for now; a null bulletin means all of them, a null `until` until somebody ends it. */
export type Pause = {
  readonly bulletin: BulletinName | null;
  /** The last day of the pause. */
  readonly until: Day | null;
  /** The administrator's word, or the reader's own link. */
  readonly origin: "admin" | "reader";
  readonly reason: string;
};

/** Whether a row of the list counts today, and if not, why: nobody's turn yet or any more, an address that does not work, a pause. */
export type Standing = "live" | "paused" | "suppressed" | "past" | "future";

/** A row of the list with what holds on a day. */
export type ListedRecipient = Recipient & {
  readonly state: Standing;
  readonly pauses: readonly Pause[];
  /** Why the address gets nothing any more: it bounced, or a relay refused it for good. Null when it works. */
  readonly suppressed: { readonly cause: "bounced" | "refused"; readonly reply: string; readonly at: Date } | null;
};

/** May one person get one bulletin about one unit on a day? `left`: not on the list for it on that day. */
export type Permission =
  | { readonly may: true }
  | { readonly may: false; readonly reason: "left" | "paused" | "suppressed" };

/** What is known of a row beside the list: the open pauses of its person and whether the address is suppressed. */
export type Circumstances = { readonly pauses: readonly Pause[]; readonly suppressed: boolean };

/** True on the days from the first to the last of a membership, both included. */
export function isMemberOn({ from, until }: Pick<Recipient, "from" | "until">, day: Day): boolean {
  return (from === undefined || from <= day) && (until === undefined || day <= until);
}

/**
 * The bulletins of a row that no pause keeps back on a day. A pause holds from the moment it is made, also for an issue of an earlier
 * day that is still owed.
 */
export function unpausedBulletins(recipient: Recipient, pauses: readonly Pause[], day: Day): readonly BulletinName[] {
  const open = pauses.filter(({ until }) => until === null || day <= until);
  return recipient.bulletins.filter((name) => !open.some(({ bulletin }) => bulletin === null || bulletin === name));
}

/** What a row of the list is on a day. */
export function standingOn(recipient: Recipient, { pauses, suppressed }: Circumstances, day: Day): Standing {
  if (recipient.until !== undefined && recipient.until < day) return "past";
  if (recipient.from !== undefined && day < recipient.from) return "future";
  if (suppressed) return "suppressed";
  return unpausedBulletins(recipient, pauses, day).length === 0 ? "paused" : "live";
}

/** Whether any of one person's rows for a unit lets a bulletin through on a day. */
export function permissionOf(
  rows: readonly Recipient[],
  { pauses, suppressed }: Circumstances,
  asked: { readonly bulletin: BulletinName; readonly day: Day },
): Permission {
  const { bulletin, day } = asked;
  const members = rows.filter((row) => isMemberOn(row, day) && row.bulletins.includes(bulletin));
  if (members.length === 0) return { may: false, reason: "left" };
  if (suppressed) return { may: false, reason: "suppressed" };
  const free = members.some((row) => unpausedBulletins(row, pauses, day).includes(bulletin));
  return free ? { may: true } : { may: false, reason: "paused" };
}

/** What a reader's link shows: the bulletin about a unit comes, is paused by the reader, or by the administrator. No name, no address. */
export type LinkState = {
  readonly bulletin: BulletinName;
  /** The unit as it is printed. */
  readonly unit: string;
  readonly state: "open" | "paused" | "kept";
};
