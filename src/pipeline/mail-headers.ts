import type { Message, Purpose } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import type { Settings } from "../domain/settings.ts";
import { envelopeToken, type Links, mayUnsubscribe, unsubscribeUrl } from "./tokens.ts";

/** RFC 2919: readers' filters hold on to these words, so they stay as they are, in ASCII. */
const LISTS: Readonly<Record<BulletinName, { readonly phrase: string; readonly label: string }>> = {
  daily: { phrase: "Ban tin ngay 766", label: "ban-tin-ngay" },
  weekly: { phrase: "Ban tin tuan 766", label: "ban-tin-tuan" },
};

/** What a bulletin's headers are made from. */
export type ListedMail = {
  readonly bulletin: BulletinName;
  readonly settings: Settings;
  /** Ends the list's id: the sender's. */
  readonly domain: string;
  readonly purpose: Purpose;
  /** The number of its row in the ledger; a mail outside of it has none, and no link of its own. */
  readonly delivery?: string | undefined;
  readonly links?: Links | undefined;
};

/** `List-Id` (RFC 2919) and, where a reader may stop it, `List-Unsubscribe` with `-Post` (RFC 2369, RFC 8058). */
export function listHeaders(mail: ListedMail): Message["headers"] {
  const { phrase, label } = LISTS[mail.bulletin];
  return { "List-Id": `${phrase} <${label}.766.${mail.domain}>`, ...unsubscribeHeaders(mail) };
}

/** A rehearsal lies in the office's own mailbox: whoever clicked there would stop a reader's mail. */
function unsubscribeHeaders(mail: ListedMail): Message["headers"] {
  if (!mayUnsubscribe(mail.bulletin) || mail.purpose === "rehearsal") return {};
  const oneClick = oneClickUrl(mail);
  const uris = [...(oneClick === null ? [] : [oneClick]), unsubscribeMailto(mail)];
  return {
    "List-Unsubscribe": uris.map((uri) => `<${uri}>`).join(", "),
    ...(oneClick === null ? {} : { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
  };
}

/** RFC 8058 3.1: one click is https, or it is not offered. */
function oneClickUrl({ bulletin, delivery, links }: ListedMail): string | null {
  if (delivery === undefined || links === undefined) return null;
  const url = unsubscribeUrl(links, { delivery, bulletin });
  const href = url === null ? "" : new URL(url).href;
  return href.startsWith("https://") ? href : null;
}

/** RFC 6068: everything but the "@" may need escaping. */
function unsubscribeMailto({ settings }: ListedMail): string {
  const address = encodeURIComponent(settings.mail.replyTo ?? settings.mail.from.address).replace("%40", "@");
  return `mailto:${address}?subject=${encodeURIComponent("Ngừng nhận bản tin ngày 766")}`;
}

/**
 * `bounce+TOKEN@domain`: a notice of failure comes back with the number of its delivery. Null without `mail.bounce_address`; notices
 * then go to the sender and cannot be believed.
 */
export function envelopeSender(settings: Settings, key: Uint8Array, delivery: string): string | null {
  const { bounceAddress } = settings.mail;
  if (bounceAddress === undefined) return null;
  const at = bounceAddress.lastIndexOf("@");
  return `${bounceAddress.slice(0, at)}+${envelopeToken(key, delivery)}${bounceAddress.slice(at)}`;
}

/** What stands before the subject of a mail that is not simply the issue: "[Gửi lại] ", "[CHẠY THỬ] ", or nothing. */
export function subjectPrefix(purpose: Purpose): string {
  if (purpose === "normal") return "";
  return purpose === "rehearsal" ? "[CHẠY THỬ] " : "[Gửi lại] ";
}
