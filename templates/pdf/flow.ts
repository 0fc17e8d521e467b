import type { Margins } from "../theme.ts";
import { PAGE } from "../theme.ts";
import type { Pen } from "./pen.ts";

/** Something that never splits over two pages: a line, a table row, the masthead. Heights and gaps in points. */
export type Atom = {
  readonly height: number;
  /** White space above, dropped at the top of a page. */
  readonly gap: number;
  /** Must stand on the same page as the atom after it. */
  readonly keepNext: boolean;
  /** Drawn again first when this atom opens a page (a table's header row). */
  readonly repeat?: Atom;
  /** Starts a new page; `"when-full"` only where more than half of the page is used, so that no page is left nearly blank. */
  readonly fresh?: boolean | "when-full";
  /** The same, less and less high, for a page where this one does not fit. */
  readonly lower?: readonly (() => Atom)[];
  /** Which block it comes from, for error messages. */
  readonly where: string;
  /** `again` is true for the repetition of a header. */
  readonly draw: (pen: Pen, top: number, again: boolean) => void;
};

export type PlacedAtom = { readonly page: number; readonly top: number; readonly atom: Atom; readonly again: boolean };

/** An atom that is higher than a page, named. */
export type TooHigh = { readonly where: string; readonly height: number };

/**
 * Puts atoms on pages from top to bottom. Pure: gives page and top of each, and the first atom (with those it must stay with)
 * that no page can hold.
 */
export function placeAtoms(
  atoms: readonly Atom[],
  margins: Margins,
): { readonly placed: readonly PlacedAtom[]; readonly pages: number; readonly tooHigh: TooHigh | null } {
  const bottom = PAGE.height - margins.bottom;
  const placed: PlacedAtom[] = [];
  let tooHigh: TooHigh | null = null;
  let page = 0;
  let y = margins.top;
  let index = 0;
  while (index < atoms.length) {
    const whole = chainFrom(atoms, index);
    const atTop = y === margins.top;
    const chain = lowered(whole, { room: bottom - y, atTop });
    const first = chain[0];
    if (first === undefined) break;
    const needed = chainHeight(chain, atTop);
    const isHalfUsed = y - margins.top > (bottom - margins.top) / 2;
    const opens = first.fresh === true || (first.fresh === "when-full" && isHalfUsed);
    if (!atTop && (opens || y + needed > bottom + 0.01)) {
      page += 1;
      y = margins.top;
      if (first.repeat !== undefined) {
        placed.push({ page, top: y, atom: first.repeat, again: true });
        y += first.repeat.height;
      }
    }
    const top = y;
    for (const atom of chain) {
      if (y > margins.top) y += atom.gap;
      placed.push({ page, top: y, atom, again: false });
      y += atom.height;
    }
    if (y > bottom + 0.01 && tooHigh === null) tooHigh = { where: first.where, height: y - top };
    index += chain.length;
  }
  return { placed, pages: page + 1, tooHigh };
}

/** The atoms from `index` that must stay together. */
function chainFrom(atoms: readonly Atom[], index: number): readonly Atom[] {
  let end = index;
  while (end < atoms.length - 1 && atoms[end]?.keepNext === true) end += 1;
  return atoms.slice(index, end + 1);
}

/** The chain as it fits the room left, its last atom drawn lower where that is enough; as it was where nothing is. */
function lowered(
  chain: readonly Atom[],
  { room, atTop }: { readonly room: number; readonly atTop: boolean },
): readonly Atom[] {
  const last = chain.at(-1);
  if (last?.lower === undefined || chainHeight(chain, atTop) <= room) return chain;
  for (const make of last.lower) {
    const shorter = [...chain.slice(0, -1), make()];
    if (chainHeight(shorter, atTop) <= room) return shorter;
  }
  return chain;
}

function chainHeight(chain: readonly Atom[], atTop: boolean): number {
  let height = 0;
  for (const [at, atom] of chain.entries()) height += atom.height + (at === 0 && atTop ? 0 : atom.gap);
  return height;
}
