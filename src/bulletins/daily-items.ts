import { dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import { formatCount, formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Group, TOTAL } from "../domain/indicator.ts";
import { isOpen, parsePeriod } from "../domain/period.ts";
import type { View } from "../domain/view.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import type { DailyInput } from "./daily-input.ts";
import { countsOf } from "./raw-counts.ts";
import {
  datedGroups,
  FEW_DOSSIERS,
  GROUPS_MISSING,
  periodTitle,
  RANK_BY_OTHERS,
  rankOf,
  rose,
  sumDiffers,
} from "./wording.ts";

/** The view that holds the counts behind a unit's scores. */
export function countsView(input: DailyInput): View | null {
  return input.counts?.view ?? null;
}

/** The change of each group since the baseline; null for a group whose figures are not of today. */
export function groupDelta(input: DailyInput, group: Group): number | null {
  const now = input.now.view.value(input.unit.code, group);
  const then = input.before?.sight.view.value(input.unit.code, group);
  if (input.now.dated.has(group) || typeof now !== "number" || typeof then !== "number") return null;
  return now - then;
}

/** Which groups moved, and what stands beside them; and a rank that moved only because of others. */
export function causeItems(input: DailyInput): string[] {
  if (input.before === null) return [];
  const { noise, large } = input.settings.floors;
  const deltas = GROUPS.flatMap((group) => {
    const delta = groupDelta(input, group);
    return delta === null ? [] : [{ group, delta }];
  });
  const named = deltas
    .filter(({ delta }) => Math.abs(delta) >= noise)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
  const petition = named.find(
    ({ group, delta }) => group === "MDHL" && Math.abs(delta) >= large && petitionWords(input) !== null,
  );
  const others = named.filter((entry) => entry !== petition);
  const rest = restWords(
    deltas.filter((entry) => !named.includes(entry)),
    named.length > 0,
  );
  const groups = sentence([...directions(others), rest]);
  if (petition === undefined) return [...rankByOthers(input), ...(groups === "" ? [] : [groups])];
  return [...rankByOthers(input), `Mức độ hài lòng ${rose(petition.delta)}: ${petitionWords(input)}. ${groups}`.trim()];
}

function directions(named: readonly { readonly group: Group; readonly delta: number }[]): string[] {
  const list = (rising: boolean) =>
    named
      .filter(({ delta }) => delta > 0 === rising)
      .map(({ group, delta }) => `${GROUP_TITLES[group]} (${formatSigned(delta)} điểm)`)
      .join(", ");
  return [list(false) === "" ? "" : `giảm ở ${list(false)}`, list(true) === "" ? "" : `tăng ở ${list(true)}`];
}

function restWords(rest: readonly { readonly delta: number }[], someNamed: boolean): string {
  if (rest.length === 0) return "";
  const state = rest.every(({ delta }) => delta === 0) ? "không thay đổi" : "cơ bản giữ nguyên";
  return `${someNamed ? "các nhóm còn lại" : "các nhóm chỉ số"} ${state}`;
}

function sentence(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "" ? "" : `${text.charAt(0).toLocaleUpperCase("vi")}${text.slice(1)}.`;
}

/** The petition counts of the unit, as the portal gives them; null without petitions or counts. */
function petitionWords(input: DailyInput): string | null {
  const count = countsOf(countsView(input), input.unit.code);
  const part = (code: string) => [count(`MDHL.${code}.numerator`), count(`MDHL.${code}.denominator`)] as const;
  const [onTime, due] = part("PETITION_PROCESSING_ON_TIME");
  const [satisfied, rated] = part("PETITION_HANDLING_SATISFACTION");
  const petitions = count("MDHL.petitions");
  if (petitions === null || onTime === null || due === null || satisfied === null || rated === null) return null;
  if (petitions === 0) return "kỳ này không phát sinh phản ánh, kiến nghị (khi không phát sinh, Cổng tính 12/12 điểm)";
  const nothing =
    onTime === 0 && satisfied === 0 ? " (đạt 0/12 điểm; khi không phát sinh phản ánh, Cổng tính 12/12 điểm)" : "";
  return `trong kỳ có ${formatSmallCount(petitions)} phản ánh, kiến nghị, xử lý đúng hạn ${formatCount(onTime)}/${formatCount(due)}, hài lòng ${formatCount(satisfied)}/${formatCount(rated)}${nothing}`;
}

/** The own score did not move at all, yet the place did. */
function rankByOthers(input: DailyInput): string[] {
  const now = input.now.board.standing(input.unit.code);
  const then = input.before?.sight.board.standing(input.unit.code) ?? null;
  const same = input.now.view.value(input.unit.code, TOTAL) === input.before?.sight.view.value(input.unit.code, TOTAL);
  return now !== null && then !== null && same && input.before?.rankedAlike === true && now.rank !== then.rank
    ? [RANK_BY_OTHERS]
    : [];
}

/** "Liền trên: phường An Bình, 59,35 điểm (cách 0,18 điểm). Liền dưới: …" */
export function neighbourItem(input: DailyInput): string[] {
  const standing = input.now.board.standing(input.unit.code);
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
  const standing = input.now.board.standing(input.unit.code);
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
  return sentences.length === 0 ? [] : [sentences.join(" ")];
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
