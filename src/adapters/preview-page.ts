import { Eta } from "eta";
import { PREVIEW_MARKUP, previewView } from "../../templates/pages/preview.ts";
import type { PreviewState } from "../domain/preview.ts";

/** The page that leads to every unit's edition of a day before it goes out. */
export function previewPage(state: PreviewState): string {
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  return eta.compile(PREVIEW_MARKUP).call(eta, previewView(state));
}
