import { shortDate, weekdayName } from "../domain/calendar.ts";
import type { Block, Content, PrintedFigure } from "../domain/edition.ts";
import { GROUPS, HEADLINES, TOTAL } from "../domain/indicator.ts";
import { printName } from "../domain/unit.ts";
import { unitName } from "../domain/view.ts";
import { attention } from "./attention.ts";
import { causeItems, memoryItem, slowItems } from "./causes.ts";
import type { DailyInput } from "./daily-input.ts";
import { monthItem, neighbourItem, neighbourLine, remarkItems } from "./daily-items.ts";
import { groupTable, rankingBlocks } from "./daily-tables.ts";
import {
  figureWords,
  headline,
  lowerPeriod,
  mailHeadline,
  momentOf,
  momentWords,
  olderDay,
  period,
} from "./daily-words.ts";
import { notRefreshed, olderFigures } from "./wording.ts";
/** Composes one unit's digest, or the three-line notice of a day on which the portal did not refresh. */
export function composeDaily(input: DailyInput): Content {
  const { settings, day, unit } = input;
  const name = unitName(unit);
  const short = input.unchanged && settings.daily.whenUnchanged === "short";
  const title = `Điểm tin chỉ số 766 – ${name} – ${weekdayName(day)}, ngày ${shortDate(day)}`;
  return {
    subject: subject(input),
    lines: short
      ? [
          mailHeadline(input),
          stillWords(input),
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
          { kind: "paragraph", runs: [{ text: stillWords(input) }] },
          note(input),
        ]
      : pageBlocks(input),
    figures: figures(input),
  };
}

/** P3 when the portal shows what it showed before; whether it does is not known when nothing of today could be had. */
function stillWords(input: DailyInput): string {
  if (olderDay(input) !== null) return olderFigures(momentOf(input.now));
  return notRefreshed(momentWords(input.refreshedAt ?? input.now.view.snapshot.takenAt));
}

function pageBlocks(input: DailyInput): Block[] {
  const { settings } = input;
  const { thresholds, floors } = settings;
  const remembered = [...memoryItem(input.memory, thresholds.memory.issues, floors.noise), ...slowItems(input)];
  const items = [
    ...causeItems(input),
    ...remembered,
    ...neighbourItem(input),
    ...monthItem(input),
    ...remarkItems(input),
  ].map((text): Block => ({ kind: "item", runs: [{ text: `- ${text}` }] }));
  const matters = attention(input);
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

function mailLines(input: DailyInput): string[] {
  return [
    mailHeadline(input),
    ...causeItems(input).slice(0, 2),
    ...neighbourLine(input),
    ...remarkItems(input).slice(0, 2),
  ].slice(0, 5);
}

/** `[766] 59,17 điểm (-12,01), hạng 127/135 – phường Quy Nhơn Tây, 12/10/2026`: figures first, a phone cuts at 40 characters. */
function subject(input: DailyInput): string {
  return `[766] ${figureWords(input)} – ${unitName(input.unit)}, ${shortDate(input.day)}`;
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
  const { scheme } = now.view;
  return HEADLINES.map((indicator) => ({
    ...(scheme === null ? {} : { scheme }),
    unit: unit.code,
    indicator,
    period: snapshot.period,
    value: now.view.value(unit.code, indicator) ?? null,
    before: before?.sight.view.value(unit.code, indicator) ?? null,
    ...(before?.analysis == null ? {} : { net: before.analysis.own(unit.code, indicator) }),
    ...(indicator === TOTAL && input.drift !== null ? { named: true as const } : {}),
    rank: now.board.standing(unit.code, indicator)?.rank ?? null,
    rankBefore: before?.sight.board.standing(unit.code, indicator)?.rank ?? null,
    snapshot:
      indicator !== TOTAL && now.dated.has(GROUPS.find((group) => group === indicator) ?? "CKMB")
        ? (now.snapshots[1] ?? snapshot.id)
        : snapshot.id,
  }));
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
}
