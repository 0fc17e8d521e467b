import { dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import type { Block } from "../domain/edition.ts";
import { formatCount, formatPoints, formatShare, formatSigned } from "../domain/figure.ts";
import { GROUPS } from "../domain/indicator.ts";
import { massFirstFigures } from "../domain/jump.ts";
import { periodKey, periodName, periodOf, previousPeriod } from "../domain/period.ts";
import { COUNTRY } from "../domain/unit.ts";
import { unitName, type View } from "../domain/view.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import { shiftSentence } from "./causes.ts";
import { rawCounts } from "./raw-counts.ts";
import { isSmall } from "./weekly-appendix.ts";
import { blockDots } from "./weekly-dots.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { type BlockMove, blockMoves, countryJumps, fromTo, namedMoves } from "./weekly-moves.ts";
import { type End, streakWords } from "./weekly-streaks.ts";
import { olderWords } from "./weekly-words.ts";
import { BLOCK_NAMES, datedGroups, firstFigures, JUMP_CAUSES, rose } from "./wording.ts";

const FEW = 5;

/** III: each block with its movers and its highest and lowest five. */
export function blockSections(input: WeeklyInput): Block[] {
  const { units, settings } = input;
  const paragraph = (text: string): Block => ({ kind: "paragraph", runs: [{ text }] });
  if (units === null)
    return [
      { kind: "heading", text: "III. KẾT QUẢ THEO KHỐI" },
      paragraph("Hôm nay chưa lấy được số liệu của các đơn vị trong tỉnh."),
    ];
  const dated = GROUPS.filter((group) => units.dated.has(group));
  const [since] = [...units.dated.values()];
  const blocks: Block[] = [{ kind: "heading", text: "III. KẾT QUẢ THEO KHỐI" }];
  blocks.push(...olderWords(input, units).map(paragraph));
  if (since !== undefined)
    blocks.push(
      paragraph(
        datedGroups(
          dated.map((group) => GROUP_TITLES[group]),
          `${timeOf(since)} ngày ${shortDate(dayOf(since))}`,
        ),
      ),
    );
  for (const [index, level] of (["agency", "commune"] as const).entries()) {
    const ranking = units.board.ranking(level).filter(({ unit }) => !isSmall(input, unit));
    if (ranking.length === 0) continue;
    const moves = blockMoves(input, level);
    const shifts = (input.analysis.units?.shifts ?? []).filter((shift) => shift.level === level);
    blocks.push({ kind: "heading", text: `${index + 1}. Khối ${BLOCK_NAMES[level]}` });
    blocks.push(...shifts.map((shift) => paragraph(shiftSentence(shift))));
    blocks.push(...movers("Tăng nhiều nhất", namedMoves(moves, 1, settings.floors.noise)));
    blocks.push(...movers("Giảm nhiều nhất", namedMoves(moves, -1, settings.floors.noise)));
    blocks.push(...jumpList(input, level, moves));
    const names = (list: typeof ranking, end: End) =>
      list
        .slice(0, FEW)
        .map(({ unit, name, value }) => {
          const weeks = streakWords(input, { unit, level, end, few: FEW });
          return `${name} (${formatPoints(value)}${weeks})`;
        })
        .join(", ");
    blocks.push(paragraph(`0${FEW} đơn vị có điểm cao nhất: ${names(ranking, "first")}.`));
    blocks.push(paragraph(`0${FEW} đơn vị có điểm thấp nhất: ${names([...ranking].reverse(), "last")}.`));
    blocks.push(...blockDots(input, level));
  }
  return blocks;
}

function movers(title: string, moves: readonly (BlockMove & { readonly net: number })[]): Block[] {
  if (moves.length === 0) return [];
  const list = moves
    .slice(0, FEW)
    .map((move) => `${move.name} ${fromTo(move)}`)
    .join("; ");
  return [{ kind: "paragraph", runs: [{ text: `${title}: ${list}.` }] }];
}

const MOST_JUMPS = 12;

/** Jumps in a list of their own, with the counts the portal gives: never called performance. */
function jumpList(input: WeeklyInput, level: "agency" | "commune", moves: readonly BlockMove[]): Block[] {
  const { units } = input;
  const first = massFirstFigures((input.analysis.units?.jumps ?? []).filter((jump) => jump.level === level)).map(
    (fresh): Block => ({
      kind: "paragraph",
      runs: [{ text: firstFigures({ ...fresh, title: GROUP_TITLES[fresh.indicator] }) }],
    }),
  );
  const entries = moves.flatMap(({ name, unit, jumps }) =>
    jumps.map(({ indicator, delta, cause }) => {
      const counts =
        units === null || units.view.codes(indicator).length === 0
          ? null
          : rawCounts(indicator, units.view, { unit, level });
      const beside = counts === null ? [] : [`${counts.charAt(0).toLocaleLowerCase("vi")}${counts.slice(1)}`];
      // Petition counts in hand say what happened; any other cause is what the counts prove.
      const told = indicator === "MDHL" && beside.length > 0 ? beside : [JUMP_CAUSES[cause], ...beside];
      return `${name}: ${GROUP_TITLES[indicator]} ${rose(delta)} (${told.join("; ")})`;
    }),
  );
  if (entries.length === 0) return first;
  const more = entries.length > MOST_JUMPS ? ` và ${entries.length - MOST_JUMPS} trường hợp khác` : "";
  const text = `Thay đổi lớn về số liệu, theo dõi riêng: ${entries.slice(0, MOST_JUMPS).join("; ")}${more}.`;
  return [...first, { kind: "paragraph", runs: [{ text }] }];
}

/** II, below the neighbours: what share of the country's change is the portal's, and how dossiers come in and go out. */
export function countrySection(input: WeeklyInput): Block[] {
  const paragraph = (text: string): Block => ({ kind: "paragraph", runs: [{ text }] });
  const name = (unit: string) => {
    const known = input.provinces.view.units.get(unit);
    return known === undefined ? unit : unitName(known);
  };
  const shifts = (input.analysis.provinces?.shifts ?? []).map((shift) => paragraph(shiftSentence(shift)));
  const fresh = massFirstFigures(input.analysis.provinces?.jumps ?? []).map((one) =>
    paragraph(firstFigures({ ...one, title: GROUP_TITLES[one.indicator] })),
  );
  const parts = countryJumps(input).map(({ group, part, jumps }) => {
    const units = jumps.map(({ unit, delta }) => `${name(unit)} (${formatSigned(delta)})`).join(", ");
    return `${formatSigned(part)} điểm do số liệu ${GROUP_TITLES[group]} của ${units}`;
  });
  const change =
    parts.length === 0
      ? []
      : [
          paragraph(
            `Trong thay đổi của bình quân các tỉnh, thành phố có ${parts.join("; ")} trên Cổng thay đổi lớn trong kỳ, chưa rõ nguyên nhân.`,
          ),
        ];
  return [...shifts, ...fresh, ...change, ...dossierShares(input).map(paragraph)];
}

/** "Hồ sơ trực tuyến: 406.704/413.437 (98,4%); cả nước 94,9%." and the last closed month's share on time. */
function dossierShares({ units, provinces, settings, day }: WeeklyInput): string[] {
  const shares = (view: View | null, place: string) => {
    const [online, other] = [view?.value(place, "onlineDossier.ONLINE"), view?.value(place, "onlineDossier.OTHER")];
    return typeof online === "number" && typeof other === "number" && online + other > 0
      ? { online, all: online + other }
      : null;
  };
  const own = shares(units?.view ?? null, settings.province);
  const country = shares(provinces.view, COUNTRY);
  const closed = previousPeriod(periodOf("month", day));
  const onTime = units?.view.value(settings.province, "chart.onTimePct", periodKey(closed));
  const beside = country === null ? "" : `; cả nước ${formatShare(country.online, country.all)}`;
  return [
    ...(own === null
      ? []
      : [
          `Hồ sơ trực tuyến: ${formatCount(own.online)}/${formatCount(own.all)} (${formatShare(own.online, own.all)})${beside}.`,
        ]),
    ...(typeof onTime === "number"
      ? [`Hồ sơ đúng hạn ${periodName(closed)} (Cổng công bố): ${formatPoints(onTime)}%.`]
      : []),
  ];
}
