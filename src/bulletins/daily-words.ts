import type { Sight } from "../domain/board.ts";
import { type Day, dayAndMonth, dayOf, daysBetween, shortDate, timeOf, weekdayName } from "../domain/calendar.ts";
import { formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { isOpen, type Period, parsePeriod, periodStart } from "../domain/period.ts";
import { unusualGap } from "../domain/working-calendar.ts";
import { isShiftDay } from "./causes.ts";
import { countsView } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import {
  FIRST_EDITION,
  moved,
  newPeriod,
  periodTitle,
  portalPart,
  ranked,
  rankMoved,
  rankOf,
  shiftedWords,
  since,
} from "./wording.ts";

/** The bold lines at the head of a digest: score, change with its baseline, the portal's part, place. */
export function headline(input: DailyInput): string {
  const { total, standing } = own(input);
  const level = input.unit.level;
  const score =
    total === null
      ? `${periodTitle(period(input))}: Cổng chưa có tổng điểm của đơn vị.`
      : `${periodTitle(period(input))} đạt ${formatPoints(total)}/100 điểm${classWords(input, total)}`;
  if (total === null) return score;
  const quiet = quietWords(input, total);
  if (quiet !== null) return `${quiet}${newPeriodWords(input, "; ")}.`;
  const change = deltaWords(input);
  const place = standing === null ? "Chưa xếp hạng." : `${ranked(standing, level, total)}${rankChange(input, true)}.`;
  if (input.before === null) return `${score}${newPeriodWords(input, ", ")}. ${place}${firstWords(input)}`;
  return `${score}${change === null ? "" : `, ${change} ${since(input.before.day, input.day)}${portalWords(input)}`}. ${place}`;
}

/** A period is young for so many days: until a unit has enough dossiers its figures are not compared. */
const YOUNG_DAYS = 15;

/** True when neither change, place nor class is told, and so no neighbours either. */
export function isQuiet(input: DailyInput): boolean {
  const { total } = own(input);
  return total !== null && quietWords(input, total) !== null;
}

/** Why neither change, place nor class is told: no dossiers at all (the portal still gives some 16 points), or a period just begun. */
function quietWords(input: DailyInput, total: number): string | null {
  const received = countsView(input)?.value(input.unit.code, "TDGQ.received");
  const least = input.settings.floors.dossiers;
  const score = `Cổng tính ${formatPoints(total)}/100 điểm`;
  if (received === 0)
    return `${periodTitle(period(input))}: chưa phát sinh hồ sơ; ${score}, chưa đủ cơ sở so sánh và xếp loại`;
  const isYoung = daysBetween(periodStart(period(input)), input.day) < YOUNG_DAYS;
  if (typeof received !== "number" || received >= least || !isYoung) return null;
  return `${periodTitle(period(input))} mới bắt đầu, chưa đủ ${least} hồ sơ để so sánh; ${score}`;
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
  const change = { portal: before.analysis.portal(unit.code, TOTAL), net: before.analysis.own(unit.code, TOTAL) };
  return portalPart(change, settings.floors.noise);
}

function deltaWords(input: DailyInput): string | null {
  const { delta } = own(input);
  return delta === null ? null : moved(delta, input.settings.floors.noise);
}

/** The same in one line, for the mail. */
export function mailHeadline(input: DailyInput): string {
  const { total, standing } = own(input);
  if (total === null || quietWords(input, total) !== null) return headline(input);
  const change = deltaWords(input);
  const compared =
    input.before === null || change === null
      ? newPeriodWords(input, ", ")
      : `, ${change} so với bản tin ${weekdayName(input.before.day)} ${dayAndMonth(input.before.day)}${gapWords(input.before.day, input.day)}${portalWords(input)}`;
  const place =
    standing === null
      ? "chưa xếp hạng"
      : `${lower(ranked(standing, input.unit.level, total))}${rankChange(input, false)}`;
  return `${periodTitle(period(input))}: ${formatPoints(total)}/100 điểm${compared}; ${place}.${input.before === null ? firstWords(input) : ""}`;
}

/** A first issue says so; one that is not compared for another reason says that elsewhere. */
function firstWords({ unlike }: DailyInput): string {
  return unlike === undefined ? ` ${FIRST_EDITION}` : "";
}

function newPeriodWords(input: DailyInput, separator: string): string {
  return input.unlike === "new-period" ? `${separator}${newPeriod(String(period(input).year))}` : "";
}

/** " (10 ngày)" after an unusual number of days. */
function gapWords(last: Day, today: Day): string {
  const gap = unusualGap(last, today);
  return gap === null ? "" : ` (${formatSmallCount(gap)} ngày)`;
}

/** The day the figures are of, where that is not the day of issue; null otherwise. */
export function olderDay({ now, day }: DailyInput): Day | null {
  const taken = dayOf(now.view.snapshot.takenAt);
  return taken < day ? taken : null;
}

/** "59,17 điểm (-12,01), hạng 127/135": the subject's figures. */
export function figureWords(input: DailyInput): string {
  const { total, delta, standing } = own(input);
  if (total === null) return "chưa có tổng điểm";
  if (quietWords(input, total) !== null) return `${formatPoints(total)} điểm (chưa đủ hồ sơ)`;
  const older = olderDay(input);
  const dated = older === null ? "" : `số liệu ngày ${dayAndMonth(older)}`;
  const change = [input.unlike === "same-data" ? "" : changeWords(input, delta), dated].filter(Boolean).join("; ");
  return `${formatPoints(total)} điểm (${change}), ${standing === null ? "chưa xếp hạng" : `hạng ${rankOf(standing)}`}`;
}

function changeWords(input: DailyInput, delta: number | null): string {
  const { noise } = input.settings.floors;
  const net = input.before?.analysis?.own(input.unit.code, TOTAL) ?? null;
  if (input.unchanged) return "Cổng chưa cập nhật";
  if (input.before === null) return input.unlike === "new-period" ? "kỳ tính mới" : "kỳ đầu";
  if (delta === null) return "không so sánh";
  if (isShiftDay(input)) return shiftedWords(net, noise);
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

/** "06:00 ngày 12/10/2026". */
export function momentOf(sight: Sight): string {
  return momentWords(sight.view.snapshot.takenAt);
}

/** The same of an instant. */
export function momentWords(instant: Date): string {
  return `${timeOf(instant)} ngày ${shortDate(dayOf(instant))}`;
}

/** The headline period of an input. */
export function period(input: DailyInput): Period {
  const parsed = parsePeriod(input.now.view.snapshot.period);
  if (parsed === null) throw new Error(`snapshot ${input.now.view.snapshot.id} has no readable period`);
  return parsed;
}

/** Its name inside a heading. */
export function lowerPeriod(input: DailyInput): string {
  return lower(periodTitle(period(input)));
}

function lower(text: string): string {
  return text.charAt(0).toLocaleLowerCase("vi") + text.slice(1);
}
