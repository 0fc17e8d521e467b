/** The five fields of a cron line, in order, with what each may hold. Sunday is 0 and, as in crontab(5), also 7. */
const FIELDS = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31 },
  { name: "month", from: 1, to: 12 },
  { name: "day of week", from: 0, to: 7 },
] as const;

/**
 * What is wrong with a cron line; null when it is right.
 * Only numbers, `*`, lists, ranges and steps: names and seconds are read differently by different schedulers.
 */
export function cronMistake(line: string): string | null {
  const fields = line.split(/\s+/);
  if (fields.length !== FIELDS.length) return "is not a cron line of five fields (minute hour day month weekday)";
  for (const [index, field] of FIELDS.entries()) {
    const written = fields[index] ?? "";
    if (!written.split(",").every((part) => isPart(part, field))) {
      const range = `${field.from} to ${field.to}`;
      return `is not a cron line of five fields: ${field.name} "${written}" is not made of numbers from ${range}, *, ranges and steps`;
    }
  }
  return null;
}

function isPart(part: string, field: { readonly from: number; readonly to: number }): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) return false;
  const first = Number(match[1] ?? field.from);
  const last = Number(match[2] ?? match[1] ?? field.to);
  const step = Number(match[3] ?? 1);
  return field.from <= first && first <= last && last <= field.to && step >= 1 && step <= field.to;
}
