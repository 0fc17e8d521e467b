import { describe, expect, test } from "vitest";
import { type Atom, placeAtoms } from "../../templates/pdf/flow.ts";
import { PAGE } from "../../templates/theme.ts";

const MARGINS = { top: 0, right: 0, bottom: 0, left: 0 };
const atom = (where: string, height: number, more: Partial<Atom> = {}): Atom => ({
  ...{ where, height, gap: 0, keepNext: false, draw: () => undefined },
  ...more,
});
const pagesOf = (atoms: readonly Atom[]) =>
  placeAtoms(atoms, MARGINS).placed.map((one) => `${one.page + 1} ${one.atom.where} ${one.atom.height}`);

describe("a chart at the foot of a page", () => {
  const chart = atom("chart", 300, { lower: [270, 240].map((height) => () => atom("chart", height)) });

  test("is drawn lower where that keeps it on its page", () => {
    const text = atom("text", PAGE.height - 250);
    expect(pagesOf([text, chart])).toEqual([`1 text ${PAGE.height - 250}`, "1 chart 240"]);
  });

  test("goes to the next page at its own height where even the lowest does not fit", () => {
    const text = atom("text", PAGE.height - 200);
    expect(pagesOf([text, chart])).toEqual([`1 text ${PAGE.height - 200}`, "2 chart 300"]);
  });
});
