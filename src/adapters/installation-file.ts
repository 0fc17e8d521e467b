import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeError, UsageError } from "../domain/errors.ts";
import { makeFolder } from "./make-folder.ts";

const FILE = "installation";
/** Much longer than an id: whatever stands there, no more of it is shown. */
const MOST_LETTERS = 100;

/** Where a home directory says which installation it belongs to. */
export function installationFile(home: string): string {
  return join(home, FILE);
}

/** The id in the file, as found there; null without a file. Throws UsageError when it cannot be read. */
export async function readInstallationFile(home: string): Promise<string | null> {
  return read(installationFile(home));
}

/**
 * Announces an id this home is about to give to a database. Only if the process dies between the two, `finishAnnouncement` finds it.
 * A file of another installation stays: this home has then sent from another database, and a person has to look.
 */
export async function announceInstallation(home: string, id: string): Promise<void> {
  await replace(home, `${FILE}.new`, id);
}

/** Makes the announced id the home's own when the database has it now, and there is no file yet. */
export async function finishAnnouncement(home: string, id: string): Promise<void> {
  const announced = join(home, `${FILE}.new`);
  if ((await read(announced)) !== id) return;
  if ((await readInstallationFile(home)) !== null) return rm(announced, { force: true });
  try {
    await rename(announced, installationFile(home));
  } catch (error) {
    // Another process of this home has done it.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** Writes the id, whole or not at all. Throws UsageError naming the folder. */
export async function writeInstallationFile(home: string, id: string): Promise<void> {
  await replace(home, FILE, id);
}

async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim().slice(0, MOST_LETTERS);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new UsageError(
      `the installation's file ${path} cannot be read: ${describeError(error)}; mend it or remove it`,
    );
  }
}

async function replace(home: string, name: string, id: string): Promise<void> {
  const temporary = join(home, `.${name}.${randomUUID()}.tmp`);
  try {
    makeFolder(home);
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(`${id}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(home, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UsageError(
      `the installation's file cannot be written into ${home}: ${describeError(error)}; set DIEMTIN_HOME to a folder this user may write and that stays`,
    );
  }
}
