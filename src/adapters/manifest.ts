import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { describeError, UsageError } from "../domain/errors.ts";
import { parsePeriod, periodKey } from "../domain/period.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { isScope } from "../domain/unit.ts";
import { SOURCES } from "../sources/index.ts";

const MAX_MANIFEST_BYTES = 5_000_000;
const MAX_ANSWER_BYTES = 50_000_000;

const answer = z.strictObject({ endpoint: z.string().min(1), file: z.string().min(1) });
const snapshot = z.strictObject({
  source: z.string(),
  period: z.string(),
  scope: z.string(),
  takenAt: z.iso.datetime({ offset: true, message: 'not an instant with a zone, such as "2026-10-09T07:00:00Z"' }),
  answers: z.array(answer).min(1, "a snapshot needs at least one answer").max(20),
});
const manifest = z.strictObject({ snapshots: z.array(snapshot).min(1, "no snapshots").max(5000) });
type Entry = z.infer<typeof snapshot>;

/**
 * Reads an import manifest and the answer files it names (absolute, or relative to the manifest).
 * Gives snapshots in the manifest's order. Throws one UsageError with every mistake; nothing is imported then.
 */
export async function readManifest(path: string): Promise<readonly Snapshot[]> {
  const parsed = manifest.safeParse(await readJsonFile(path));
  if (!parsed.success) {
    throw new UsageError(
      parsed.error.issues.map((issue) => `${path}: ${issue.path.join(".") || "top level"}: ${issue.message}`),
    );
  }
  const mistakes: string[] = [];
  const snapshots: Snapshot[] = [];
  const keys = new Set<string>();
  for (const [index, entry] of parsed.data.snapshots.entries()) {
    const at = `${path}: snapshots.${index}`;
    const key = [entry.source, entry.scope, entry.period, new Date(entry.takenAt).toISOString()].join(" ");
    if (keys.has(key)) mistakes.push(`${at}: the same source, scope, period and moment stands twice`);
    keys.add(key);
    snapshots.push(...(await readEntry(entry, { at, directory: dirname(resolve(path)), mistakes })));
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return snapshots;
}

type Place = { readonly at: string; readonly directory: string; readonly mistakes: string[] };

async function readEntry(entry: Entry, { at, directory, mistakes }: Place): Promise<Snapshot[]> {
  const source = SOURCES.find(({ name }) => name === entry.source);
  const period = parsePeriod(entry.period);
  if (source === undefined)
    mistakes.push(`${at}.source: no source "${entry.source}"; there are ${SOURCES.map(({ name }) => name).join(", ")}`);
  if (period === null)
    mistakes.push(`${at}.period: "${entry.period}" is no period; write 2026, 2026-H1, 2026-Q3 or 2026-10`);
  else if (source !== undefined && !source.periods.includes(period.kind))
    mistakes.push(`${at}.period: ${source.name} has no period like ${periodKey(period)}`);
  if (!isScope(entry.scope))
    mistakes.push(`${at}.scope: "${entry.scope}" is no scope; write provinces or a province's code such as H21`);
  const takenAt = new Date(entry.takenAt);
  const answers = [];
  const endpoints = new Set<string>();
  for (const [index, { endpoint, file }] of entry.answers.entries()) {
    const place = `${at}.answers.${index}`;
    if (source !== undefined && !source.endpoints.includes(endpoint))
      mistakes.push(
        `${place}.endpoint: ${source.name} has no endpoint "${endpoint}"; it has ${source.endpoints.join(", ")}`,
      );
    if (endpoints.has(endpoint)) mistakes.push(`${place}.endpoint: "${endpoint}" stands twice`);
    endpoints.add(endpoint);
    const body = await readAnswerFile(resolve(directory, file), `${place}.file`, mistakes);
    if (body !== null) answers.push({ endpoint, request: null, status: null, headers: {}, body, receivedAt: takenAt });
  }
  return source === undefined || period === null
    ? []
    : [{ source: source.name, scope: entry.scope, period, takenAt, answers }];
}

async function readAnswerFile(path: string, place: string, mistakes: string[]): Promise<Uint8Array | null> {
  try {
    const { size } = await sizeOf(path);
    if (size > MAX_ANSWER_BYTES) mistakes.push(`${place}: ${path} has ${size} bytes, more than ${MAX_ANSWER_BYTES}`);
    else return new Uint8Array(await readFile(path));
  } catch (error) {
    mistakes.push(`${place}: cannot be read: ${describeError(error)}`);
  }
  return null;
}

/** A pipe or a device would be read for ever. */
async function sizeOf(path: string): Promise<{ readonly size: number }> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path} is no file`);
  return found;
}

async function readJsonFile(path: string): Promise<unknown> {
  try {
    const { size } = await sizeOf(path);
    if (size > MAX_MANIFEST_BYTES) throw new UsageError(`${path}: ${size} bytes, more than ${MAX_MANIFEST_BYTES}`);
    return JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`${path}: cannot be read as a manifest: ${describeError(error)}`);
  }
}
