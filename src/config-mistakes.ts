import type { z } from "zod";
import { configPaths } from "./config-schema.ts";

/** One thing wrong in the file: where, and what. The file's name is added by the caller. */
export type Mistake = { readonly path: string; readonly message: string };

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a group of keys",
  record: "a group of keys",
  boolean: "true or false",
};
/** A value with an account in it, or an address only a secret variable may hold. */
const SECRET_VALUE = /^(?:smtps?|postgres(?:ql)?):\/\/|:\/\/[^\s/]*@/i;
const SECRET_KEY =
  /^(?:smtp|database|db|postgres|pg)(?:_?(?:url|uri|server|host|user|password))?$|pass(?:word|wd|phrase)?$|secret|token|^(?:user|username|api_?key)$/i;

/** What zod found, in sentences that name the value. */
export function mistakesOf(issues: readonly z.core.$ZodIssue[], raw: unknown): readonly Mistake[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") {
      return [{ path: path.join("."), message: sentence(issue, valueAt(raw, path)) }];
    }
    const known = `known here: ${keysBelow(path).join(", ")}`;
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: `is no key of this file (${known})` }));
  });
}

/** Secrets that stand in the file, by name or by value; the value is never repeated. */
export function secretMistakes(raw: unknown, path: readonly string[] = []): readonly Mistake[] {
  if (typeof raw === "string" && SECRET_VALUE.test(raw)) return [secretAt(path)];
  if (typeof raw !== "object" || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) =>
    SECRET_KEY.test(key) ? [secretAt([...path, key])] : secretMistakes(value, [...path, key]),
  );
}

/** The value at a path of the file, undefined where the path leads nowhere. */
export function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function secretAt(path: readonly string[]): Mistake {
  const hint = "set it in the environment: SMTP_URL for the mail relay, DATABASE_URL for the database";
  return {
    path: path.join("."),
    message: `is a secret or an address with an account, which this file may not hold; ${hint}`,
  };
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === null) return "is empty";
  const found = shown(value);
  if (issue.code === "invalid_type") {
    return value === undefined ? "is missing" : `${found} is not ${KINDS[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value") return `${found} is not ${issue.values.map((known) => shown(known)).join(", ")}`;
  if (issue.code === "too_small") {
    return typeof value === "number" ? `${found} is below ${issue.minimum}` : "is empty";
  }
  if (issue.code === "too_big") {
    const unit = typeof value === "string" ? " characters" : " entries";
    return typeof value === "number" ? `${found} is above ${issue.maximum}` : `has more than ${issue.maximum}${unit}`;
  }
  if (issue.code === "invalid_key") return `its name ${issue.issues[0]?.message ?? "is not one"}`;
  return `${found} ${issue.message}`;
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 80 ? `${written.slice(0, 80)}…` : written;
}

function keysBelow(path: readonly string[]): readonly string[] {
  const prefix = path.map((key) => `${key}.`).join("");
  return configPaths()
    .filter((known) => known.startsWith(prefix) && !known.slice(prefix.length).includes("."))
    .map((known) => known.slice(prefix.length));
}
