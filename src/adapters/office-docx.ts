import { AlignmentType, Document, Header, Packer, PageNumber, Paragraph, TextRun } from "docx";
import type { ReportPaper } from "../../templates/office/report.ts";
import { MM, PAGE, PAGE_NUMBER_SIZE, WEEKLY_MARGINS } from "../../templates/theme.ts";
import { createChartPress } from "./chart-png.ts";
import { appendixParts, bodyParts } from "./office-docx-body.ts";
import { headParts, signatureParts } from "./office-docx-head.ts";
import { FONT, SIZES, twips } from "./office-docx-words.ts";
import type { Fonts } from "./pdf-fonts.ts";
import { repacked } from "./zip.ts";

export type DocxOptions = {
  readonly title: string;
  /** Stands as created and modified; the library would write the moment of packing. */
  readonly createdAt: Date;
  readonly fonts: Fonts;
};

/** A Báo cáo as a word processor's document, to be edited, numbered and signed. Same paper, same bytes. */
export async function documentOf(paper: ReportPaper, { title, createdAt, fonts }: DocxOptions): Promise<Uint8Array> {
  const tools = { faces: fonts.faces, picture: createChartPress(fonts) };
  const document = new Document({
    title,
    creator: [...paper.head.superior, ...paper.head.issuer].join(", "),
    lastModifiedBy: "diemtin",
    styles: {
      default: {
        document: { run: { font: FONT, size: SIZES.body, language: { value: "vi-VN" } } },
        heading1: { run: { bold: true, color: "000000", size: SIZES.body, font: FONT } },
        heading2: { run: { bold: true, color: "000000", size: SIZES.body, font: FONT } },
      },
    },
    sections: [
      {
        properties: { titlePage: true, page: { size: SHEET, margin: MARGIN } },
        headers: { default: runningHead(paper.head.warning), first: new Header({ children: [new Paragraph({})] }) },
        children: [
          ...headParts(paper, fonts.faces),
          ...bodyParts(paper.body, tools),
          ...signatureParts(paper),
          ...appendixParts(paper, tools),
        ],
      },
    ],
  });
  const packed = await Packer.toBuffer(document);
  return repacked(packed, { "docProps/core.xml": (xml) => xml.replace(STAMP, `$1${createdAt.toISOString()}$2`) });
}

const STAMP = /(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)/gu;
const SHEET = { width: twips(PAGE.width), height: twips(PAGE.height) };
const MARGIN = {
  top: twips(WEEKLY_MARGINS.top),
  right: twips(WEEKLY_MARGINS.right),
  bottom: twips(WEEKLY_MARGINS.bottom),
  left: twips(WEEKLY_MARGINS.left),
  header: twips(9 * MM),
};

/** From page 2: the number centred in the upper margin, below it the warning when there is one. */
function runningHead(warning: string | null): Header {
  const centred = (run: TextRun) => new Paragraph({ alignment: AlignmentType.CENTER, children: [run] });
  const number = centred(new TextRun({ children: [PageNumber.CURRENT], size: 2 * PAGE_NUMBER_SIZE }));
  return new Header({
    children: warning === null ? [number] : [number, centred(new TextRun({ text: warning, bold: true, size: 18 }))],
  });
}
