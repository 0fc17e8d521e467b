import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/**
 * Holds a text against test/golden/<name>. `npm run golden` writes it instead; on CI that is refused, so that a difference
 * is always looked at by a person.
 */
export function matchesGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env["DIEMTIN_GOLDEN"] === "1") {
    if (process.env["CI"] === "true")
      throw new Error("goldens are not written on CI: run npm run golden, look, commit");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const golden = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(text, `${name} differs from test/golden: if it is right, run npm run golden and look at the difference`).toBe(
    golden,
  );
}
