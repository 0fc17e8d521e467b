import type { Block } from "../../src/domain/edition.ts";
import { bind } from "../bind.ts";
import { chartAtoms } from "./chart.ts";
import type { Atom } from "./flow.ts";
import { boxAtoms, headingAtoms, type Layout, runInks, textAtoms } from "./paragraphs.ts";
import { tableAtoms } from "./table.ts";

/** An edition's blocks as atoms, in order; a page break marks the atom after it, and a heading may ask for a page itself. */
export function blockAtoms(layout: Layout, blocks: readonly Block[]): Atom[] {
  const atoms: Atom[] = [];
  let fresh = false;
  for (const [index, block] of blocks.entries()) {
    if (block.kind === "page-break") {
      fresh = true;
      continue;
    }
    const [first, ...rest] = withNote(atomsOf(layout, block, `blocks[${index}] ${block.kind}`), blocks, index);
    if (first === undefined) continue;
    const opens = fresh || (block.kind === "heading" && block.opensPage === true ? ("when-full" as const) : false);
    atoms.push(opens === false ? first : { ...first, fresh: opens }, ...rest);
    fresh = false;
  }
  return atoms;
}

/** What stands under a table explains its marks: it never begins a page of its own. */
function withNote(atoms: readonly Atom[], blocks: readonly Block[], index: number): readonly Atom[] {
  const explained = blocks[index]?.kind === "table" && blocks[index + 1]?.kind === "note";
  return explained ? atoms.map((atom, at) => (at === atoms.length - 1 ? { ...atom, keepNext: true } : atom)) : atoms;
}

function atomsOf(layout: Layout, block: Exclude<Block, { kind: "page-break" }>, where: string): Atom[] {
  const { sizes } = layout;
  if (block.kind === "heading") return headingAtoms(layout, block.text, where);
  if (block.kind === "box") return boxAtoms(layout, block.items, where);
  if (block.kind === "table") return block.table.columns.length === 0 ? [] : tableAtoms(layout, block.table, where);
  if (block.kind === "chart") return chartAtoms(layout, block.chart, where);
  if (block.kind === "note") {
    const inks = [{ text: bind(block.text), style: "italic", size: sizes.note }] as const;
    return textAtoms(layout, { inks, size: sizes.note, part: { tag: "P" }, align: "justify", gap: sizes.gap, where });
  }
  const headline = block.kind === "headline";
  const size = headline ? sizes.headline : sizes.body;
  const inks = runInks(block.runs, size, { item: block.kind === "item", style: headline ? "bold" : "regular" });
  const indent = layout.indent ?? 0;
  return textAtoms(layout, { inks, size, part: { tag: "P" }, align: "justify", gap: sizes.gap, where, indent });
}
