import { dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import { formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, TOTAL } from "../domain/indicator.ts";
import { isOpen, parsePeriod } from "../domain/period.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import { countsView } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { isQuiet, olderDay } from "./daily-words.ts";
import {
  datedGroups,
  FEW_DOSSIERS,
  GROUPS_MISSING,
  olderFigures,
  periodRevised,
  periodTitle,
  rankOf,
  sumDiffers,
} from "./wording.ts";

/** "Liền trên: phường An Bình, 59,35 điểm (cách 0,18 điểm). Liền dưới: …" */
export function neighbourItem(input: DailyInput): string[] {
  const standing = isQuiet(input) ? null : input.now.board.standing(input.unit.code);
  const above =
    standing?.above == null
      ? []
      : [
          `Liền trên: ${standing.above.name}, ${formatPoints(standing.above.value)} điểm (cách ${formatPoints(standing.above.gap)} điểm).`,
        ];
  const below =
    standing?.below == null
      ? []
      : [
          `Liền dưới: ${standing.below.name}, ${formatPoints(standing.below.value)} điểm (hơn ${formatPoints(standing.below.gap)} điểm).`,
        ];
  const both = [...above, ...below].join(" ");
  return input.settings.digest.ranking !== "full_names" || both === "" ? [] : [both];
}

/** The same, short, for the mail. */
export function neighbourLine(input: DailyInput): string[] {
  const standing = isQuiet(input) ? null : input.now.board.standing(input.unit.code);
  const above =
    standing?.above == null
      ? []
      : [
          `liền trên: ${standing.above.name} ${formatPoints(standing.above.value)} (cách ${formatPoints(standing.above.gap)})`,
        ];
  const below =
    standing?.below == null
      ? []
      : [
          `liền dưới: ${standing.below.name} ${formatPoints(standing.below.value)} (hơn ${formatPoints(standing.below.gap)})`,
        ];
  const both = [...above, ...below].join("; ");
  return input.settings.digest.ranking !== "full_names" || both === ""
    ? []
    : [`${both.charAt(0).toLocaleUpperCase("vi")}${both.slice(1)}.`];
}

/** "Tháng 10/2026 (chưa kết thúc): 55,40 điểm, hạng 129/135. Tháng 9/2026 (đã kết thúc): …" */
export function monthItem(input: DailyInput): string[] {
  const sentences = input.months.flatMap(({ board, view }) => {
    const period = parsePeriod(view.snapshot.period);
    const total = view.value(input.unit.code, TOTAL);
    if (period === null || typeof total !== "number") return [];
    const open = isOpen(period, input.day);
    const received = view.value(input.unit.code, "TDGQ.received");
    if (open && typeof received === "number" && received < input.settings.floors.dossiers) {
      return [`${periodTitle(period)} mới bắt đầu, chưa đủ ${input.settings.floors.dossiers} hồ sơ để so sánh.`];
    }
    const standing = board.standing(input.unit.code);
    const stale =
      open && dayOf(view.snapshot.takenAt) !== input.day ? `, số liệu lúc ${moment(view.snapshot.takenAt)}` : "";
    return [
      `${periodTitle(period)} (${open ? "chưa kết thúc" : "đã kết thúc"}): ${formatPoints(total)} điểm${standing === null ? "" : `, hạng ${rankOf(standing)}`}${stale}.`,
    ];
  });
  const revised = input.revised.map(({ period, before, after }) => periodRevised(period, before, after));
  return sentences.length + revised.length === 0 ? [] : [[...sentences, ...revised].join(" ")];
}

/** What a reader must know about these very figures: dated groups, missing groups, a sum that differs, few dossiers, own movers. */
export function remarkItems(input: DailyInput): string[] {
  const { now, unit, settings } = input;
  const dated = GROUPS.filter((group) => now.dated.has(group));
  const firstDated = dated.length === 0 ? undefined : now.dated.get(dated[0] ?? "CKMB");
  const values = GROUPS.map((group) => now.view.value(unit.code, group));
  const total = now.view.value(unit.code, TOTAL);
  const sum = values.every((value) => typeof value === "number")
    ? values.reduce<number>((all, value) => all + (value ?? 0), 0)
    : null;
  const received = countsView(input)?.value(unit.code, "TDGQ.received");
  const missing = now.board.missing(unit.code).length > 0;
  return [
    ...(olderDay(input) === null ? [] : [olderFigures(moment(now.view.snapshot.takenAt))]),
    ...(firstDated === undefined
      ? []
      : [
          datedGroups(
            dated.map((group) => GROUP_TITLES[group]),
            moment(firstDated),
          ),
        ]),
    ...(missing ? [GROUPS_MISSING] : []),
    ...(dated.length === 0 && sum !== null && typeof total === "number" && sum !== total
      ? [sumDiffers(sum, total)]
      : []),
    ...(typeof received === "number" && received < settings.floors.dossiers ? [FEW_DOSSIERS] : []),
    ...movers(input),
  ];
}

const MOST_MOVERS = 8;

function movers(input: DailyInput): string[] {
  if (input.movers.length === 0) return [];
  const named = input.movers.slice(0, MOST_MOVERS).map(({ name, delta }) => `${name} (${formatSigned(delta)})`);
  const more = input.movers.length > MOST_MOVERS ? ` và ${input.movers.length - MOST_MOVERS} đơn vị khác` : "";
  const threshold = formatPoints(input.settings.floors.headline);
  return [
    `${formatSmallCount(input.movers.length)} đơn vị trong tỉnh biến động từ ${threshold} điểm trở lên: ${named.join(", ")}${more}.`,
  ];
}

function moment(instant: Date): string {
  return `${timeOf(instant)} ngày ${shortDate(dayOf(instant))}`;
}
