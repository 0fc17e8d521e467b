import { createHmac, timingSafeEqual } from "node:crypto";
import type { BulletinName } from "../domain/edition.ts";

/** What a link in a mail is made with: the public address of `serve` without closing slash, and the secret. */
export type Links = { readonly publicUrl: string; readonly secret: string };

/** What a link speaks of: one mail, by the number of its delivery, and its bulletin. No address, no name. */
export type LinkedMail = { readonly delivery: string; readonly bulletin: BulletinName };

/** The committee's bulletin is a duty, not a subscription: its mails carry no link. */
const LINKED: readonly BulletinName[] = ["daily"];
/** Hexadecimal digits of a signature, 96 bits: a local part has 64 characters, and some relays fold their case. */
const SIGNATURE_LENGTH = 24;
const TOKEN = /^([1-9]\d{0,17})-([0-9a-f]{24})$/;
const LINK_TOKEN = /^([1-9]\d{0,17})-([a-z]+)-([0-9a-f]{24})$/;

/**
 * The token of a delivery's envelope sender, "12-…": at most 43 characters of digits, "a" to "f" and "-", safe in
 * `bounce+TOKEN@domain`. The key is the database's own (`store.bounces.envelopeKey`).
 */
export function envelopeToken(key: Uint8Array, delivery: string): string {
  return `${delivery}-${signature(key, `envelope\n${delivery}`)}`;
}

/** The delivery an envelope token speaks of; null for one this database has not made. The case of the text does not matter. */
export function readEnvelopeToken(key: Uint8Array, token: string): string | null {
  const [, delivery = "", given = ""] = TOKEN.exec(token.toLowerCase()) ?? [];
  return delivery !== "" && isEqual(given, signature(key, `envelope\n${delivery}`)) ? delivery : null;
}

/** False for the committee's bulletin. */
export function mayUnsubscribe(bulletin: BulletinName): boolean {
  return LINKED.includes(bulletin);
}

/** The address at which a reader pauses a bulletin, for List-Unsubscribe; null for a bulletin without a link (the weekly). */
export function unsubscribeUrl(links: Links, mail: LinkedMail): string | null {
  return mayUnsubscribe(mail.bulletin) ? `${links.publicUrl}/u/${linkToken(links.secret, mail)}` : null;
}

/** The token in that address: the delivery's number, the bulletin and a signature. */
export function linkToken(secret: string, { delivery, bulletin }: LinkedMail): string {
  return `${delivery}-${bulletin}-${signature(secret, `link\n${delivery}\n${bulletin}`)}`;
}

/** The mail a link speaks of; null for a token not made with this secret, or of a bulletin without a link. */
export function readLinkToken(secret: string, token: string): LinkedMail | null {
  const [, delivery = "", name = "", given = ""] = LINK_TOKEN.exec(token) ?? [];
  const bulletin = LINKED.find((known) => known === name);
  if (bulletin === undefined) return null;
  return isEqual(given, signature(secret, `link\n${delivery}\n${bulletin}`)) ? { delivery, bulletin } : null;
}

function signature(key: string | Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, SIGNATURE_LENGTH);
}

/** In the same time whatever the first difference. */
function isEqual(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
