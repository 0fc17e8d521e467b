import type { Chart } from "../../src/domain/chart.ts";
import {
  type Block,
  type Content,
  type Edition,
  type Masthead,
  type Run,
  trendPicture,
} from "../../src/domain/edition.ts";
import { formatPoints } from "../../src/domain/figure.ts";
import { warningOf } from "../notice.ts";
import { type MailTable, mailTable } from "./mail-table.ts";

/** What a mail shows, the same for HTML and plain text: words in order, nothing escaped, no markup. */
export type Mail = {
  readonly title: string;
  /** A warning above everything else. */
  readonly notice: string | null;
  /** Issuing body, name of the paper, unit: who speaks, about whom, of which day. */
  readonly identity: readonly string[];
  readonly lines: readonly string[];
  /** Points of page 1 that no line carries. */
  readonly points: readonly (readonly Run[])[];
  readonly picture: MailPicture | null;
  readonly parts: readonly MailPart[];
};

/** A picture that comes with the mail: what it is called there, the size to show it at, and its figures in words. */
export type MailPicture = {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
};

/** What an edition's mail shows besides its words. `without`: how many tables, from the last one, are left to the PDF. */
export type MailOptions = { readonly without?: number; readonly picture?: MailPicture | null };

export type MailPart =
  | { readonly kind: "heading" | "note"; readonly text: string }
  | { readonly kind: "words"; readonly runs: readonly Run[] }
  | { readonly kind: "table"; readonly table: MailTable };

const REST_IN_PDF = "Các nội dung còn lại và phụ lục: xem tệp PDF đính kèm.";

/**
 * The mail of an edition. Blocks before the first heading or table repeat what the lines say and are left out, except points
 * of a box that no line carries; what follows a page break is left to the PDF. A chart is told in words; the one that is the mail's
 * picture has its words beside it.
 */
export function mailOf(edition: Edition, { without = 0, picture = null }: MailOptions = {}): Mail {
  const { content } = edition;
  const shown = picture === null ? null : trendPicture(content);
  return {
    title: content.title,
    ...headOf(content.masthead),
    lines: content.lines,
    points: pointsOf(content),
    picture,
    parts: leaveOut(
      mailBlocks(content)
        .filter((block) => block.kind !== "chart" || block.chart !== shown)
        .flatMap(partsOf),
      without,
    ),
  };
}

/** A warning goes first; a notice that only says what the paper is follows its name. */
function headOf(masthead: Masthead): Pick<Mail, "notice" | "identity"> {
  const notice = warningOf(masthead);
  if (masthead.kind === "digest") return { notice, identity: [masthead.unit, masthead.right, masthead.left] };
  const about = notice === null && masthead.notice !== undefined ? [masthead.notice] : [];
  const bodies = [...masthead.superior, ...masthead.issuer].join(" – ");
  return { notice, identity: [`${masthead.kindOfPaper}: ${masthead.titles.join(". ")}`, bodies, ...about] };
}

/** How many tables the full mail has. */
export function tablesIn(edition: Edition): number {
  return mailOf(edition).parts.filter((part) => part.kind === "table").length;
}

/** Where the blocks begin that the lines do not sum up; 0 when there is neither heading nor table. */
function bodyStart(content: Content): number {
  return Math.max(
    0,
    content.blocks.findIndex((block) => block.kind === "heading" || block.kind === "table"),
  );
}

function mailBlocks(content: Content): Block[] {
  const start = bodyStart(content);
  const end = content.pages ? content.blocks.findIndex((block) => block.kind === "page-break") : -1;
  const notes = content.blocks.slice(0, start).filter((block) => block.kind === "note");
  const body = content.blocks.slice(start, end === -1 ? undefined : end);
  if (end === -1) return [...notes, ...body];
  // The last note says whom to ask and what comes next; a mail needs it even when the pages before it stay in the PDF.
  const closing = content.blocks.slice(end).at(-1);
  return [...notes, ...body, { kind: "note", text: REST_IN_PDF }, ...(closing?.kind === "note" ? [closing] : [])];
}

/** The points of the boxes on page 1 that are not among the lines, without their numbers. */
function pointsOf(content: Content): (readonly Run[])[] {
  const lead = content.blocks.slice(0, bodyStart(content));
  const points = lead.flatMap((block) => (block.kind === "box" ? block.items.map(withoutMarker) : []));
  return points.filter((runs) => !content.lines.includes(runs.map((run) => run.text).join("")));
}

function withoutMarker(runs: readonly Run[]): readonly Run[] {
  const [first, second, ...rest] = runs;
  if (first === undefined) return runs;
  const text = first.text.replace(/^(?:\d+[.)]|\p{Ll}\)|-)(?: |$)/u, "");
  if (text !== "" || second === undefined) return [{ ...first, text }, ...runs.slice(1)];
  return [{ ...second, text: second.text.trimStart() }, ...rest];
}

function partsOf(block: Block): MailPart[] {
  if (block.kind === "page-break") return [];
  if (block.kind === "heading" || block.kind === "note") return [{ kind: block.kind, text: block.text }];
  if (block.kind === "table") return [{ kind: "table", table: mailTable(block.table) }];
  if (block.kind === "chart") return [{ kind: "note", text: inMail(block.chart) }];
  if (block.kind === "box") return block.items.map((runs) => ({ kind: "words", runs }));
  return [{ kind: "words", runs: block.kind === "headline" ? block.runs.map(strong) : block.runs }];
}

/** A chart's words name every unit a picture names; a mail leaves all but the ends of a long list to the PDF. */
const MOST_NAMED = 6;

function inMail(chart: Chart): string {
  if (chart.kind !== "dots") return chart.alt;
  const named = chart.rows.filter((row) => row.named);
  if (named.length <= MOST_NAMED) return chart.alt;
  const half = MOST_NAMED / 2;
  const told = (rows: typeof named) => rows.map(({ label, value }) => `${label} (${formatPoints(value)})`).join("; ");
  const mean = chart.mean === null ? "" : ` ${chart.mean.label} ${formatPoints(chart.mean.value)} điểm.`;
  return `${chart.title.replace(/ \(●\) và kỳ trước \(○\)/u, "")}: ${told(named.slice(0, half))}; …; ${told(named.slice(-half))}.${mean} Biểu đồ đầy đủ: xem tệp PDF đính kèm.`;
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
