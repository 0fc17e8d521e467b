import type { Run } from "../domain/edition.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Group, type Headline, TOTAL } from "../domain/indicator.ts";
import { COUNTRY } from "../domain/unit.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { type BlockMove, blockMoves, namedMoves } from "./weekly-moves.ts";
import { figuresYear, olderWords, sinceWords } from "./weekly-words.ts";
import { BLOCK_NAMES, FIRST_EDITION, moved, newPeriod, portalPart, rankMoved, rankOf } from "./wording.ts";

/** The country's change and that of the provinces' mean may differ by 0,05 points. */
const MEAN_TOLERANCE = 5;

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
  const { provinces, before, settings, rankedAlike } = input;
  const year = figuresYear(input);
  const analysis = input.analysis.provinces;
  const total = provinces.view.value(settings.province, TOTAL);
  const then = before?.provinces.view.value(settings.province, TOTAL);
  if (typeof total !== "number") return [{ text: `Lũy kế năm ${year}, Cổng chưa có tổng điểm của tỉnh.` }];
  const standing = provinces.board.standing(settings.province);
  const standingBefore = before?.provinces.board.standing(settings.province) ?? null;
  const change = before === null || typeof then !== "number" ? "" : `, ${moved(total - then, settings.floors.noise)}`;
  const portal =
    analysis === null
      ? ""
      : portalPart(
          { portal: analysis.portal(settings.province, TOTAL), net: analysis.own(settings.province, TOTAL) },
          settings.floors.noise,
        );
  const unlike = input.unlike === "new-period" ? `, ${newPeriod(String(year))}` : "";
  const first = standing === null || before !== null || input.unlike !== undefined ? [] : [FIRST_EDITION];
  const place =
    standing === null ? "chưa xếp hạng" : `${standing.sharing > 1 ? "đồng hạng" : "xếp thứ"} ${rankOf(standing)}`;
  const places =
    standing === null || standingBefore === null || !rankedAlike.province
      ? ""
      : rankMoved(standingBefore.rank, standing.rank);
  return [
    { text: `Lũy kế năm ${year}, tỉnh đạt ` },
    { text: `${formatPoints(total)}/100 điểm${change}`, strong: true },
    { text: before === null ? `${unlike}; ` : ` ${sinceWords(input)}${portal}; ` },
    { text: place, strong: true },
    {
      text: [
        `${standing === null ? "" : ` ${BLOCK_NAMES.province}${places}`}.`,
        ...first,
        ...olderWords(input, provinces),
      ].join(" "),
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

/** The portal's "Cả nước" moves with the provinces' mean; when it does not, its definition changed and no change is told. */
function countryChange({ provinces, before, settings }: WeeklyInput, country: number): string {
  const then = before?.provinces.view.value(COUNTRY, TOTAL);
  const [mean, meanThen] = [
    provinces.board.mean("province", TOTAL),
    before?.provinces.board.mean("province", TOTAL) ?? null,
  ];
  if (typeof then !== "number" || mean === null || meanThen === null) return "";
  const delta = country - then;
  if (Math.abs(delta - (mean - meanThen)) > MEAN_TOLERANCE) return "; cách tính của Cổng thay đổi nên không so sánh";
  return `, ${moved(delta, settings.floors.noise)}`;
}

function againstCountry(input: WeeklyInput): readonly Run[] {
  const { provinces, settings } = input;
  const total = provinces.view.value(settings.province, TOTAL);
  const country = provinces.view.value(COUNTRY, TOTAL);
  if (typeof total !== "number" || typeof country !== "number") return [];
  const change = countryChange(input, country);
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
  const { noise } = input.settings.floors;
  const ranking = input.units?.board.ranking(level) ?? [];
  const name = `Khối ${BLOCK_NAMES[level]} (${ranking.length})`;
  if (input.before?.units == null)
    return ranking.length === 0 ? [] : [{ text: `${name}: chưa có kỳ trước để so sánh.` }];
  const moves = blockMoves(input, level);
  const count = (test: (net: number) => boolean) => moves.filter(({ net }) => net !== null && test(net)).length;
  const untold = moves.filter(({ net }) => net === null).length;
  const counts = [
    `${formatSmallCount(count((net) => net >= noise))} tăng`,
    `${formatSmallCount(count((net) => net <= -noise))} giảm`,
    `${formatSmallCount(count((net) => Math.abs(net) < noise))} cơ bản giữ nguyên`,
    ...(untold === 0 ? [] : [`${formatSmallCount(untold)} không tách được khỏi thay đổi chung`]),
  ].join(", ");
  const [most] = namedMoves(moves, -1, noise);
  const fall =
    most === undefined
      ? ""
      : `; giảm nhiều nhất: ${most.name}, ${formatPoints(-most.net)} điểm (${stateWords(input, most)})`;
  return [{ text: `${name}: ${counts}${fall}` }, ...jumpRuns(input, moves), { text: "." }];
}

/** "; 07 đơn vị có thay đổi lớn về số liệu (05 giảm, 02 tăng), theo dõi riêng tại Mục III" */
function jumpRuns(input: WeeklyInput, moves: readonly BlockMove[]): readonly Run[] {
  const jumped = moves.filter(({ jumps }) => jumps.length > 0);
  if (jumped.length === 0) return [];
  const counted = (unit: string) => typeof input.units?.view.value(unit, "MDHL.petitions") === "number";
  const petitions = jumped.every(
    ({ unit, jumps }) => counted(unit) && jumps.every(({ indicator }) => indicator === "MDHL"),
  );
  const what = petitions ? "biến động lớn ở phần phản ánh, kiến nghị" : "có thay đổi lớn về số liệu";
  const falling = jumped.filter(({ delta }) => delta < 0).length;
  const directions = [
    falling === 0 ? "" : `${formatSmallCount(falling)} giảm`,
    falling === jumped.length ? "" : `${formatSmallCount(jumped.length - falling)} tăng`,
  ].filter((text) => text !== "");
  return [
    { text: "; " },
    { text: `${formatSmallCount(jumped.length)} đơn vị ${what}`, strong: true },
    { text: ` (${directions.join(", ")}), theo dõi riêng tại Mục III` },
  ];
}

function stateWords(input: WeeklyInput, change: { readonly unit: string; readonly after: number }): string {
  const standing = input.units?.board.standing(change.unit) ?? null;
  return `còn ${formatPoints(change.after)} điểm${standing === null ? "" : `, hạng ${rankOf(standing)}`}`;
}
