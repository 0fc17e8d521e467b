import type { Block, Content, Edition, Run } from "../../src/domain/edition.ts";
import { type MailTable, mailTable } from "./mail-table.ts";

/** What a mail shows, the same for HTML and plain text: words in order, nothing escaped, no markup. */
export type Mail = {
  readonly title: string;
  readonly notice: string | null;
  /** Issuing body, name of the paper, unit: who speaks, about whom, of which day. */
  readonly identity: readonly string[];
  readonly lines: readonly string[];
  readonly parts: readonly MailPart[];
};

export type MailPart =
  | { readonly kind: "heading" | "note"; readonly text: string }
  | { readonly kind: "words"; readonly runs: readonly Run[] }
  | { readonly kind: "table"; readonly table: MailTable };

const REST_IN_PDF = "Các nội dung còn lại và phụ lục: xem tệp PDF đính kèm.";

/**
 * The mail of an edition. Blocks before the first heading or table repeat what the lines say and are left out, except points
 * of a box that no line carries; what follows a page break is left to the PDF. `without`: how many tables, from the last one,
 * are replaced by a reference to the PDF to keep the mail small.
 */
export function mailOf(edition: Edition, without = 0): Mail {
  const { content } = edition;
  const { masthead } = content;
  const identity =
    masthead.kind === "digest"
      ? [masthead.unit, masthead.right, masthead.left]
      : [
          `${masthead.kindOfPaper}: ${masthead.titles.join(". ")}`,
          [...masthead.superior, ...masthead.issuer].join(" – "),
        ];
  const notice = masthead.notice === undefined || masthead.notice === "" ? null : masthead.notice;
  const parts = leaveOut(mailBlocks(content).flatMap(partsOf), without);
  return { title: content.title, notice, identity, lines: content.lines, parts };
}

/** How many tables the full mail has. */
export function tablesIn(edition: Edition): number {
  return mailOf(edition).parts.filter((part) => part.kind === "table").length;
}

function mailBlocks(content: Content): Block[] {
  const start = content.blocks.findIndex((block) => block.kind === "heading" || block.kind === "table");
  const end = content.pages ? content.blocks.findIndex((block) => block.kind === "page-break") : -1;
  const body = content.blocks.slice(Math.max(0, start), end === -1 ? undefined : end);
  const lead = start === -1 ? [] : content.blocks.slice(0, start).flatMap((block) => leadBlock(block, content.lines));
  const rest: Block[] = end === -1 ? [] : [{ kind: "note", text: REST_IN_PDF }];
  return [...lead, ...body, ...rest];
}

/** What of the blocks above the first heading a mail still needs after its lines. */
function leadBlock(block: Block, lines: readonly string[]): Block[] {
  if (block.kind === "note") return [block];
  if (block.kind !== "box") return [];
  const items = block.items.filter((runs) => {
    const words = runs.map((run) => run.text).join("");
    return !lines.some((line) => words === line || words.replace(/^\S+ /u, "") === line);
  });
  return items.length === 0 ? [] : [{ kind: "box", items }];
}

function partsOf(block: Block): MailPart[] {
  if (block.kind === "page-break") return [];
  if (block.kind === "heading" || block.kind === "note") return [{ kind: block.kind, text: block.text }];
  if (block.kind === "table") return [{ kind: "table", table: mailTable(block.table) }];
  if (block.kind === "box") return block.items.map((runs) => ({ kind: "words", runs }));
  return [{ kind: "words", runs: block.kind === "headline" ? block.runs.map(strong) : block.runs }];
}

function strong(run: Run): Run {
  return { ...run, strong: true };
}

function leaveOut(parts: readonly MailPart[], without: number): MailPart[] {
  let left = without;
  const kept: MailPart[] = [];
  for (const part of parts.toReversed()) {
    if (part.kind !== "table" || left === 0) {
      kept.unshift(part);
      continue;
    }
    left -= 1;
    kept.unshift({ kind: "note", text: `${part.table.caption}: xem tệp PDF đính kèm.` });
  }
  return kept;
}
