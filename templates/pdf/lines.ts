import type { Faces, Style } from "../faces.ts";

/** Words in one cut, size and colour, as they will be drawn. */
export type Ink = { readonly text: string; readonly style: Style; readonly size: number; readonly colour?: string };

/** Something between two spaces: one or more inks that touch. `width` without, `space` of the space after it. */
export type Word = { readonly inks: readonly Ink[]; readonly width: number; readonly space: number };

/** Words on one line; `width` is the natural width, `last` is true for the end of a paragraph (never stretched). */
export type Line = { readonly words: readonly Word[]; readonly width: number; readonly last: boolean };

/** The stretches of an ink that are drawn in one go: a non-breaking space ends one, because justification widens it too. */
export function stretchesOf(text: string): string[] {
  return text.split(/(?<=\u00a0)/u);
}

/** Width of one ink in points, as it will be drawn. */
export function inkWidth(ink: Ink, faces: Faces): number {
  let width = 0;
  for (const text of stretchesOf(ink.text)) width += faces[ink.style].widthOf(text);
  return (width * ink.size) / 1000;
}

/** How many spaces of a line can be widened. */
export function gapsIn(line: Line): number {
  let gaps = line.words.length - 1;
  for (const word of line.words) for (const ink of word.inks) gaps += stretchesOf(ink.text).length - 1;
  return gaps;
}

/**
 * Words of a paragraph. Splits on U+0020 only (never at U+00A0, a slash or a hyphen: "766/QĐ-TTg" stays whole);
 * inks that touch without a space become one word.
 */
export function wordsOf(inks: readonly Ink[], faces: Faces): Word[] {
  const words: Word[] = [];
  let open: Ink[] = [];
  const close = () => {
    if (open.length > 0) words.push(measure(open, faces));
    open = [];
  };
  for (const ink of inks) {
    for (const [index, text] of ink.text.split(" ").entries()) {
      if (index > 0) close();
      if (text !== "") open.push({ ...ink, text });
    }
  }
  close();
  return words;
}

/** Widths of a paragraph's lines in points, where the first is shorter by its indent. */
export type Measure = { readonly first: number; readonly rest: number };

/**
 * Breaks words into lines no wider than `width` points. A word wider than a whole line is broken at a non-breaking space,
 * and if that does not help between letters, so that nothing is ever drawn outside.
 */
export function breakLines(words: readonly Word[], width: number | Measure, faces: Faces): Line[] {
  const { first, rest } = typeof width === "number" ? { first: width, rest: width } : width;
  const lines: Line[] = [];
  let open: Word[] = [];
  let natural = 0;
  const close = (last: boolean) => {
    lines.push({ words: open, width: natural, last });
    open = [];
    natural = 0;
  };
  for (const word of words.flatMap((candidate) => fitting(candidate, first, faces))) {
    const before = open.at(-1);
    const start = before === undefined ? 0 : natural + before.space;
    if (before !== undefined && start + word.width > (lines.length === 0 ? first : rest)) close(false);
    natural = open.length === 0 ? word.width : start + word.width;
    open.push(word);
  }
  if (open.length > 0) close(true);
  return lines;
}

/** The widest word of a text: the least width that breaks none. */
export function widestWord(words: readonly Word[]): number {
  let widest = 0;
  for (const word of words) widest = Math.max(widest, word.width);
  return widest;
}

function measure(inks: readonly Ink[], faces: Faces): Word {
  let width = 0;
  for (const ink of inks) width += inkWidth(ink, faces);
  const last = inks.at(-1);
  const space = last === undefined ? 0 : inkWidth({ ...last, text: `${last.text} ` }, faces) - inkWidth(last, faces);
  return { inks, width, space };
}

function fitting(word: Word, width: number, faces: Faces): Word[] {
  if (word.width <= width) return [word];
  const loose = wordsOf(
    word.inks.map((ink) => ({ ...ink, text: ink.text.replaceAll("\u00a0", " ") })),
    faces,
  );
  return loose.flatMap((part) => (part.width <= width ? [part] : chopped(part, width, faces)));
}

/** Pieces of a word too wide for a line, cut between letters (never before a combining mark). */
function chopped(word: Word, width: number, faces: Faces): Word[] {
  const pieces: Word[] = [];
  for (const ink of word.inks) {
    let text = "";
    for (const letter of ink.text.match(/\P{M}\p{M}*/gu) ?? []) {
      const longer = text + letter;
      if (text !== "" && inkWidth({ ...ink, text: longer }, faces) > width) {
        pieces.push({ ...measure([{ ...ink, text }], faces), space: 0 });
        text = letter;
      } else text = longer;
    }
    if (text !== "") pieces.push(measure([{ ...ink, text }], faces));
  }
  return pieces;
}
