import type { DatedShift } from "../domain/analysis.ts";
import { dayAndMonth, daysBetween } from "../domain/calendar.ts";
import { formatCount, formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Group, TOTAL } from "../domain/indicator.ts";
import type { Jump } from "../domain/jump.ts";
import type { Remembered } from "../domain/memory.ts";
import { GROUP_TITLES, headlineTitle } from "../indicators/groups.ts";
import { countsDate, countsView, groupDelta } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { countsOf, rawCounts } from "./raw-counts.ts";
import { BLOCK_NAMES, changedBy, firstFigures, RANK_BY_OTHERS, RANK_BY_PORTAL, rose } from "./wording.ts";

/** Why a unit's figures moved, as far as the figures tell: the portal's moves first, then its own, then the place. At most four. */
export function causeItems(input: DailyInput): string[] {
  if (input.before === null) return [];
  const jumps = ownJumps(input);
  return [
    ...shiftSentences(input),
    ...jumpSentences(input, jumps),
    ...groupSentences(input, jumps),
    ...rankSentence(input),
  ].slice(0, 4);
}

/** P7, one sentence per notice about the unit's block. */
function shiftSentences(input: DailyInput): string[] {
  const shifts = input.before?.analysis?.shifts ?? [];
  return shifts.filter(({ level }) => level === input.unit.level).map((shift) => shiftSentence(shift));
}

/** `Nhóm Mức độ hài lòng của 34/34 tỉnh, thành phố cùng tăng khoảng 6 điểm trong ngày: thay đổi chung của nguồn số liệu, …` */
export function shiftSentence({ indicator, level, shift, units, of, from, to }: DatedShift): string {
  const what = indicator === TOTAL ? "Tổng điểm" : `Nhóm ${headlineTitle(indicator)}`;
  const when = daysBetween(from, to) <= 1 ? "trong ngày" : `từ ${dayAndMonth(from)} đến ${dayAndMonth(to)}`;
  return `${what} của ${units}/${of} ${BLOCK_NAMES[level]} cùng ${shift > 0 ? "tăng" : "giảm"} khoảng ${formatPoints(Math.abs(shift), 1)} điểm ${when}: thay đổi chung của nguồn số liệu, không phản ánh riêng từng đơn vị.`;
}

function ownJumps({ before, unit }: DailyInput): readonly Jump[] {
  return (before?.analysis?.jumps ?? []).filter((jump) => jump.unit === unit.code);
}

/** A jump is the unit's headline, with its counts; what caused it is said only where the counts prove it. */
function jumpSentences(input: DailyInput, jumps: readonly Jump[]): string[] {
  return jumps.map((jump) => {
    if (jump.mass !== undefined)
      return firstFigures({ title: GROUP_TITLES[jump.indicator], units: jump.mass, level: jump.level });
    const petitions = jump.indicator === "MDHL" ? petitionWords(input) : null;
    if (petitions !== null)
      return `${GROUP_TITLES.MDHL} ${rose(jump.delta)}: ${petitions}${countsDate(input, "MDHL")}.`;
    const hasCounts = input.now.view.codes(jump.indicator).length > 0;
    return jumpSentence(
      jump,
      hasCounts
        ? `${rawCounts(jump.indicator, countsView(input), { unit: input.unit.code, level: input.unit.level })}${countsDate(input, jump.indicator)}`
        : null,
    );
  });
}

/** One jump without petition counts, beside the counts behind the score where the portal gives them. */
export function jumpSentence(
  { indicator, delta, cause }: Pick<Jump, "indicator" | "delta" | "cause">,
  counts: string | null,
): string {
  const title = GROUP_TITLES[indicator];
  const beside = counts === null ? "" : ` (${counts.charAt(0).toLocaleLowerCase("vi")}${counts.slice(1)})`;
  const size = formatPoints(Math.abs(delta));
  if (cause === "adjusted")
    return `${title} thay đổi ${size} điểm do nguồn điều chỉnh số liệu${beside}; không tính là tăng, giảm trong kỳ.`;
  if (cause === "first-figure")
    return `${title} thay đổi ${size} điểm do lần đầu có số liệu (trước đây Cổng để trống)${beside}; không tính là tăng, giảm trong kỳ.`;
  if (counts === null)
    return `${title} thay đổi bất thường (${rose(delta)}), chưa có số liệu thành phần để xác định nguyên nhân.`;
  return `${title} thay đổi lớn (${rose(delta)}), chưa rõ nguyên nhân${beside}.`;
}

/** The petition counts of the unit, as the portal gives them; null without counts. */
export function petitionWords(input: DailyInput): string | null {
  const count = countsOf(countsView(input), input.unit.code);
  const part = (code: string) => [count(`MDHL.${code}.numerator`), count(`MDHL.${code}.denominator`)] as const;
  const [onTime, due] = part("PETITION_PROCESSING_ON_TIME");
  const [satisfied, rated] = part("PETITION_HANDLING_SATISFACTION");
  const petitions = count("MDHL.petitions");
  if (petitions === null || onTime === null || due === null || satisfied === null || rated === null) return null;
  if (petitions === 0)
    return "trong kỳ không phát sinh phản ánh, kiến nghị (khi không phát sinh, Cổng tính 12/12 điểm)";
  const nothing =
    onTime === 0 && satisfied === 0 ? " (đạt 0/12 điểm; khi không phát sinh phản ánh, Cổng tính 12/12 điểm)" : "";
  return `trong kỳ có ${formatSmallCount(petitions)} phản ánh, kiến nghị, xử lý đúng hạn ${formatCount(onTime)}/${formatCount(due)}, hài lòng ${formatCount(satisfied)}/${formatCount(rated)}${nothing}`;
}

