import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { lstat, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, constants as zlib } from "node:zlib";
import { z } from "zod";
import { describeError, SendError, UsageError } from "../domain/errors.ts";
import { makeFolder } from "./make-folder.ts";

const MANIFEST = "manifest.json";
const MOST_MANIFEST_BYTES = 1_000_000;
const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const manifestSchema = z.strictObject({
  format: z.literal("diemtin-backup/1"),
  product: z.string().max(100),
  at: z.iso.datetime(),
  installation: z.uuid(),
  migrations: z.array(z.string().max(200)).min(1),
  tables: z
    .array(
      z.strictObject({
        table: name,
        columns: z.array(name).min(1),
        rows: z.int().min(0),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
});

/** What a backup holds: who made it, when, with which tables; rows, bytes and sha256 of every file. Its tables are in loading order. */
export type Manifest = z.output<typeof manifestSchema>;
export type BackedTable = Manifest["tables"][number];

/** The file of a table, in COPY's text format, compressed. */
export function tableFile(table: string): string {
  return `${table}.copy.gz`;
}

/**
 * Makes a folder with everything `fill` writes into it, under another name until it is whole. Only its owner may read it: addresses
 * stand in it. Throws UsageError when there is something at the place already, SendError when the disk refuses.
 */
export async function writeBackup(directory: string, fill: (folder: string) => Promise<Manifest>): Promise<Manifest> {
  await refuseOccupied(directory);
  const folder = join(dirname(directory), `.${basename(directory)}.${randomUUID().slice(0, 8)}.unfinished`);
  try {
    makeFolder(folder, 0o700);
    const manifest = await fill(folder);
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
    await flushFolder(folder);
    await rename(folder, directory);
    await flushFolder(dirname(directory));
    return manifest;
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch((second: unknown) => {
      throw new SendError(`${describeError(error)}; the unfinished ${folder} stays: ${describeError(second)}`, {
        mayPass: true,
        cause: error,
      });
    });
    throw diskError(error, directory);
  }
}

async function refuseOccupied(directory: string): Promise<void> {
  const found = await lstat(directory).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw diskError(error, directory);
  });
  if (found === null) return;
  if (!found.isDirectory()) throw new UsageError(`${directory} is no folder; name a new one for the backup`);
  const inside = await readdir(directory);
  if (inside.length > 0)
    throw new UsageError(
      `${directory} is not empty (${inside.length} entries): a backup never replaces anything; name a new folder`,
    );
}

/** Writes one table's rows as they stream in; nothing is held in memory. */
export async function writeTable(
  folder: string,
  table: string,
  rows: Readable,
): Promise<{ bytes: number; sha256: string }> {
  const sum = createHash("sha256");
  let bytes = 0;
  const summing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(join(folder, tableFile(table)), { flags: "wx", mode: 0o600, flush: true });
  await pipeline(rows, createGzip({ level: zlib.Z_BEST_SPEED }), summing, file);
  return { bytes, sha256: sum.digest("hex") };
}

/** Reads a backup's manifest and the sha256 of every file it names. Throws UsageError with every mistake found, before anything else. */
export async function readBackup(directory: string): Promise<Manifest> {
  const manifest = await readManifest(join(directory, MANIFEST));
  const mistakes: string[] = [];
  for (const { table, bytes, sha256 } of manifest.tables) {
    const path = join(directory, tableFile(table));
    const found = await sumOf(path);
    if (typeof found === "string") mistakes.push(`${path} cannot be read: ${found}`);
    else if (found.bytes !== bytes || found.sha256 !== sha256)
      mistakes.push(
        `${path} is not what was backed up: ${found.bytes} bytes, sha256 ${found.sha256}; the manifest says ${bytes} bytes, sha256 ${sha256}`,
      );
  }
  if (mistakes.length > 0) throw new UsageError([...mistakes, "nothing was restored: take another backup"]);
  return manifest;
}

async function readManifest(path: string): Promise<Manifest> {
  let raw: unknown;
  try {
    const { size } = await lstat(path);
    if (size > MOST_MANIFEST_BYTES) throw new Error(`it has ${size} bytes, more than any manifest`);
    raw = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read as a backup's manifest: ${describeError(error)}; name a folder made by "diemtin backup"`,
    );
  }
  const parsed = manifestSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${path} is no backup's manifest: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

async function sumOf(path: string): Promise<{ bytes: number; sha256: string } | string> {
  const sum = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      const part: Buffer = chunk;
      sum.update(part);
      bytes += part.length;
    }
  } catch (error) {
    return describeError(error);
  }
  return { bytes, sha256: sum.digest("hex") };
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function diskError(error: unknown, directory: string): unknown {
  const code = codeOf(error);
  if (error instanceof SendError || !/^E[A-Z]+$/.test(code) || code.startsWith("ECONN")) return error;
  const todo =
    code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG"
      ? "free space there, or name a folder on another disk"
      : "name a folder that this user may make, below one that exists and is writable";
  return new SendError(
    `the backup ${directory} was not made: ${describeError(error)}; ${todo}. Nothing of it is left`,
    { mayPass: true, cause: error },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
