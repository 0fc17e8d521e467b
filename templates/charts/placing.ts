import type { Faces } from "../faces.ts";
import type { TextMark } from "./scene.ts";
import { type Extent, extentOf } from "./words.ts";

/** Words wanted at a height; `weight` says who stays when there is no room for all. */
export type Wish = { readonly y: number; readonly weight: number };

/**
 * Heights for a column of words, each as near as may be to the wished one, none nearer than `pitch` to the next and all between `top` and
 * `bottom` (of their middles). Gives one height per wish, in the same order; null for those of least weight that find no room.
 */
export function dodged(
  wishes: readonly Wish[],
  room: { readonly top: number; readonly bottom: number; readonly pitch: number },
): readonly (number | null)[] {
  const { top, bottom, pitch } = room;
  const most = bottom < top ? 0 : Math.floor((bottom - top) / pitch + 1e-9) + 1;
  const kept = [...wishes.keys()]
    .sort((a, b) => weightOf(wishes, b) - weightOf(wishes, a) || a - b)
    .slice(0, most)
    .sort((a, b) => heightOf(wishes, a) - heightOf(wishes, b) || a - b);
  const heights: number[] = [];
  for (const index of kept) {
    const before = heights.at(-1);
    heights.push(Math.max(heightOf(wishes, index), before === undefined ? top : before + pitch));
  }
  let ceiling = bottom;
  for (let at = heights.length - 1; at >= 0; at -= 1) {
    heights[at] = Math.min(heights[at] ?? ceiling, ceiling);
    ceiling = (heights[at] ?? ceiling) - pitch;
  }
  const given: (number | null)[] = wishes.map(() => null);
  for (const [at, index] of kept.entries()) given[index] = heights[at] ?? null;
  return given;
}

function heightOf(wishes: readonly Wish[], index: number): number {
  return wishes[index]?.y ?? 0;
}

function weightOf(wishes: readonly Wish[], index: number): number {
  return wishes[index]?.weight ?? 0;
}

/** Takes words one after another and keeps those that touch neither each other nor the sides. */
export type Crowd = {
  /** The first of these places at which the words are free; null, and nothing is kept, when none is. */
  take(...places: readonly TextMark[]): TextMark | null;
  /** Words that stand whatever comes later. */
  occupy(extent: Extent): void;
};

/** A crowd within `sides`. */
export function crowd(sides: Extent, faces: Faces): Crowd {
  const taken: Extent[] = [];
  const isFree = (one: Extent) =>
    one.left >= sides.left - 0.01 &&
    one.right <= sides.right + 0.01 &&
    one.top >= sides.top - 0.01 &&
    one.bottom <= sides.bottom + 0.01 &&
    !taken.some((other) => touch(one, other));
  return {
    take: (...places) => {
      for (const place of places) {
        const extent = extentOf(place, faces);
        if (!isFree(extent)) continue;
        taken.push(extent);
        return place;
      }
      return null;
    },
    occupy: (extent) => taken.push(extent),
  };
}

/** Words of one line run together when less lies between them. */
const APART = 5;

function touch(a: Extent, b: Extent): boolean {
  return a.left < b.right + APART && b.left < a.right + APART && a.top < b.bottom && b.top < a.bottom;
}
