/** What is counted of a body over a stretch of days. Whole numbers; sums over bodies and over days are exact. */
export const COUNTERS = [
  "received",
  "onTime",
  "online",
  "synced",
  "obliged",
  "paid",
  "satisfied",
  "electronic",
  "digitised",
  "reused",
  "citizen",
  "petitions",
  "petitionsOnTime",
  "petitionsSatisfied",
  "petitionsRules",
  "petitionsStaff",
  "published",
  "publishedOnTime",
  "updated",
  "updatedOnTime",
] as const;

export type Counts = Readonly<Record<(typeof COUNTERS)[number], number>>;

/** Nothing counted. */
export const NOTHING: Counts = Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as Counts;

/** The sum of two counts. */
export function plus(a: Counts, b: Partial<Counts>): Counts {
  const sum: Record<keyof Counts, number> = { ...a };
  for (const counter of COUNTERS) sum[counter] += b[counter] ?? 0;
  return sum;
}

/** What was counted after `before` up to `after`. */
export function minus(after: Counts, before: Counts): Counts {
  const rest: Record<keyof Counts, number> = { ...after };
  for (const counter of COUNTERS) rest[counter] -= before[counter];
  return rest;
}
