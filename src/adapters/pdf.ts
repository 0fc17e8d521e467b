import PDFDocument from "pdfkit";
import { STYLES } from "../../templates/faces.ts";
import { reportTitle } from "../../templates/office/report.ts";
import { drawEdition, drawReport } from "../../templates/pdf/pages.ts";
import type { Edition } from "../domain/edition.ts";
import type { ReportFrame } from "../domain/office.ts";
import type { Fonts } from "./pdf-fonts.ts";

/**
 * An edition as one PDF file for the archive (PDF/A-1b, so without transparency): fonts embedded and subset, tagged, in Vietnamese,
 * with its title and bookmarks.
 * Same edition, same bytes: the creation date is the instant of composing, and there is no date of modification.
 * Throws a SendError when the edition does not fit its page. `draw` replaces the edition's own layout, to measure what that costs.
 */
export function printPdf(
  edition: Edition,
  fonts: Fonts,
  draw: (doc: PDFKit.PDFDocument) => void = (doc) => drawEdition(edition, doc, fonts.faces),
): Promise<Uint8Array> {
  return print(openDocument(edition, edition.content.title), fonts, draw);
}

/** An edition's Báo cáo in the same way. */
export function printReport(edition: Edition, frame: ReportFrame, fonts: Fonts): Promise<Uint8Array> {
  const { faces } = fonts;
  return print(openDocument(edition, reportTitle(edition)), fonts, (doc) => drawReport(edition, frame, { doc, faces }));
}

async function print(
  doc: PDFKit.PDFDocument,
  fonts: Fonts,
  draw: (doc: PDFKit.PDFDocument) => void,
): Promise<Uint8Array> {
  // pdfkit takes a parsed font as it is (its types know only files); parsing four fonts per document would cost 350 ms.
  for (const style of STYLES) doc.registerFont(style, fonts.parsed[style] as unknown as string);
  Object.assign(doc.outline, { options: { expanded: true } });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc.on("data", (chunk: Buffer) => chunks.push(chunk));
    doc.on("end", resolve);
    doc.on("error", reject);
  });
  draw(doc);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

function openDocument(edition: Edition, title: string): PDFKit.PDFDocument {
  const { masthead } = edition.content;
  const author = masthead.kind === "digest" ? masthead.left : [...masthead.superior, ...masthead.issuer].join(", ");
  return new EscapedDocument({
    size: "A4",
    margin: 0,
    autoFirstPage: false,
    // No default font: Helvetica would enter the file unembedded. (Null is pdfkit's own value, missing from its types.)
    font: null as unknown as string,
    pdfVersion: "1.4",
    subset: "PDF/A-1b",
    tagged: true,
    lang: "vi-VN",
    displayTitle: true,
    info: { Title: title, Author: author, Creator: "diemtin", Producer: "diemtin", CreationDate: edition.composedAt },
  });
}

/** pdfkit writes title and author into its XMP packet as they are; "&" or "<" in a unit's name would break the XML. */
class EscapedDocument extends PDFDocument {
  override appendXML(xml: string, newLine?: boolean): void {
    let escaped = xml;
    for (const text of [this.info.Title, this.info.Author]) {
      if (text !== undefined) escaped = escaped.replaceAll(`>${text}</`, () => `>${escapeXml(text)}</`);
    }
    super.appendXML(escaped, newLine);
  }
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
