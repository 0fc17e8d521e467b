import { foldAddress, type Recipient } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import { isUnitCode, scopeOf } from "../domain/unit.ts";

/** One line of the list as its file gives it: the line number in the file and the cells. */
export type RecipientRow = { readonly line: number; readonly cells: readonly string[] };

/** What the list is checked against. */
export type RecipientRules = {
  readonly province: string | null;
  /** Codes of the register; without it a code only has to look like one. */
  readonly knownUnits?: ReadonlySet<string>;
};

const COLUMNS = ["name", "position", "email", "unit", "bulletins"] as const;
const BULLETINS: readonly BulletinName[] = ["daily", "weekly"];
/** A file of this size is no list of the heads of some hundred units. */
const MOST_LINES = 20_000;
const MOST_MISTAKES = 100;
/** ASCII only: addresses with other letters need SMTPUTF8, which office relays seldom speak. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * The recipients of a list, in its order, text in NFC. Header: `name,position,email,unit,bulletins`; unit is an H-code or
 * `province`; bulletins is `daily`, `weekly` or `daily;weekly`.
 * @throws {UsageError} with every mistake and its line number; nothing may be imported then.
 */
export function readRecipients(rows: readonly RecipientRow[], rules: RecipientRules): Recipient[] {
  const [header, ...lines] = rows;
  const headerMistake = wrongHeader(header);
  if (headerMistake !== null) throw new UsageError(headerMistake);
  if (lines.length > MOST_LINES)
    throw new UsageError(`the list has ${lines.length} lines; at most ${MOST_LINES} are read`);
  if (lines.length === 0) throw new UsageError("the list has a header and no recipient; nothing was changed");
  const mistakes: string[] = [];
  const recipients: Recipient[] = [];
  const seen = new Map<string, number>();
  for (const row of lines) {
    const found: string[] = [];
    const recipient = readRow(row, rules, found);
    const key = `${foldAddress(recipient.email)}\n${recipient.unit}`;
    const earlier = seen.get(key);
    if (earlier !== undefined && recipient.email !== "") found.push(`the same address and unit as line ${earlier}`);
    seen.set(key, earlier ?? row.line);
    recipients.push(recipient);
    mistakes.push(...found.map((mistake) => `line ${row.line}: ${mistake}`));
  }
  if (mistakes.length > MOST_MISTAKES) {
    throw new UsageError([
      ...mistakes.slice(0, MOST_MISTAKES),
      `… and ${mistakes.length - MOST_MISTAKES} more mistakes`,
    ]);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return recipients;
}

/** True for an address mail can be sent to: one mailbox, ASCII, a domain with a dot. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (text.length > 254 || local.length > 64) return false;
  if (!/^[a-z0-9_'+-]+(?:\.[a-z0-9_'+-]+)*$/i.test(local) || local.endsWith("'")) return false;
  const labels = domain.split(".");
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && /^[a-z]{2,63}$/i.test(labels.at(-1) ?? "");
}

function wrongHeader(header: RecipientRow | undefined): string | null {
  const expected = COLUMNS.join(",");
  if (header === undefined) return `the list is empty; its first line must be ${expected}`;
  const [only = ""] = header.cells;
  const separator = header.cells.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (separator !== undefined) {
    const name = { ";": "semicolons", "\t": "tabs", "|": "bars" }[separator];
    return `line ${header.line}: the columns are separated by ${name}; save the list with commas: ${expected}`;
  }
  if (header.cells.join(",") === expected) return null;
  const found = printable(header.cells.join(",").slice(0, 80));
  return `line ${header.line}: the header must be ${expected}, found ${found}`;
}

function readRow(row: RecipientRow, rules: RecipientRules, mistakes: string[]): Recipient {
  if (row.cells.length !== COLUMNS.length) {
    mistakes.push(`${row.cells.length} columns instead of ${COLUMNS.length}; put a text with a comma in double quotes`);
    return { name: "", position: "", email: "", unit: "", bulletins: [] };
  }
  const cell = (at: number, most: number) =>
    readText(row.cells[at] ?? "", { column: COLUMNS[at] ?? "", most }, mistakes);
  const [name, position, email] = [cell(0, 150), cell(1, 200), cell(2, 254)];
  if (name === "") mistakes.push("name is empty");
  if (!isMailAddress(email)) mistakes.push("email is not a mail address");
  return {
    name,
    position,
    email,
    unit: readUnit(cell(3, 40), rules, mistakes),
    bulletins: readBulletins(cell(4, 40), mistakes),
  };
}

function readText(raw: string, rule: { column: string; most: number }, mistakes: string[]): string {
  const text = raw.normalize("NFC").trim();
  // Line breaks could add headers to a mail; invisible marks make two addresses look like one.
  const bad = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.exec(text);
  if (bad !== null) {
    const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    mistakes.push(`${rule.column} contains the invisible character U+${code}`);
  }
  if (text.length > rule.most) mistakes.push(`${rule.column} is longer than ${rule.most} characters`);
  return text;
}

function readUnit(text: string, rules: RecipientRules, mistakes: string[]): string {
  const { province, knownUnits } = rules;
  if (text === "province") {
    if (province === null) mistakes.push('unit is "province", but no configuration names the province');
    return province ?? text;
  }
  if (text === province || knownUnits?.has(text)) return text;
  if (!isUnitCode(text)) mistakes.push(`unit is neither "province" nor an H-code such as H21.17: ${printable(text)}`);
  else if (province !== null && scopeOf(text) !== province)
    mistakes.push(`unit ${text} is not in the province ${province}`);
  else if (knownUnits !== undefined) mistakes.push(`unit ${text} is not known; "diemtin units list" shows the codes`);
  return text;
}

function readBulletins(text: string, mistakes: string[]): BulletinName[] {
  const asked = text.split(";").map((part) => part.trim());
  const wrong = asked.find((part) => !BULLETINS.some((known) => known === part));
  if (wrong !== undefined || new Set(asked).size !== asked.length) {
    mistakes.push(`bulletins must be daily, weekly or daily;weekly: ${printable(text)}`);
  }
  return BULLETINS.filter((known) => asked.includes(known));
}

/** Outside text for a message: quoted, escapes shown, cut. */
function printable(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
