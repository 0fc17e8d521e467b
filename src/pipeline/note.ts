import type { Faces } from "../../templates/faces.ts";
import { UsageError } from "../domain/errors.ts";

const MOST_LETTERS = 1_000;
const MOST_TOLD = 10;
/** Controls, format characters, private use, unassigned, half surrogates, line separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * A comment as it is printed: NFC, plain spaces, one paragraph per line, no empty lines. Throws UsageError for one that is empty, over
 * 1.000 characters, or holds characters the fonts cannot draw, each with its line and column in the file.
 */
export function readNote(text: string, faces: Pick<Faces, "regular" | "bold">): string {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.normalize("NFC").replace(/[\t\p{Zs}]/gu, " "));
  const mistakes = lines.flatMap((line, row) =>
    [...line].flatMap((letter, column) => {
      const fault = faultOf(letter, faces);
      return fault === null ? [] : [`line ${row + 1}, column ${column + 1}: ${fault}`];
    }),
  );
  if (mistakes.length > MOST_TOLD)
    mistakes.splice(MOST_TOLD, mistakes.length, `… and ${mistakes.length - MOST_TOLD} more`);
  const note = lines
    .map((line) => line.replace(/ +/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
  const length = [...note].length;
  if (length === 0) mistakes.push('the note is empty; "diemtin note clear" takes one back');
  if (length > MOST_LETTERS) mistakes.push(`the note has ${length} characters; at most ${MOST_LETTERS} are printed`);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return note;
}

function faultOf(letter: string, { regular, bold }: Pick<Faces, "regular" | "bold">): string | null {
  const codePoint = letter.codePointAt(0) ?? 0;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  if (INVISIBLE.test(letter)) return `the invisible character ${name}`;
  return regular.has(codePoint) && bold.has(codePoint) ? null : `no font has a glyph for ${name}`;
}
