/** The four cuts of the one family pages are set in. */
export const STYLES = ["regular", "bold", "italic", "boldItalic"] as const;
export type Style = (typeof STYLES)[number];

/** What a template may ask of a font; the press answers from the parsed file. */
export type Face = {
  /** True when the font draws this code point itself, not its empty box. */
  readonly has: (codePoint: number) => boolean;
  /** Advance of a text in thousandths of the font size, pair kerning included. */
  readonly widthOf: (text: string) => number;
  /** Thousandths of the font size above and below (positive) the base line. */
  readonly ascent: number;
  readonly descent: number;
};

export type Faces = Readonly<Record<Style, Face>>;
