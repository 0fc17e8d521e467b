import { type Day, dayAndMonth, weekdayName } from "../domain/calendar.ts";
import { formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { type Period, periodName } from "../domain/period.ts";
import type { Standing } from "../domain/ranking.ts";
import type { Level } from "../domain/unit.ts";
import { unusualGap } from "../domain/working-calendar.ts";

/** The phrase table: the one place where a difference becomes a sentence. Plain spaces; templates place the others. */

export type Decimals = 1 | 2;

/** How a block of peers is called. */
export const BLOCK_NAMES: Readonly<Record<Level, string>> = {
  country: "cả nước",
  province: "tỉnh, thành phố",
  agency: "sở, ban, ngành",
  district: "huyện, thị xã, thành phố",
  commune: "xã, phường",
};

export const FIRST_EDITION = "Bản tin đầu tiên, chưa có kỳ trước để so sánh.";
/** P9, without its full stop: an aside may follow. */
export const RANK_BY_OTHERS = "Thứ hạng thay đổi do biến động điểm của đơn vị khác trong khối";
export const RANK_BY_PORTAL = "Thứ hạng thay đổi do thay đổi chung của nguồn số liệu";
export const GROUPS_MISSING = "Cổng chưa có đủ sáu nhóm của đơn vị; chưa xếp hạng.";
export const FEW_DOSSIERS = "Dưới 30 hồ sơ trong kỳ, điểm chưa đủ cơ sở so sánh.";
export const NO_FIGURE = "chưa có số liệu";

/** "tăng 0,80 điểm", "giảm 0,10 điểm"; callers settle zero and noise first. */
export function rose(delta: number, decimals: Decimals = 2): string {
  return `${delta > 0 ? "tăng" : "giảm"} ${formatPoints(Math.abs(delta), decimals)} điểm`;
}

/** Zero is "không thay đổi", noise is "cơ bản giữ nguyên (tăng 0,02 điểm)", anything else its figure: words never contradict a table. */
export function moved(delta: number, floor: number, decimals: Decimals = 2): string {
  if (delta === 0) return "không thay đổi";
  return Math.abs(delta) < floor ? `cơ bản giữ nguyên (${rose(delta, decimals)})` : rose(delta, decimals);
}

/** "so với bản tin trước (thứ Sáu, 09/10)"; after an unusual number of days with it: "(thứ Sáu, 13/02; 10 ngày)". */
export function since(day: Day, today: Day): string {
  const gap = unusualGap(day, today);
  const days = gap === null ? "" : `; ${formatSmallCount(gap)} ngày`;
  return `so với bản tin trước (${weekdayName(day)}, ${dayAndMonth(day)}${days})`;
}

/** The portal counts from 1 January anew: nothing is compared across. */
export function newPeriod(year: string): string {
  return `không so sánh do bắt đầu kỳ tính mới (từ ngày 01/01/${year})`;
}

/** Like P4, when nothing of today could be had: of when the figures are. */
export function olderFigures(moment: string): string {
  return `Hôm nay chưa lấy được số liệu mới từ Cổng; bản tin dùng số liệu lúc ${moment}.`;
}

/** The name of a period at the start of a sentence. */
export function periodTitle(period: Period): string {
  const name = periodName(period);
  return name.charAt(0).toLocaleUpperCase("vi") + name.slice(1);
}

/** P13: a period that is over has another total than the portal stated before; hundredths of a point. */
export function periodRevised(period: Period, before: number, after: number): string {
  return `Điểm ${periodName(period)} (đã kết thúc) được Cổng điều chỉnh từ ${formatPoints(before)} thành ${formatPoints(after)} điểm.`;
}

/** "127/135". */
export function rankOf(standing: Pick<Standing, "rank" | "of">): string {
  return `${standing.rank}/${standing.of}`;
}

/** "Xếp thứ 9/14 sở, ban, ngành" or, for a tie, "Đồng hạng 12/135 xã, phường (02 đơn vị cùng 73,22 điểm)". */
export function ranked(standing: Standing, level: Level, value: number): string {
  const place = `${rankOf(standing)} ${BLOCK_NAMES[level]}`;
  if (standing.sharing === 1) return `Xếp thứ ${place}`;
  return `Đồng hạng ${place} (${formatSmallCount(standing.sharing)} đơn vị cùng ${formatPoints(value)} điểm)`;
}

/** ", giảm 56 bậc" (a larger number is a worse place), ", giữ nguyên vị trí". */
export function rankMoved(before: number, after: number): string {
  if (before === after) return ", giữ nguyên vị trí";
  return `, ${after < before ? "tăng" : "giảm"} ${Math.abs(after - before)} bậc`;
}

/** What one group's sentence needs; hundredths of a point. */
export type GroupFigures = {
  readonly title: string;
  readonly value: number;
  readonly maximum: number;
  readonly country: number;
  readonly delta: number;
};

/** `Công khai, minh bạch đạt 13/18 điểm, bình quân cả nước là 10,4 điểm; tăng 0,8 điểm.` An unchanged group "không tăng điểm". */
export function groupSentence(group: GroupFigures, decimals: Decimals): string {
  const score = `${formatPoints(group.value, decimals)}/${formatMaximum(group.maximum)} điểm`;
  const change = group.delta === 0 ? "không tăng điểm" : rose(group.delta, decimals);
  return `${group.title} đạt ${score}, bình quân cả nước là ${formatPoints(group.country, decimals)} điểm; ${change}.`;
}

/** `Trong đó có 2 chỉ số tăng điểm gồm: Công khai, minh bạch tăng 0,8 điểm; Số hóa hồ sơ tăng 0,1 điểm.` Empty without a rise. */
export function risersSentence(groups: readonly Pick<GroupFigures, "title" | "delta">[], decimals: Decimals): string {
  const rising = groups.filter(({ delta }) => delta > 0);
  if (rising.length === 0) return "";
  const list = rising.map(({ title, delta }) => `${title} ${rose(delta, decimals)}`).join("; ");
  return `Trong đó có ${rising.length} chỉ số tăng điểm gồm: ${list}.`;
}

/** `Quảng Nam đạt 79,6/100 điểm (cả nước 72,2 điểm), xếp vị trí 15/63.` */
export function placeSentence(
  place: { name: string; value: number; country: number; rank: number; of: number },
  decimals: Decimals,
): string {
  const { name, value, country, rank, of } = place;
  return `${name} đạt ${formatPoints(value, decimals)}/100 điểm (cả nước ${formatPoints(country, decimals)} điểm), xếp vị trí ${rank}/${of}.`;
}

/** Maxima are whole points: 1800 is "18". */
export function formatMaximum(maximum: number): string {
  return formatPoints(maximum, maximum % 100 === 0 ? 1 : 2);
}

/** P4: which groups could not be fetched today, and from when their figures are. */
export function datedGroups(titles: readonly string[], moment: string): string {
  const these = titles.length === 1 ? "nhóm này" : "các nhóm này";
  return `Hôm nay chưa lấy đủ số liệu (thiếu nhóm ${titles.join(", ")}); ${these} dùng số liệu lúc ${moment}.`;
}

/** P6: the groups do not add up to the total. */
export function sumDiffers(sum: number, total: number): string {
  const gap = formatPoints(Math.abs(sum - total));
  return `Tổng sáu nhóm (${formatPoints(sum)}) lệch ${gap} điểm so với tổng điểm Cổng công bố (${formatPoints(total)}) do hai bảng của Cổng cập nhật khác thời điểm.`;
}

/** P3: the portal did not refresh. */
export function notRefreshed(moment: string): string {
  return `Cổng chưa cập nhật số liệu mới kể từ ${moment}.`;
}

/** The parts of a change of place that add up, each with its direction: fewer places is better. */
export function changedBy(split: {
  readonly byPortal: number;
  readonly byOwn: number;
  readonly byOthers: number;
}): string {
  const places = (count: number) => `${count < 0 ? "tăng" : "giảm"} ${Math.abs(count)} bậc`;
  const parts = [
    split.byOwn === 0 ? "" : `do điểm của đơn vị ${places(split.byOwn)}`,
    split.byOthers === 0 ? "" : `do biến động điểm của đơn vị khác ${places(split.byOthers)}`,
    split.byPortal === 0 ? "" : `do thay đổi chung của nguồn số liệu ${places(split.byPortal)}`,
  ];
  return `Thứ hạng: ${parts.filter((part) => part !== "").join("; ")}.`;
}

/** What the portal's own moves make of a change, after the change itself: "" without any. Null: it cannot be told apart. */
export function portalPart(change: { portal: number | null; net: number | null }, floor: number): string {
  if (change.portal === 0) return "";
  if (change.portal === null || change.net === null) return ", không tách được phần thay đổi chung của nguồn số liệu";
  return `, trong đó thay đổi chung của nguồn số liệu ${formatSigned(change.portal)} điểm; riêng đơn vị ${moved(change.net, floor)}`;
}

/** A subject's change on a day the portal moved everybody: the unit's own part stands beside it where there is one. */
export function shiftedWords(own: number | null, floor: number): string {
  const rest = own === null || Math.abs(own) < floor ? "" : `; riêng ${formatSigned(own, 2, "-")}`;
  return `thay đổi chung${rest}`;
}

/** Nobody rose by it: a group that was blank for the whole block has figures now. */
export function firstFigures({ title, units, level }: { title: string; units: number; level: Level }): string {
  return `Nhóm ${title} của ${units} ${BLOCK_NAMES[level]} lần đầu có số liệu trên Cổng (trước đây để trống cho cả khối): không tính là tăng, giảm trong kỳ.`;
}

/** What the counts prove about a jump, and nothing more. */
export const JUMP_CAUSES = {
  adjusted: "nguồn điều chỉnh",
  "first-figure": "lần đầu có số liệu",
  unknown: "chưa rõ nguyên nhân",
} as const;
