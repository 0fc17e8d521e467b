import type { Block, Row } from "../domain/edition.ts";
import { formatCount, formatMarked, formatPoints, formatShare } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { methodBlocks } from "./weekly-method.ts";
import { columns } from "./weekly-tables.ts";
import { sinceTitle } from "./weekly-words.ts";
import { BLOCK_NAMES } from "./wording.ts";

/** Units with few dossiers are marked and kept out of highest and lowest. */
export function isSmall(input: WeeklyInput, unit: string): boolean {
  const received = input.units?.view.value(unit, "TDGQ.received");
  return typeof received === "number" && received < input.settings.floors.dossiers;
}

/** The full tables, a page range of their own. */
export function appendix(input: WeeklyInput): Block[] {
  const { units } = input;
  if (units === null) return [];
  const blocks: Block[] = [{ kind: "page-break" }, { kind: "heading", text: "PHỤ LỤC. BẢNG XẾP HẠNG THEO KHỐI" }];
  let small = false;
  for (const level of ["agency", "commune"] as const) {
    const ranking = units.board.ranking(level);
    if (ranking.length === 0) continue;
    small ||= ranking.some(({ unit }) => isSmall(input, unit));
    const counted = ranking.some(({ unit }) => typeof units.view.value(unit, "TDGQ.overdue") === "number");
    blocks.push({ kind: "heading", text: `Khối ${BLOCK_NAMES[level]} (${ranking.length} đơn vị)` });
    blocks.push({
      kind: "table",
      table: {
        caption: `Xếp hạng khối ${BLOCK_NAMES[level]}`,
        columns: heads(input, counted),
        rows: ranking.map(({ unit, name, value }) => row(input, { unit, name, value, level }, counted)),
      },
    });
  }
  const unranked = [...units.view.units.values()].filter(
    ({ code, standing }) => standing !== "waiting" && units.board.standing(code) === null,
  ).length;
  const notes = [
    small ? `(*) Dưới ${input.settings.floors.dossiers} hồ sơ trong kỳ, điểm chưa đủ cơ sở so sánh.` : "",
    unranked > 0 ? `${unranked} đơn vị chưa xếp hạng do Cổng chưa có đủ sáu nhóm.` : "",
  ].filter((text) => text !== "");
  if (notes.length > 0) blocks.push({ kind: "note", text: notes.join(" ") });
  return [...blocks, ...methodBlocks(input)];
}

function heads(input: WeeklyInput, counted: boolean) {
  const compared =
    input.before?.units == null
      ? []
      : ([
          [sinceTitle(input), "right", 17],
          ["Thay đổi hạng", "right", 13],
        ] as const);
  const overdue = counted ? ([["Hồ sơ quá hạn", "right", 18]] as const) : [];
  return columns(["Hạng", "right", 8], ["Đơn vị", "left", 36], ["Tổng điểm", "right", 12], ...compared, ...overdue);
}

/** What the appendix tells of one unit; points in hundredths, null what is missing or cannot be compared. */
export type UnitFigures = {
  readonly value: number;
  readonly rank: number;
  readonly delta: number | null;
  /** Places won (positive) or lost since the bulletin before. */
  readonly places: number | null;
  readonly received: number | null;
  readonly overdue: number | null;
};

/** One ranked unit's figures, for the page and for the workbook. */
export function unitFigures(
  input: WeeklyInput,
  at: { readonly unit: string; readonly value: number; readonly level: "agency" | "commune" },
): UnitFigures {
  const { units, before } = input;
  const count = (code: string) => units?.view.value(at.unit, code) ?? null;
  const then = before?.units?.view.value(at.unit, TOTAL);
  const rank = units?.board.standing(at.unit)?.rank ?? 0;
  const rankThen = before?.units?.board.standing(at.unit)?.rank;
  return {
    value: at.value,
    rank,
    delta: typeof then === "number" ? at.value - then : null,
    places: rankThen === undefined || !input.rankedAlike[at.level] ? null : rankThen - rank,
    received: count("TDGQ.received"),
    overdue: count("TDGQ.overdue"),
  };
}

function row(
  input: WeeklyInput,
  at: { unit: string; name: string; value: number; level: "agency" | "commune" },
  counted: boolean,
): Row {
  const { value, rank, delta, places, received, overdue } = unitFigures(input, at);
  const moved = places === null ? "–" : places === 0 ? "0" : places > 0 ? `▲ ${places}` : `▼ ${-places}`;
  const share =
    overdue !== null && received !== null && received >= input.settings.floors.dossiers
      ? ` (${formatShare(overdue, received)})`
      : "";
  return {
    cells: [
      { text: String(rank) },
      { text: `${at.name}${isSmall(input, at.unit) ? " (*)" : ""}` },
      { text: formatPoints(value) },
      ...(input.before?.units == null ? [] : [{ text: delta === null ? "–" : formatMarked(delta) }, { text: moved }]),
      ...(counted ? [{ text: overdue === null ? "–" : `${formatCount(overdue)}${share}` }] : []),
    ],
  };
}
