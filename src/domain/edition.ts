import type { Day } from "./calendar.ts";
import { type Chart, chartTexts, type Sparkline } from "./chart.ts";
import type { OfficePapers } from "./office.ts";

/**
 * One issue of a bulletin for one reader, fixed when composed: everything its pages say, as figures and words, not markup.
 * All text is NFC with plain spaces; templates place the non-breaking ones, draw, and escape.
 */
export type Edition = {
  readonly bulletin: BulletinName;
  /** The unit the issue speaks to: a unit's code, or the province's code for the province and the committee. */
  readonly audience: string;
  /** "2026-10-12" for the daily digest, "2026-W41" for the weekly bulletin. */
  readonly issue: string;
  /** 0 is the first issue; 1 is "đính chính 01". */
  readonly reissue: number;
  /** When the figures were taken from the publisher (the headline snapshot's takenAt). */
  readonly asOf: Date;
  /** When it was composed; PDF CreationDate and mail Date come from here. */
  readonly composedAt: Date;
  /** Ids of every snapshot a figure was taken from. */
  readonly snapshots: readonly string[];
  /** What it was compared with; null for a first edition. */
  readonly baseline: Baseline | null;
  readonly content: Content;
};

export type BulletinName = "daily" | "weekly";

/** The other side of every "tăng / giảm" in an edition: whose snapshots, and the day the words name. */
export type Baseline = { readonly edition: string | null; readonly day: Day; readonly snapshots: readonly string[] };

/** The words and figures of an edition. */
export type Content = {
  /** Mail subject, figures first. */
  readonly subject: string;
  /** The first lines of the mail: at most five whole sentences that tell it all. */
  readonly lines: readonly string[];
  /** One line for the command line: what rose, what fell. Vietnamese, no addresses. */
  readonly summary: string;
  /** Document title (PDF metadata, <title>). */
  readonly title: string;
  /** False for the three-line mail of a day on which the portal did not refresh: no PDF. */
  readonly pages: boolean;
  readonly masthead: Masthead;
  readonly blocks: readonly Block[];
  /** Every headline figure printed, so that a later reader can compare, correct and explain. */
  readonly figures: readonly PrintedFigure[];
  /** What makes a Báo cáo and a workbook of these words; absent where the office gets none. */
  readonly office?: OfficePapers;
};

/** The head of page 1. `digest`: one line and the unit's name; `nd30`: two columns with Quốc hiệu; `simple`: without it. */
export type Masthead =
  | {
      readonly kind: "digest";
      readonly left: string;
      readonly right: string;
      readonly unit: string;
      readonly notice?: string;
    }
  | {
      readonly kind: "nd30" | "simple";
      /** The superior body's lines, then the issuing body's lines (upper case as printed). */
      readonly superior: readonly string[];
      readonly issuer: readonly string[];
      /** "Gia Lai, ngày 12 tháng 10 năm 2026". */
      readonly placeAndDate: string;
      /** "BẢN TIN". */
      readonly kindOfPaper: string;
      /** Title lines below it, bold, centred. */
      readonly titles: readonly string[];
      /** The italic line in parentheses. */
      readonly notice?: string;
    };

/** A run of words; `strong` is printed bold, `slanted` in italics. */
export type Run = { readonly text: string; readonly strong?: boolean; readonly slanted?: true };

/** What a page is made of, top to bottom. */
export type Block =
  | { readonly kind: "headline"; readonly runs: readonly Run[] }
  /** `opensPage`: begins a new page on paper unless that would leave more than half a page blank; elsewhere a heading like any other. */
  | { readonly kind: "heading"; readonly text: string; readonly opensPage?: true }
  | { readonly kind: "paragraph"; readonly runs: readonly Run[] }
  /** A list line, its marker ("- ", "a) ", "1. ") already in the text. */
  | { readonly kind: "item"; readonly runs: readonly Run[] }
  /** A framed group of items: the five points of the weekly. */
  | { readonly kind: "box"; readonly items: readonly (readonly Run[])[] }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "chart"; readonly chart: Chart }
  /** Small italic text below a table or at the foot. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "page-break" };

export type Table = {
  /** What the table shows, for screen readers and the HTML caption. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
};

export type Column = {
  readonly title: string;
  readonly align: "left" | "right" | "center" /** Share of the width; shares are relative. */;
  readonly width: number;
};

/** `mark: "total"` is bold on grey, `mark: "own"` bold with an arrow, `mark: "gap"` the "…" row between windows. */
export type Row = { readonly cells: readonly Cell[]; readonly mark?: "total" | "own" | "gap" };

