/**
 * Figures: exact whole hundredths inside, Vietnamese words and marks outside. One rounding function for the whole product.
 * Number marks follow the Accounting Law: a dot between thousands, a comma before decimals.
 */

/** What one step of a stored value is. `points`: a hundredth of a point. `percent`: a hundredth of a percent. `count`: one. */
export type Measure = "points" | "percent" | "count";

/** The minus sign that is as wide as a plus (U+2212), for tables. */
export const MINUS = "\u2212";

/**
 * Reads a decimal number exactly into whole hundredths.
 * Takes the publisher's own text or number (`"85.31"`, `85.31`, `"18"`, and with a comma when `comma` is set).
 * Gives null when the text is not a number or has more than two decimals that matter. Never rounds.
 */
export function readHundredths(raw: string | number, mark: "." | "," = "."): number | null {
  if (typeof raw === "number" && !Number.isFinite(raw)) return null;
  const text = typeof raw === "number" ? plainNumber(raw) : raw.trim();
  const pattern = mark === "." ? /^(-?)(\d{1,12})(?:\.(\d+))?$/ : /^(-?)(\d{1,12})(?:,(\d+))?$/;
  const match = pattern.exec(text);
  if (match === null) return null;
  const decimals = (match[3] ?? "").replace(/0+$/, "");
  if (decimals.length > 2) return null;
  const value = Number(match[2]) * 100 + Number(decimals.padEnd(2, "0"));
  return match[1] === "-" && value !== 0 ? -value : value;
}

/** Reads a whole, non-negative count. Gives null when it is anything else. */
export function readCount(raw: unknown): number | null {
  if (typeof raw === "number") return Number.isSafeInteger(raw) && raw >= 0 ? raw : null;
  if (typeof raw === "string" && /^\d{1,15}$/.test(raw.trim())) return Number(raw.trim());
  return null;
}

/** A number without exponent: `1e-7` must not pass as text the reader then misreads. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes("e") ? "not plain" : text;
}

/** Divides two whole numbers and rounds half away from zero. The product's only rounding. */
export function divideRounded(numerator: number, denominator: number): number {
  if (denominator === 0) throw new RangeError("division by zero in divideRounded");
  const sign = Math.sign(numerator) * Math.sign(denominator);
  const a = Math.abs(numerator);
  const b = Math.abs(denominator);
  const rounded = Math.floor((2 * a + b) / (2 * b));
  return rounded === 0 ? 0 : sign * rounded;
}

/** The mean of whole hundredths, rounded to a whole hundredth; null of nothing. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return divideRounded(sum, values.length);
}

/** Groups thousands with a dot: 2350 is "2.350". */
export function formatCount(value: number): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return value < 0 ? `-${digits}` : digits;
}

/**
 * Points as words: 8531 is "85,31". `decimals` is what the source declares: with two, always two;
 * with one, one, and whole numbers bare ("13").
 */
export function formatPoints(hundredths: number, decimals: 1 | 2 = 2): string {
  const absolute = Math.abs(hundredths);
  const sign = hundredths < 0 ? "-" : "";
  if (decimals === 2) {
    return `${sign}${formatCount(Math.floor(absolute / 100))},${String(absolute % 100).padStart(2, "0")}`;
  }
  const tenths = divideRounded(absolute, 10);
  const whole = formatCount(Math.floor(tenths / 10));
  const rest = tenths % 10;
  return `${tenths === 0 ? "" : sign}${whole}${rest === 0 ? "" : `,${rest}`}`;
}

/** A change with its sign for a table: 11 is "+0,11", -1201 is "−12,01" (U+2212), 0 is "0,00". */
export function formatSigned(hundredths: number, decimals: 1 | 2 = 2, minus: string = MINUS): string {
  const text = formatPoints(Math.abs(hundredths), decimals);
  if (hundredths === 0) return text;
  return hundredths > 0 ? `+${text}` : `${minus}${text}`;
}

/** A change as mark and sign: "▲ +0,11", "▼ −12,01", "0,00". Never colour alone. */
export function formatMarked(hundredths: number, decimals: 1 | 2 = 2): string {
  if (hundredths === 0) return formatPoints(0, decimals);
  return `${hundredths > 0 ? "▲" : "▼"} ${formatSigned(hundredths, decimals)}`;
}

/** A share with one decimal: 248 of 2350 is "10,6%". */
export function formatShare(part: number, whole: number): string {
  const rounded = divideRounded(part * 1000, whole);
  // Rounding must not turn "nearly all" into all, nor "hardly any" into none.
  const tenths = part > 0 && part < whole ? Math.min(Math.max(rounded, 1), 999) : rounded;
  return `${formatCount(Math.floor(tenths / 10))},${tenths % 10}%`;
}

/** Official habit for small counts in running text: 5 is "05", 12 is "12". */
export function formatSmallCount(count: number): string {
  return count >= 0 && count < 10 ? `0${count}` : formatCount(count);
}

/** Whole hundredths as a JSON number of points: 6614 is 66.14 exactly as it prints. */
export function toPoints(hundredths: number): number {
  return hundredths / 100;
}
