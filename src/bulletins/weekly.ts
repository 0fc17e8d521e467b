import type { Sight } from "../domain/board.ts";
import { dayAndMonth, dayOf, officialDate, shortDate } from "../domain/calendar.ts";
import type { Block, Content, PrintedFigure, Run } from "../domain/edition.ts";
import { formatPoints, formatSigned } from "../domain/figure.ts";
import { HEADLINES, TOTAL } from "../domain/indicator.ts";
import { unitName } from "../domain/view.ts";
import { appendix } from "./weekly-appendix.ts";
import { closedFigures, closedSection } from "./weekly-closed.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { noteBlocks } from "./weekly-note.ts";
import { officePapers } from "./weekly-office.ts";
import { fivePoints } from "./weekly-points.ts";
import { blockSections, countrySection } from "./weekly-sections.ts";
import { neighbourTable, proposals, resultTable, sourceNote } from "./weekly-tables.ts";
import { trendBlocks } from "./weekly-trend.ts";
import { figuresYear, weekNames } from "./weekly-words.ts";
import { rankOf, shiftedWords } from "./wording.ts";

/** Composes the committee's weekly bulletin: five points, matters for discussion, the result table, blocks, appendix. */
export function composeWeekly(input: WeeklyInput): Content {
  const { settings, week, day } = input;
  const name = provinceName(input);
  const points = fivePoints(input);
  const weekTitle = `${weekNames(input)}, từ ngày ${shortDate(week.from)} đến ngày ${shortDate(week.to)}`;
  return {
    subject: `[766] ${weekNames(input)}: ${name} ${figureWords(input)} – Bản tin Ban Chỉ đạo`,
    lines: points.map((runs) => runs.map(({ text }) => text).join("")),
    summary: `${week.year}-W${String(week.week).padStart(2, "0")} ${name}: ${figureWords(input)}`,
    title: `Bản tin kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp – ${name} – ${weekTitle}`,
    pages: true,
    masthead: {
      kind: settings.weekly.masthead,
      superior: settings.issuer.superior,
      issuer: settings.issuer.name,
      placeAndDate: `${settings.issuer.place}, ${officialDate(day)}`,
      kindOfPaper: "BẢN TIN",
      titles: ["Kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp", weekTitle],
      notice:
        settings.issuer.notice ??
        "(Tài liệu phục vụ cuộc họp Ban Chỉ đạo; số liệu theo dõi nội bộ, không thay thế báo cáo chính thức)",
    },
    blocks: pages(input, points),
    figures: [...figures(input), ...closedFigures(input)],
    ...officePapers(input, weekTitle),
  };
}

function pages(input: WeeklyInput, points: readonly (readonly Run[])[]): Block[] {
  const matters = proposals(input);
  return [
    { kind: "box", items: points.map((runs, index) => [{ text: `${index + 1}. `, strong: true }, ...runs]) },
    ...(matters === null
      ? []
      : [{ kind: "heading", text: "NỘI DUNG ĐỀ NGHỊ BAN CHỈ ĐẠO CHO Ý KIẾN" } as const, matters]),
    ...noteBlocks(input.note ?? null),
    { kind: "heading", text: `I. KẾT QUẢ CHUNG (lũy kế năm ${figuresYear(input)})` },
    resultTable(input),
    { kind: "note", text: sourceNote(input) },
    { kind: "heading", text: "II. VỊ TRÍ TRONG CẢ NƯỚC", opensPage: true },
    ...neighbourTable(input),
    ...countrySection(input),
    ...trendBlocks(input),
    ...blockSections(input),
    ...closedSection(input),
    ...appendix(input),
    {
      kind: "note",
      text: `Đầu mối: ${input.settings.issuer.contact}. Hạng do ${input.settings.issuer.inText} tính từ điểm Cổng công bố, trong từng khối. Bản tin tiếp theo: ngày ${shortDate(input.nextIssue)}.`,
    },
  ];
}

/** The province as sentences call it. */
function provinceName(input: WeeklyInput): string {
  const unit = input.provinces.view.units.get(input.settings.province);
  return unit === undefined ? input.settings.province : unitName(unit);
}

/** "66,14 điểm (+0,50), hạng 4/34": the subject's figures, and what they are not, in place of the change. */
function figureWords(input: WeeklyInput): string {
  const { provinces, settings } = input;
  const total = provinces.view.value(settings.province, TOTAL);
  if (typeof total !== "number") return "chưa có tổng điểm";
  const standing = provinces.board.standing(settings.province);
  const change = [changeWords(input, total), ...olderDates(input)].join("; ");
  return `${formatPoints(total)} điểm (${change}), ${standing === null ? "chưa xếp hạng" : `hạng ${rankOf(standing)}`}`;
}

function changeWords(input: WeeklyInput, total: number): string {
  const { provinces, before, settings, unlike } = input;
  if (before === null) return unlike === "new-period" ? "kỳ tính mới" : "kỳ đầu";
  const then = before.provinces.view.value(settings.province, TOTAL);
  if (typeof then !== "number") return "không so sánh";
  if (isUnchanged(before.provinces, provinces)) return "Cổng chưa cập nhật";
  if (isShiftWeek(input))
    return shiftedWords(input.analysis.provinces?.own(settings.province, TOTAL) ?? null, settings.floors.noise);
  return total === then ? "không đổi" : formatSigned(total - then, 2, "-");
}

/** The portal has not refreshed when no province's figure differs. */
function isUnchanged(then: Sight, now: Sight): boolean {
  return [...now.view.units.keys()].every((unit) =>
    HEADLINES.every((code) => now.view.value(unit, code) === then.view.value(unit, code)),
  );
}

/** The portal moved the province together with the others. */
function isShiftWeek({ analysis, settings }: WeeklyInput): boolean {
  const shifts = analysis.provinces?.shifts ?? [];
  return shifts.some(({ level, hits }) => level === "province" && hits.has(settings.province));
}

function olderDates({ provinces, day }: WeeklyInput): string[] {
  const taken = dayOf(provinces.view.snapshot.takenAt);
  return taken < day ? [`số liệu ngày ${dayAndMonth(taken)}`] : [];
}

/** The province's and its units' headline figures as printed. */
function figures(input: WeeklyInput): PrintedFigure[] {
  const sides = [
    { now: input.provinces, earlier: input.before?.provinces ?? null, codes: [input.settings.province] },
    ...(input.units === null
      ? []
      : [{ now: input.units, earlier: input.before?.units ?? null, codes: [...input.units.view.units.keys()].sort() }]),
  ];
  return sides.flatMap(({ now, earlier, codes }) =>
    codes.flatMap((unit) =>
      HEADLINES.filter((indicator) => indicator === TOTAL || unit === input.settings.province).map((indicator) => ({
        ...(now.view.scheme === null ? {} : { scheme: now.view.scheme }),
        unit,
        indicator,
        period: now.view.snapshot.period,
        value: now.view.value(unit, indicator) ?? null,
        before: earlier?.view.value(unit, indicator) ?? null,
        rank: now.board.standing(unit, indicator)?.rank ?? null,
        rankBefore: earlier?.board.standing(unit, indicator)?.rank ?? null,
        snapshot: now.view.snapshot.id,
      })),
    ),
  );
}
