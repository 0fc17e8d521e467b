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
export const NOTHING: Counts = filled(() => 0);

/** The sum of two counts. */
export function plus(a: Counts, b: Partial<Counts>): Counts {
  return filled((counter) => a[counter] + (b[counter] ?? 0));
}

/** What was counted after `before` up to `after`. */
export function minus(after: Counts, before: Counts): Counts {
  return filled((counter) => after[counter] - before[counter]);
}

function filled(value: (counter: keyof Counts) => number): Counts {
  const counts: Partial<Record<keyof Counts, number>> = {};
  for (const counter of COUNTERS) counts[counter] = value(counter);
  return counts as Counts;
}
