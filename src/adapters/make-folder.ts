import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing; does nothing when it is there. Node's own recursive mkdir asks for ever where
 * a folder that exists answers "no such file" to whoever makes something in it, as /proc does and a share that has gone away may.
 * @throws the system's error (EACCES, ENOENT, ENOTDIR, EROFS …) with the path.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" && dirname(path) !== path) {
      makeFolder(dirname(path), mode);
      makeLast(path, mode);
      return;
    }
    // The system may say EACCES or EROFS of a folder that is there.
    if (!isFolder(path)) throw error;
  }
}

/** Another process may have been quicker. */
function makeLast(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
