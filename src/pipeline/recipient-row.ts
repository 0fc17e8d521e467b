import { type Day, isDay } from "../domain/calendar.ts";
import type { Recipient, Role } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import { isUnitCode, scopeOf } from "../domain/unit.ts";

/** What the list is checked against. */
export type RecipientRules = {
  readonly province: string | null;
  /** Codes of the register; without it a code only has to look like one. */
  readonly knownUnits?: ReadonlySet<string>;
  /** "gialai.gov.vn", or "*.gialai.gov.vn" for everything below it; absent: any domain. */
  readonly allowedDomains?: readonly string[];
};

/** The columns a list may have. The last two are there for the person who fills in a template, and are not read. */
export const COLUMNS = [
  ...(["name", "position", "email", "unit", "bulletins"] as const),
  ...(["role", "from", "until"] as const),
  ...(["print_name", "block"] as const),
];
export type Column = (typeof COLUMNS)[number];
/** The cells of one row by their column; a column the list does not have is absent. */
export type Cells = Readonly<Partial<Record<Column, string>>>;

const BULLETINS: readonly BulletinName[] = ["daily", "weekly"];
const ROLES: readonly Role[] = ["head", "deputy", "copy", "committee"];
/** ASCII only: addresses with other letters need SMTPUTF8, which office relays seldom speak. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** One person of the list; what is wrong with the row is added to `mistakes`. */
export function readRow(cells: Cells, rules: RecipientRules, mistakes: string[]): Recipient {
  const cell = (column: Column, most: number) => readText(cells[column] ?? "", { column, most }, mistakes);
  const [name, position, email] = [cell("name", 150), cell("position", 200), cell("email", 254)];
  if (name === "") mistakes.push("name is empty");
  if (!isMailAddress(email)) mistakes.push("email is not a mail address");
  else if (!isAllowed(email, rules.allowedDomains))
    mistakes.push(`email is at ${email.slice(email.lastIndexOf("@") + 1)}, which mail.allowed_domains does not name`);
  const person = { name, position, email, unit: readUnit(cell("unit", 40), rules, mistakes) };
  const bulletins = readBulletins(cell("bulletins", 40), mistakes);
  return { ...person, bulletins, ...readTerm(cell, mistakes) };
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

/** Outside text for a message: quoted, escapes shown, cut. */
export function printable(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** True when an address's domain is among the allowed ones, or there are none named. */
export function isAllowed(email: string, domains: readonly string[] | undefined): boolean {
  if (domains === undefined) return true;
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  return domains.some((allowed) => (allowed.startsWith("*.") ? domain.endsWith(allowed.slice(1)) : domain === allowed));
}

function readTerm(cell: (column: Column, most: number) => string, mistakes: string[]) {
  const [named, from, until] = [
    cell("role", 20),
    readDayCell(cell("from", 20), "from", mistakes),
    readDayCell(cell("until", 20), "until", mistakes),
  ];
  const role = ROLES.find((known) => known === named);
  if (named !== "" && role === undefined) mistakes.push(`role must be ${ROLES.join(", ")}: ${printable(named)}`);
  if (from !== null && until !== null && until < from)
    mistakes.push(`until (${until}) is before from (${from}); both are days on which the person gets the bulletin`);
  return {
    ...(role === undefined ? {} : { role }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  };
}

/** "2026-10-12", or as offices write it, "12/10/2026"; null when empty. */
function readDayCell(text: string, column: Column, mistakes: string[]): Day | null {
  if (text === "") return null;
  const [, day = "", month = "", year = ""] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year === "" ? text : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (isDay(iso)) return iso;
  mistakes.push(`${column} is no day: ${printable(text)}; write 2026-10-12 or 12/10/2026`);
  return null;
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
