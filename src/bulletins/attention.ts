import { blockMedian, flow } from "../domain/advice.ts";
import { dayAndMonth } from "../domain/calendar.ts";
import { formatCount, formatShare, formatSmallCount } from "../domain/figure.ts";
import type { Group } from "../domain/indicator.ts";
import { activeUnits } from "../domain/view.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import { componentMatter, stepWords } from "./component-matter.ts";
import { countsDate, countsView, countsViewThen } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { type Count, countsOf } from "./raw-counts.ts";

const MOST = 3;

/**
 * At most three matters a unit can look into, the group furthest below its block's median first: counts, where to look, and how
 * many more dossiers make 0,1 point. Petitions are told, never advised; nothing is promised and nobody is blamed.
 */
export function attention(input: DailyInput): readonly string[] {
  if (countsView(input)?.value(input.unit.code, "TDGQ.received") === 0) return [];
  const order: readonly Group[] = ["MDHL", "TDGQ", "MDSH", "TTTT", "CKMB"];
  const matters = [...order]
    .sort((a, b) => shortfall(input, b) - shortfall(input, a))
    .flatMap((group) => {
      const matter = matterOf(input, group);
      const where = input.settings.whereToLook[group];
      return matter === null
        ? []
        : [`${matter}${dateOf(input, group)}${where === undefined ? "" : ` Tra cứu: ${where}.`}`];
    });
  return matters.slice(0, MOST).map((matter, index) => `${"abc".charAt(index)}) ${matter}`);
}

/** " Số liệu gốc ngày 09/10.", where the counts are of another day than the scores. */
function dateOf(input: DailyInput, group: Group): string {
  const date = countsDate(input, group).replace(/^ \((.*)\)$/u, "$1");
  return date === "" ? "" : ` ${date.charAt(0).toLocaleUpperCase("vi")}${date.slice(1)}.`;
}

/** How far a unit's group lies below its block's median, hundredths; the least of all without figures. */
function shortfall({ now, unit }: DailyInput, group: Group): number {
  const own = now.view.value(unit.code, group);
  const values = activeUnits(now.view, unit.level).flatMap(({ code }) => now.view.value(code, group) ?? []);
  const middle = blockMedian(values);
  return typeof own === "number" && middle !== null ? middle - own : Number.NEGATIVE_INFINITY;
}

function matterOf(input: DailyInput, group: Group): string | null {
  const count = countsOf(countsView(input), input.unit.code);
  if (group === "MDHL") return petitionMatter(count);
  if (group === "TDGQ") return progressMatter(input, count);
  if (group === "TTTT") return paymentMatter(count);
  return componentMatter(input, group);
}

function petitionMatter(count: Count): string | null {
  const petitions = count("MDHL.petitions");
  const [onTime, due] = [
    count("MDHL.PETITION_PROCESSING_ON_TIME.numerator"),
    count("MDHL.PETITION_PROCESSING_ON_TIME.denominator"),
  ];
  const [satisfied, rated] = [
    count("MDHL.PETITION_HANDLING_SATISFACTION.numerator"),
    count("MDHL.PETITION_HANDLING_SATISFACTION.denominator"),
  ];
  if (petitions === null || petitions === 0) return null;
  if (onTime === null || due === null || satisfied === null || rated === null) return null;
  if (onTime === due && satisfied === rated) return null;
  return `Phản ánh, kiến nghị: ${formatSmallCount(petitions)} phản ánh, kiến nghị, đúng hạn ${formatCount(onTime)}/${formatCount(due)}, hài lòng ${formatCount(satisfied)}/${formatCount(rated)}.`;
}

function progressMatter(input: DailyInput, count: Count): string | null {
  const [received, onTime, overdue] = [count("TDGQ.received"), count("TDGQ.onTime"), count("TDGQ.overdue")];
  if (received === null || onTime === null || overdue === null || overdue === 0) return null;
  const share =
    received < input.settings.floors.dossiers
      ? `${formatCount(overdue)}/${formatCount(received)}`
      : formatShare(overdue, received);
  const state = {
    numerator: onTime,
    denominator: received,
    maximum: EVALUATION_2026.maxima.TDGQ,
    repairable: false,
  };
  const few = received < input.settings.floors.dossiers;
  const step = few
    ? ""
    : stepWords(state, input.now.view.value(input.unit.code, "TDGQ") ?? null, "hồ sơ giải quyết đúng hạn");
  return `Tiến độ: ${formatCount(overdue)} hồ sơ quá hạn (${share}).${flowWords(input, count)}${step}`;
}

/** P19: how the unit works now, inside a sluggish yearly figure. */
function flowWords(input: DailyInput, count: Count): string {
  const then = countsOf(countsViewThen(input), input.unit.code);
  const [received, onTime] = [count("TDGQ.received"), count("TDGQ.onTime")];
  const [receivedThen, onTimeThen] = [then("TDGQ.received"), then("TDGQ.onTime")];
  if (input.before === null || received === null || onTime === null || receivedThen === null || onTimeThen === null)
    return "";
  const grown = flow(
    { part: onTimeThen, whole: receivedThen },
    { part: onTime, whole: received },
    input.settings.thresholds.flow.dossiers,
  );
  if (grown === null) return "";
  const share = grown.whole < input.settings.floors.dossiers ? "" : ` (${formatShare(grown.part, grown.whole)})`;
  return ` Từ ${dayAndMonth(input.before.day)} thêm ${formatCount(grown.whole)} hồ sơ, ${formatCount(grown.part)} đúng hạn${share}.`;
}

function paymentMatter(count: Count): string | null {
  const [paid, due] = [count("TTTT.paidOnline"), count("TTTT.obligation")];
  if (paid === null || due === null || due === 0 || paid >= due) return null;
  return `${GROUP_TITLES.TTTT}: ${formatCount(due - paid)}/${formatCount(due)} hồ sơ có nghĩa vụ tài chính chưa thanh toán trực tuyến.`;
}
