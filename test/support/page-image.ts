import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { expect } from "vitest";
import { inspectBytes } from "../templates/poppler.ts";

/** Of all pixels so many may differ: another version of the drawing program smooths letters otherwise. */
const TOLERATED = 0.005;
/** Dots per inch: enough to see a mark move, small enough to keep beside the code. */
const RESOLUTION = "50";

/**
 * Holds the picture of one page against test/golden/pages/<name>.png. `npm run golden` writes it instead, never on CI: a person looks
 * at it first.
 */
export async function matchesPage(name: string, pdf: Uint8Array, page: number): Promise<void> {
  const pages = ["-f", String(page), "-l", String(page)];
  const bytes = await inspectBytes(pdf, "pdftoppm", ["-r", RESOLUTION, "-gray", "-png", ...pages, "FILE"]);
  const path = fileURLToPath(new URL(`../golden/pages/${name}.png`, import.meta.url));
  if (process.env["DIEMTIN_GOLDEN"] === "1") {
    if (process.env["CI"] === "true")
      throw new Error("goldens are not written on CI: run npm run golden, look, commit");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, PNG.sync.write(PNG.sync.read(bytes), { colorType: 0, deflateLevel: 9 }));
  }
  expect(existsSync(path), `${path} is missing: run npm run golden and look at it`).toBe(true);
  const share = differingShare(PNG.sync.read(bytes), PNG.sync.read(readFileSync(path)));
  expect(share, `page ${name} looks otherwise: if it is right, run npm run golden and look at it`).toBeLessThan(
    TOLERATED,
  );
}

/** The share of pixels that differ by more than smoothing; 1 where the sizes do. */
export function differingShare(one: PNG, other: PNG): number {
  const { width, height } = one;
  if (width !== other.width || height !== other.height) return 1;
  return pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0.25 }) / (width * height);
}
