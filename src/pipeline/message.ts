import { createHash } from "node:crypto";
import { foldAddress, type Message, type Purpose, type Recipient } from "../domain/delivery.ts";
import { type Edition, editionKey, PAPERS, type Paper, paperPath, pictureId } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import type { Settings } from "../domain/settings.ts";
import { envelopeSender, listHeaders, subjectPrefix } from "./mail-headers.ts";
import type { EditionFile } from "./store.ts";
import type { Links } from "./tokens.ts";

/** One edition for one person. */
export type MessageParts = {
  readonly edition: Edition;
  /** The edition's stored files; nothing is rendered here. */
  readonly files: readonly EditionFile[];
  readonly recipient: Recipient;
  readonly settings: Settings;
  /** Absent: normal. */
  readonly purpose?: Purpose;
  /** The number of its row in the ledger; absent for a mail outside of it. */
  readonly delivery?: string;
  /** What its link is made with; absent: it carries none. */
  readonly links?: Links | undefined;
  /** The key of the token in its envelope sender; absent: notices of failure go to the sender. */
  readonly envelopeKey?: Uint8Array | undefined;
};

/** RFC 3834: no out-of-office answers to a report nobody wrote by hand; the second header says the same to Exchange. */
export const AUTOMATIC_HEADERS: Message["headers"] = {
  "Auto-Submitted": "auto-generated",
  "X-Auto-Response-Suppress": "OOF, AutoReply",
  "Content-Language": "vi",
};

/**
 * The mail that carries an edition to a recipient: the edition's own words and stored bytes, its own instant as Date. The same
 * edition and address always give the same message, however the list writes the address.
 * @throws {SendError} naming the edition when one of its stored files is missing.
 */
export function composeMessage(parts: MessageParts): Message {
  const { edition, recipient, settings, purpose = "normal", delivery, links, envelopeKey } = parts;
  const { from, replyTo } = settings.mail;
  const listed = { bulletin: edition.bulletin, domain: senderDomain(settings) };
  const hasToken = delivery !== undefined && envelopeKey !== undefined;
  const envelopeFrom = hasToken ? envelopeSender(settings, envelopeKey, delivery) : null;
  return {
    messageId: messageId(edition, recipient.email, { settings, purpose }),
    from,
    ...(replyTo === undefined ? {} : { replyTo }),
    to: { name: recipient.name, address: recipient.email },
    subject: `${subjectPrefix(purpose)}${edition.content.subject}`,
    text: words(parts, "text"),
    html: words(parts, "html"),
    date: edition.composedAt,
    headers: { ...AUTOMATIC_HEADERS, ...listHeaders({ ...listed, settings, purpose, delivery, links }) },
    attachments: [...picture(parts), ...attachments(parts)],
    ...(envelopeFrom === null ? {} : { envelopeFrom }),
    fileName: fileName(parts),
  };
}

function fileName({ edition, recipient, purpose = "normal" }: MessageParts): string {
  const { issue, bulletin, audience } = edition;
  const hash = deliveryHash(edition, recipient.email).slice(0, 8);
  return `${issue}_${bulletin}_${audience}_${hash}${purpose === "normal" ? "" : `_${purpose}`}`;
}

/** "<766-daily-2026-10-12-r0.…@sender's domain>", "…-r0-resend-1.…" of another purpose: what the delivery's row is owed under, before any connection. */
export function messageId(
  edition: Pick<Edition, "bulletin" | "audience" | "issue" | "reissue">,
  address: string,
  { settings, purpose = "normal" }: { readonly settings: Settings; readonly purpose?: Purpose },
): string {
  const hash = deliveryHash(edition, address).slice(0, 20);
  const domain = senderDomain(settings);
  const suffix = purpose === "normal" ? "" : `-${purpose}`;
  return `<766-${edition.bulletin}-${edition.issue}-r${edition.reissue}${suffix}.${hash}@${domain}>`;
}

/** The domain mail is sent from; Message-IDs end in it. */
export function senderDomain(settings: Settings): string {
  const { address } = settings.mail.from;
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Stands for the delivery where the address itself may not be seen: in Message-IDs and file names. Hexadecimal. */
function deliveryHash(edition: Parameters<typeof editionKey>[0], address: string): string {
  return createHash("sha256")
    .update(`${editionKey(edition)}\n${foldAddress(address)}`)
    .digest("hex");
}

const CONTENT_TYPES: Readonly<Record<(typeof PAPERS)[Paper]["extension"], string>> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** The edition's papers, the bulletin first; an edition frozen before there were papers for the office has none of those. */
function attachments(parts: MessageParts): Message["attachments"] {
  const { edition } = parts;
  const { pages, office } = edition.content;
  const papers: readonly Paper[] = [
    ...(pages ? (["pdf"] as const) : []),
    ...(office === undefined ? [] : OFFICE_PAPERS),
  ];
  return papers.map((paper) => ({
    filename: paperName(edition, paper),
    contentType: CONTENT_TYPES[PAPERS[paper].extension],
    content: bytes(parts, paper),
  }));
}

const OFFICE_PAPERS: readonly Paper[] = ["bao-cao-pdf", "bao-cao-docx", "appendix-xlsx"];

function paperName(edition: Edition, paper: Paper): string {
  const name = paperPath(edition, paper).replace(/^.*\//u, "");
  return edition.bulletin === "daily" ? `diem-tin-766_${name}` : name;
}

/** The picture the HTML shows, where it shows one: editions frozen before there were pictures have none. */
function picture(parts: MessageParts): Message["attachments"] {
  const cid = pictureId(parts.edition);
  if (!words(parts, "html").includes(`cid:${cid}`)) return [];
  return [{ filename: "bieu-do.png", contentType: "image/png", content: bytes(parts, "png"), cid }];
}

function words(parts: MessageParts, kind: "text" | "html"): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes(parts, kind));
}

function bytes(parts: MessageParts, kind: EditionFile["kind"]): Uint8Array {
  const file = parts.files.find((one) => one.kind === kind);
  if (file !== undefined) return file.bytes;
  throw new SendError(`edition ${editionKey(parts.edition)}: its ${kind} is not stored; nothing of it can be sent`, {
    mayPass: false,
  });
}
