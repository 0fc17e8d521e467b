import { dayOf, shortDate, timeOf } from "../domain/calendar.ts";
import type { Block, Row } from "../domain/edition.ts";
import { formatCount, formatMarked, formatPoints, formatShare } from "../domain/figure.ts";
import { GROUPS, TOTAL } from "../domain/indicator.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { type BlockDelta, blockDeltas, fromTo } from "./weekly-points.ts";
import { columns } from "./weekly-tables.ts";
import { BLOCK_NAMES, datedGroups } from "./wording.ts";

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
    const deltas = blockDeltas(input.changes, level);
    blocks.push({ kind: "heading", text: `${index + 1}. Khối ${BLOCK_NAMES[level]}` });
    blocks.push(
      ...movers(
        "Tăng nhiều nhất",
        [...deltas].reverse().filter(({ delta }) => delta >= settings.floors.noise),
      ),
    );
    blocks.push(
      ...movers(
        "Giảm nhiều nhất",
        deltas.filter(({ delta }) => delta <= -settings.floors.noise),
      ),
    );
    const names = (list: typeof ranking) =>
      list.map(({ name, value }) => `${name} (${formatPoints(value)})`).join(", ");
    blocks.push(paragraph(`0${FEW} đơn vị có điểm cao nhất: ${names(ranking.slice(0, FEW))}.`));
    blocks.push(paragraph(`0${FEW} đơn vị có điểm thấp nhất: ${names([...ranking].reverse().slice(0, FEW))}.`));
  }
  return blocks;
}

function movers(title: string, deltas: readonly BlockDelta[]): Block[] {
  if (deltas.length === 0) return [];
  const list = deltas
    .slice(0, FEW)
    .map((entry) => `${entry.name} ${fromTo(entry)}`)
    .join("; ");
  return [{ kind: "paragraph", runs: [{ text: `${title}: ${list}.` }] }];
}

/** Units with few dossiers are marked and kept out of highest and lowest. */
function isSmall(input: WeeklyInput, unit: string): boolean {
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
          ["So với tuần trước", "right", 17],
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