/**
 * Words of a cell; `share` (0 … 1 of the maximum) asks for a small bar beside a score, `spark` for a line below the words. A reader
 * without pictures gets the words alone, and of the line its `alt`.
 */
export type Cell = {
  readonly text: string;
  readonly strong?: boolean;
  readonly share?: number;
  readonly spark?: Sparkline;
};

/** A figure as printed: hundredths of a point. */
export type PrintedFigure = {
  /** Whose points: "dvc2026". Absent in editions made before another scheme was thought of; `schemeOfFigure` knows which. */
  readonly scheme?: string;
  readonly unit: string;
  readonly indicator: string;
  readonly period: string;
  readonly value: number | null;
  readonly before: number | null;
  /** The change less the portal's own shifts; null when it could not be told apart, absent when nothing was analysed. */
  readonly net?: number | null;
  /** A drift up to this figure was told in words, so the next one is counted from here. */
  readonly named?: true;
  readonly rank: number | null;
  readonly rankBefore: number | null;
  readonly snapshot: string;
};

/** The scheme a printed figure is counted by. */
export function schemeOfFigure({ scheme }: Pick<PrintedFigure, "scheme">): string {
  return scheme ?? "dvc2026";
}

/** The key of an edition: bulletin, audience, issue, reissue. Also its id on the command line: "daily/2026-10-12/H21.17/r0". */
export function editionKey(edition: Pick<Edition, "bulletin" | "audience" | "issue" | "reissue">): string {
  return `${edition.bulletin}/${edition.issue}/${edition.audience}/r${edition.reissue}`;
}

/** The papers of an edition that people keep as files, with their names' beginnings in ASCII: some gateways spoil other letters. */
export const PAPERS = {
  pdf: { stem: "ban-tin-766", extension: "pdf" },
  "bao-cao-pdf": { stem: "bao-cao-766", extension: "pdf" },
  "bao-cao-docx": { stem: "bao-cao-766", extension: "docx" },
  "appendix-xlsx": { stem: "phu-luc-766", extension: "xlsx" },
} as const;
export type Paper = keyof typeof PAPERS;

/** True for the files people keep; a mail's texts and pictures are no papers. */
export function isPaper(kind: string): kind is Paper {
  return kind in PAPERS;
}

/** The file name of one of an edition's papers below the output directory. */
export function paperPath(edition: Pick<Edition, "bulletin" | "audience" | "issue" | "reissue">, paper: Paper): string {
  const { stem, extension } = PAPERS[paper];
  const name = `${edition.issue}_${edition.audience}${edition.reissue === 0 ? "" : `_r${edition.reissue}`}.${extension}`;
  return edition.bulletin === "daily" ? `daily/${name}` : `weekly/${stem}_${name}`;
}

/**
 * The picture that may stand in an edition's mail: the weekly's first line chart, the digest's sparkline of the total; null where there
 * were too few issues to draw one. `src/adapters/chart-png.ts` makes the bytes; the chart's own `alt` says the same in words.
 */
export function trendPicture(content: Pick<Content, "blocks">): Chart | null {
  for (const block of content.blocks) {
    if (block.kind === "chart" && (block.chart.kind === "line" || block.chart.kind === "sparkline")) return block.chart;
    if (block.kind !== "table") continue;
    for (const row of block.table.rows) for (const { spark } of row.cells) if (spark !== undefined) return spark;
  }
  return null;
}

/** The Content-ID of an edition's picture, without angle brackets: what its HTML calls it, and the mail attaches it under. */
export function pictureId(edition: Pick<Edition, "bulletin" | "audience" | "issue" | "reissue">): string {
  return `${editionKey(edition).replaceAll(/[^A-Za-z0-9.-]/g, "_")}.bieu-do@diemtin`;
}

/** All words of a block list, in reading order: what a glyph check and a text comparison look at. */
export function blockTexts(blocks: readonly Block[]): string[] {
  const texts: string[] = [];
  for (const block of blocks) {
    if (block.kind === "heading" || block.kind === "note") texts.push(block.text);
    else if (block.kind === "box") for (const item of block.items) texts.push(item.map((run) => run.text).join(""));
    else if (block.kind === "table") {
      for (const column of block.table.columns) texts.push(column.title);
      for (const row of block.table.rows)
        for (const { text, spark } of row.cells) texts.push(text, ...(spark === undefined ? [] : chartTexts(spark)));
    } else if (block.kind === "chart") texts.push(...chartTexts(block.chart));
    else if (block.kind !== "page-break") texts.push(block.runs.map((run) => run.text).join(""));
  }
  return texts;
}
