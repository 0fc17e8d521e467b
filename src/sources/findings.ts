import type { Finding } from "../domain/snapshot.ts";

/** Where something was found: an endpoint, a unit, an indicator, and the value as it stood there. */
export type Place = { readonly unit?: string; readonly indicator?: string; readonly found?: unknown };

/** Collects what is wrong with one answer. The answer is sound while nothing `incomplete` was noted. */
export type Notes = {
  incomplete(code: string, what: string, place?: Place): void;
  remark(code: string, what: string, place?: Place): void;
  isSound(): boolean;
};

/** Opens the notes of one answer; findings are appended to `into`. */
export function notesFor(source: string, endpoint: string | null, into: Finding[]): Notes {
  let sound = true;
  const note = (severity: Finding["severity"], code: string, what: string, place: Place = {}) => {
    into.push(finding({ source, endpoint, severity, code, what, place }));
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
  const { unit, indicator } = parts.place;
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

/** A foreign value made fit for a message: short, on one line. */
function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
