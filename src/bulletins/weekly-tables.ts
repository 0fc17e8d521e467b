import { dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import type { Block, Cell, Column, Row } from "../domain/edition.ts";
import { formatMarked, formatPoints, formatSigned, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Headline, TOTAL } from "../domain/indicator.ts";
import { COUNTRY } from "../domain/unit.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { GROUP_TITLES, headlineTitle } from "../indicators/groups.ts";
import { ONLINE_SERVICE } from "../indicators/public-table.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { blockMoves } from "./weekly-moves.ts";
import { countryFigure, groupsBelowCountry } from "./weekly-points.ts";
import { figuresYear, sinceTitle } from "./weekly-words.ts";
import { formatMaximum, NO_FIGURE } from "./wording.ts";

/** Makes a table's columns from title, alignment and width. */
export function columns(
  ...given: readonly (readonly [title: string, align: Column["align"], width: number])[]
): readonly Column[] {
  return given.map(([title, align, width]) => ({ title, align, width }));
}

/** Six groups and the total: province, change, country, difference. */
export function resultTable(input: WeeklyInput): Block {
  const { before } = input;
  const heads = columns(
    ["Nhóm chỉ số", "left", 30],
    ["Tối đa", "right", 9],
    ["Tỉnh", "right", 10],
    ...(before === null ? [] : [[sinceTitle(input), "right", 18] as const]),
    ["Cả nước", "right", 13],
    ["Chênh lệch", "right", 14],
  );
  const rows = [
    ...GROUPS.map((group) => resultRow(input, group)),
    { ...resultRow(input, TOTAL), mark: "total" as const },
  ];
  return {
    kind: "table",
    table: {
      caption: `Sáu nhóm chỉ số của tỉnh ${sinceTitle(input).toLocaleLowerCase("vi")} và cả nước`,
      columns: heads,
      rows,
    },
  };
}

/** A group's line of the result table; hundredths of a point, null what is missing. `isMean`: the country's is a mean. */
export type ResultFigures = {
  readonly value: number | null;
  readonly delta: number | null;
  readonly country: number | null;
  readonly isMean: boolean;
  readonly gap: number | null;
};

/** The province's figures of one group or the total, for the page and for the workbook. */
export function resultFigures(input: WeeklyInput, code: Headline): ResultFigures {
  const { provinces, before, settings } = input;
  const value = provinces.view.value(settings.province, code) ?? null;
  const then = before?.provinces.view.value(settings.province, code);
  const country = countryFigure(input, code);
  return {
    value,
    delta: value !== null && typeof then === "number" ? value - then : null,
    country: country.value,
    isMean: country.isMean,
    gap: value === null || country.value === null ? null : value - country.value,
  };
}

function resultRow(input: WeeklyInput, code: Headline): Row {
  const { value, delta, country, isMean, gap } = resultFigures(input, code);
  const cells: Cell[] = [
    { text: headlineTitle(code) },
    { text: formatMaximum(EVALUATION_2026.maxima[code]) },
    { text: value === null ? NO_FIGURE : formatPoints(value) },
    ...(input.before === null ? [] : [{ text: delta === null ? "–" : formatMarked(delta) }]),
    { text: country === null ? NO_FIGURE : `${formatPoints(country)}${isMean ? " (*)" : ""}` },
    { text: gap === null ? "–" : formatSigned(gap) },
  ];
  return { cells };
}

/** What stands under the result table: the mark (*), source, moments, provisional. */
export function sourceNote(input: WeeklyInput): string {
  const { provinces } = input;
  const year = figuresYear(input);
  const online = provinces.view.value(COUNTRY, ONLINE_SERVICE.code);
  const together = typeof online === "number" ? ` (${formatPoints(online)} điểm)` : "";
  return [
    `(*) Bình quân ${provinces.board.ranking("province").length} tỉnh, thành phố; Cổng chỉ công bố tổng hai nhóm của cả nước${together}.`,
    sourceSentence(input),
    `Không so sánh với năm ${year - 1} do số liệu hai năm trên Cổng không cùng cơ sở.`,
  ].join(" ");
}

/** Where the figures of provinces or units are from, of which moments, and that they may still move. */
export function sourceSentence(input: WeeklyInput, of: "provinces" | "units" = "provinces"): string {
  const moments = [input[of], input.before?.[of]].flatMap((sight) => {
    const takenAt = sight?.view.snapshot.takenAt;
    return takenAt === undefined ? [] : `${timeOf(takenAt)} ngày ${shortDate(dayOf(takenAt))}`;
  });
  return `Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc ${moments.join(" và ")}; năm ${figuresYear(input)} chưa kết thúc, điểm có thể thay đổi.`;
}

const MOST_NAMES = 5;

/** Matters for the committee, from the figures alone; who answers is named, the date is left to the committee. */
export function proposals(input: WeeklyInput): Block | null {
  const { settings } = input;
  const fallen = (level: "agency" | "commune") =>
    blockMoves(input, level).filter(
      ({ net, jumps }) =>
        net !== null && net <= -settings.floors.large && jumps.every(({ cause }) => cause === "unknown"),
    );
  const rows: (readonly [string, string])[] = [];
  const communes = fallen("commune");
  if (communes.length > 0) {
    const names = communes.slice(0, MOST_NAMES).map(({ name }) => name.replace(/^(xã|phường) /u, ""));
    const more = communes.length > MOST_NAMES ? ` và ${communes.length - MOST_NAMES} đơn vị khác` : "";
    rows.push([
      `${formatSmallCount(communes.length)} xã, phường giảm từ ${formatPoints(settings.floors.large)} điểm trở lên`,
      `${names.join(", ")}${more}`,
    ]);
  }
  for (const { name, before, after } of fallen("agency").slice(0, communes.length > 0 ? 1 : 2))
    rows.push([`${name}: ${formatPoints(before)} → ${formatPoints(after)} điểm`, name]);
  const [lowest] = groupsBelowCountry(input);
  if (lowest !== undefined && lowest.short >= settings.floors.noise) {
    const score = `${formatPoints(lowest.value)}/${formatMaximum(EVALUATION_2026.maxima[lowest.group])} điểm`;
    rows.push([
      `${GROUP_TITLES[lowest.group]} ${score}, thấp hơn cả nước ${formatPoints(lowest.short)} điểm`,
      "……………………",
    ]);
  }
  if (rows.length === 0) return null;
  const heads = columns(
    ["TT", "center", 6],
    ["Nội dung (theo số liệu)", "left", 52],
    ["Đơn vị báo cáo", "left", 24],
    ["Thời hạn", "center", 18],
  );
  const body = rows.map(
    ([text, owner], index): Row => ({
      cells: [{ text: String(index + 1) }, { text }, { text: owner }, { text: `……/……/${input.day.slice(0, 4)}` }],
    }),
  );
  return { kind: "table", table: { caption: "Nội dung đề nghị Ban Chỉ đạo cho ý kiến", columns: heads, rows: body } };
}

/** The provinces two places up and two down, with scores, changes and distances. */
export function neighbourTable(input: WeeklyInput): Block[] {
  const { provinces, before, settings } = input;
  const order = provinces.board.ranking("province");
  const at = order.findIndex(({ unit }) => unit === settings.province);
  if (at < 0) return [{ kind: "paragraph", runs: [{ text: "Tỉnh chưa được xếp hạng." }] }];
  const own = order[at]?.value ?? 0;
  const rows = order.slice(Math.max(0, at - 2), at + 3).map(({ unit, name, value }): Row => {
    const then = before?.provinces.view.value(unit, TOTAL);
    const gap = value - own;
    const cells = [
      { text: String(provinces.board.standing(unit)?.rank ?? "") },
      { text: name },
      { text: formatPoints(value) },
      ...(before === null ? [] : [{ text: typeof then === "number" ? formatMarked(value - then) : "–" }]),
      { text: unit === settings.province ? "" : formatSigned(gap) },
    ];
    return unit === settings.province ? { cells, mark: "own" } : { cells };
  });
  const heads = columns(
    ["Hạng", "right", 9],
    ["Tỉnh, thành phố", "left", 34],
    ["Tổng điểm", "right", 16],
    ...(before === null ? [] : [[sinceTitle(input), "right", 21] as const]),
    ["Khoảng cách", "right", 20],
  );
  return [{ kind: "table", table: { caption: "Các tỉnh, thành phố liền kề trong xếp hạng", columns: heads, rows } }];
}
