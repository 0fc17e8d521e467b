import { dayAndMonth } from "../domain/calendar.ts";
import type { Block } from "../domain/edition.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { streak } from "../domain/trend.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { countryAt, groupBullets, groupLines, totalLine } from "./weekly-lines.ts";
import { countryFigure } from "./weekly-points.ts";
import { moved } from "./wording.ts";

/** A line needs so many weeks of one accumulation; fewer are a sentence. */
const LEAST_WEEKS = 2;
/** "nhóm 10": the band provinces set themselves as a target. */
const BAND = 10;

const NO_TREND = "Chưa đủ số liệu các tuần trước của cùng kỳ tính để vẽ biểu đồ (cần ít nhất 02 tuần).";

/** II: thirteen weeks against the country in a chart and a sentence, and the six groups as shares of their maxima. */
export function trendBlocks(input: WeeklyInput): Block[] {
  const paragraph = (text: string): Block => ({ kind: "paragraph", runs: [{ text }] });
  if (comparable(input).length < LEAST_WEEKS)
    return [paragraph(NO_TREND), { kind: "chart", chart: groupBullets(input) }];
  const streakWords = bandWords(input);
  return [
    paragraph([trendWords(input), ...(streakWords === null ? [] : [streakWords])].join(" ")),
    { kind: "chart", chart: totalLine(input) },
    { kind: "chart", chart: groupLines(input) },
  ];
}

/** The weeks counted from the same 1 January and by the same scheme as this one, with a total of the province. */
function comparable({ weeks, provinces, settings }: WeeklyInput) {
  return weeks.flatMap(({ day, provinces: sight }) => {
    if (sight === null || sight.view.snapshot.period !== provinces.view.snapshot.period) return [];
    if (sight.view.scheme !== provinces.view.scheme) return [];
    const total = sight.view.value(settings.province, TOTAL);
    const { isMean } = countryFigure({ provinces }, TOTAL);
    return typeof total === "number" ? [{ day, total, country: countryAt(sight, TOTAL, isMean) }] : [];
  });
}

/** "Trong 13 tuần …": where the province and the country came from, and their distance then and now. */
function trendWords(input: WeeklyInput): string {
  const weeks = comparable(input);
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (first === undefined || last === undefined) return NO_TREND;
  const { noise } = input.settings.floors;
  const own = `Từ ngày ${dayAndMonth(first.day)} đến ngày ${dayAndMonth(last.day)}, điểm của tỉnh ${moved(last.total - first.total, noise)} (${formatPoints(first.total)} → ${formatPoints(last.total)})`;
  if (first.country === null || last.country === null) return `${own}.`;
  const gap = (one: typeof first, country: number) =>
    `${one.total >= country ? "cao hơn" : "thấp hơn"} ${formatPoints(Math.abs(one.total - country))} điểm`;
  return `${own}; cả nước ${moved(last.country - first.country, noise)}. So với cả nước: ngày ${dayAndMonth(first.day)} ${gap(first, first.country)}, kỳ này ${gap(last, last.country)}.`;
}

/** "Tỉnh ở nhóm 10 … 05 tuần liên tiếp": told from two weeks on. */
function bandWords(input: WeeklyInput): string | null {
  const ranks = input.weeks.map(({ provinces }) => provinces?.board.standing(input.settings.province)?.rank ?? null);
  const weeks = streak(ranks, BAND);
  if (weeks < 2) return null;
  return `Tỉnh ở nhóm ${BAND} tỉnh, thành phố có điểm cao nhất ${formatSmallCount(weeks)} tuần liên tiếp.`;
}
