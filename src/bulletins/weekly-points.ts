import { dayAndMonth } from "../domain/calendar.ts";
import type { Change } from "../domain/change.ts";
import type { Run } from "../domain/edition.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Group, type Headline, TOTAL } from "../domain/indicator.ts";
import { COUNTRY } from "../domain/unit.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { BLOCK_NAMES, FIRST_EDITION, moved, rankMoved, rankOf, rose } from "./wording.ts";

/** The five points of page 1, the body of the mail. */
export function fivePoints(input: WeeklyInput): readonly (readonly Run[])[] {
  return [
    own(input),
    againstCountry(input),
    neighbours(input),
    ...(input.units === null ? [] : [block(input, "agency"), block(input, "commune")]),
  ].filter((runs) => runs.length > 0);
}

function own(input: WeeklyInput): readonly Run[] {
  const { provinces, before, settings, week, rankedAlike } = input;
  const total = provinces.view.value(settings.province, TOTAL);
  const then = before?.provinces.view.value(settings.province, TOTAL);
  if (typeof total !== "number") return [{ text: `Lũy kế năm ${week.year}, Cổng chưa có tổng điểm của tỉnh.` }];
  const standing = provinces.board.standing(settings.province);
  const standingBefore = before?.provinces.board.standing(settings.province) ?? null;
  const change = before === null || typeof then !== "number" ? "" : `, ${moved(total - then, settings.floors.noise)}`;
  const place =
    standing === null ? "chưa xếp hạng" : `${standing.sharing > 1 ? "đồng hạng" : "xếp thứ"} ${rankOf(standing)}`;
  const places =
    standing === null || standingBefore === null || !rankedAlike.province
      ? ""
      : rankMoved(standingBefore.rank, standing.rank);
  return [
    { text: `Lũy kế năm ${week.year}, tỉnh đạt ` },
    { text: `${formatPoints(total)}/100 điểm${change}`, strong: true },
    { text: before === null ? "; " : ` so với tuần trước (${dayAndMonth(before.day)}); ` },
    { text: place, strong: true },
    {
      text: standing === null ? "." : ` ${BLOCK_NAMES.province}${places}.${before === null ? ` ${FIRST_EDITION}` : ""}`,
    },
  ];
}

/** The country's figure of a group: the portal's own, or the mean of provinces where the portal gives two groups together. */
export function countryFigure(
  input: Pick<WeeklyInput, "provinces">,
  code: Headline,
): { readonly value: number | null; readonly isMean: boolean } {
  const stated = input.provinces.view.value(COUNTRY, code);
  if (typeof stated === "number") return { value: stated, isMean: false };
  return { value: input.provinces.board.mean("province", code), isMean: true };
}

/** The province's distance above (or, negative, below) the country in a group; null without figures. */
function gapToCountry(input: WeeklyInput, group: Group): number | null {
  const value = input.provinces.view.value(input.settings.province, group);
  const country = countryFigure(input, group).value;
  return typeof value !== "number" || country === null ? null : value - country;
}

/** Groups below the country's figure, the furthest first; hundredths of a point. */
export function groupsBelowCountry(
  input: WeeklyInput,
): readonly { readonly group: Group; readonly value: number; readonly short: number }[] {
  return GROUPS.flatMap((group) => {
    const [value, gap] = [input.provinces.view.value(input.settings.province, group), gapToCountry(input, group)];
    return typeof value === "number" && gap !== null && gap < 0 ? [{ group, value, short: -gap }] : [];
  }).sort((a, b) => b.short - a.short);
}

