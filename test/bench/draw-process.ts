// Draws the digests its parent sends: some of them to warm up, all of them on "go"; the parent measures from one message to the other.
import { createPress } from "../../src/adapters/press.ts";
import type { Edition } from "../../src/domain/edition.ts";

const WARM_UP = 20;

let editions: readonly Edition[] = [];
const press = createPress();

process.on("message", async (message: readonly Edition[] | "go") => {
  if (message !== "go") editions = message;
  const drawn = message === "go" ? editions : editions.slice(0, WARM_UP);
  for (const edition of drawn) await press.pdf(edition);
  process.send?.("done");
});
