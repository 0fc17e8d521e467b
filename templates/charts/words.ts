import { bind } from "../bind.ts";
import type { Faces, Style } from "../faces.ts";
import { breakLines, wordsOf } from "../pdf/lines.ts";
import type { Frame, TextMark } from "./scene.ts";

/** A cut and a size. */
export type Lettering = { readonly style: Style; readonly size: number };

/** Height of a line of words as a multiple of the size: no two lines of this distance touch. */
export const LEADING = 1.15;

/** Where words may stand; sides in the scene's unit. */
export type Extent = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** Width of words as pdfkit sets them: word by word, each with the space after it. */
export function textWidth(text: string, { style, size }: Lettering, faces: Faces): number {
  let width = 0;
  for (const part of text.split(/(?<=[ \u00a0])/u)) width += faces[style].widthOf(part);
  return (width * size) / 1000;
}

/** The words, or as many letters of them as fit into `width` with "…"; never half a letter. */
export function shortened(text: string, width: number, lettering: Lettering & { readonly faces: Faces }): string {
  const { faces } = lettering;
  if (textWidth(text, lettering, faces) <= width) return text;
  const letters = text.match(/\P{M}\p{M}*/gu) ?? [];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (textWidth(cut(letters, middle), lettering, faces) <= width) fits = middle;
    else tooLong = middle;
  }
  return fits === 0 ? "" : cut(letters, fits);
}

function cut(letters: readonly string[], count: number): string {
  return `${letters.slice(0, count).join("").trimEnd()}…`;
}

/** The room words take, from the top of their tallest to the foot of their deepest letter. */
export function extentOf(mark: TextMark, faces: Faces): Extent {
  const width = textWidth(mark.text, mark, faces);
  const left = mark.x - (mark.anchor === "start" ? 0 : mark.anchor === "end" ? width : width / 2);
  const face = faces[mark.style];
  return {
    left,
    right: left + width,
    top: mark.y - (face.ascent * mark.size) / 1000,
    bottom: mark.y + (face.descent * mark.size) / 1000,
  };
}

/** The base line of words that are to stand around a height. */
export function middled(y: number, { style, size }: Lettering, faces: Faces): number {
  return y + ((faces[style].ascent - faces[style].descent) * size) / 2000;
}

/** A text over as many lines as it needs, from `top` on: its marks, and where it ends. */
export function paragraph(
  text: string,
  lettering: Lettering,
  place: { readonly frame: Frame; readonly top: number },
): { readonly marks: readonly TextMark[]; readonly bottom: number } {
  const { frame, top } = place;
  const { style, size } = lettering;
  const lines = breakLines(wordsOf([{ text: bind(text), style, size }], frame.faces), frame.width, frame.faces);
  const height = size * LEADING;
  const marks = lines.map(({ words }, index): TextMark => {
    const line = words.map(({ inks }) => inks.map((ink) => ink.text).join("")).join(" ");
    const y = middled(top + (index + 0.5) * height, lettering, frame.faces);
    return { kind: "text", x: 0, y, text: line, style, size, anchor: "start" };
  });
  return { marks, bottom: top + lines.length * height };
}
