import type { Knex } from "knex";
import { UsageError } from "../../domain/errors.ts";
import { periodKey } from "../../domain/period.ts";
import type { Finding } from "../../domain/snapshot.ts";
import type {
  AlikeQuestion,
  BetweenQuestion,
  LatestQuestion,
  Store,
  StoredSnapshot,
  StoredVerdict,
} from "../../pipeline/store.ts";
import { archiveAnswer, readAnswers } from "./answers.ts";
import { settleSnapshot } from "./settle.ts";
import { inTransaction, parseId, query } from "./sql.ts";
import { applyStandings, lockRegister } from "./standings.ts";

/** The questions and facts of the table snapshots. */
export function snapshotsIn(knex: Knex): Store["snapshots"] {
  return {
    open: (snapshot, recordedAt) => openSnapshot(knex, snapshot, recordedAt),
    archive: (id, ordinal, answer) => archiveAnswer(knex, { id, ordinal, answer }),
    answers: (id) => readAnswers(knex, id),
    settle: (id, settled, rereadAt) => settleSnapshot(knex, { id, settled, rereadAt: rereadAt ?? null }),
    verdict: (id) => verdictOf(knex, id),
    accept: (id, reason, actor) => acceptSnapshot(knex, id, { reason, actor }),
    find: (id) => findSnapshot(knex, id),
    list: () => listSnapshots(knex),
    latest: (question) => latestSnapshot(knex, question),
    alike: (question) => alikeSnapshots(knex, question),
    between: (question) => snapshotsBetween(knex, question),
  };
}

async function openSnapshot(
  knex: Knex,
  snapshot: Parameters<Store["snapshots"]["open"]>[0],
  recordedAt: Date,
): Promise<{ id: string; existed: boolean }> {
  const key = [snapshot.source, snapshot.scope, periodKey(snapshot.period), snapshot.takenAt];
  const [made] = await query<{ id: string }>(
    knex,
    `insert into snapshots (source, scope, period, taken_at, recorded_at)
     values (?, ?, ?, ?, ?)
     on conflict (source, scope, period, taken_at) do nothing
     returning id`,
    [...key, recordedAt],
  );
  if (made !== undefined) return { id: made.id, existed: false };
  const [found] = await query<{ id: string }>(
    knex,
    `select id from snapshots where source = ? and scope = ? and period = ? and taken_at = ?`,
    key,
  );
  if (found === undefined) throw new Error(`snapshot ${key.map(String).join(", ")} is neither new nor there`);
  return { id: found.id, existed: true };
}

async function acceptSnapshot(knex: Knex, id: string, by: { reason: string; actor: string }): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    const [accepted] = await query<{ scope: string; taken_at: Date }>(
      transaction,
      `update snapshots
       set complete = true, accepted_reason = ?, accepted_by = ?, accepted_at = now()
       where id = ?::bigint
       returning scope, taken_at`,
      [by.reason, by.actor, parseId(id)],
    );
    if (accepted === undefined) throw new UsageError(`there is no snapshot ${id}: see "snapshots list"`);
    // After the row, as a reading does it: the two can never wait for each other.
    await lockRegister(transaction);
    const units = await query<{ unit: string }>(
      transaction,
      `select distinct unit from observations where snapshot_id = ?::bigint`,
      [id],
    );
    const codes = units.map((row) => row.unit);
    await applyStandings(transaction, { id, scope: accepted.scope, takenAt: accepted.taken_at }, codes);
  });
}

const COLUMNS = `id, source, scope, period, taken_at, recorded_at, complete, accepted_reason, findings, observations`;

type Row = {
  readonly id: string;
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly taken_at: Date;
  readonly recorded_at: Date;
  readonly complete: boolean;
  readonly accepted_reason: string | null;
  readonly findings: readonly Finding[];
  readonly observations: number;
};

function storedSnapshot(row: Row): StoredSnapshot {
  return {
    id: row.id,
    source: row.source,
    scope: row.scope,
    period: row.period,
    takenAt: row.taken_at,
    recordedAt: row.recorded_at,
    complete: row.complete,
    accepted: row.accepted_reason,
    findings: row.findings,
    observations: row.observations,
  };
}

async function findSnapshot(knex: Knex, id: string): Promise<StoredSnapshot | null> {
  const sql = `select ${COLUMNS} from snapshots where id = ?::bigint`;
  const [row] = await query<Row>(knex, sql, [parseId(id)]);
  return row === undefined ? null : storedSnapshot(row);
}

async function verdictOf(knex: Knex, id: string): Promise<StoredVerdict> {
  const [row] = await query<{ sound: (boolean | null)[]; fingerprint: string | null; reread_at: Date | null }>(
    knex,
    `select array(select sound from answers where snapshot_id = s.id order by ordinal) as sound, fingerprint, reread_at
     from snapshots s
     where s.id = ?::bigint`,
    [parseId(id)],
  );
  if (row === undefined) throw new UsageError(`there is no snapshot ${id}: see "snapshots list"`);
  return { sound: row.sound, fingerprint: row.fingerprint, rereadAt: row.reread_at };
}

async function listSnapshots(knex: Knex): Promise<readonly StoredSnapshot[]> {
  const rows = await query<Row>(knex, `select ${COLUMNS} from snapshots order by taken_at, id`);
  return rows.map(storedSnapshot);
}

async function latestSnapshot(knex: Knex, question: LatestQuestion): Promise<StoredSnapshot | null> {
  const period = question.period ?? null;
  const known = question.knownAt ?? null;
  const [row] = await query<Row>(
    knex,
    `select ${COLUMNS}
     from snapshots
     where source = ? and scope = ?
       and (?::text is null or period = ?)
       and taken_at ${question.before === true ? "<" : "<="} ?
       and (complete or ?)
       and (?::timestamptz is null or recorded_at <= ?)
     order by taken_at desc, id desc
     limit 1`,
    [
      ...[question.source, question.scope, period, period],
      ...[question.asOf, question.incomplete === true, known, known],
    ],
  );
  return row === undefined ? null : storedSnapshot(row);
}

async function snapshotsBetween(knex: Knex, question: BetweenQuestion): Promise<readonly StoredSnapshot[]> {
  const rows = await query<Row>(
    knex,
    `select ${COLUMNS}
     from snapshots
     where source = ? and scope = ? and period = ? and complete and taken_at > ? and taken_at < ?
     order by taken_at, id`,
    [question.source, question.scope, question.period, question.from, question.to],
  );
  return rows.map(storedSnapshot);
}

async function alikeSnapshots(knex: Knex, question: AlikeQuestion): Promise<readonly StoredSnapshot[]> {
  const rows = await query<Row>(
    knex,
    `select ${COLUMNS}
     from snapshots
     where source = ? and scope = ? and fingerprint = ? and complete and taken_at <= ? and id <> ?::bigint
     order by taken_at desc, id desc`,
    [question.source, question.scope, question.fingerprint, question.asOf, parseId(question.except)],
  );
  return rows.map(storedSnapshot);
}
