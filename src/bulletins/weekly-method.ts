import { addDays, shortDate } from "../domain/calendar.ts";
import type { Block } from "../domain/edition.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import type { CorrectedIssue, WeeklyInput } from "./weekly-input.ts";

/** Corrections of so many days are listed. */
export const CORRECTION_DAYS = 28;
/** Corrected issues named one by one. */
const MOST_NAMED = 12;

/** The end of the appendix: how the figures were made, and which bulletins were corrected in the last four weeks. */
export function methodBlocks(input: WeeklyInput): Block[] {
  const items = [...method(input), ...layout()];
  return [
    { kind: "heading", text: "Phương pháp và nguồn số liệu" },
    ...items.map((text): Block => ({ kind: "item", runs: [{ text: `- ${text}` }] })),
    ...corrections(input),
  ];
}

function method({ settings }: WeeklyInput): string[] {
  const { floors, issuer } = settings;
  const points = (value: number) => `${formatPoints(value)} điểm`;
  return [
    "Nguồn: Cổng Dịch vụ công quốc gia, Bộ chỉ số phục vụ người dân, doanh nghiệp (Quyết định số 766/QĐ-TTg). Điểm in đúng như Cổng công bố, đến phần trăm điểm.",
    `Hạng do ${issuer.inText} tính từ tổng điểm Cổng công bố, trong từng khối; đơn vị bằng điểm thì đồng hạng; đơn vị thiếu một trong sáu nhóm chỉ số thì chưa xếp hạng.`,
    "Bình quân là trung bình cộng điểm của các đơn vị trong khối có số liệu; điểm cả nước là số của Cổng, dấu (*) ở cột Cả nước là bình quân các tỉnh, thành phố.",
    "Tăng, giảm là điểm kỳ này trừ điểm tại ngày so sánh ghi ở đầu cột, của cùng kỳ tính: ▲ và dấu + là tăng, ▼ và dấu − là giảm; dấu – là không so sánh được.",
    `Dưới ${points(floors.noise)}: cơ bản giữ nguyên; từ ${points(floors.large)}: thay đổi lớn. Thay đổi chung của nguồn số liệu và thay đổi lớn chưa rõ nguyên nhân được nêu riêng, không tính là tăng, giảm do đơn vị.`,
    `Dấu (*) cạnh tên đơn vị: dưới ${floors.dossiers} hồ sơ trong kỳ, điểm chưa đủ cơ sở so sánh. Hồ sơ quá hạn: số Cổng công bố, kèm tỷ lệ trên hồ sơ tiếp nhận; dấu – là Cổng không công bố.`,
  ];
}

/** No certificate is claimed: only the lowest level was ever checked by machine. */
function layout(): string[] {
  return ["Tệp PDF được thiết kế theo PDF/A-1b để lưu trữ (chưa được chứng nhận)."];
}

function corrections({ corrected, day }: WeeklyInput): Block[] {
  if (corrected === undefined) return [];
  const span = `từ ngày ${shortDate(addDays(day, -CORRECTION_DAYS))} đến ngày ${shortDate(day)}`;
  const heading: Block = { kind: "heading", text: `Đính chính trong 04 tuần qua (${span})` };
  if (corrected.length === 0) return [heading, { kind: "item", runs: [{ text: "- Không có." }] }];
  const named = corrected
    .slice(0, MOST_NAMED)
    .map((one): Block => ({ kind: "item", runs: [{ text: `- ${words(one)}` }] }));
  const rest = corrected.length - named.length;
  const more: Block[] =
    rest > 0 ? [{ kind: "item", runs: [{ text: `- Và ${formatSmallCount(rest)} bản tin khác.` }] }] : [];
  return [heading, ...named, ...more];
}

/** "Bản tin ngày 07/10/2026 của phường Quy Nhơn Tây: đính chính 01, ngày 08/10/2026." */
function words({ bulletin, name, issue, reissue, day }: CorrectedIssue): string {
  const [year, week] = issue.split("-W");
  const which = bulletin === "daily" ? `ngày ${shortDate(issue)} của ${name}` : `tuần ${Number(week)} năm ${year}`;
  return `Bản tin ${which}: đính chính ${formatSmallCount(reissue)}, ngày ${shortDate(day)}.`;
}
