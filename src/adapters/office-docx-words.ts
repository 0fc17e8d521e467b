import { AlignmentType, BorderStyle, HeadingLevel, type IParagraphOptions, Paragraph, TextRun } from "docx";
import { bind, bindItem } from "../../templates/bind.ts";
import { PAGE, REPORT_INDENT, REPORT_SIZES, WEEKLY_MARGINS } from "../../templates/theme.ts";
import type { Run } from "../domain/edition.ts";

/** NĐ 30/2020 names this font; every office has it, so it is named, not embedded. */
export const FONT = "Times New Roman";

/** Half points, as the format counts sizes. */
export const SIZES = {
  body: 2 * REPORT_SIZES.body,
  head: 24,
  motto: 26,
  table: 2 * REPORT_SIZES.table,
  note: 2 * REPORT_SIZES.note,
  receivers: 22,
} as const;

/** The width between the margins, twips. */
export const WIDTH = twips(PAGE.width - WEEKLY_MARGINS.left - WEEKLY_MARGINS.right);
export const INDENT = twips(REPORT_INDENT);
const LEADING = Math.round(240 * REPORT_SIZES.leading);
const GAP = twips(REPORT_SIZES.gap);

/** Points as twentieths of a point. */
export function twips(points: number): number {
  return Math.round(points * 20);
}

/** How a stretch of words looks; sizes in half points. */
export type Look = { readonly size?: number; readonly bold?: boolean; readonly italics?: boolean };

/** Words with their non-breaking spaces. */
export function words(text: string, look: Look = {}): TextRun {
  return new TextRun({ text: bind(text), ...look });
}

/** A paragraph of running text: justified, its first line in. */
export function paragraph(runs: readonly Run[], more: Partial<IParagraphOptions> = {}): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.JUSTIFIED,
    indent: { firstLine: INDENT },
    spacing: { before: GAP, line: LEADING },
    children: runs.map(({ text, strong, slanted }, at) => {
      const look = { bold: strong === true, italics: slanted === true };
      return at === 0 ? new TextRun({ text: bindItem(text), ...look }) : words(text, look);
    }),
    ...more,
  });
}

/** A section's heading: never the last line of a page. */
export function heading(text: string): Paragraph {
  return new Paragraph({
    heading: HeadingLevel.HEADING_2,
    indent: { firstLine: INDENT },
    spacing: { before: 2 * GAP, line: LEADING },
    keepNext: true,
    children: [new TextRun({ text: bindItem(text) })],
  });
}

/** One centred line. */
export function centred(text: string, look: Look, more: Partial<IParagraphOptions> = {}): Paragraph {
  return new Paragraph({ alignment: AlignmentType.CENTER, children: [words(text, look)], ...more });
}

/** Small italic words below a table. */
export function note(text: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.JUSTIFIED,
    spacing: { before: 60 },
    children: [words(text, { italics: true, size: SIZES.note })],
  });
}

/** A rule of `width` in the middle of `room`, both in twips: the upper border of a paragraph a few points high. */
export function ruleLine(width: number, room: number, more: Partial<IParagraphOptions> = {}): Paragraph {
  const side = Math.max(0, Math.round((room - width) / 2));
  return new Paragraph({
    border: { top: { style: BorderStyle.SINGLE, size: 6, space: 1, color: "000000" } },
    indent: { left: side, right: side },
    spacing: { before: 40, line: 120, lineRule: "exact" },
    ...more,
  });
}
