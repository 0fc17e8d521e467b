import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Knex } from "knex";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Database } from "../../src/context.ts";
import { dayOf } from "../../src/domain/calendar.ts";
import { judge } from "../../src/domain/completeness.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import type { Settled, Store } from "../../src/pipeline/store.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { MEASURED_DAY } from "./day.ts";

const ROUNDS = 9;
const HOUR_MS = 3_600_000;

/** Medians in milliseconds of storing the rows three ways, taken in turns so that a slow moment falls on all alike. */
export type MeasuredStoring = {
  readonly rows: number;
  readonly snapshots: number;
  /** The product: one transaction per snapshot, with findings, soundness and the register of units. */
  readonly settle: number;
  /** The same rows by one COPY into a table of the same columns, key and contents, from text made beforehand. */
  readonly bareCopy: number;
  /** The same without a key. */
  readonly bareCopyWithoutKey: number;
};

type Stored = { readonly id: string; readonly settled: Settled };
type Read = { readonly snapshot: Snapshot; readonly settled: Settled };

/** Stores the measured morning's observations again and again, each time as snapshots of another hour. */
export async function measureStoring({ knex, store }: Database): Promise<MeasuredStoring> {
  const morning = await readMorning(store);
  await knex.raw("create table bench_keyed (like observations including all)");
  await knex.raw("insert into bench_keyed select * from observations");
  await knex.raw("create table bench_bare as select * from observations");
  const times = { settle: [] as number[], bareCopy: [] as number[], bareCopyWithoutKey: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const stored = await archiveAgain(store, morning, round);
    const text = Buffer.from(stored.map(linesOf).join(""), "utf8");
    const settle = async () => {
      for (const { id, settled } of stored) await store.snapshots.settle(id, settled);
    };
    times.settle.push(await timed(settle));
    times.bareCopy.push(await copyInto(knex, "bench_keyed", text));
    times.bareCopyWithoutKey.push(await copyInto(knex, "bench_bare", text));
  }
  return {
    rows: morning.reduce((sum, { settled }) => sum + settled.observations.length, 0),
    snapshots: morning.length,
    settle: median(times.settle),
    bareCopy: median(times.bareCopy),
    bareCopyWithoutKey: median(times.bareCopyWithoutKey),
  };
}

async function readMorning(store: Store): Promise<readonly Read[]> {
  const morning: Read[] = [];
  for (const stored of await store.snapshots.list()) {
    const period = parsePeriod(stored.period);
    if (period === null || dayOf(stored.takenAt) !== MEASURED_DAY) continue;
    const { source, scope, takenAt } = stored;
    const snapshot = { source, scope, period, takenAt, answers: await store.snapshots.answers(stored.id) };
    const reading = sourceNamed(source).read(snapshot);
    const verdict = judge({ ...snapshot, ...reading }, { codes: null, counts: null, previous: null });
    morning.push({ snapshot, settled: { ...reading, ...verdict, fingerprint: null } });
  }
  return morning;
}

/** The same answers as if they had come some hours later: as every morning, the rows are new ones. Not timed. */
async function archiveAgain(store: Store, morning: readonly Read[], hours: number): Promise<readonly Stored[]> {
  const stored: Stored[] = [];
  for (const { snapshot, settled } of morning) {
    const takenAt = new Date(snapshot.takenAt.getTime() + hours * HOUR_MS);
    const { id } = await store.snapshots.open({ ...snapshot, takenAt }, takenAt);
    for (const [ordinal, answer] of snapshot.answers.entries()) await store.snapshots.archive(id, ordinal, answer);
    stored.push({ id, settled });
  }
  return stored;
}

async function copyInto(knex: Knex, table: string, text: Buffer): Promise<number> {
  const connection: pg.ClientBase = await knex.client.acquireConnection();
  try {
    return await timed(() => pipeline(Readable.from([text]), connection.query(copyFrom(`copy ${table} from stdin`))));
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** COPY's text format; none of the sample's words holds a character that would have to be escaped. */
function linesOf({ id, settled }: Stored): string {
  return settled.observations
    .map(({ unit, indicator, period, value, answer, flag }) =>
      [id, unit, indicator, period, value ?? "\\N", answer, flag ?? "\\N"].join("\t").concat("\n"),
    )
    .join("");
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
