/** Sizes in points, margins and colours of every page and mail. One place, so that both bulletins stay one family. */

/** Points in a millimetre. */
export const MM = 72 / 25.4;

/** A4. */
export const PAGE = { width: 595.28, height: 841.89 } as const;

/** Black text; blue and orange are accents beside a mark or a bar and are never the only carrier of a meaning. */
export const COLOURS = {
  text: "#000000",
  grid: "#444444",
  up: "#0072B2",
  down: "#D55E00",
  total: "#E6E6E6",
  track: "#DDDDDD",
} as const;

/** The measures one page is laid out with; every length in points, `leading` as a multiple of the size. */
export type Sizes = {
  readonly body: number;
  readonly headline: number;
  readonly title: number;
  readonly heading: number;
  readonly table: number;
  readonly note: number;
  readonly head: number;
  readonly leading: number;
  /** Space between paragraphs, and above a heading or a table. */
  readonly gap: number;
  readonly wideGap: number;
  /** Space above and below the words of a table cell. */
  readonly cell: number;
};

export type Margins = { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };

/** The wide left margin is for the punch holes of the office file. */
export const DIGEST_MARGINS: Margins = { top: 15 * MM, right: 15 * MM, bottom: 15 * MM, left: 20 * MM };

/** NĐ 30/2020, Phụ lục I: 20–25 above and below, 30–35 left, 15–20 right. */
export const WEEKLY_MARGINS: Margins = { top: 20 * MM, right: 15 * MM, bottom: 20 * MM, left: 30 * MM };

/** The digest is one page: the first of these steps at which it fits is printed. Nothing is ever smaller than 9 pt. */
export const DIGEST_STEPS: readonly Sizes[] = [
  step({ body: 12.5, headline: 13.5, title: 15, table: 11, note: 10, leading: 1.22, gap: 3.5, cell: 1.8 }),
  step({ body: 12, headline: 13, title: 15, table: 10.5, note: 9.5, leading: 1.2, gap: 3, cell: 1.5 }),
  step({ body: 11.5, headline: 12.5, title: 14, table: 10, note: 9.5, leading: 1.18, gap: 2.5, cell: 1.2 }),
  step({ body: 11, headline: 12, title: 14, table: 9.5, note: 9, leading: 1.16, gap: 2, cell: 0.9 }),
  step({ body: 10, headline: 11, title: 13, table: 9, note: 9, leading: 1.15, gap: 1.5, cell: 0.6 }),
  step({ body: 9, headline: 10, title: 12, table: 9, note: 9, leading: 1.12, gap: 1, cell: 0.3 }),
];

/** NĐ 30/2020 asks for 13–14 in running text; tables are not regulated. */
export const WEEKLY_SIZES: Sizes = {
  ...step({ body: 13, headline: 13, title: 13, table: 11.5, note: 10, leading: 1.22, gap: 2.5, cell: 1.6 }),
  head: 12,
};

/** A Báo cáo: 14 in running text with 6 between paragraphs, first lines 1,27 cm in, 12 in tables. */
export const REPORT_SIZES: Sizes = {
  ...step({ body: 14, headline: 14, title: 14, table: 12, note: 11, leading: 1.2, gap: 6, cell: 1.8 }),
  head: 12,
};
export const REPORT_INDENT = 12.7 * MM;

/** Page numbers of NĐ 30/2020: 13–14, upright, centred in the upper margin. */
export const PAGE_NUMBER_SIZE = 13;

function step(sizes: Omit<Sizes, "heading" | "head" | "wideGap">): Sizes {
  return { ...sizes, heading: sizes.body, head: Math.max(9, sizes.body - 1), wideGap: sizes.gap * 2 };
}
