import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeError, UsageError } from "../domain/errors.ts";
import { MOST_MAIL_BYTES } from "./bounce-mail.ts";

/** One mail of a file or folder: where it stands, and its bytes. */
export type StoredMail = { readonly name: string; readonly raw: Uint8Array };

const MOST_FILE_BYTES = 200 * 1024 * 1024;

/**
 * The mails of a file (one mail, or an mbox) or of the files in a folder and its `cur` and `new` (a Maildir), in the order of names.
 * Files whose names begin with a dot are left out. Throws UsageError for what cannot be read.
 */
export async function* storedMails(path: string): AsyncGenerator<StoredMail> {
  for (const file of await filesAt(path)) {
    const bytes = await read(file);
    if (!bytes.subarray(0, 5).equals(Buffer.from("From "))) {
      yield { name: file, raw: bytes };
      continue;
    }
    let number = 0;
    for (const raw of mailsOfMbox(bytes)) yield { name: `${file}#${++number}`, raw };
  }
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const folders = [path, join(path, "new"), join(path, "cur")];
    const files: string[] = [];
    for (const folder of folders) {
      const entries = folder === path || (await isFolder(folder)) ? await readdir(folder, { withFileTypes: true }) : [];
      const own = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
      files.push(...own.map(({ name }) => join(folder, name)).sort());
    }
    return files;
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${describeError(error)}`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function read(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MOST_FILE_BYTES) throw new Error(`it has ${size} bytes; at most ${MOST_FILE_BYTES} (200 MB) are read`);
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${describeError(error)}`);
  }
}

/** A line that begins with "From " begins a mail: writers of an mbox put a ">" before such a line of a body. */
function* mailsOfMbox(bytes: Buffer): Generator<Uint8Array> {
  let from = bytes.indexOf("\n") + 1;
  while (from > 0 && from < bytes.length) {
    const next = bytes.indexOf("\nFrom ", from - 1);
    const to = next === -1 ? bytes.length : next + 1;
    // One byte more than allowed is enough to be told as too large.
    yield bytes.subarray(from, Math.min(to, from + MOST_MAIL_BYTES + 1));
    if (next === -1) return;
    from = bytes.indexOf("\n", next + 1) + 1;
  }
}
