import { pino } from "pino";
import type { Context } from "../pipeline/context.ts";

/** What may go into a log line besides text. */
type Loggable =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Loggable[]
  | { readonly [key: string]: Loggable };

const HIDDEN = "[hidden]";
const MAX_DEPTH = 6;
const MAX_TEXT = 4000;
const SECRET_KEY = /pass(?:word|wd|phrase)?$|secret|token|authorization|cookie|^(?:e-?mail|address|to|from|cc|bcc)$/i;
/** The account of a URL up to its last @, since a password pasted unescaped may hold one. */
const URL_ACCOUNT = /([a-z][a-z0-9+.-]*:\/\/)\S*@/gi;
const QUERY_SECRET = /([?&;](?:password|pass|token|secret|api_?key)=)[^&;\s]*/gi;
const MAIL_ADDRESS = /[^\s<>()[\]"',;:@]+@[^\s<>()[\]"',;:@]+/gu;

/**
 * The log: one JSON line per event, on stderr unless another sink is given. Lines with an `error` among their facts have the
 * level error, with a `warning` the level warn, all others info. Facts stand under their own key and cannot shadow the line's.
 * Mail addresses, accounts in URLs and facts named like a secret are hidden wherever they stand.
 */
export function createLog(options: {
  readonly level: "silent" | "error" | "warn" | "info" | "debug";
  readonly write?: (line: string) => void;
}): Context["log"] {
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => void write(line) },
  );
  return (event, facts = {}) => {
    const level = "error" in facts ? "error" : "warning" in facts ? "warn" : "info";
    logger[level]({ event: redact(event), facts: redacted(facts, 0) });
  };
}

/** Text without mail addresses and without accounts in URLs. */
export function redact(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  return short
    .replace(URL_ACCOUNT, `$1${HIDDEN}@`)
    .replace(QUERY_SECRET, `$1${HIDDEN}`)
    .replace(MAIL_ADDRESS, "[address]");
}

function redacted(value: unknown, depth: number): Loggable {
  if (typeof value === "string") return redact(value);
  if (typeof value === "bigint") return String(value);
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return value;
  if (depth >= MAX_DEPTH) return "[deeper]";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return redacted([...value], depth);
  if (Array.isArray(value)) return value.map((element: unknown) => redacted(element, depth + 1));
  if (value instanceof Error) return redactedError(value, depth);
  if (typeof value !== "object") return `[${typeof value}]`;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      redact(key),
      SECRET_KEY.test(key) ? HIDDEN : redacted(inner, depth + 1),
    ]),
  );
}

function redactedError(error: Error, depth: number): Loggable {
  return {
    name: error.name,
    message: redact(error.message),
    stack: redact(error.stack ?? ""),
    ...(error.cause === undefined ? {} : { cause: redacted(error.cause, depth + 1) }),
  };
}
