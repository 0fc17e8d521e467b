import type { Finding } from "../domain/snapshot.ts";

/** Where something was found: an endpoint, a unit, an indicator, and the value as it stood there. */
export type Place = { readonly unit?: string; readonly indicator?: string; readonly found?: unknown };

/** Collects what is wrong with one answer. The answer is sound while nothing `incomplete` was noted. */
export type Notes = {
  incomplete(code: string, what: string, place?: Place): void;
  remark(code: string, what: string, place?: Place): void;
  isSound(): boolean;
};

/** Findings kept of one answer: a list of junk must not become a list of findings as long. */
const MOST_FINDINGS = 1_000;

/** Opens the notes of one answer; findings are appended to `into`, the first thousand and a last one that says there were more. */
export function notesFor(source: string, endpoint: string | null, into: Finding[]): Notes {
  let sound = true;
  let noted = 0;
  const note = (severity: Finding["severity"], code: string, what: string, place: Place = {}) => {
    noted += 1;
    if (noted <= MOST_FINDINGS) into.push(finding({ source, endpoint, severity, code, what, place }));
    if (noted !== MOST_FINDINGS + 1) return;
    const more = `more than ${MOST_FINDINGS} findings; the rest is not listed`;
    into.push(finding({ source, endpoint, severity: "remark", code: "more-findings", what: more, place: {} }));
  };
  return {
    incomplete: (code, what, place) => {
      sound = false;
      note("incomplete", code, what, place);
    },
    remark: (code, what, place) => note("remark", code, what, place),
    isSound: () => sound,
  };
}

type Parts = {
  readonly source: string;
  readonly endpoint: string | null;
  readonly severity: Finding["severity"];
  readonly code: string;
  readonly what: string;
  readonly place: Place;
};

/** One finding with its sentence: `evaluation-api: a group we do not know (at service-results, unit H01, group XYZ)`. */
export function finding(parts: Parts): Finding {
  const unit = parts.place.unit === undefined ? undefined : named(parts.place.unit);
  const indicator = parts.place.indicator === undefined ? undefined : named(parts.place.indicator);
  const found = "found" in parts.place ? shown(parts.place.found) : undefined;
  const where = [
    parts.endpoint === null ? null : `at ${parts.endpoint}`,
    unit === undefined ? null : `unit ${unit}`,
    indicator === undefined ? null : `indicator ${indicator}`,
    found === undefined ? null : `found ${found}`,
  ].filter((part) => part !== null);
  return {
    code: parts.code,
    severity: parts.severity,
    message: `${parts.source}: ${parts.what}${where.length > 0 ? ` (${where.join(", ")})` : ""}`,
    ...(parts.endpoint === null ? {} : { endpoint: parts.endpoint }),
    ...(unit === undefined ? {} : { unit }),
    ...(indicator === undefined ? {} : { indicator }),
    ...(found === undefined ? {} : { found }),
  };
}

/** Characters of a foreign value that a message shows. */
const SHOWN = 80;

/** A foreign value made fit for a message: short, on one line, of lists and objects only the outermost level. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object" || value === null) return clipped(quoted(value));
  return clipped(`an object of ${Object.keys(value).slice(0, 8).map(named).join(", ") || "nothing"}`);
}

/** A foreign name (a unit's code, a key) as it stands, clipped, with characters that are none escaped. */
function named(text: string): string {
  return clipped(quoted(text).slice(1, -1));
}

/** JSON's writing escapes control characters and halves of surrogate pairs. */
function quoted(value: unknown): string {
  return JSON.stringify(typeof value === "string" ? value.slice(0, 2 * SHOWN) : value) ?? String(value);
}

/** Cut between characters, never within one. */
function clipped(text: string): string {
  const characters = Array.from(text);
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN - 3).join("")}...` : text;
}
