import { Resvg } from "@resvg/resvg-js";
import { layChart } from "../../templates/charts/chart.ts";
import { PLATE, SIZES } from "../../templates/charts/palette.ts";
import { sceneSvg } from "../../templates/charts/svg.ts";
import type { Chart } from "../domain/chart.ts";
import { palettePng } from "./palette-png.ts";
import { type Fonts, loadFonts } from "./pdf-fonts.ts";

/** A chart as a picture for a mail: its bytes, and the size it is to be shown at (pixels of the mail, half of its own). */
export type ChartPicture = {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What to say in its place: the figures in words. */
  readonly alt: string;
};

/** Twice the pixels a mail asks for, so that a phone shows it sharp. */
const DENSITY = 2;

/**
 * Draws charts for mail: 600 px wide, at double density, on a light plate. `trendPicture` of `src/domain/edition.ts` says which chart of an
 * edition goes into its mail; attach `png` inline (`Content-ID`), show it as `<img width="…" height="…" alt="…">`. Same chart, same bytes.
 * Only the given font files are used: resvg leaves out words it has no font for, and says nothing.
 */
export function createChartPress(fonts: Fonts = loadFonts()): (chart: Chart) => ChartPicture {
  const family = fonts.parsed.regular.familyName ?? "Tinos";
  const font = {
    fontFiles: Object.values(fonts.files),
    loadSystemFonts: false,
    defaultFontFamily: family,
    serifFamily: family,
  };
  return (chart) => {
    const scene = layChart(chart, { width: SIZES.mailWidth - 2 * PLATE.edge, size: SIZES.mail, faces: fonts.faces });
    const svg = sceneSvg(scene, { family });
    const image = new Resvg(svg, { font, fitTo: { mode: "zoom", value: DENSITY } }).render();
    const { width, height } = image;
    const png = palettePng({ width, height, rgba: image.pixels });
    return { png, width: width / DENSITY, height: height / DENSITY, alt: scene.alt };
  };
}
