import { chartTexts } from "../src/domain/chart.ts";
import { type Block, type Edition, editionKey } from "../src/domain/edition.ts";
import { SendError } from "../src/domain/errors.ts";
import type { OfficePapers } from "../src/domain/office.ts";
import type { Faces, Style } from "./faces.ts";

/** One text of an edition: where it stands, and the cut it is drawn in (regular and bold for runs that may be either). */
type Placed = { readonly text: string; readonly where: string; readonly styles: readonly Style[] };

const PLAIN: readonly Style[] = ["regular", "bold"];
const SLANTED: readonly Style[] = ["italic"];
/** Controls, format characters (bidi marks, zero width, soft hyphen), private use, unassigned, half surrogates. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;
/** Every space but U+0020 and U+00A0: lines break at U+0020 only, so another one would hide a word boundary. */
const ODD_SPACE = /[^\P{Zs}\u0020\u00a0]/u;

/**
 * Stops an edition whose words cannot be drawn as they are: text not NFC, control or bidi characters, code points without a
 * glyph. Throws a SendError (waiting does not help) that names the edition, the place of the first such text, the code point,
 * and how many more places there are. Gives nothing when all is well.
 */
export function checkWords(edition: Edition, faces: Faces): void {
  const faults: string[] = [];
  for (const placed of placedTexts(edition)) {
    const fault = faultOf(placed, faces);
    if (fault !== null) faults.push(`${fault} at ${placed.where}`);
  }
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length === 1 ? "" : `, and ${faults.length - 1} more`;
  throw new SendError(
    `edition ${editionKey(edition)}: ${first}${more}; correct the source text or the unit's print name, then compose again`,
    { mayPass: false },
  );
}

function faultOf({ text, styles }: Placed, faces: Faces): string | null {
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
    if (INVISIBLE.test(character)) return `control or invisible character ${name}`;
    if (ODD_SPACE.test(character)) return `a space other than U+0020: ${name}`;
    for (const style of styles) {
      if (!faces[style].has(codePoint)) return `no glyph for ${name} in the ${style} font`;
    }
  }
  if (text === text.normalize("NFC")) return null;
  return `text is not NFC (${firstDifference(text)})`;
}

function firstDifference(text: string): string {
  const letters = [...text];
  const composed = [...text.normalize("NFC")];
  const index = letters.findIndex((letter, at) => letter !== composed[at]);
  const around = letters.slice(index, index + 2).map((letter) => {
    return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
  return around.join(" ");
}

function placedTexts(edition: Edition): Placed[] {
  const { content } = edition;
  const placed: Placed[] = [
    { text: content.subject, where: "subject", styles: PLAIN },
    { text: content.title, where: "title", styles: PLAIN },
    { text: content.summary, where: "summary", styles: PLAIN },
  ];
  for (const [index, line] of content.lines.entries())
    placed.push({ text: line, where: `lines[${index}]`, styles: PLAIN });
  for (const [field, value] of Object.entries(content.masthead)) {
    const styles = field === "placeAndDate" ? SLANTED : field === "notice" ? [...PLAIN, ...SLANTED] : PLAIN;
    const texts: readonly string[] = typeof value === "string" ? [value] : value;
    for (const text of texts) placed.push({ text, where: `masthead.${field}`, styles });
  }
  for (const [index, block] of content.blocks.entries()) {
    for (const part of blockParts(block))
      placed.push({ ...part, where: `blocks[${index}] ${block.kind}${part.where}` });
  }
  if (content.office !== undefined) placed.push(...officeParts(content.office));
  return placed;
}

/** Words of the Báo cáo's frame; the workbook is set in whatever font its reader has, so no glyph is asked for. */
function officeParts({ report, sheets }: OfficePapers): Placed[] {
  const { symbol, to, signer, receivers, filedBy, place, issuer, opening, closing } = report;
  const lists = { symbol: [symbol ?? ""], to, signer, receivers, filedBy: [filedBy ?? ""] };
  const frame = { ...lists, place: [place], issuer: [issuer], opening: [opening], closing: [closing] };
  return [
    ...Object.entries(frame).flatMap(([field, texts]) =>
      texts.map((text) => ({ text, where: `office.report.${field}`, styles: [...PLAIN, ...SLANTED] })),
    ),
    ...sheets.flatMap(({ name, columns, rows, notes }) =>
      [name, ...columns.map(({ title }) => title), ...rows.flat(), ...notes].flatMap((cell) =>
        typeof cell === "string" ? [{ text: cell, where: `office sheet "${name}"`, styles: [] }] : [],
      ),
    ),
  ];
}

function blockParts(block: Block): Placed[] {
  if (block.kind === "page-break") return [];
  if (block.kind === "heading") return [{ text: block.text, where: "", styles: PLAIN }];
  if (block.kind === "note") return [{ text: block.text, where: "", styles: SLANTED }];
  if (block.kind === "table") {
    const { caption, columns, rows } = block.table;
    return [
      { text: caption, where: ", caption", styles: PLAIN },
      ...columns.map((column, at) => ({ text: column.title, where: `, column ${at + 1}`, styles: PLAIN })),
      ...rows.flatMap((row, at) =>
        row.cells.flatMap(({ text, spark }, c) => {
          const words = [text, ...(spark === undefined ? [] : [...chartTexts(spark), spark.alt])];
          return words.map((word) => ({ text: word, where: `, row ${at + 1}, cell ${c + 1}`, styles: PLAIN }));
        }),
      ),
    ];
  }
  if (block.kind === "chart") {
    const words = [...chartTexts(block.chart), block.chart.alt];
    return words.map((text, at) => ({ text, where: `, word ${at + 1}`, styles: PLAIN }));
  }
  const groups = block.kind === "box" ? block.items : [block.runs];
  return groups.flatMap((runs, item) =>
    runs.map((run, at) => ({
      text: run.text,
      where: block.kind === "box" ? `, item ${item + 1}, run ${at + 1}` : `, run ${at + 1}`,
      styles: PLAIN,
    })),
  );
}
