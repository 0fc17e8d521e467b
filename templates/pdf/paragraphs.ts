import type { Run } from "../../src/domain/edition.ts";
import { bind, bindItem, unbind } from "../bind.ts";
import type { Faces, Style } from "../faces.ts";
import { COLOURS, type Sizes } from "../theme.ts";
import type { Atom } from "./flow.ts";
import { breakLines, type Ink, type Line, wordsOf } from "./lines.ts";
import {
  type Align,
  artifact,
  type Box,
  drawLine,
  elementOf,
  lineHeight,
  type Part,
  strokeLine,
  tagged,
} from "./pen.ts";

/** Where and how text blocks are laid out. */
export type Layout = {
  readonly faces: Faces;
  readonly sizes: Sizes;
  readonly column: Box;
  /** First lines of paragraphs and headings begin this far in, points. */
  readonly indent?: number;
  /** An official paper has no colours. */
  readonly black?: boolean;
};

/** Space between the frame of a box and its words, points. */
const BOX_PADDING = { side: 6, end: 3 } as const;

type Text = {
  readonly inks: readonly Ink[];
  readonly size: number;
  readonly part: Part;
  readonly align: Align;
  readonly gap: number;
  readonly where: string;
  readonly keepNext?: boolean;
  readonly column?: Box;
  readonly indent?: number;
};

/** The inks of a paragraph's runs: strong ones bold. A marker at its start keeps with the first word when `item`. */
export function runInks(runs: readonly Run[], size: number, options: { item?: boolean; style?: Style } = {}): Ink[] {
  return runs.map((run, index) => ({
    text: options.item === true && index === 0 ? bindItem(run.text) : bind(run.text),
    style: run.strong === true ? "bold" : run.slanted === true ? "italic" : (options.style ?? "regular"),
    size,
  }));
}

/**
 * One atom per line. The first two lines stay together, and so do the last two: no single line of a paragraph is left alone
 * at the foot or the head of a page.
 */
export function textAtoms(layout: Layout, text: Text): Atom[] {
  const column = text.column ?? layout.column;
  const { indent = 0 } = text;
  const widths = { first: column.width - indent, rest: column.width };
  const lines = breakLines(wordsOf(text.inks, layout.faces), widths, layout.faces);
  const height = lineHeight(text.size, layout.sizes.leading);
  return lines.map((line, index) => ({
    height,
    gap: index === 0 ? text.gap : 0,
    keepNext:
      (index < lines.length - 1 && (index === 0 || index === lines.length - 2)) ||
      (index === lines.length - 1 && text.keepNext === true),
    where: text.where,
    draw: (pen, top) => {
      const element = elementOf(pen, text.part);
      const box = index === 0 ? { x: column.x + indent, width: widths.first } : column;
      tagged(pen, element, text.part.tag, () => drawLine(pen, line, { ...box, top, height, align: text.align }));
    },
  }));
}

/** A heading: bold, left, never alone at the foot of a page, and a bookmark. */
export function headingAtoms(layout: Layout, text: string, where: string): Atom[] {
  const size = layout.sizes.heading;
  const atoms = textAtoms(layout, {
    inks: [{ text: bindItem(text), style: "bold", size }],
    size,
    part: { tag: "H2" },
    align: "left",
    gap: layout.sizes.wideGap,
    where,
    keepNext: true,
    indent: layout.indent ?? 0,
  });
  return bookmarked(atoms, text);
}

/** The atoms of a heading, never parted from what follows, with a bookmark at the first. */
export function bookmarked(atoms: readonly Atom[], text: string): Atom[] {
  const [first, ...rest] = atoms.map((atom) => ({ ...atom, keepNext: true }));
  if (first === undefined) return [];
  const marked: Atom = {
    ...first,
    draw: (pen, top, again) => {
      const options: { expanded: boolean; top: number } = { expanded: true, top };
      pen.doc.outline.addItem(unbind(text), options);
      first.draw(pen, top, again);
    },
  };
  return [marked, ...rest];
}

/** A framed group of items; the frame is drawn line by line, so that a long box may go on over a page. */
export function boxAtoms(layout: Layout, items: readonly (readonly Run[])[], where: string): Atom[] {
  const { column, sizes } = layout;
  const inner: Box = { x: column.x + BOX_PADDING.side, width: column.width - 2 * BOX_PADDING.side };
  const atoms = items.flatMap((runs, index) =>
    textAtoms(layout, {
      inks: runInks(runs, sizes.body, { item: true }),
      size: sizes.body,
      part: { tag: "P" },
      align: "justify",
      gap: index === 0 ? 0 : sizes.gap,
      where: `${where}, item ${index + 1}`,
      column: inner,
    }),
  );
  return atoms.map((atom, index) => {
    const first = index === 0;
    const last = index === atoms.length - 1;
    // Gaps inside the box become part of the line's height: the frame's sides must not have holes.
    const above = first ? BOX_PADDING.end : atom.gap;
    const height = atom.height + above + (last ? BOX_PADDING.end : 0);
    return {
      ...atom,
      height,
      gap: first ? sizes.wideGap : 0,
      draw: (pen, top, again) => {
        artifact(pen, "Layout", () => {
          const [left, right, foot] = [column.x, column.x + column.width, top + height];
          strokeLine(pen, { from: [left, top], to: [left, foot], width: 0.75 });
          strokeLine(pen, { from: [right, top], to: [right, foot], width: 0.75 });
          if (first) strokeLine(pen, { from: [left, top], to: [right, top], width: 0.75 });
          if (last) strokeLine(pen, { from: [left, foot], to: [right, foot], width: 0.75 });
        });
        atom.draw(pen, top + above, again);
      },
    };
  });
}

/** "▲ +0,04" and "▼ −12,01": the mark takes the accent colour, the figure stays black. */
export function markedInks(text: string, style: Style, size: number): Ink[] {
  const mark = text[0];
  if (mark !== "▲" && mark !== "▼") return [{ text, style, size }];
  return [
    { text: mark, style, size, colour: mark === "▲" ? COLOURS.up : COLOURS.down },
    { text: text.slice(1), style, size },
  ];
}

/** Lines of one cell or one centred title. */
export function linesOf(inks: readonly Ink[], width: number, faces: Faces): Line[] {
  return breakLines(wordsOf(inks, faces), width, faces);
}
