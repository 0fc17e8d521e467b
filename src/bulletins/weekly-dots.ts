import type { DotChart } from "../domain/chart.ts";
import type { Block } from "../domain/edition.ts";
import { formatMarked, formatPoints } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import type { Contender } from "../domain/ranking.ts";
import { isSmall } from "./weekly-appendix.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { blockMoves, namedMoves } from "./weekly-moves.ts";
import { figuresYear, sinceTitle } from "./weekly-words.ts";
import { BLOCK_NAMES } from "./wording.ts";

/** Blocks of at most so many units are named whole. */
const WHOLE = 20;
/** Of larger ones so many at each end, and so many risers and fallers. */
const FEW = 5;

/**
 * A block's units by score, now and at the last bulletin; none when fewer than two can be compared. Units with few dossiers are left out
 * and named below: one of 16 points would press all others together.
 */
export function blockDots(input: WeeklyInput, level: "agency" | "commune"): Block[] {
  const { units, before } = input;
  const ranked = units?.board.ranking(level) ?? [];
  const ranking = ranked.filter(({ unit }) => !isSmall(input, unit));
  if (units === null || ranking.length < 2) return [];
  const named = namedUnits(input, level);
  const rows: DotChart["rows"] = ranking.map(({ unit, name, value }) => ({
    label: `${units.board.standing(unit)?.rank ?? ""}. ${name}`,
    value,
    before: before?.units?.view.value(unit, TOTAL) ?? null,
    named: named === null || named.has(unit),
  }));
  const mean = units.board.mean(level, TOTAL);
  const compared = rows.some((row) => row.before !== null);
  const told = rows
    .filter((row) => row.named)
    .map((row) => {
      const change = row.before === null ? "" : ` (${formatMarked(row.value - row.before)})`;
      return `${row.label} ${formatPoints(row.value)}${change}`;
    });
  const chart: DotChart = {
    kind: "dots",
    title: `Khối ${BLOCK_NAMES[level]} (${ranking.length === ranked.length ? "" : `${ranking.length}/`}${ranked.length} đơn vị): tổng điểm lũy kế năm ${figuresYear(input)}${compared ? " (●) và kỳ trước (○)" : ""}, điểm`,
    alt: `${told.join("; ")}.${mean === null ? "" : ` Bình quân khối ${formatPoints(mean)} điểm.`}`,
    source: sourceWords(input, {
      whole: named === null,
      compared,
      small: ranked.filter(({ unit }) => isSmall(input, unit)),
    }),
    rows,
    mean: mean === null ? null : { label: "Bình quân khối", value: mean },
  };
  return [{ kind: "chart", chart }];
}

/** Ends of the ranking and those that moved most; null when all are named. */
function namedUnits(input: WeeklyInput, level: "agency" | "commune"): ReadonlySet<string> | null {
  const ranking = input.units?.board.ranking(level) ?? [];
  if (ranking.length <= WHOLE) return null;
  const told = ranking.filter(({ unit }) => !isSmall(input, unit));
  const moves = blockMoves(input, level);
  const { noise } = input.settings.floors;
  const movers = [...namedMoves(moves, 1, noise).slice(0, FEW), ...namedMoves(moves, -1, noise).slice(0, FEW)];
  // A jump is no performance, but the longest lines of the picture must have a name.
  const jumped = moves.filter(({ jumps }) => jumps.length > 0).sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
  const named = [...told.slice(0, FEW), ...told.slice(-FEW), ...movers, ...jumped.slice(0, FEW)];
  return new Set(named.map(({ unit }) => unit));
}

function sourceWords(
  input: WeeklyInput,
  {
    whole,
    compared,
    small,
  }: { readonly whole: boolean; readonly compared: boolean; readonly small: readonly Contender[] },
): string {
  return [
    `Nguồn: như bảng Kết quả chung.`,
    ...(compared ? [`Cột cuối: ${sinceTitle(input).toLocaleLowerCase("vi")}.`] : []),
    ...(whole
      ? []
      : [
          `Nêu tên ${FEW} đơn vị điểm cao nhất, ${FEW} đơn vị điểm thấp nhất và các đơn vị tăng, giảm nhiều nhất hoặc có thay đổi lớn về số liệu; đầy đủ tại Phụ lục.`,
        ]),
    ...(small.length === 0
      ? []
      : [`Không gồm đơn vị dưới ${input.settings.floors.dossiers} hồ sơ trong kỳ: ${smallWords(small)}.`]),
  ].join(" ");
}

function smallWords(small: readonly Contender[]): string {
  const named = small.slice(0, FEW).map(({ name, value }) => `${name} (${formatPoints(value)})`);
  return `${named.join(", ")}${small.length > FEW ? ` và ${small.length - FEW} đơn vị khác` : ""}`;
}