/** Rises and falls by group, net of the portal's moves; jumps have their own sentence. */
function groupSentences(input: DailyInput, jumps: readonly Jump[]): string[] {
  const { noise } = input.settings.floors;
  const jumped = new Set<Group>(jumps.map(({ indicator }) => indicator));
  const moves = GROUPS.flatMap((group) => {
    const delta = ownMove(input, group);
    return delta === null || jumped.has(group) || input.stalled.has(group) ? [] : [{ group, delta }];
  });
  const untold = GROUPS.filter((group) => groupDelta(input, group) !== null && ownMove(input, group) === null);
  if (moves.length === 0) return untoldSentence(untold);
  const named = moves
    .filter(({ delta }) => Math.abs(delta) >= noise)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
  const rest = moves.filter((move) => !named.includes(move));
  const shifted = GROUPS.some((group) => ownMove(input, group) !== groupDelta(input, group));
  const state = rest.every(({ delta }) => delta === 0) && !shifted ? "không thay đổi" : "cơ bản giữ nguyên";
  const others = named.length + jumps.length + untold.length > 0 ? "các nhóm còn lại" : "các nhóm chỉ số";
  const subject = shifted ? `ngoài thay đổi chung, ${others}` : others;
  const parts = [listed(named, -1), listed(named, 1), rest.length === 0 ? "" : `${subject} ${state}`].filter(
    (part) => part !== "",
  );
  const text = parts.join("; ");
  return [`${text.charAt(0).toLocaleUpperCase("vi")}${text.slice(1)}.`, ...untoldSentence(untold)];
}

/** Groups whose own move cannot be told from the portal's. */
function untoldSentence(untold: readonly Group[]): string[] {
  if (untold.length === 0) return [];
  return [`Không tách được phần thay đổi riêng của đơn vị ở ${untold.map((group) => GROUP_TITLES[group]).join(", ")}.`];
}

function listed(named: readonly { readonly group: Group; readonly delta: number }[], sign: 1 | -1): string {
  const list = named
    .filter(({ delta }) => Math.sign(delta) === sign)
    .map(({ group, delta }) => `${GROUP_TITLES[group]} (${formatSigned(delta)} điểm)`);
  return list.length === 0 ? "" : `${sign > 0 ? "tăng" : "giảm"} ở ${list.join(", ")}`;
}

/** A group's move net of shifts; the plain one where nothing was analysed; null where it cannot be told or is not of today. */
function ownMove(input: DailyInput, group: Group): number | null {
  const delta = groupDelta(input, group);
  if (delta === null || input.before?.analysis == null) return delta;
  return input.before.analysis.own(input.unit.code, group);
}

/** Why the place changed; only where moving the unit first and the others first tell the same. */
function rankSentence(input: DailyInput): string[] {
  const { before, now, unit, settings } = input;
  const [rankNow, rankThen] = [now.board.standing(unit.code)?.rank, before?.sight.board.standing(unit.code)?.rank];
  if (rankNow === undefined || rankThen === undefined || rankNow === rankThen || before?.rankedAlike !== true)
    return [];
  const split = before.analysis?.split(unit.code) ?? null;
  const own = before.analysis?.own(unit.code, TOTAL) ?? null;
  if (split === null || !split.agrees) return [];
  if (split.byPortal === 0 && split.byOwn === 0) {
    const aside =
      own !== null && Math.abs(own) >= settings.floors.noise
        ? `; riêng mức ${rose(own)} của đơn vị không làm thay đổi thứ hạng`
        : "";
    return [`${RANK_BY_OTHERS}${aside}.`];
  }
  if (split.byOwn === 0 && split.byOthers === 0) return [`${RANK_BY_PORTAL}.`];
  const isNews =
    own !== null && Math.abs(own) >= settings.floors.noise && Math.abs(rankNow - rankThen) >= settings.floors.ranks;
  return isNews && (split.byOthers !== 0 || split.byPortal !== 0) ? [changedBy(split)] : [];
}

/** "Biến động lớn trong 5 bản tin gần đây: ngày 12/10 giảm 12,01 điểm ở Mức độ hài lòng, chưa thay đổi." */
export function memoryItem(memory: readonly Remembered[], issues: number, noise: number): string[] {
  if (memory.length === 0) return [];
  const entries = memory.map(({ day, delta, group, made, left }) => {
    const state =
      Math.abs(left) < noise
        ? "đã trở lại mức trước"
        : Math.abs(left - made) < noise
          ? "chưa thay đổi"
          : Math.sign(left) === Math.sign(made)
            ? `đến nay còn ${rose(left)}`
            : `đến nay đã ${rose(left)} so với trước đó`;
    return `ngày ${dayAndMonth(day)} ${rose(delta)}${group === null ? "" : ` ở ${GROUP_TITLES[group]}`}, ${state}`;
  });
  return [`Biến động lớn trong ${issues} bản tin gần đây: ${entries.join("; ")}.`];
}

/** What single days do not show: a drift of many small steps, a trend against the block. */
export function slowItems({ drift, trend, settings }: DailyInput): string[] {
  const slow =
    drift === null
      ? []
      : [`Qua nhiều lần thay đổi nhỏ, điểm đã ${rose(drift.delta)} kể từ bản tin ngày ${dayAndMonth(drift.since)}.`];
  const steps = settings.thresholds.trend.steps;
  return [
    ...slow,
    ...(trend === null ? [] : [`Xu hướng ${steps} ngày làm việc gần đây: ${rose(trend)} so với trung vị của khối.`]),
  ];
}

/** Whether a portal-wide shift moved this very unit: the subject says so. */
export function isShiftDay({ before, unit }: DailyInput): boolean {
  return (before?.analysis?.shifts ?? []).some((shift) => shift.level === unit.level && shift.hits.has(unit.code));
}
