import type { Block, Run } from "../../src/domain/edition.ts";

/** What stands before a figure that counts nothing: "tháng 9", "hạng 3". */
const ORDINAL = "(?<!(?:tháng|hạng|quý|mục|tuần|năm|thứ|ngày) )";
const COUNTED =
  "bậc|đơn vị|xã|phường|sở|tỉnh|thành phố|nhóm|chỉ số|hồ sơ|phản ánh|kiến nghị|trường hợp|tuần|ngày|lần|kỳ";
/** A small count of its own, not the end of "5/6 nhóm", "0,4 điểm" or "+3". */
const SMALL_COUNT = new RegExp(`${ORDINAL}(?<![\\p{L}\\d.,/:+\\u2212-])([1-9])(?= (?:${COUNTED})(?!\\p{L}))`, "giu");

/** The bulletin's words in a Báo cáo: it speaks of itself by its own name, and small counts get their zero ("03 bậc"). */
export function formal(text: string): string {
  return renamed(text).replace(SMALL_COUNT, "0$1");
}

function renamed(text: string): string {
  return text.replaceAll("Bản tin", "Báo cáo").replaceAll("bản tin", "báo cáo");
}

/** A block in the same words; tables keep their figures without zeros. */
export function formalBlock(block: Block): Block {
  // A Báo cáo runs on: the bulletin's page breaks are its own.
  if (block.kind === "heading") return { kind: "heading", text: formal(block.text) };
  if (block.kind === "note") return { ...block, text: formal(block.text) };
  if (block.kind === "box") return { ...block, items: block.items.map(formalRuns) };
  if (block.kind === "headline" || block.kind === "paragraph" || block.kind === "item")
    return { ...block, runs: formalRuns(block.runs) };
  if (block.kind !== "table") return block;
  const { table } = block;
  return {
    kind: "table",
    table: {
      caption: renamed(table.caption),
      columns: table.columns.map((column) => ({ ...column, title: renamed(column.title) })),
      rows: table.rows.map((row) => ({
        ...row,
        cells: row.cells.map((cell) => ({ ...cell, text: renamed(cell.text) })),
      })),
    },
  };
}

function formalRuns(runs: readonly Run[]): readonly Run[] {
  return runs.map((run) => ({ ...run, text: formal(run.text) }));
}
