import type { Knex } from "knex";
import type { Observation } from "../../domain/observation.ts";
import type { BetweenQuestion, SeriesPoint, SeriesQuestion, Store, TotalRow } from "../../pipeline/store.ts";
import { parseId, query } from "./sql.ts";

/** A series may also be asked as it was known: only from snapshots recorded by an instant. */
export type KnownSeriesQuestion = SeriesQuestion & { readonly knownAt?: Date };

/** The questions to the table observations. */
export function observationsIn(
  knex: Knex,
): Store["observations"] & { series(question: KnownSeriesQuestion): Promise<readonly SeriesPoint[]> } {
  return {
    of: (snapshot, options) => observationsOf(knex, snapshot, options ?? {}),
    series: (question) => seriesOf(knex, question),
    totals: (question) => totalsOf(knex, question),
  };
}

type ObservationRow = {
  readonly unit: string;
  readonly indicator: string;
  readonly period: string;
  readonly value: string | null;
  readonly answer: number;
  readonly flag: string | null;
};

type Wanted = { readonly all?: boolean; readonly indicators?: readonly string[] };

async function observationsOf(knex: Knex, snapshot: string, wanted: Wanted): Promise<readonly Observation[]> {
  const indicators = wanted.indicators === undefined ? null : [...wanted.indicators];
  const rows = await query<ObservationRow>(
    knex,
    `select o.unit, o.indicator, o.period, o.value, o.answer, o.flag
     from observations o
     join snapshots s on s.id = o.snapshot_id
     join answers a on a.snapshot_id = o.snapshot_id and a.ordinal = o.answer
     where o.snapshot_id = ?::bigint and (? or s.accepted_at is not null or a.sound)
       and (?::text[] is null or o.indicator = any(?::text[]))
     order by o.unit, o.indicator, o.period`,
    [parseId(snapshot), wanted.all === true, indicators, indicators],
  );
  return rows.map((row) => ({
    unit: row.unit,
    indicator: row.indicator,
    period: row.period,
    value: row.value === null ? null : Number(row.value),
    answer: row.answer,
    ...(row.flag === null ? {} : { flag: row.flag }),
  }));
}

type SeriesRow = {
  readonly id: string;
  readonly taken_at: Date;
  readonly recorded_at: Date;
  readonly value: string | null;
  readonly flag: string | null;
};

/** One figure through all snapshots that hold it in a sound answer, oldest first. */
async function seriesOf(knex: Knex, question: KnownSeriesQuestion): Promise<readonly SeriesPoint[]> {
  const asOf = question.asOf ?? null;
  const knownAt = question.knownAt ?? null;
  const rows = await query<SeriesRow>(
    knex,
    `select s.id, s.taken_at, s.recorded_at, o.value, o.flag
     from snapshots s
     join observations o on o.snapshot_id = s.id
     join answers a on a.snapshot_id = s.id and a.ordinal = o.answer
     where s.source = ? and s.scope = ?
       and o.unit = ? and o.indicator = ? and o.period = ?
       and (s.accepted_at is not null or a.sound)
       and (?::timestamptz is null or s.taken_at <= ?)
       and (?::timestamptz is null or s.recorded_at <= ?)
     order by s.taken_at, s.id`,
    [
      ...[question.source, question.scope, question.unit, question.indicator, question.period],
      ...[asOf, asOf, knownAt, knownAt],
    ],
  );
  return rows.map((row) => ({
    takenAt: row.taken_at,
    recordedAt: row.recorded_at,
    snapshot: row.id,
    value: row.value === null ? null : Number(row.value),
    flag: row.flag,
  }));
}

type TotalsQuestion = BetweenQuestion & { readonly indicator: string };

/** One indicator of everybody through the complete snapshots of a stretch of time, oldest first. */
async function totalsOf(knex: Knex, question: TotalsQuestion): Promise<readonly TotalRow[]> {
  const rows = await query<{ taken_at: Date; unit: string; value: string | null }>(
    knex,
    `select s.taken_at, o.unit, o.value
     from snapshots s
     join observations o on o.snapshot_id = s.id and o.indicator = ? and o.period = s.period
     where s.source = ? and s.scope = ? and s.period = ? and s.complete and s.taken_at between ? and ?
     order by s.taken_at, s.id, o.unit`,
    [question.indicator, question.source, question.scope, question.period, question.from, question.to],
  );
  return rows.map(({ taken_at, unit, value }) => ({
    takenAt: taken_at,
    unit,
    value: value === null ? null : Number(value),
  }));
}
