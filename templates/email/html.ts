import type { Run } from "../../src/domain/edition.ts";
import { bind, bindItem } from "../bind.ts";
import type { Mail, MailPart } from "./mail.ts";
import type { MailTable } from "./mail-table.ts";

/** What the HTML template reads: words with their non-breaking spaces in place, still unescaped; eta escapes them. */
export type HtmlView = Omit<Mail, "parts"> & { readonly parts: readonly HtmlPart[] };

export type HtmlPart = Exclude<MailPart, { kind: "table" }> | { readonly kind: "table"; readonly table: HtmlTable };

/** `captioned` is false right under a heading that says the same; the caption then only speaks to screen readers. */
export type HtmlTable = {
  readonly caption: string;
  readonly captioned: boolean;
  readonly columns: readonly { readonly title: string; readonly below: string; readonly align: string }[];
  /** `below`: words of the row that stand under it, over its whole width. */
  readonly rows: readonly { readonly total: boolean; readonly cells: readonly HtmlCell[]; readonly below: string }[];
};

export type HtmlCell = {
  /** "▲" or "▼", which take an accent colour, or nothing. */
  readonly accent: "" | "▲" | "▼";
  readonly text: string;
  readonly strong: boolean;
  readonly heads: boolean;
  readonly align: string;
  /** Figures do not break. */
  readonly whole: boolean;
  /** Holds a word too long for a column of a phone. */
  readonly breaks: boolean;
};

/** "Nghiêng" has seven letters, "……/……/2026" twelve; a line of dots to write on may be shorter on a phone. */
const LONGEST_WORD = 14;

/** The view of a mail for the HTML template. */
export function htmlView(mail: Mail): HtmlView {
  return {
    title: mail.title,
    notice: mail.notice === null ? null : bind(mail.notice),
    identity: mail.identity.map(bind),
    lines: mail.lines.map(bind),
    points: mail.points.map(boundRuns),
    picture: mail.picture === null ? null : { ...mail.picture, alt: bind(mail.picture.alt) },
    parts: mail.parts.map((part, at) => htmlPart(part, mail.parts[at - 1]?.kind !== "heading")),
  };
}

function htmlPart(part: MailPart, captioned: boolean): HtmlPart {
  if (part.kind === "table") return { kind: "table", table: htmlTable(part.table, captioned) };
  if (part.kind === "words") return { kind: "words", runs: boundRuns(part.runs) };
  return { kind: part.kind, text: bindItem(part.text) };
}

function boundRuns(runs: readonly Run[]): Run[] {
  return runs.map((run, at) => ({ ...run, text: at === 0 ? bindItem(run.text) : bind(run.text) }));
}

function htmlTable(table: MailTable, captioned: boolean): HtmlTable {
  return {
    caption: bind(table.caption),
    captioned,
    columns: table.columns.map(({ title, below, align }) => ({ title: bind(title), below: bind(below), align })),
    rows: table.rows.map((row) => ({
      total: row.mark === "total",
      below: bind(row.cells.find((cell) => cell.below !== "")?.below ?? ""),
      cells: row.cells.map((cell, at): HtmlCell => {
        const align = row.mark === "gap" ? "center" : (table.columns[at]?.align ?? "left");
        const text = bind(cell.text);
        const accent = text.startsWith("▲") ? "▲" : text.startsWith("▼") ? "▼" : "";
        const { strong, heads } = cell;
        const breaks = text.split(/[ \u00a0]/u).some((word) => word.length > LONGEST_WORD);
        return {
          accent,
          text: text.slice(accent.length),
          strong,
          heads,
          align,
          whole: align === "right" && !breaks,
          breaks,
        };
      }),
    })),
  };
}
