import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project's own package.json: the same from src/ and from dist/src/. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (isProject(join(folder, "package.json"))) return folder;
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(
        `no package.json named "diemtin" above ${fileURLToPath(import.meta.url)}: install the package whole`,
      );
    }
    folder = parent;
  }
}

/** The path of a file the project ships, for example `projectFile("migrations")`. */
export function projectFile(...parts: readonly string[]): string {
  return join(projectRoot(), ...parts);
}

/** The program's version, as its package says. */
export function programVersion(): string {
  const read: unknown = JSON.parse(readFileSync(projectFile("package.json"), "utf8"));
  return typeof read === "object" && read !== null && "version" in read ? String(read.version) : "0";
}

function isProject(path: string): boolean {
  if (!existsSync(path)) return false;
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  return typeof read === "object" && read !== null && "name" in read && read.name === "diemtin";
}
