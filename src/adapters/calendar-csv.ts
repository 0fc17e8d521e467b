import { readFile, stat } from "node:fs/promises";
import { type Day, isDay } from "../domain/calendar.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import { type CalendarDay, DAY_KINDS } from "../domain/working-calendar.ts";
import { recipientRows } from "./recipients-csv.ts";

const HEADER = ["date", "kind", "source", "name"] as const;
const MOST_BYTES = 1_000_000;
const MOST_LETTERS = 200;
const MOST_MISTAKES = 100;

/**
 * Reads a calendar of days: a CSV file with the header `date,kind,source` and, if wanted, a fourth column `name`. Text comes out
 * in NFC. Throws UsageError with every mistake and its line; nothing may be imported then.
 */
export async function readCalendarFile(path: string): Promise<readonly CalendarDay[]> {
  const [header, ...rows] = recipientRows(await bytesOf(path));
  const titles = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const expected = HEADER.slice(0, titles.length === 3 ? 3 : 4);
  if (titles.join() !== expected.join())
    throw new UsageError(`${path}: line 1: the header must be date,kind,source or date,kind,source,name`);
  const mistakes = rows.length === 0 ? ["the file has a header and no day"] : [];
  const lineOf = new Map<Day, number>();
  const days = rows.map(({ line, cells }): CalendarDay => {
    const wrong = (what: string) => void mistakes.push(`line ${line}: ${what}`);
    if (cells.length !== titles.length)
      wrong(`${cells.length} columns instead of ${titles.length}; put a text with a comma in double quotes`);
    const [day = "", kind = "", source = "", name = ""] = cells.map((cell) => cell.normalize("NFC").trim());
    if (!isDay(day)) wrong(`date ${shown(day)} is no day; write YYYY-MM-DD`);
    else if (lineOf.has(day)) wrong(`date ${day} stands on line ${lineOf.get(day)} already`);
    lineOf.set(day, lineOf.get(day) ?? line);
    const known = DAY_KINDS.find((each) => each === kind);
    if (known === undefined) wrong(`kind ${shown(kind)} is none of ${DAY_KINDS.join(", ")}`);
    if (source === "") wrong("source is empty: name the document that says so");
    for (const text of [source, name])
      if (text.length > MOST_LETTERS || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))
        wrong(`${shown(text)} has an invisible character or more than ${MOST_LETTERS} letters`);
    return { day, kind: known ?? "holiday", source, name: name === "" ? null : name };
  });
  if (mistakes.length > 0)
    throw new UsageError([
      ...mistakes.slice(0, MOST_MISTAKES).map((mistake) => `${path}: ${mistake}`),
      ...(mistakes.length > MOST_MISTAKES ? [`… and ${mistakes.length - MOST_MISTAKES} more mistakes`] : []),
    ]);
  return days;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > MOST_BYTES) throw new Error(`it has ${found.size} bytes; at most ${MOST_BYTES} are read`);
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${describeError(error)}`);
  }
}

/** Outside text in a message: quoted, cut. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
