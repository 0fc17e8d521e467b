import { createPress } from "../../src/adapters/press.ts";
import type { Database } from "../../src/context.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { MEASURED_DAY } from "./day.ts";

const WARM_UP = 10;
const MEASURED = 50;

/** Milliseconds per PDF over different units, on the clock and of the processor; `first` includes parsing the fonts. Size in bytes. */
export type MeasuredPdf = {
  readonly mean: number;
  readonly processor: number;
  readonly slowest: number;
  readonly first: number;
  readonly bytes: number;
};

/** The measured morning's unit digests that have a page. */
export async function unitDigests({ store }: Database): Promise<readonly Edition[]> {
  const editions: Edition[] = [];
  for (const { id, bulletin, issue, audience } of await store.editions.list()) {
    if (bulletin !== "daily" || issue !== MEASURED_DAY || !audience.includes(".")) continue;
    const edition = await store.editions.find(id);
    if (edition?.content.pages === true) editions.push(edition);
  }
  return editions;
}

/** Draws them again, each once: ten to warm up, then fifty others. */
export async function measurePdf(editions: readonly Edition[]): Promise<MeasuredPdf> {
  if (editions.length < WARM_UP + MEASURED) throw new Error(`only ${editions.length} unit digests with pages to draw`);
  const press = createPress();
  const times: number[] = [];
  let bytes = 0;
  let used = process.cpuUsage();
  for (const edition of editions.slice(0, WARM_UP + MEASURED)) {
    if (times.length === WARM_UP) used = process.cpuUsage();
    const start = performance.now();
    bytes = (await press.pdf(edition)).length;
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(used);
  const measured = times.slice(WARM_UP);
  const mean = measured.reduce((sum, time) => sum + time, 0) / measured.length;
  return {
    mean,
    processor: (user + system) / 1000 / MEASURED,
    slowest: Math.max(...measured),
    first: times[0] ?? Number.NaN,
    bytes,
  };
}
