import { dayAndMonth } from "../domain/calendar.ts";
import { GROUPS, type Headline, TOTAL } from "../domain/indicator.ts";
import type { Sheet, SheetCell, SheetColumn } from "../domain/office.ts";
import { activeUnits, unitName } from "../domain/view.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { headlineTitle } from "../indicators/groups.ts";
import { isSmall, unitFigures } from "./weekly-appendix.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { resultFigures, sourceNote, sourceSentence } from "./weekly-tables.ts";
import { sinceTitle } from "./weekly-words.ts";

const UNRANKED = "chưa xếp hạng";

/** The appendix as figures one can calculate with: the six groups, and every unit of each block. */
export function sheets(input: WeeklyInput): readonly Sheet[] {
  const blocks = input.units === null ? [] : (["agency", "commune"] as const).map((level) => blockSheet(input, level));
  return [resultSheet(input), ...blocks.filter(({ rows }) => rows.length > 0)];
}

function head(kind: SheetColumn["kind"], ...titles: readonly string[]): readonly SheetColumn[] {
  return titles.map((title) => ({ title, kind }));
}

/** "So với tuần trước (05/10)". */
function since(input: WeeklyInput): string {
  return `${sinceTitle(input)}${input.before === null ? "" : ` (${dayAndMonth(input.before.day)})`}`;
}

function resultSheet(input: WeeklyInput): Sheet {
  const compared = input.before !== null;
  const row = (code: Headline): readonly SheetCell[] => {
    const { value, delta, country, isMean, gap } = resultFigures(input, code);
    const figures = [EVALUATION_2026.maxima[code], value, ...(compared ? [delta] : []), country, gap];
    return [headlineTitle(code), ...figures, isMean ? "(*)" : ""];
  };
  return {
    name: "Kết quả chung",
    columns: [
      ...head("text", "Nhóm chỉ số"),
      ...head("points", "Tối đa", "Tỉnh"),
      ...(compared ? head("change", since(input)) : []),
      ...head("points", "Cả nước"),
      ...head("change", "Chênh lệch"),
      ...head("text", "Ghi chú"),
    ],
    rows: [...GROUPS.map(row), row(TOTAL)],
    notes: [sourceNote(input)],
  };
}

const SHEET_NAMES = { agency: "Sở, ban, ngành", commune: "Xã, phường" } as const;

function blockSheet(input: WeeklyInput, level: "agency" | "commune"): Sheet {
  const compared = input.before?.units != null;
  const ranked = (input.units?.board.ranking(level) ?? []).map(({ unit, name, value }): readonly SheetCell[] => {
    const { rank, delta, places, received, overdue } = unitFigures(input, { unit, value, level });
    const since = compared ? [delta, places] : [];
    return [rank, unit, name, value, ...since, received, overdue, isSmall(input, unit) ? "(**)" : ""];
  });
  const rows = [...ranked, ...unranked(input, level, compared)];
  const small = ranked.some((cells) => cells.at(-1) !== "");
  const { floors } = input.settings;
  return {
    name: SHEET_NAMES[level],
    columns: [
      ...head("count", "Hạng"),
      ...head("text", "Mã", "Đơn vị"),
      ...head("points", "Tổng điểm"),
      ...(compared ? [...head("change", since(input)), ...head("count", "Tăng (+), giảm (-) bậc")] : []),
      ...head("count", "Hồ sơ tiếp nhận", "Hồ sơ quá hạn"),
      ...head("text", "Ghi chú"),
    ],
    rows,
    notes: [
      ...(small ? [`(**) Dưới ${floors.dossiers} hồ sơ trong kỳ, điểm chưa đủ cơ sở so sánh.`] : []),
      `Hạng do ${input.settings.issuer.inText} tính từ điểm Cổng công bố, trong từng khối.`,
      sourceSentence(input, "units"),
    ],
  };
}

/** Units of a block that have no rank, by code: their figures are missing, and the workbook says so. */
function unranked(
  input: WeeklyInput,
  level: "agency" | "commune",
  compared: boolean,
): readonly (readonly SheetCell[])[] {
  const { units } = input;
  if (units === null) return [];
  const { view, board } = units;
  return activeUnits(view, level)
    .filter(({ code }) => board.standing(code) === null)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((unit) => [
      ...[UNRANKED, unit.code, unitName(unit), view.value(unit.code, TOTAL) ?? null],
      ...(compared ? [null, null] : []),
      ...[view.value(unit.code, "TDGQ.received") ?? null, view.value(unit.code, "TDGQ.overdue") ?? null, ""],
    ]);
}
