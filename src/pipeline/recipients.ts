import { foldAddress, type Recipient } from "../domain/delivery.ts";
import { UsageError } from "../domain/errors.ts";
import { type Cells, COLUMNS, type Column, printable, type RecipientRules, readRow } from "./recipient-row.ts";

export { isMailAddress, type RecipientRules } from "./recipient-row.ts";

/** One line of the list as its file gives it: the line number in the file and the cells. */
export type RecipientRow = { readonly line: number; readonly cells: readonly string[] };

/** A list as read: the people with the line each stands on, and the units of a template's rows that were left blank. */
export type RecipientList = {
  readonly recipients: readonly Recipient[];
  readonly lines: readonly number[];
  readonly blank: readonly string[];
};

const REQUIRED: readonly Column[] = ["name", "position", "email", "unit", "bulletins"];
/** A file of this size is no list of the heads of some hundred units. */
const MOST_LINES = 20_000;
const MOST_MISTAKES = 100;

/** The recipients of a list that names at least one; see `readRecipientList`. */
export function readRecipients(rows: readonly RecipientRow[], rules: RecipientRules): Recipient[] {
  const { recipients } = readRecipientList(rows, rules);
  if (recipients.length === 0) throw new UsageError("the list has a header and no recipient; nothing was changed");
  return [...recipients];
}

/**
 * The people of a list, in its order, text in NFC. Header: `name,position,email,unit,bulletins` in any order; `role`, `from`,
 * `until` and a template's `print_name` and `block` may be there too. Unit is an H-code or `province`; bulletins is `daily`, `weekly`
 * or `daily;weekly`. Lines that begin with # are notes.
 * @throws {UsageError} with every mistake and its line number; nothing may be imported then.
 */
export function readRecipientList(rows: readonly RecipientRow[], rules: RecipientRules): RecipientList {
  const [header, ...below] = rows.filter(({ cells }) => cells[0]?.trimStart().startsWith("#") !== true);
  const columns = readHeader(header);
  const lines = below.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (lines.length > MOST_LINES)
    throw new UsageError(`the list has ${lines.length} lines; at most ${MOST_LINES} are read`);
  const mistakes: string[] = [];
  const read: { recipient: Recipient; line: number }[] = [];
  const seen = new Map<string, readonly { recipient: Recipient; line: number }[]>();
  const blank: string[] = [];
  for (const { line, cells } of lines) {
    const found: string[] = [];
    if (cells.length !== columns.length)
      found.push(`${cells.length} columns instead of ${columns.length}; put a text with a comma in double quotes`);
    const named = byColumn(columns, cells);
    if (isBlank(named)) blank.push(named.unit?.trim() ?? "");
    else if (found.length === 0) {
      const recipient = readRow(named, rules, found);
      const key = `${foldAddress(recipient.email)}\n${recipient.unit}`;
      const same = seen.get(key) ?? [];
      const earlier = recipient.email === "" ? undefined : same.find((other) => overlap(other.recipient, recipient));
      if (earlier !== undefined) found.push(`the same address and unit as line ${earlier.line}${ofDays(recipient)}`);
      seen.set(key, [...same, { recipient, line }]);
      read.push({ recipient, line });
    }
    mistakes.push(...found.map((mistake) => `line ${line}: ${mistake}`));
  }
  refuse(mistakes);
  return { recipients: read.map(({ recipient }) => recipient), lines: read.map(({ line }) => line), blank };
}

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length > MOST_MISTAKES)
    throw new UsageError([
      ...mistakes.slice(0, MOST_MISTAKES),
      `… and ${mistakes.length - MOST_MISTAKES} more mistakes`,
    ]);
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

function readHeader(header: RecipientRow | undefined): readonly Column[] {
  const expected = REQUIRED.join(",");
  if (header === undefined) throw new UsageError(`the list is empty; its first line must be ${expected}`);
  const [only = ""] = header.cells;
  const separator = header.cells.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (separator !== undefined) {
    const name = { ";": "semicolons", "\t": "tabs", "|": "bars" }[separator];
    throw new UsageError(
      `line ${header.line}: the columns are separated by ${name}; save the list with commas: ${expected}`,
    );
  }
  const columns = header.cells.flatMap((cell) => COLUMNS.find((known) => known === cell.trim()) ?? []);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length === 0 && columns.length === header.cells.length && new Set(columns).size === columns.length)
    return columns;
  const found = printable(header.cells.join(",").slice(0, 80));
  throw new UsageError(
    `line ${header.line}: the header must be ${expected}, found ${found}; "diemtin recipients template" writes a list to fill in`,
  );
}

function byColumn(columns: readonly Column[], cells: readonly string[]): Cells {
  return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""]));
}

/** A row of a template that nobody filled in. A list without the template's columns has no such rows. */
function isBlank(cells: Cells): boolean {
  const isTemplate = cells.print_name !== undefined || cells.block !== undefined;
  return isTemplate && [cells.email, cells.name, cells.position].every((cell) => (cell ?? "").trim() === "");
}

/** True when a day belongs to both memberships. */
function overlap(one: Recipient, other: Recipient): boolean {
  return (one.from ?? "") <= (other.until ?? "9") && (other.from ?? "") <= (one.until ?? "9");
}

function ofDays({ from, until }: Recipient): string {
  return from === undefined && until === undefined ? "" : ", for days that belong to both";
}
