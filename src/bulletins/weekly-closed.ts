import { dayAndMonth, dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import type { Block, Cell, PrintedFigure, Row } from "../domain/edition.ts";
import { formatMarked, formatPoints, formatSigned } from "../domain/figure.ts";
import { GROUPS, HEADLINES, type Headline, TOTAL } from "../domain/indicator.ts";
import { periodName } from "../domain/period.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { headlineTitle } from "../indicators/groups.ts";
import type { ClosedPeriod, WeeklyInput } from "./weekly-input.ts";
import { countryFigure } from "./weekly-points.ts";
import { columns } from "./weekly-tables.ts";
import { BLOCK_NAMES, formatMaximum, NO_FIGURE, periodRevised, periodTitle, ranked } from "./wording.ts";

/** IV: months and quarters that are over since the last bulletin, and those whose total the portal has rewritten since (P13). */
export function closedSection(input: WeeklyInput): Block[] {
  const blocks = (input.closed ?? []).flatMap((closed, index) => {
    const title = `${index + 1}. Kết quả ${periodName(closed.period)} (đã kết thúc)`;
    const told = closed.isNew ? results(input, closed) : [revision(input, closed)].filter((text) => text !== "");
    if (told.length === 0) return [];
    const words = told.map((block): Block => (typeof block === "string" ? paragraph(block) : block));
    return [{ kind: "heading", text: title } as const, ...words];
  });
  return blocks.length === 0 ? [] : [{ kind: "heading", text: "IV. KẾT QUẢ KỲ ĐÃ KẾT THÚC" }, ...blocks];
}

function paragraph(text: string): Block {
  return { kind: "paragraph", runs: [{ text }] };
}

function results(input: WeeklyInput, closed: ClosedPeriod): (Block | string)[] {
  const { provinces, period } = closed;
  const { province } = input.settings;
  const total = provinces.view.value(province, TOTAL);
  if (typeof total !== "number") return [];
  const standing = provinces.board.standing(province);
  const country = countryFigure({ provinces }, TOTAL);
  const mean = country.isMean ? `bình quân ${BLOCK_NAMES.province}` : "cả nước";
  const against =
    country.value === null
      ? ""
      : `; ${comparedWith(total - country.value, mean)} (${mean} ${formatPoints(country.value)} điểm)`;
  const place =
    standing === null
      ? "chưa xếp hạng"
      : ranked(standing, "province", total).replace(/^./u, (first) => first.toLocaleLowerCase("vi"));
  const revised = revision(input, closed);
  return [
    `${periodTitle(period)}, tỉnh đạt ${formatPoints(total)}/100 điểm; ${place}${against}.${revised === "" ? "" : ` ${revised}`}`,
    table(input, closed),
    { kind: "note", text: note(closed) },
  ];
}

function comparedWith(gap: number, mean: string): string {
  if (gap === 0) return `bằng điểm ${mean}`;
  return `${gap > 0 ? "cao hơn" : "thấp hơn"} điểm ${mean} ${formatPoints(Math.abs(gap))} điểm`;
}

/** P13 against the statement before, with the rank when it moved too; "" when the total stands as it was. */
function revision(input: WeeklyInput, { provinces, before, period }: ClosedPeriod): string {
  const { province } = input.settings;
  const [now, then] = [provinces.view.value(province, TOTAL), before?.view.value(province, TOTAL)];
  if (typeof now !== "number" || typeof then !== "number" || now === then) return "";
  const ranks = [before?.board.standing(province)?.rank, provinces.board.standing(province)?.rank];
  const place =
    ranks[0] === undefined || ranks[1] === undefined || ranks[0] === ranks[1] ? "" : ` Hạng ${ranks[0]} → ${ranks[1]}.`;
  return `${periodRevised(period, then, now)}${place}`;
}

function isRevised({ settings }: WeeklyInput, { provinces, before }: ClosedPeriod): boolean {
  const { province } = settings;
  return (
    before !== null &&
    HEADLINES.some((code) => before.view.value(province, code) !== provinces.view.value(province, code))
  );
}

function table(input: WeeklyInput, closed: ClosedPeriod): Block {
  const { before, provinces, period } = closed;
  const revised = isRevised(input, closed) ? closed.before : null;
  const row = (code: Headline): Row => {
    const value = provinces.view.value(input.settings.province, code) ?? null;
    const then = revised?.view.value(input.settings.province, code);
    const country = countryFigure({ provinces }, code);
    const cells: Cell[] = [
      { text: headlineTitle(code) },
      { text: formatMaximum(EVALUATION_2026.maxima[code]) },
      { text: value === null ? NO_FIGURE : formatPoints(value) },
      ...(revised === null
        ? []
        : [{ text: value === null || typeof then !== "number" ? "–" : formatMarked(value - then) }]),
      { text: country.value === null ? NO_FIGURE : `${formatPoints(country.value)}${country.isMean ? " (*)" : ""}` },
      { text: value === null || country.value === null ? "–" : formatSigned(value - country.value) },
    ];
    return { cells };
  };
  const since = before === null ? "" : `So với ${dayAndMonth(dayOf(before.view.snapshot.takenAt))}`;
  return {
    kind: "table",
    table: {
      caption: `Sáu nhóm chỉ số của tỉnh và cả nước, ${periodName(period)}`,
      columns: columns(
        ["Nhóm chỉ số", "left", 30],
        ["Tối đa", "right", 9],
        ["Tỉnh", "right", 10],
        ...(revised === null ? [] : [[since, "right", 18] as const]),
        ["Cả nước", "right", 13],
        ["Chênh lệch", "right", 14],
      ),
      rows: [...GROUPS.map(row), { ...row(TOTAL), mark: "total" }],
    },
  };
}

function note({ provinces }: ClosedPeriod): string {
  const { takenAt } = provinces.view.snapshot;
  const means = HEADLINES.some((code) => countryFigure({ provinces }, code).isMean)
    ? [`(*) Bình quân ${provinces.board.ranking("province").length} ${BLOCK_NAMES.province}.`]
    : [];
  return [
    ...means,
    `Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc ${timeOf(takenAt)} ngày ${shortDate(dayOf(takenAt))}; Cổng còn có thể điều chỉnh số liệu của kỳ đã kết thúc.`,
  ].join(" ");
}

/** The province's figures of the closed periods told, compared with the statement before. */
export function closedFigures(input: WeeklyInput): PrintedFigure[] {
  const { province } = input.settings;
  return (input.closed ?? []).flatMap(({ provinces, before, isNew }) =>
    HEADLINES.filter((indicator) => isNew || indicator === TOTAL).map((indicator) => ({
      ...(provinces.view.scheme === null ? {} : { scheme: provinces.view.scheme }),
      unit: province,
      indicator,
      period: provinces.view.snapshot.period,
      value: provinces.view.value(province, indicator) ?? null,
      before: before?.view.value(province, indicator) ?? null,
      rank: provinces.board.standing(province, indicator)?.rank ?? null,
      rankBefore: before?.board.standing(province, indicator)?.rank ?? null,
      snapshot: provinces.view.snapshot.id,
    })),
  );
}
