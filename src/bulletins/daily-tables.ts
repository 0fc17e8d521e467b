import { dayAndMonth } from "../domain/calendar.ts";
import type { Block, Cell, Row, Table } from "../domain/edition.ts";
import { formatMarked, formatPoints } from "../domain/figure.ts";
import { GROUPS, type Headline, TOTAL } from "../domain/indicator.ts";
import type { Contender } from "../domain/ranking.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { headlineTitle } from "../indicators/groups.ts";
import { countsDate, countsView, groupDelta } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { totalLine } from "./daily-trend.ts";
import { rawCounts } from "./raw-counts.ts";
import { BLOCK_NAMES, formatMaximum, NO_FIGURE } from "./wording.ts";

/** Six groups and the total: score of maximum, change, block mean, the counts behind; beside the total its line over the last issues. */
export function groupTable(input: DailyInput): Block {
  const { before } = input;
  const columns: Table["columns"] = [
    { title: "Nhóm chỉ số", align: "left", width: 26 },
    { title: "Điểm/tối đa", align: "right", width: 15 },
    ...(before === null ? [] : [{ title: `So với ${dayAndMonth(before.day)}`, align: "right" as const, width: 14 }]),
    { title: "Bình quân khối", align: "right", width: 13 },
    { title: "Số liệu gốc trên Cổng", align: "left", width: 42 },
  ];
  const at = { unit: input.unit.code, level: input.unit.level };
  const rows = GROUPS.map((group) =>
    row(input, group, { text: `${rawCounts(group, countsView(input), at)}${countsDate(input, group)}` }),
  );
  const line = totalLine(input.recent);
  const total = row(input, TOTAL, { text: "", ...(line === null ? {} : { spark: line }) });
  return {
    kind: "table",
    table: {
      caption: "Sáu nhóm chỉ số và tổng điểm",
      columns,
      rows: [...rows, { ...total, mark: "total" }],
    },
  };
}

function row(input: DailyInput, code: Headline, counts: Cell): Row {
  const { now, before, unit } = input;
  const value = now.view.value(unit.code, code) ?? null;
  const maximum = EVALUATION_2026.maxima[code];
  const mean = now.board.mean(unit.level, code);
  const delta = code === TOTAL ? totalDelta(input) : groupDelta(input, code);
  const score: Cell =
    value === null
      ? { text: NO_FIGURE }
      : { text: `${formatPoints(value)}/${formatMaximum(maximum)}`, share: value / maximum };
  return {
    cells: [
      { text: headlineTitle(code) },
      score,
      ...(before === null ? [] : [{ text: deltaText(input, code, delta) }]),
      { text: mean === null ? "–" : formatPoints(mean) },
      counts,
    ],
  };
}

/** A group the portal has not refreshed for anybody did not "stay the same": nobody knows yet. */
function deltaText(input: DailyInput, code: Headline, delta: number | null): string {
  if (delta === null) return "–";
  return code !== TOTAL && input.stalled.has(code) ? "chưa cập nhật" : formatMarked(delta);
}

function totalDelta({ now, before, unit }: DailyInput): number | null {
  const value = now.view.value(unit.code, TOTAL);
  const then = before?.sight.view.value(unit.code, TOTAL);
  return typeof value === "number" && typeof then === "number" ? value - then : null;
}

/** Blocks of at most this many units are printed whole. */
const WHOLE = 20;

/** The block around the unit: whole when small, otherwise first three, two above, own, one below, last. */
export function rankingBlocks(input: DailyInput): { readonly title: string; readonly table: Block } | null {
  const { unit, now, settings } = input;
  const order = now.board.ranking(unit.level);
  if (settings.digest.ranking === "none" || order.length === 0) return null;
  const at = order.findIndex((contender) => contender.unit === unit.code);
  const places = order.length <= WHOLE ? [...order.keys()] : window(at, order.length);
  const cells = places.flatMap((place, index) => {
    const jumps = index > 0 && place - (places[index - 1] ?? 0) > 1;
    return [...(jumps ? [GAP] : []), placeCells(input, order[place])];
  });
  const half = Math.ceil(cells.length / 2);
  const rows = cells
    .slice(0, half)
    .map((left, index): Row => ({ cells: [...left, ...(cells[half + index] ?? EMPTY)] }));
  const column = (title: string, align: "left" | "right", width: number) => ({ title, align, width });
  const columns = [column("Hạng", "right", 8), column("Đơn vị", "left", 30), column("Tổng điểm", "right", 12)];
  return {
    title: `Vị trí trong khối ${BLOCK_NAMES[unit.level]}`,
    table: {
      kind: "table",
      table: { caption: `Xếp hạng khối ${BLOCK_NAMES[unit.level]}`, columns: [...columns, ...columns], rows },
    },
  };
}

/** Places between two windows that are not printed. */
const GAP: readonly Cell[] = [{ text: "…" }, { text: "…" }, { text: "…" }];
const EMPTY: readonly Cell[] = [{ text: "" }, { text: "" }, { text: "" }];

function window(at: number, length: number): number[] {
  const wanted = [0, 1, 2, ...(at < 0 ? [] : [at - 2, at - 1, at, at + 1]), length - 1];
  return [...new Set(wanted.filter((place) => place >= 0 && place < length))].sort((a, b) => a - b);
}

function placeCells(input: DailyInput, contender: Contender | undefined): readonly Cell[] {
  if (contender === undefined) return EMPTY;
  const own = contender.unit === input.unit.code;
  const strong = own ? { strong: true } : {};
  const name = own
    ? `► ${contender.name}`
    : input.settings.digest.ranking === "anonymous"
      ? "(đơn vị khác)"
      : contender.name;
  const rank = input.now.board.standing(contender.unit)?.rank ?? 0;
  return [
    { text: String(rank), ...strong },
    { text: name, ...strong },
    { text: formatPoints(contender.value), ...strong },
  ];
}
