import type { Sight } from "../domain/board.ts";
import { dayAndMonth, dayOf, shortDate, timeOf, weekdayName } from "../domain/calendar.ts";
import type { Block, Content, PrintedFigure } from "../domain/edition.ts";
import { formatPoints, formatSigned } from "../domain/figure.ts";
import { GROUPS, HEADLINES, TOTAL } from "../domain/indicator.ts";
import { isOpen, type Period, parsePeriod } from "../domain/period.ts";
import { printName } from "../domain/unit.ts";
import { unitName } from "../domain/view.ts";
import { attention } from "./attention.ts";
import { causeItems, isShiftDay, memoryItem } from "./causes.ts";
import { countsView } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { monthItem, neighbourItem, neighbourLine, remarkItems } from "./daily-items.ts";
import { groupTable, rankingBlocks } from "./daily-tables.ts";
import {
  FIRST_EDITION,
  moved,
  notRefreshed,
  periodTitle,
  portalPart,
  ranked,
  rankMoved,
  rankOf,
  since,
} from "./wording.ts";

/** Composes one unit's digest, or the three-line notice of a day on which the portal did not refresh. */
export function composeDaily(input: DailyInput): Content {
  const { settings, day, unit, now } = input;
  const name = unitName(unit);
  const short = input.unchanged && settings.daily.whenUnchanged === "short";
  const title = `Điểm tin chỉ số 766 – ${name} – ${weekdayName(day)}, ngày ${shortDate(day)}`;
  return {
    subject: subject(input),
    lines: short
      ? [
          mailHeadline(input),
          notRefreshed(momentOf(now)),
          `Bản tin tiếp theo: ${weekdayName(input.nextIssue)}, ${shortDate(input.nextIssue)}.`,
        ]
      : mailLines(input),
    summary: `${unit.code} ${name}: ${figureWords(input)}`,
    title,
    pages: !short,
    masthead: {
      kind: "digest",
      left: settings.issuer.line,
      right: `ĐIỂM TIN CHỈ SỐ 766 – ${capital(weekdayName(day))}, ngày ${shortDate(day)}`,
      unit: (unit.printName ?? printName(unit.name)).toLocaleUpperCase("vi"),
      ...(settings.issuer.notice === undefined ? {} : { notice: settings.issuer.notice }),
    },
    blocks: short
      ? [
          { kind: "headline", runs: [{ text: headline(input) }] },
          { kind: "paragraph", runs: [{ text: notRefreshed(momentOf(now)) }] },
          note(input),
        ]
      : pageBlocks(input),
    figures: figures(input),
  };
}

function pageBlocks(input: DailyInput): Block[] {
  const { unit, settings, now } = input;
  const { thresholds, floors } = settings;
  const remembered = memoryItem(input.memory, thresholds.memory.issues, floors.noise);
  const items = [
    ...causeItems(input),
    ...remembered,
    ...neighbourItem(input),
    ...monthItem(input),
    ...remarkItems(input),
  ].map((text): Block => ({ kind: "item", runs: [{ text: `- ${text}` }] }));
  const matters = attention(now.board, { unit: unit.code, level: unit.level, counts: countsView(input) }, settings);
  const ranking = rankingBlocks(input);
  let number = 1;
  const heading = (text: string): Block => ({ kind: "heading", text: `${number++}. ${text}` });
  return [
    { kind: "headline", runs: [{ text: headline(input), strong: true }] },
    ...items,
    heading(`Sáu nhóm chỉ số (${lowerPeriod(input)})`),
    groupTable(input),
    ...(matters.length === 0
      ? []
      : [heading("Nội dung cần chú ý"), ...matters.map((text): Block => ({ kind: "item", runs: [{ text }] }))]),
    ...(ranking === null ? [] : [heading(ranking.title), ranking.table]),
    note(input),
  ];
}

function headline(input: DailyInput): string {
  const { total, standing } = own(input);
  const level = input.unit.level;
  const score =
    total === null
      ? `${periodTitle(period(input))}: Cổng chưa có tổng điểm của đơn vị.`
      : `${periodTitle(period(input))} đạt ${formatPoints(total)}/100 điểm${classWords(input, total)}`;
  if (total === null) return score;
  if (countsView(input)?.value(input.unit.code, "TDGQ.received") === 0) {
    return `${periodTitle(period(input))}: chưa phát sinh hồ sơ; Cổng tính ${formatPoints(total)}/100 điểm, chưa đủ cơ sở so sánh và xếp loại.`;
  }
  const change = deltaWords(input);
  const place = standing === null ? "Chưa xếp hạng." : `${ranked(standing, level, total)}${rankChange(input, true)}.`;
  if (input.before === null) return `${score}. ${place} ${FIRST_EDITION}`;
  return `${score}${change === null ? "" : `, ${change} ${since(input.before.day)}${portalWords(input)}`}. ${place}`;
}

/** P15: a class only when the configuration names the document that sets its bounds; provisional while the period runs. */
function classWords(input: DailyInput, total: number): string {
  const { source, bounds } = input.settings.classes;
  const found = source === null ? undefined : bounds.find(({ from }) => total >= from);
  if (found === undefined) return "";
  return ` (${isOpen(period(input), input.day) ? "tạm xếp loại" : "xếp loại"} ${found.name})`;
}

/** ", giảm 56 bậc (bản tin trước: 71/135)"; nothing when the ranked sets differ or the place is the same. */
function rankChange(input: DailyInput, withBefore: boolean): string {
  const { standing, standingBefore } = own(input);
  if (
    standing === null ||
    standingBefore === null ||
    input.before?.rankedAlike !== true ||
    standing.rank === standingBefore.rank
  )
    return "";
  return `${rankMoved(standingBefore.rank, standing.rank)}${withBefore ? ` (bản tin trước: ${rankOf(standingBefore)})` : ""}`;
}

