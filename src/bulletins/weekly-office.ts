import type { Content } from "../domain/edition.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { sheets } from "./weekly-sheets.ts";

/** The sentence a Báo cáo begins with names what it reports on. */
const INDEX =
  "Thực hiện Quyết định số 766/QĐ-TTg ngày 23 tháng 6 năm 2022 của Thủ tướng Chính phủ phê duyệt Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh nghiệp trong thực hiện thủ tục hành chính, dịch vụ công theo thời gian thực trên môi trường điện tử";

/**
 * What makes a Báo cáo and a workbook of the bulletin; nothing when the office wants none. `week` is the bulletin's own title of its
 * weeks. Figures and sentences between opening and closing are the bulletin's.
 */
export function officePapers(input: WeeklyInput, week: string): Pick<Content, "office"> {
  const { settings, day } = input;
  const { report } = settings.weekly;
  if (report === null) return {};
  const { inText, place } = settings.issuer;
  const weeks = week.replaceAll("Tuần", "tuần");
  return {
    office: {
      report: {
        ...report,
        place,
        day,
        issuer: inText,
        opening: `${INDEX}, ${inText} báo cáo kết quả ${weeks} như sau:`,
        closing: `Trên đây là kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp ${weeks}, ${inText} báo cáo để theo dõi, chỉ đạo.`,
      },
      sheets: sheets(input),
    },
  };
}
