import type { BounceAction } from "./bounce.ts";

/** What a delivery report says of one recipient (RFC 3464): what became of the mail, the status of RFC 3463, the relay's words. */
export type RecipientReport = {
  readonly action: BounceAction | "delivered";
  readonly status: string;
  readonly diagnostic: string;
};

/** A delivery report read by its fields. `envelope`: the texts in which the token of our envelope sender may stand. */
export type DeliveryReport = { readonly envelope: readonly string[]; readonly recipients: readonly RecipientReport[] };

const MOST_LETTERS = 100_000;
const MOST_GROUPS = 200;
const ACTIONS: Readonly<Record<string, RecipientReport["action"]>> = {
  failed: "failed",
  delayed: "delayed",
  delivered: "delivered",
  relayed: "delivered",
  expanded: "delivered",
};

/**
 * Reads a message/delivery-status part: one group of fields about the message, then one per recipient, divided by empty lines. Null
 * when it is no such part: a line that is no field, no recipient, an action or status the standard does not know, or the two at odds.
 */
export function readDeliveryReport(text: string): DeliveryReport | null {
  if (text.length > MOST_LETTERS) return null;
  const groups = fieldGroups(text);
  if (groups === null || groups.length > MOST_GROUPS) return null;
  const [message, ...rest] = groups;
  // Some relays leave the group about the message out.
  const about = message === undefined || message.has("final-recipient") ? new Map<string, string>() : message;
  const recipients = about === message ? rest : groups;
  const read = recipients.map(recipientReport);
  const known = read.filter((report) => report !== null);
  if (known.length === 0 || known.length < read.length) return null;
  const envelope = [
    about.get("original-envelope-id") ?? "",
    ...recipients.map((one) => one.get("original-recipient") ?? ""),
  ];
  return { envelope, recipients: known };
}

type Fields = ReadonlyMap<string, string>;

function fieldGroups(text: string): readonly Fields[] | null {
  const unfolded = text.replace(/\r\n?/g, "\n").replace(/\n[ \t]+(?=\S)/g, " ");
  const groups: Map<string, string>[] = [];
  let group: Map<string, string> | null = null;
  for (const line of unfolded.split("\n")) {
    if (line.trim() === "") {
      group = null;
      continue;
    }
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    if (group === null) {
      group = new Map();
      groups.push(group);
    }
    if (!group.has(name.toLowerCase())) group.set(name.toLowerCase(), value.trim());
  }
  return groups;
}

function recipientReport(fields: Fields): RecipientReport | null {
  const action = ACTIONS[(fields.get("action") ?? "").toLowerCase()];
  const status = /^([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(fields.get("status") ?? "")?.[1];
  if (!fields.has("final-recipient") || action === undefined || status === undefined) return null;
  const expected = { failed: /^[45]/, delayed: /^4/, delivered: /^2/ }[action];
  if (!expected.test(status)) return null;
  const diagnostic = (fields.get("diagnostic-code") ?? "").replace(/^[A-Za-z0-9-]{1,20}\s*;\s*/, "");
  return { action, status, diagnostic };
}
