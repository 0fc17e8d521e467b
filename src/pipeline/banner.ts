import type { Message } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { Settings } from "../domain/settings.ts";
import { composeMessage } from "./message.ts";
import type { EditionFile } from "./store.ts";

/** An edition as its readers get it, below some lines that say why this person gets it. */
export type Shown = {
  readonly edition: Edition;
  readonly files: readonly EditionFile[];
  readonly settings: Settings;
  readonly to: { readonly name: string; readonly address: string };
  /** Before the edition's own subject: "[Chờ duyệt]". */
  readonly mark: string;
  /** Vietnamese, one paragraph each. */
  readonly lines: readonly string[];
};

/**
 * The parts of a mail that shows an edition to somebody it is not, or not yet, for: everything as its readers get it, but for the
 * mark in the subject and the lines on top. Throws SendError when a file is missing.
 */
export function shownParts(shown: Shown): Pick<Message, "subject" | "text" | "html" | "attachments"> {
  const { edition, files, settings, to, mark, lines } = shown;
  const recipient = { name: to.name, position: "", email: to.address, unit: edition.audience, bulletins: [] };
  const { subject, text, html, attachments } = composeMessage({ edition, files, settings, recipient });
  return {
    subject: `${mark} ${subject}`,
    text: `${lines.join("\n")}\n${"-".repeat(60)}\n\n${text}`,
    html: withLines(html, lines),
    attachments,
  };
}

function withLines(html: string, lines: readonly string[]): string {
  const paragraphs = lines.map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`).join("");
  const box = `<div style="border:2px solid #b00020;padding:8px 12px;margin:0 0 12px">${paragraphs}</div>`;
  const body = /<body[^>]*>/i;
  return body.test(html) ? html.replace(body, (tag) => `${tag}${box}`) : `${box}${html}`;
}

/** Lines may repeat a unit's name or a person's words. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
