import type { Block, Row } from "../domain/edition.ts";
import { formatCount, formatMarked, formatPoints, formatShare } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import type { WeeklyInput } from "./weekly-input.ts";
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
    blocks.push({ kind: "heading", text: `Khối ${BLOCK_NAMES[level]} (${ranking.length} đơn vị)` });
    blocks.push({
      kind: "table",
      table: {
        caption: `Xếp hạng khối ${BLOCK_NAMES[level]}`,
        columns: heads(input),
        rows: ranking.map(({ unit, name, value }) => row(input, { unit, name, value, level })),
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
  return blocks;
}

function heads(input: WeeklyInput) {
  const compared =
    input.before?.units == null
      ? []
      : ([
          [sinceTitle(input), "right", 17],
          ["Thay đổi hạng", "right", 13],
        ] as const);
  return columns(["Hạng", "right", 8], ["Đơn vị", "left", 36], ["Tổng điểm", "right", 12], ...compared, [
    "Hồ sơ quá hạn",
    "right",
    18,
  ]);
}

function row(input: WeeklyInput, at: { unit: string; name: string; value: number; level: "agency" | "commune" }): Row {
  const { units, before } = input;
  const then = before?.units?.view.value(at.unit, TOTAL);
  const rank = units?.board.standing(at.unit)?.rank ?? 0;
  const rankThen = before?.units?.board.standing(at.unit)?.rank;
  const overdue = units?.view.value(at.unit, "TDGQ.overdue");
  const received = units?.view.value(at.unit, "TDGQ.received");
  const places =
    rankThen === undefined || !input.rankedAlike[at.level]
      ? "–"
      : rankThen === rank
        ? "0"
        : rank < rankThen
          ? `▲ ${rankThen - rank}`
          : `▼ ${rank - rankThen}`;
  return {
    cells: [
      { text: String(rank) },
      { text: `${at.name}${isSmall(input, at.unit) ? " (*)" : ""}` },
      { text: formatPoints(at.value) },
      ...(before?.units == null
        ? []
        : [{ text: typeof then === "number" ? formatMarked(at.value - then) : "–" }, { text: places }]),
      {
        text:
          typeof overdue === "number"
            ? `${formatCount(overdue)}${typeof received === "number" && received >= input.settings.floors.dossiers ? ` (${formatShare(overdue, received)})` : ""}`
            : "–",
      },
    ],
  };
}
