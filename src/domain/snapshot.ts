import type { Period } from "./period.ts";

/** One question to a publisher. Pure data: what to ask, where, and how to recognise the answer. */
export type Request = {
  /** The endpoint's name in findings, manifests and file names: "service-results". */
  readonly endpoint: string;
  readonly method: "GET" | "POST";
  /** The path below the source's base address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** One answer as it came, byte for byte. `fault` is set when there is no usable answer (timeout, reset, 403 …). */
export type Answer = {
  readonly endpoint: string;
  readonly request: Request | null;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
  readonly fault?: string;
};

/** Which unit set is asked: all provinces, or the agencies and communes of one. */
export type Scope = {
  /** "provinces" or a province's H-code. */
  readonly code: string;
  /** The publisher's own id of the province in the source that is asked; absent for "provinces". */
  readonly portalId?: string;
};

/** One visit to one source for one scope and period: every answer it gave. Never edited, never deleted. */
export type Snapshot = {
  readonly source: string;
  readonly scope: string;
  readonly period: Period;
  /** When the publisher said it. */
  readonly takenAt: Date;
  readonly answers: readonly Answer[];
};

/** What is wrong with, or noteworthy about, a snapshot: where, what was found. English; ids and values, no secrets. */
export type Finding = {
  /** A stable word for the cause: "unit-missing", "sum-off", "http-status" … */
  readonly code: string;
  /** `incomplete` keeps the snapshot from being complete; `remark` is a note that travels with it. */
  readonly severity: "incomplete" | "remark";
  readonly endpoint?: string;
  readonly unit?: string;
  readonly indicator?: string;
  readonly found?: string;
  /** One whole sentence: source, place, value. */
  readonly message: string;
};
