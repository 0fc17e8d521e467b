import type { Sight } from "../domain/board.ts";
import { dayAndMonth } from "../domain/calendar.ts";
import type { Break, Chart, Series } from "../domain/chart.ts";
import { divideRounded, formatPoints, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Headline, TOTAL } from "../domain/indicator.ts";
import { unitName } from "../domain/view.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { countryFigure } from "./weekly-points.ts";
import { figuresYear } from "./weekly-words.ts";
import { NO_FIGURE } from "./wording.ts";

/**
 * The yardstick of a week on the footing of this issue's: the portal's own figure, or the provinces' mean where the portal states
 * none; never both in one line, so null where a week has only the other.
 */
export function countryAt(week: Sight, code: Headline, isMean: boolean): number | null {
  if (isMean) return week.board.mean("province", code);
  const figure = countryFigure({ provinces: week }, code);
  return figure.isMean ? null : figure.value;
}

/** The total of the weeks, the province against the country. */
export function totalLine(input: WeeklyInput): Chart {
  const { weeks } = input;
  const series = [ownSeries(input, TOTAL), countrySeries(input, TOTAL)];
  return {
    kind: "line",
    title: `Tổng điểm lũy kế ${yearWords(input)}của tỉnh và cả nước, ${formatSmallCount(weeks.length)} tuần (điểm)`,
    alt: series.map((one) => inWords(input, one, (value) => `${formatPoints(value)} điểm`)).join(" "),
    source: source(input, false),
    points: labels(input),
    series,
    breaks: breaksOf(input),
  };
}

/** Each group as a share of its maximum, all on one axis. */
export function groupLines(input: WeeklyInput): Chart {
  const panels = GROUPS.map((group) => {
    const share = (series: Series): Series => ({
      ...series,
      values: series.values.map((value) =>
        value === null ? null : divideRounded(value * 10_000, EVALUATION_2026.maxima[group]),
      ),
    });
    return { title: GROUP_TITLES[group], series: [share(ownSeries(input, group)), share(countrySeries(input, group))] };
  });
  const told = panels.map(({ title, series }) => {
    const ends = series.map((one) => `${one.name} ${percent(one.values.at(-1) ?? null)}`);
    return `${title}: ${ends.join(", ")}`;
  });
  return {
    kind: "multiples",
    title: `Sáu nhóm chỉ số so với cả nước (% điểm tối đa của nhóm), ${formatSmallCount(input.weeks.length)} tuần`,
    alt: `Kỳ này, theo % điểm tối đa. ${told.join("; ")}.`,
    source: source(
      input,
      GROUPS.some((group) => countryFigure(input, group).isMean),
    ),
    points: labels(input),
    panels,
    breaks: breaksOf(input),
  };
}

function percent(value: number | null): string {
  return value === null ? NO_FIGURE : `${formatPoints(value, 1)}%`;
}

/** The same of one week alone: bars instead of lines. */
export function groupBullets(input: WeeklyInput): Chart {
  const { provinces, settings } = input;
  const rows = GROUPS.map((group) => ({
    label: GROUP_TITLES[group],
    value: provinces.view.value(settings.province, group) ?? null,
    maximum: EVALUATION_2026.maxima[group],
    mean: countryFigure(input, group).value,
    target: null,
  }));
  const told = rows.map(({ label, value, mean }) => {
    const figure = (points: number | null) => (points === null ? NO_FIGURE : formatPoints(points));
    return `${label}: ${figure(value)}, cả nước ${figure(mean)}`;
  });
  return {
    kind: "bullet",
    title: "Điểm sáu nhóm chỉ số của tỉnh so với điểm tối đa; vạch đứng: cả nước (điểm)",
    alt: `${told.join("; ")}.`,
    source: "Nguồn: như bảng Kết quả chung.",
    meanName: "cả nước",
    rows,
  };
}

function ownSeries(input: WeeklyInput, code: Headline): Series {
  const { province } = input.settings;
  const unit = input.provinces.view.units.get(province);
  return {
    name: unit === undefined ? province : unitName(unit),
    own: true,
    values: input.weeks.map(({ provinces }) => provinces?.view.value(province, code) ?? null),
  };
}

function countrySeries(input: WeeklyInput, code: Headline): Series {
  const { isMean } = countryFigure(input, code);
  const values = input.weeks.map(({ provinces }) => (provinces === null ? null : countryAt(provinces, code, isMean)));
  return { name: isMean ? "Cả nước (*)" : "Cả nước", own: false, values };
}

function labels(input: WeeklyInput): string[] {
  return input.weeks.map(({ day }) => dayAndMonth(day));
}

/** The portal counts from 1 January anew, and otherwise by another scheme: the first week seen of it is named. */
function breaksOf(input: WeeklyInput): Break[] {
  const schemes = newSchemes(input);
  return [...newYears(input).filter(({ before }) => !schemes.some((one) => one.before === before)), ...schemes].sort(
    (a, b) => a.before - b.before,
  );
}

function newYears({ weeks }: WeeklyInput): Break[] {
  return weeks.flatMap(({ day }, index) => {
    const year = day.slice(0, 4);
    const before = weeks[index - 1]?.day.slice(0, 4) ?? year;
    return before === year ? [] : [{ before: index, label: `01/01/${year}: kỳ tính mới` }];
  });
}

function newSchemes({ weeks }: WeeklyInput): Break[] {
  let known: string | null = null;
  return weeks.flatMap(({ day, provinces }, index) => {
    const scheme = provinces?.view.scheme ?? null;
    const isNew = known !== null && scheme !== null && scheme !== known;
    known = scheme ?? known;
    return isNew ? [{ before: index, label: `${dayAndMonth(day)}: cách tính điểm mới` }] : [];
  });
}

function yearWords(input: WeeklyInput): string {
  return newYears(input).length > 0 ? "từ đầu mỗi năm " : `năm ${figuresYear(input)} `;
}

/** "Gia Lai: từ 63,10 điểm (20/07) đến 66,14 điểm (12/10), thay đổi +3,04; …" */
function inWords(input: WeeklyInput, series: Series, figure: (value: number) => string): string {
  const known = series.values.flatMap((value, index) =>
    value === null ? [] : [{ value, day: dayAndMonth(input.weeks[index]?.day ?? input.day) }],
  );
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return `${series.name}: ${NO_FIGURE}.`;
  const highest = known.reduce((best, one) => (one.value > best.value ? one : best), first);
  const lowest = known.reduce((best, one) => (one.value < best.value ? one : best), first);
  const missing = series.values.length - known.length;
  const gaps = missing === 0 ? "" : `; ${formatSmallCount(missing)} tuần không có số liệu`;
  return `${series.name}: ${figure(first.value)} (${first.day}), ${figure(last.value)} (${last.day}); cao nhất ${figure(highest.value)} (${highest.day}), thấp nhất ${figure(lowest.value)} (${lowest.day})${gaps}.`;
}

function source({ weeks, provinces }: WeeklyInput, withMean: boolean): string {
  const gaps = weeks.some(({ provinces: sight }) => sight === null);
  return [
    "Nguồn: Cổng Dịch vụ công quốc gia, số liệu đầy đủ gần nhất trước 07:00 thứ Hai của từng tuần.",
    ...(gaps ? ["Chỗ ngắt quãng: tuần không có số liệu đầy đủ."] : []),
    ...(withMean ? [`(*) Bình quân ${provinces.board.ranking("province").length} tỉnh, thành phố.`] : []),
  ].join(" ");
}
