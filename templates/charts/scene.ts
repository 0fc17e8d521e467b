import type { Faces, Style } from "../faces.ts";

/**
 * A chart laid out: a few kinds of marks with their places, in points (or pixels) from the upper left corner. Paper, web and mail draw
 * the same scene, so that they show the same picture.
 */
export type Scene = {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** What it shows, and the same figures in words. */
  readonly title: string;
  readonly alt: string;
};

export type Mark = PathMark | RectMark | CircleMark | TextMark;

/** A stroked path in SVG's own words; `dash` are the lengths of stroke and gap. */
export type PathMark = {
  readonly kind: "path";
  readonly d: string;
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly [number, number];
};

export type RectMark = {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
};

export type CircleMark = {
  readonly kind: "circle";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly fill: string;
  readonly colour: string;
};

/** Words on one base line; `x` is their left end, middle or right end. */
export type TextMark = {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: Style;
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
};

/** What a scene is laid out for: how wide, in which size of words, measured with which faces. */
export type Frame = {
  readonly width: number;
  /** Height of the drawing against its usual one, 0.7 … 1, for a page with a little less room; words keep their size. */
  readonly squeeze?: number;
  readonly size: number;
  readonly faces: Faces;
};

/** A straight line from one point to another. */
export function stroke(
  from: readonly [number, number],
  to: readonly [number, number],
  look: Pick<PathMark, "colour" | "width" | "dash">,
): PathMark {
  const at = ([x, y]: readonly [number, number]) => `${round(x)},${round(y)}`;
  return { kind: "path", d: `M${at(from)}L${at(to)}`, ...look };
}

/** Three decimals are finer than any printer; more would only differ between machines. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
