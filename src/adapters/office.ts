import { reportOf, reportTitle } from "../../templates/office/report.ts";
import type { Edition } from "../domain/edition.ts";
import { formatSmallCount } from "../domain/figure.ts";
import type { OfficePapers } from "../domain/office.ts";
import type { Press } from "../pipeline/context.ts";
import { printReport } from "./pdf.ts";
import type { Fonts } from "./pdf-fonts.ts";

/** A weekly's papers for the office: its Báo cáo to read and to edit, its tables to calculate with. Same edition, same bytes. */
export async function officePapers(
  edition: Edition,
  { report, sheets }: OfficePapers,
  fonts: Fonts,
): Promise<Awaited<ReturnType<Press["office"]>>> {
  // Both libraries are large, and most commands print no papers.
  const [{ documentOf }, { workbookOf }] = await Promise.all([import("./office-docx.ts"), import("./office-xlsx.ts")]);
  const mark = edition.reissue === 0 ? null : `Đính chính ${formatSmallCount(edition.reissue)}`;
  const options = { title: reportTitle(edition), createdAt: edition.composedAt, fonts };
  return [
    { kind: "bao-cao-pdf", bytes: await printReport(edition, report, fonts) },
    { kind: "bao-cao-docx", bytes: await documentOf(reportOf(edition, report), options) },
    { kind: "appendix-xlsx", bytes: await workbookOf(sheets, { mark }) },
  ];
}
