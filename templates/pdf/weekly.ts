import { type Edition, editionKey } from "../../src/domain/edition.ts";
import { SendError } from "../../src/domain/errors.ts";
import type { Faces } from "../faces.ts";
import { PAGE, WEEKLY_MARGINS, WEEKLY_SIZES } from "../theme.ts";
import { blockAtoms } from "./blocks.ts";
import { type PlacedAtom, placeAtoms } from "./flow.ts";
import { mastheadAtoms } from "./masthead.ts";

const COLUMN = { x: WEEKLY_MARGINS.left, width: PAGE.width - WEEKLY_MARGINS.left - WEEKLY_MARGINS.right };

/**
 * Lays a weekly bulletin out on as many pages as it takes. Throws a SendError naming the edition and the block when one row
 * or one group of lines that must stay together is higher than a page.
 */
export function layWeekly(edition: Edition, faces: Faces): readonly PlacedAtom[] {
  const layout = { faces, sizes: WEEKLY_SIZES, column: COLUMN };
  const { masthead, blocks } = edition.content;
  const atoms = [...mastheadAtoms(layout, masthead), ...blockAtoms(layout, blocks)];
  const { placed, tooHigh } = placeAtoms(atoms, WEEKLY_MARGINS);
  if (tooHigh === null) return placed;
  throw new SendError(
    `edition ${editionKey(edition)}: ${tooHigh.where} is ${Math.round(tooHigh.height)} pt high and does not fit one page; shorten its text`,
    { mayPass: false },
  );
}
