import type { Row, Table } from "../../src/domain/edition.ts";
import { arrowed, halfLength, isOwnCell, rowHeaderColumn } from "../rows.ts";

/** A table as a mail shows it: one list, few columns, so that it reads on a phone. */
export type MailTable = {
  readonly caption: string;
  readonly columns: readonly {
    readonly title: string;
    readonly below: string;
    readonly align: "left" | "right" | "center";
  }[];
  readonly rows: readonly { readonly cells: readonly MailCell[]; readonly mark: Row["mark"] | null }[];
};

/** `below` stands under the words in the same cell; `heads` is true for the cell that names its row. */
export type MailCell = {
  readonly text: string;
  readonly below: string;
  readonly strong: boolean;
  readonly heads: boolean;
};

/** From this many columns on, a last column of words moves under the first one. */
const MANY_COLUMNS = 5;

/**
 * A table for a mail: halves printed side by side become one list again; in a wide table the last column of words goes under its
 * row, and of three columns of words the second and third do so with their titles.
 */
export function mailTable(table: Table): MailTable {
  const list = oneList(table);
  const heads = rowHeaderColumn(list);
  const folds = foldsLast(list);
  const titled = folds ? [] : foldedWords(list);
  const shown = [...list.columns.keys()].filter(
    (at) => !titled.includes(at) && !(folds && at === list.columns.length - 1),
  );
  const below = (row: Row) => {
    if (folds) return row.cells.at(list.columns.length - 1)?.text ?? "";
    const parts = titled.map((at) => `${list.columns[at]?.title ?? ""}: ${row.cells[at]?.text ?? ""}`);
    return parts.join("; ");
  };
  return {
    caption: table.caption,
    columns: shown.map((at, place) => ({
      title: list.columns[at]?.title ?? "",
      align: list.columns[at]?.align ?? "left",
      below: folds && place === 0 ? (list.columns.at(-1)?.title ?? "") : "",
    })),
    rows: list.rows.map((row) => ({
      mark: row.mark ?? null,
      cells: shown.map((at, place) => ({
        text: arrowed(list, row, at),
        below: place === 0 ? below(row) : "",
        strong: row.mark === "total" || isOwnCell(list, row, at) || row.cells[at]?.strong === true,
        heads: at === heads,
      })),
    })),
  };
}

/** The left half from top to bottom, then the right one. */
function oneList(table: Table): Table {
  const half = halfLength(table);
  if (half === null) return table;
  const rows: Row[] = [];
  for (const from of [0, half]) {
    for (const row of table.rows) {
      const cells = row.cells.slice(from, from + half);
      if (cells.every((cell) => cell.text === "")) continue;
      const own = isOwnCell(table, row, from);
      const mark = own ? "own" : row.mark === "own" ? undefined : row.mark;
      rows.push(mark === undefined ? { cells } : { cells, mark });
    }
  }
  return { ...table, columns: table.columns.slice(0, half), rows };
}

/** The columns of words after the first one, where there are three or more: side by side they do not fit a phone. */
function foldedWords(table: Table): number[] {
  const first = table.columns.findIndex(({ align }) => align === "left");
  const words = [...table.columns.keys()].filter((at) => at >= first && table.columns[at]?.align !== "right");
  return words.length < 3 ? [] : words.slice(1);
}

function foldsLast(table: Table): boolean {
  return (
    table.columns.length >= MANY_COLUMNS && table.columns[0]?.align === "left" && table.columns.at(-1)?.align === "left"
  );
}
