import { readFileSync, statSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { type Mistake, mistakesOf, secretMistakes, valueAt } from "./config-mistakes.ts";
import { type ConfigFile, fileSchema } from "./config-schema.ts";
import { describeError } from "./domain/errors.ts";

const MAX_BYTES = 1_000_000;
/** Far above what a settings file needs; a nest as deep as this is an attack on the parser's stack. */
const MAX_DEPTH = 20;

/** What must stand in the file as soon as it names a province, and why. */
const MANDATORY: Readonly<Record<string, string>> = {
  "issuer.superior": "the first lines of the weekly bulletin's head",
  "issuer.name": "the issuing body in the weekly bulletin's head",
  "issuer.line": "the head of every digest",
  "issuer.in_text": "how running text calls the body that computed the ranks",
  "issuer.place": 'the place in "Gia Lai, ngày …"',
  "issuer.contact": "who answers questions, printed in every note",
  "mail.from.name": "the sender of every mail",
  "mail.from.address": "the sender of every mail",
};

/** A read file: its content, or everything that is wrong with it. */
export type ReadFile =
  | { readonly ok: true; readonly file: ConfigFile }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** The defaults that hold without a file. */
export function emptyFile(): ConfigFile {
  return fileSchema.parse({});
}

/** Reads and checks one file; null when there is none at that path. Every mistake at once. */
export function readConfigFile(path: string): ReadFile | null {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) return wrong(`is ${size} bytes long; the limit is ${MAX_BYTES}`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    return wrong(`cannot be read: ${describeError(error)}`);
  }
  return checkConfigText(bytes);
}

/** Checks a file's bytes: UTF-8, plain YAML of one document, then every key. */
export function checkConfigText(bytes: Uint8Array): ReadFile {
  let raw: unknown;
  try {
    raw = normalised(parseYaml(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), 0);
  } catch (error) {
    return wrong(...describeError(error).split("\n"));
  }
  const secrets = secretMistakes(raw);
  const parsed = fileSchema.safeParse(raw);
  const found = [...(parsed.success ? [] : mistakesOf(parsed.error.issues, raw)), ...missing(raw)];
  const told = secrets.map((mistake) => mistake.path);
  const mistakes = [...secrets, ...found.filter((mistake) => !told.includes(mistake.path))];
  if (parsed.success && mistakes.length === 0) return { ok: true, file: parsed.data };
  return { ok: false, mistakes };
}

function wrong(...messages: readonly string[]): ReadFile {
  return { ok: false, mistakes: messages.map((message) => ({ path: "", message })) };
}

/** YAML 1.2 without tags of its own. An alias is expanded at most a hundred times. Throws one line per mistake. */
function parseYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: "error",
    resolveKnownTags: false,
  });
  const problems = [...document.errors, ...document.warnings].map((problem) => {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    return `is not plain YAML at line ${line}, column ${col} (${problem.code.toLowerCase().replaceAll("_", " ")})`;
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return document.toJS({ maxAliasCount: 100 }) ?? {};
}

/** Text in NFC with plain spaces, keys too: people paste from word processors, and comparison must not depend on it. */
function normalised(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error(`is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === "string")
    return value
      .normalize("NFC")
      .replace(/\p{Zs}/gu, " ")
      .trim();
  if (Array.isArray(value)) return value.map((element: unknown) => normalised(element, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const pairs = Object.entries(value).map(
    ([key, inner]) => [key.normalize("NFC"), normalised(inner, depth + 1)] as const,
  );
  const keys = pairs.map(([key]) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    throw new Error(`holds the key ${JSON.stringify(twice)} twice, in two spellings of the same letters`);
  return Object.fromEntries(pairs);
}

/** Keys a named province makes mandatory; a group that is no group at all is told by the schema already. */
function missing(raw: unknown): readonly Mistake[] {
  if (valueAt(raw, ["province"]) === undefined) return [];
  return Object.entries(MANDATORY)
    .filter(([path]) => valueAt(raw, path.split(".")) === undefined && isGroup(raw, path.split(".").slice(0, -1)))
    .map(([path, use]) => ({ path, message: `is missing; a file that names a province needs it: ${use}` }));
}

function isGroup(raw: unknown, path: readonly string[]): boolean {
  const outer = path.slice(0, -1);
  if (path.length === 0) return true;
  const value = valueAt(raw, path);
  return value === undefined
    ? isGroup(raw, outer)
    : typeof value === "object" && value !== null && !Array.isArray(value);
}
