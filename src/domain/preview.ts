import type { Day } from "./calendar.ts";

/** One unit's edition as an editor looks at it before it goes out: where its files lie, relative to the index page. */
export type PreviewedUnit = {
  readonly unit: string;
  readonly name: string;
  readonly subject: string;
  /** Null for a mail without pages. */
  readonly pdf: string | null;
  readonly html: string | null;
  readonly text: string | null;
  /** Why it cannot be set; null when it can. */
  readonly fault: string | null;
};

/** A day's editions, none of them sent, and what could not be composed at all. */
export type PreviewState = {
  readonly day: Day;
  readonly units: readonly PreviewedUnit[];
  readonly missing: readonly string[];
};
