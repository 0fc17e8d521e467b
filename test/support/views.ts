import { instantAt } from "../../src/domain/calendar.ts";
import { GROUPS, type Group, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import type { Level } from "../../src/domain/unit.ts";
import { type RegisteredUnit, type View, viewOf } from "../../src/domain/view.ts";
import { EVALUATION_2026 } from "../../src/indicators/evaluation-2026.ts";

/** Rows of a made-up snapshot: unit → indicator code → steps of its measure (hundredths of a point, or a count). */
export type Rows = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

type Given = {
  /** A day in October ("09"), or an ISO day; 06:00 in Việt Nam. */
  readonly day?: string;
  readonly period?: string;
  readonly scope?: string;
  readonly level?: Level | ((unit: string) => Level);
  readonly closed?: Readonly<Record<string, string>>;
};

/** The maxima, thresholds and noise floor the product runs with. */
export const RULES = { maxima: EVALUATION_2026.maxima, thresholds: THRESHOLDS, noise: 5 } as const;
export const SHIFT_RULES = { maxima: EVALUATION_2026.maxima, shift: THRESHOLDS.shift } as const;

let made = 0;

/** A snapshot's figures as a view: every unit of the rows is registered. */
export function view(rows: Rows, given: Given = {}): View {
  const { day = "09", period = "2026", scope = "H21", level = "commune", closed = {} } = given;
  const observations = Object.entries(rows).flatMap(([unit, figures]) =>
    Object.entries(figures).map(
      ([code, value]): Observation => ({ unit, indicator: `dvc2026.${code}`, period, value, answer: 0 }),
    ),
  );
  const register = Object.keys(rows).map(
    (code): RegisteredUnit => ({
      code,
      name: `UBND xã ${code}`,
      printName: null,
      level: typeof level === "string" ? level : level(code),
      standing: "confirmed",
      closedFrom: closed[code] ?? null,
    }),
  );
  const takenAt = instantAt(day.length === 2 ? `2026-10-${day}` : day, "06:00");
  made += 1;
  const snapshot = { id: `s${made}`, source: "evaluation-api", scope, period, takenAt, complete: true };
  return viewOf(snapshot, observations, register);
}

/** Codes H21.1 … of a made-up block. */
export function codes(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `H21.${index + 1}`);
}

/** Six groups and their sum; groups not given stand at 8,00. */
export function scored(groups: Partial<Record<Group, number>> = {}): Record<string, number> {
  const all = Object.fromEntries(GROUPS.map((group) => [group, groups[group] ?? 800]));
  return { ...all, [TOTAL]: Object.values(all).reduce((sum, value) => sum + value, 0) };
}

/** A block before and after, one group of each unit given, the other groups alike and the totals their sum. */
export function pairOf(
  moves: readonly { readonly before: number; readonly delta: number }[],
  given: Given & { readonly group?: Group; readonly to?: string } = {},
): readonly [View, View] {
  const { group = "MDHL", to = "10", ...rest } = given;
  const rows = (value: (move: { before: number; delta: number }) => number): Rows =>
    Object.fromEntries(moves.map((move, index) => [`H21.${index + 1}`, scored({ [group]: value(move) })]));
  return [
    view(
      rows(({ before }) => before),
      rest,
    ),
    view(
      rows(({ before, delta }) => before + delta),
      { ...rest, day: to },
    ),
  ];
}

/** The same move for so many units that stand at `before`. */
export function alike(count: number, before: number, delta: number) {
  return Array.from({ length: count }, () => ({ before, delta }));
}

/** A generator of evenly spread numbers in 0 … 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
