import type { Day } from "./calendar.ts";

/**
 * What a figure is counted over: a year, a half, a quarter or a month. Written "2026", "2026-H1", "2026-Q3", "2026-10".
 * The portal has no day and no week: a daily figure is our own snapshot of a running period.
 */
export type Period =
  | { readonly kind: "year"; readonly year: number }
  | { readonly kind: "half" | "quarter" | "month"; readonly year: number; readonly index: number };

const MONTHS = { half: 6, quarter: 3, month: 1 } as const;
const ROMAN = ["I", "II", "III", "IV"] as const;

/** Reads a period key; null when it is none. */
export function parsePeriod(text: string): Period | null {
  const match = /^(20\d{2})(?:-(?:(H)([12])|(Q)([1-4])|(0[1-9]|1[0-2])))?$/.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  if (match[2] !== undefined) return { kind: "half", year, index: Number(match[3]) };
  if (match[4] !== undefined) return { kind: "quarter", year, index: Number(match[5]) };
  if (match[6] !== undefined) return { kind: "month", year, index: Number(match[6]) };
  return { kind: "year", year };
}

/** The key of a period: how it is written on the command line, in the database and in file names. */
export function periodKey(period: Period): string {
  if (period.kind === "year") return String(period.year);
  if (period.kind === "half") return `${period.year}-H${period.index}`;
  if (period.kind === "quarter") return `${period.year}-Q${period.index}`;
  return `${period.year}-${String(period.index).padStart(2, "0")}`;
}

/** The first day of a period. */
export function periodStart(period: Period): Day {
  const month = period.kind === "year" ? 1 : (period.index - 1) * MONTHS[period.kind] + 1;
  return `${period.year}-${String(month).padStart(2, "0")}-01`;
}

/** The last day of a period. */
export function periodEnd(period: Period): Day {
  const lastMonth = period.kind === "year" ? 12 : period.index * MONTHS[period.kind];
  return new Date(Date.UTC(period.year, lastMonth, 0)).toISOString().slice(0, 10);
}

/** True while the period still runs on that day. */
export function isOpen(period: Period, day: Day): boolean {
  return day <= periodEnd(period);
}

/** The period of a kind that holds a day. */
export function periodOf(kind: Period["kind"], day: Day): Period {
  const year = Number(day.slice(0, 4));
  if (kind === "year") return { kind, year };
  const month = Number(day.slice(5, 7));
  return { kind, year, index: Math.floor((month - 1) / MONTHS[kind]) + 1 };
}

/** The period of the same kind just before. */
export function previousPeriod(period: Period): Period {
  if (period.kind === "year") return { kind: "year", year: period.year - 1 };
  if (period.index > 1) return { ...period, index: period.index - 1 };
  return { kind: period.kind, year: period.year - 1, index: 12 / MONTHS[period.kind] };
}

/** How a period is named in a heading: "lũy kế năm 2026", "6 tháng đầu năm 2026", "quý IV/2026", "tháng 9/2026". */
export function periodName(period: Period): string {
  if (period.kind === "year") return `lũy kế năm ${period.year}`;
  if (period.kind === "half") return `6 tháng ${period.index === 1 ? "đầu" : "cuối"} năm ${period.year}`;
  if (period.kind === "quarter") return `quý ${ROMAN[period.index - 1] ?? ""}/${period.year}`;
  return `tháng ${period.index}/${period.year}`;
}
