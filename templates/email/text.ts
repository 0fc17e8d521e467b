import { MINUS } from "../../src/domain/figure.ts";
import { unbind } from "../bind.ts";
import type { Mail, MailPart } from "./mail.ts";
import type { MailTable } from "./mail-table.ts";

/** Letters a column of words may take before it goes on in the next line. */
const WIDEST_COLUMN = 34;

/**
 * The plain text of a mail: a digest that stands alone. Plain spaces, ASCII minus and plus signs in place of ▲▼, lines
 * separated by "\n".
 */
export function mailText(mail: Mail): string {
  const paragraphs = [
    ...(mail.notice === null ? [] : [mail.notice]),
    ...mail.lines,
    ...mail.points.map((runs) => runs.map((run) => run.text).join("")),
    mail.identity.join("\n"),
    ...(mail.picture === null ? [] : [mail.picture.alt]),
    ...mail.parts.map(partText),
  ];
  return `${paragraphs.map(plain).join("\n\n")}\n`;
}

function partText(part: MailPart): string {
  if (part.kind === "table") return tableText(part.table);
  if (part.kind === "words") return part.runs.map((run) => run.text).join("");
  return part.kind === "heading" ? part.text.toLocaleUpperCase("vi") : part.text;
}

/** Words for a reader without fonts: no marks that a terminal may draw twice as wide, no spaces that are not spaces. */
function plain(text: string): string {
  return unbind(text).replaceAll(MINUS, "-").replace(/[▲▼] /gu, "").replaceAll("► ", "> ");
}

function tableText(table: MailTable): string {
  const head = table.columns.map((column) => plain(column.title));
  const body = table.rows.map((row) => row.cells.map((cell) => plain(cell.text)));
  const aligns = table.columns.map((column) => column.align);
  const widths = head.map((title, at) => {
    const longest = Math.max(...[title, ...body.map((cells) => cells[at] ?? "")].map(length));
    return aligns[at] === "right" ? longest : Math.min(longest, WIDEST_COLUMN);
  });
  const lines = [...cellLines(head, widths, aligns), widths.map((width) => "-".repeat(width)).join("  ")];
  for (const [index, cells] of body.entries()) {
    lines.push(...cellLines(cells, widths, aligns));
    const below = plain(table.rows[index]?.cells[0]?.below ?? "");
    if (below !== "") lines.push(`    ${below}`);
  }
  return lines.join("\n");
}

/** One row, over as many lines as its longest cell needs. */
function cellLines(cells: readonly string[], widths: readonly number[], aligns: readonly string[]): string[] {
  const wrapped = cells.map((cell, at) => wrap(cell, widths[at] ?? 0));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, at) => pad(lines[line] ?? "", widths[at] ?? 0, aligns[at] === "right"))
      .join("  ")
      .trimEnd(),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let open = "";
  for (const word of text.split(" ")) {
    const longer = open === "" ? word : `${open} ${word}`;
    if (length(longer) > width && open !== "") {
      lines.push(open);
      open = word;
    } else open = longer;
  }
  return [...lines, open];
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - length(text)));
  return right ? `${space}${text}` : `${text}${space}`;
}

function length(text: string): number {
  return [...text].length;
}
