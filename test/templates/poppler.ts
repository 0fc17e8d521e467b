import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a program on a PDF; "FILE" in its arguments stands for the file. Gives what it prints; throws when it fails. */
export async function inspect(pdf: Uint8Array, program: string, args: readonly string[]): Promise<string> {
  return (await inspectBytes(pdf, program, args)).toString("utf8");
}

/** The same for programs that print a picture. */
export async function inspectBytes(pdf: Uint8Array, program: string, args: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "diemtin-press-"));
  try {
    const file = join(folder, "edition.pdf");
    await writeFile(file, pdf);
    const filled = args.map((arg) => (arg === "FILE" ? file : arg));
    return (await run(program, filled, { maxBuffer: 64 * 1024 * 1024, encoding: "buffer" })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The words of a text, whatever kind of space stands between them. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s\u00a0]+/u).filter((word) => word !== "");
}

export type PlacedWord = {
  readonly page: number;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** Every word of a PDF with its box, in points from the upper left corner. */
export async function wordBoxes(pdf: Uint8Array): Promise<PlacedWord[]> {
  const html = await inspect(pdf, "pdftotext", ["-bbox", "FILE", "-"]);
  const words: PlacedWord[] = [];
  let page = 0;
  for (const line of html.split("\n")) {
    if (line.includes("<page ")) page += 1;
    const match = /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)<\/word>/u.exec(line);
    if (match === null) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = match.slice(1, 5).map(Number);
    words.push({ page, text: match[5] ?? "", left, top, right, bottom });
  }
  return words;
}

/** Pairs of words drawn over each other. Boxes of neighbouring lines touch by the font's own line gap, so a third of a line is left. */
export function overlapping(words: readonly PlacedWord[]): string[] {
  const found: string[] = [];
  for (const [at, a] of words.entries()) {
    for (const b of words.slice(at + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (a.page === b.page && wide > 0.5 && high > (a.bottom - a.top) / 3) found.push(`${a.text} / ${b.text}`);
    }
  }
  return found;
}
