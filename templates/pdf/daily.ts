import { type Edition, editionKey } from "../../src/domain/edition.ts";
import { SendError } from "../../src/domain/errors.ts";
import type { Faces } from "../faces.ts";
import { DIGEST_MARGINS, DIGEST_STEPS, PAGE } from "../theme.ts";
import { blockAtoms } from "./blocks.ts";
import { type PlacedAtom, placeAtoms } from "./flow.ts";
import { mastheadAtoms } from "./masthead.ts";

const COLUMN = { x: DIGEST_MARGINS.left, width: PAGE.width - DIGEST_MARGINS.left - DIGEST_MARGINS.right };

/**
 * Lays a digest out on one page: at the normal size, or at the first smaller step at which everything fits.
 * Throws a SendError naming the edition and the first block beyond the page when even the smallest does not fit: a digest
 * never has a second page and is never cut.
 */
export function layDigest(edition: Edition, faces: Faces): readonly PlacedAtom[] {
  let overflow = "";
  for (const sizes of DIGEST_STEPS) {
    const layout = { faces, sizes, column: COLUMN };
    const { masthead, blocks } = edition.content;
    const atoms = [...mastheadAtoms(layout, masthead), ...blockAtoms(layout, blocks)].map((atom) => ({
      ...atom,
      fresh: false,
    }));
    const { placed, pages, tooHigh } = placeAtoms(atoms, DIGEST_MARGINS);
    if (pages === 1 && tooHigh === null) return placed;
    overflow = placed.find((one) => one.page > 0)?.atom.where ?? tooHigh?.where ?? "";
  }
  throw new SendError(
    `edition ${editionKey(edition)}: the digest does not fit one page even at ${DIGEST_STEPS.at(-1)?.body ?? 9} pt; ${overflow} is beyond its foot; print fewer lines or a shorter ranking`,
    { mayPass: false },
  );
}
