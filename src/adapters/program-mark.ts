import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectFile } from "../project-files.ts";

const marks = new Map<string, string>();

/**
 * Which program draws: its version, a hash of its templates and of the dependencies it names, and Node's version, whose zlib packs the
 * PDF; and the operator's own fonts. Two programs of one mark give the same bytes for the same words.
 */
export function programMark(fonts: Readonly<Record<string, string>> | null = null): string {
  const files = fonts === null ? [] : Object.values(fonts);
  const key = files.join("\n");
  const mark = marks.get(key) ?? readMark(files);
  marks.set(key, mark);
  return mark;
}

function readMark(fonts: readonly string[]): string {
  const described = readFileSync(projectFile("package.json"));
  const { version } = JSON.parse(described.toString("utf8")) as { readonly version: string };
  const hash = createHash("sha256").update(described);
  // Beside the compiled files too: dist/src/adapters and dist/templates.
  const folder = fileURLToPath(new URL("../../templates", import.meta.url));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(readFileSync(path));
  for (const path of fonts) hash.update(readFileSync(path));
  return `diemtin ${version}+${hash.digest("hex").slice(0, 10)}, Node ${process.versions.node}`;
}
