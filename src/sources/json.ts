import { readHundredths } from "../domain/figure.ts";
import type { Answer } from "../domain/snapshot.ts";
import type { Notes, Place } from "./findings.ts";

export type JsonObject = { readonly [key: string]: unknown };

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * An answer's bytes as text, a byte order mark removed. Notes and gives undefined when there is no usable answer: a fault
 * of the network, a status other than 200 and 201 (the portal's success is 201), bytes that are not UTF-8.
 */
export function readBytes(answer: Answer, notes: Notes): string | undefined {
  if (answer.fault !== undefined) return void notes.incomplete("answer-fault", `no usable answer: ${answer.fault}`);
  if (answer.status !== null && answer.status !== 200 && answer.status !== 201) {
    return void notes.incomplete("http-status", "an HTTP status that is not success", { found: answer.status });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(answer.body);
  } catch {
    return void notes.incomplete("not-utf8", "bytes that are not UTF-8 text", { found: `${answer.body.length} bytes` });
  }
}

/** Reads an answer's bytes as JSON. Notes and gives undefined for what is no usable answer, an HTML page, broken JSON. */
export function readJson(answer: Answer, notes: Notes): unknown {
  const text = readBytes(answer, notes);
  if (text === undefined) return undefined;
  if (text.trimStart().startsWith("<"))
    return void notes.incomplete("html", "an HTML page instead of JSON", { found: text.trim().slice(0, 60) });
  try {
    return JSON.parse(text);
  } catch {
    return void notes.incomplete("not-json", "text that is not JSON", { found: text.slice(0, 60) });
  }
}

/** A non-empty text of at most 500 characters in NFC, without control characters; notes anything else and gives null. */
export function readText(value: unknown, field: string, at: { notes: Notes; place?: Place }): string | null {
  if (typeof value === "string" && value.trim() !== "" && value.length <= 500 && !/\p{Cc}|\p{Cs}/u.test(value.trim()))
    return value.normalize("NFC").trim();
  at.notes.incomplete("text-missing", `no fit text in ${field}`, { ...at.place, found: value });
  return null;
}

/**
 * The publisher's own id of a unit. It becomes part of requests and, for a unit without code, of file names: letters,
 * digits, hyphen and underscore only. Notes anything else and gives null.
 */
export function readId(value: unknown, field: string, notes: Notes): string | null {
  const text = readText(value, field, { notes });
  if (text === null || /^[0-9A-Za-z_-]{1,64}$/.test(text)) return text;
  notes.incomplete("unit-id", `a unit id in ${field} that is none`, { found: text });
  return null;
}

/** What a table says of a foreign word: undefined for anything but one of its own words. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  return typeof word === "string" && Object.hasOwn(table, word) ? table[word] : undefined;
}

/**
 * A score in hundredths of a point, the publisher's own blank (null), or undefined when it is neither: noted with its place.
 * `maximum` is in hundredths; a score outside 0 … maximum is refused.
 */
export function readScore(
  value: unknown,
  maximum: number,
  at: { notes: Notes; place: Place },
): number | null | undefined {
  if (value === null) return null;
  const place = { ...at.place, found: value };
  if (value === undefined) return void at.notes.incomplete("score-missing", "a score is missing", place);
  if (typeof value !== "number" && typeof value !== "string")
    return void at.notes.incomplete("not-a-number", "a score that is not a number", place);
  const hundredths = readHundredths(value);
  if (hundredths === null)
    return void at.notes.incomplete("not-a-number", "a score that is not a number of at most two decimals", place);
  if (hundredths < 0 || hundredths > maximum) {
    return void at.notes.incomplete("out-of-range", `a score outside 0 to ${maximum / 100}`, place);
  }
  return hundredths;
}
