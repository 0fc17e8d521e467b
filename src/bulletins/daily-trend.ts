import { dayAndMonth } from "../domain/calendar.ts";
import type { Sparkline } from "../domain/chart.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import type { RecentTotal } from "../domain/recent.ts";

/** The small line of the total over the last issues; null when too few can be compared. */
export function totalLine(recent: readonly RecentTotal[]): Sparkline | null {
  const [first, last] = [recent[0], recent.at(-1)];
  const values = recent.flatMap(({ value }) => value ?? []);
  if (first === undefined || last === undefined || values.length === 0) return null;
  const [from, to] = [dayAndMonth(first.day), dayAndMonth(last.day)];
  const missing = recent.length - values.length;
  const gaps = missing === 0 ? "" : `; ${formatSmallCount(missing)} ngày làm việc không có số liệu`;
  const now = last.value === null ? "" : `, bản tin này ${formatPoints(last.value)}`;
  return {
    kind: "sparkline",
    values: recent.map(({ value }) => value),
    breaks: [],
    ...{ from, to },
    alt: `Tổng điểm từ bản tin ${from} đến bản tin ${to}: cao nhất ${formatPoints(Math.max(...values))}, thấp nhất ${formatPoints(Math.min(...values))}${now} điểm${gaps}.`,
  };
}
