import type { Block } from "../domain/edition.ts";

const HEAD = "Nhận xét của cơ quan thường trực (nếu có): ";
const DOTS = "……………………………………………";

/** The standing body's comment, a paragraph per line; dots to write on where there is none. */
export function noteBlocks(note: string | null): Block[] {
  const [first = "", ...rest] = (note ?? DOTS).split("\n").filter((line) => line !== "");
  return [`${HEAD}${first}`, ...rest].map((text) => ({ kind: "paragraph", runs: [{ text, slanted: true }] }));
}
