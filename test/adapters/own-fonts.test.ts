import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fontsOf } from "../../src/adapters/pdf-fonts.ts";
import { createPress } from "../../src/adapters/press.ts";
import { programMark } from "../../src/adapters/program-mark.ts";
import { readConfig } from "../../src/config.ts";
import { daily } from "../templates/editions.ts";
import { inspect } from "../templates/poppler.ts";

const folder = mkdtempSync(join(tmpdir(), "diemtin-fonts-"));
const regular = createRequire(import.meta.url).resolve("@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf");

afterAll(() => rmSync(folder, { recursive: true }));

function configured(bold: string) {
  const files = `{regular: a.ttf, bold: ${bold}, italic: a.ttf, bold_italic: a.ttf}`;
  writeFileSync(join(folder, "diemtin.yaml"), `fonts: ${files}\n`);
  return readConfig({ env: {}, cwd: folder }).fonts;
}

test("pages are set in the operator's four files, found beside the configuration, and verify can tell that they were", async () => {
  copyFileSync(regular, join(folder, "a.ttf"));
  const fonts = configured("a.ttf");
  const pdf = await createPress({ fonts: () => fontsOf(fonts) }).pdf(daily());
  const used = await inspect(pdf, "pdffonts", ["FILE"]);
  expect(used).toContain("Tinos");
  expect(used).not.toMatch(/Bold|Italic/);
  expect(await inspect(await createPress().pdf(daily()), "pdffonts", ["FILE"])).toMatch(/Bold/);
  expect(programMark(fonts)).not.toBe(programMark());
  expect(() => fontsOf(configured("b.ttf"))).toThrow(/b\.ttf.*name a readable TTF file/);
});