function againstCountry(input: WeeklyInput): readonly Run[] {
  const { provinces, before, settings } = input;
  const total = provinces.view.value(settings.province, TOTAL);
  const country = provinces.view.value(COUNTRY, TOTAL);
  if (typeof total !== "number" || typeof country !== "number") return [];
  const then = before?.provinces.view.value(COUNTRY, TOTAL);
  const change = typeof then === "number" ? `, ${moved(country - then, settings.floors.noise)}` : "";
  const compared = GROUPS.filter((group) => typeof provinces.view.value(settings.province, group) === "number");
  const higher = compared.filter((group) => (gapToCountry(input, group) ?? 0) > 0).length;
  const words = groupsBelowCountry(input)
    .slice(0, 3)
    .map(({ group, short }) => `${GROUP_TITLES[group]} thấp hơn ${formatPoints(short)} điểm`)
    .join(", ");
  const position =
    total === country
      ? "Bằng điểm cả nước"
      : `${total > country ? "Cao hơn" : "Thấp hơn"} điểm cả nước ${formatPoints(Math.abs(total - country))} điểm`;
  return [
    { text: `${position} (cả nước ${formatPoints(country)} điểm${change}). ` },
    {
      text: `${higher}/${compared.length} nhóm cao hơn cả nước${words === "" ? "." : "; "}`,
    },
    ...(words === "" ? [] : [{ text: `${words}.`, strong: true }]),
  ];
}

function neighbours({ provinces, settings }: WeeklyInput): readonly Run[] {
  const standing = provinces.board.standing(settings.province);
  const rank = (unit: string) => provinces.board.standing(unit)?.rank ?? 0;
  const above =
    standing?.above == null
      ? null
      : `Cách hạng ${rank(standing.above.unit)} (${standing.above.name}, ${formatPoints(standing.above.value)} điểm) ${formatPoints(standing.above.gap)} điểm`;
  const below =
    standing?.below == null
      ? null
      : `hơn hạng ${rank(standing.below.unit)} (${standing.below.name}, ${formatPoints(standing.below.value)} điểm) ${formatPoints(standing.below.gap)} điểm`;
  const text = [above, below].filter((part) => part !== null).join("; ");
  return text === "" ? [] : [{ text: `${text.charAt(0).toLocaleUpperCase("vi")}${text.slice(1)}.` }];
}

/** "Khối sở, ban, ngành (14): 05 tăng, 02 giảm, 07 cơ bản giữ nguyên; giảm nhiều nhất: …" */
function block(input: WeeklyInput, level: "agency" | "commune"): readonly Run[] {
  const { units, settings } = input;
  const ranking = units?.board.ranking(level) ?? [];
  const name = `Khối ${BLOCK_NAMES[level]} (${ranking.length})`;
  if (input.before?.units == null)
    return ranking.length === 0 ? [] : [{ text: `${name}: chưa có kỳ trước để so sánh.` }];
  const deltas = blockDeltas(input.changes, level);
  const rising = deltas.filter(({ delta }) => delta >= settings.floors.noise).length;
  const falling = deltas.filter(({ delta }) => delta <= -settings.floors.noise).length;
  const counts = `${formatSmallCount(rising)} tăng, ${formatSmallCount(falling)} giảm, ${formatSmallCount(deltas.length - rising - falling)} cơ bản giữ nguyên`;
  const most = deltas[0];
  const fall =
    most === undefined || most.delta > -settings.floors.noise
      ? ""
      : `; giảm nhiều nhất: ${most.name}, ${formatPoints(-most.delta)} điểm (${stateWords(input, most)})`;
  return [{ text: `${name}: ${counts}${fall}.` }];
}

function stateWords(input: WeeklyInput, change: { readonly unit: string; readonly after: number }): string {
  const standing = input.units?.board.standing(change.unit) ?? null;
  return `còn ${formatPoints(change.after)} điểm${standing === null ? "" : `, hạng ${rankOf(standing)}`}`;
}

export type BlockDelta = {
  readonly unit: string;
  readonly name: string;
  readonly delta: number;
  readonly before: number;
  readonly after: number;
};

/** The totals' changes of one block, the largest fall first. */
export function blockDeltas(changes: readonly Change[], level: Change["level"]): readonly BlockDelta[] {
  return changes
    .flatMap(({ unit, name, level: own, indicator, delta, before, after }) =>
      own === level && indicator === TOTAL && delta !== null && before !== null && after !== null
        ? [{ unit, name, delta, before, after }]
        : [],
    )
    .sort((a, b) => a.delta - b.delta || (a.unit < b.unit ? -1 : 1));
}

/** "tăng 0,50 điểm (từ 65,64 lên 66,14)". */
export function fromTo({ delta, before, after }: BlockDelta): string {
  return `${rose(delta)} (từ ${formatPoints(before)} ${delta > 0 ? "lên" : "xuống"} ${formatPoints(after)})`;
}
