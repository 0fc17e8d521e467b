import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { describeError, SendError } from "../domain/errors.ts";
import type { Context } from "../pipeline/context.ts";
import { makeFolder } from "./make-folder.ts";

/** Faults of a disk that someone may clear while the program waits. */
const MAY_PASS = new Set(["ENOSPC", "EDQUOT", "EBUSY", "EAGAIN", "EMFILE", "ENFILE", "EIO", "ETIMEDOUT", "ESTALE"]);

/**
 * The output directory. `write` takes a path relative to it and leaves a file alone, its time too, whose bytes are already
 * these; otherwise readers see the old file or the new one, never half of it. Throws SendError with the path.
 */
export function createOutput(directory: string): Context["out"] {
  const root = resolve(directory);
  return {
    directory: root,
    async write(path, bytes) {
      const target = resolve(root, path);
      if (path.includes("\0") || isAbsolute(path) || !isBelow(root, target)) throw outside(path, root);
      const content = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
      try {
        makeFolder(dirname(target));
        const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(dirname(target))]);
        if (realFolder !== realRoot && !isBelow(realRoot, realFolder)) throw outside(path, root);
        if (await holds(target, content)) return;
        await replace(target, content);
      } catch (error) {
        if (error instanceof SendError) throw error;
        const mayPass = error instanceof Error && "code" in error && MAY_PASS.has(String(error.code));
        throw new SendError(`cannot write ${target}: ${describeError(error)}`, { mayPass, cause: error });
      }
    },
  };
}

function isBelow(root: string, target: string): boolean {
  const way = relative(root, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(path: string, root: string): SendError {
  const found = JSON.stringify(path.slice(0, 200));
  return new SendError(`${found} does not stay below the output directory ${root}; nothing was written`, {
    mayPass: false,
  });
}

async function holds(target: string, content: Uint8Array): Promise<boolean> {
  try {
    return (await readFile(target)).equals(content);
  } catch (error) {
    // A folder in the file's place is told by the renaming, which tries to replace it.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR")) return false;
    throw error;
  }
}

/** A temporary file in the same folder, flushed, then renamed: atomic on one file system, also after a power cut. */
async function replace(target: string, content: Uint8Array, mode = 0o666): Promise<void> {
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes a file with personal data, whole and readable by its owner alone. Throws SendError with the path. */
export async function writeSecret(path: string, content: Uint8Array | string): Promise<void> {
  const target = resolve(path);
  try {
    makeFolder(dirname(target));
    await replace(target, typeof content === "string" ? Buffer.from(content, "utf8") : content, 0o600);
  } catch (error) {
    throw new SendError(`cannot write ${target}: ${describeError(error)}`, { mayPass: false, cause: error });
  }
}