/** What the portal's own moves made of the change; nothing where nothing was noticed. */
function portalWords({ before, unit, settings }: DailyInput): string {
  if (before?.analysis == null) return "";
  const change = { portal: before.analysis.shift(unit.code, TOTAL), net: before.analysis.net(unit.code, TOTAL) };
  return portalPart(change, settings.floors.noise);
}

function deltaWords(input: DailyInput): string | null {
  const { delta } = own(input);
  return delta === null ? null : moved(delta, input.settings.floors.noise);
}

function mailLines(input: DailyInput): string[] {
  return [
    mailHeadline(input),
    ...causeItems(input).slice(0, 2),
    ...neighbourLine(input),
    ...remarkItems(input).slice(0, 1),
  ].slice(0, 5);
}

function mailHeadline(input: DailyInput): string {
  const { total, standing } = own(input);
  if (total === null) return headline(input);
  const change = deltaWords(input);
  const compared =
    input.before === null || change === null
      ? ""
      : `, ${change} so với bản tin ${weekdayName(input.before.day)} ${dayAndMonth(input.before.day)}${portalWords(input)}`;
  const place =
    standing === null
      ? "chưa xếp hạng"
      : `${lower(ranked(standing, input.unit.level, total))}${rankChange(input, false)}`;
  return `${periodTitle(period(input))}: ${formatPoints(total)}/100 điểm${compared}; ${place}.${input.before === null ? ` ${FIRST_EDITION}` : ""}`;
}

/** `[766] 59,17 điểm (-12,01), hạng 127/135 – phường Quy Nhơn Tây, 12/10/2026`: figures first, a phone cuts at 40 characters. */
function subject(input: DailyInput): string {
  return `[766] ${figureWords(input)} – ${unitName(input.unit)}, ${shortDate(input.day)}`;
}

function figureWords(input: DailyInput): string {
  const { total, delta, standing } = own(input);
  if (total === null) return "chưa có tổng điểm";
  const change = changeWords(input, delta);
  return `${formatPoints(total)} điểm (${change}), ${standing === null ? "chưa xếp hạng" : `hạng ${rankOf(standing)}`}`;
}

function changeWords(input: DailyInput, delta: number | null): string {
  const { noise } = input.settings.floors;
  const net = input.before?.analysis?.net(input.unit.code, TOTAL) ?? null;
  if (input.unchanged) return "Cổng chưa cập nhật";
  if (input.before === null) return "kỳ đầu";
  if (delta === null) return "không so sánh";
  if (isShiftDay(input) && (net === null || Math.abs(net) < noise)) return "thay đổi chung";
  return delta === 0 ? "không đổi" : formatSigned(delta, 2, "-");
}

/** The unit's own total on both sides. */
function own({ now, before, unit }: DailyInput) {
  const total = now.view.value(unit.code, TOTAL) ?? null;
  const then = before?.sight.view.value(unit.code, TOTAL) ?? null;
  return {
    total,
    delta: total === null || then === null ? null : total - then,
    standing: now.board.standing(unit.code),
    standingBefore: before?.sight.board.standing(unit.code) ?? null,
  };
}

function note(input: DailyInput): Block {
  const { now, settings, nextIssue } = input;
  const year = period(input).year;
  return {
    kind: "note",
    text: [
      `Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc ${momentOf(now)}; năm ${year} chưa kết thúc, điểm có thể thay đổi.`,
      `Hạng do ${settings.issuer.inText} tính từ điểm Cổng công bố.${settings.classes.source === null ? "" : ` Xếp loại theo ${settings.classes.source}.`}`,
      `Cổng tính lại nhiều lần trong ngày và hiển thị mức tăng so với năm ${year - 1}, nên số xem trực tiếp có thể khác bản tin.`,
      `Số liệu để theo dõi nội bộ. Đầu mối: ${settings.issuer.contact}.`,
      `Bản tin tiếp theo: ${weekdayName(nextIssue)}, ${shortDate(nextIssue)}.`,
    ].join(" "),
  };
}

function figures(input: DailyInput): PrintedFigure[] {
  const { now, before, unit } = input;
  const snapshot = now.view.snapshot;
  return HEADLINES.map((indicator) => ({
    unit: unit.code,
    indicator,
    period: snapshot.period,
    value: now.view.value(unit.code, indicator) ?? null,
    before: before?.sight.view.value(unit.code, indicator) ?? null,
    ...(before?.analysis == null ? {} : { net: before.analysis.net(unit.code, indicator) }),
    rank: now.board.standing(unit.code, indicator)?.rank ?? null,
    rankBefore: before?.sight.board.standing(unit.code, indicator)?.rank ?? null,
    snapshot:
      indicator !== TOTAL && now.dated.has(GROUPS.find((group) => group === indicator) ?? "CKMB")
        ? (now.snapshots[1] ?? snapshot.id)
        : snapshot.id,
  }));
}

/** "06:00 ngày 12/10/2026". */
export function momentOf(sight: Sight): string {
  const { takenAt } = sight.view.snapshot;
  return `${timeOf(takenAt)} ngày ${shortDate(dayOf(takenAt))}`;
}

function period(input: DailyInput): Period {
  const parsed = parsePeriod(input.now.view.snapshot.period);
  if (parsed === null) throw new Error(`snapshot ${input.now.view.snapshot.id} has no readable period`);
  return parsed;
}

function lowerPeriod(input: DailyInput): string {
  return lower(periodTitle(period(input)));
}

function lower(text: string): string {
  return text.charAt(0).toLocaleLowerCase("vi") + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
}
