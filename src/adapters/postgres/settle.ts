import type { Knex } from "knex";
import { ReadError } from "../../domain/errors.ts";
import { COUNTRY, type Unit } from "../../domain/unit.ts";
import type { Settled } from "../../pipeline/store.ts";
import { copyObservations } from "./copy-observations.ts";
import { change, inTransaction, jsonText, parseId, query } from "./sql.ts";
import { applyStandings, lockRegister, type StandingSnapshot } from "./standings.ts";
import { registerUnits } from "./unit-register.ts";

type Opened = StandingSnapshot & { readonly source: string; readonly answers: number };

/**
 * Writes what a reading made of a snapshot, in one transaction: replaces its observations, sets complete, findings and the
 * soundness of each answer, and registers its units. The same input twice leaves the same rows.
 * With `rereadAt` it is a later reading, whose moment is kept.
 * Throws a ReadError when the reading does not fit the snapshot: nothing is changed then.
 */
export async function settleSnapshot(
  knex: Knex,
  { id, settled, rereadAt }: { id: string; settled: Settled; rereadAt: Date | null },
): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    const snapshot = await lockSnapshot(transaction, id);
    checkShape(snapshot, settled);
    await change(transaction, `delete from observations where snapshot_id = ?::bigint`, [id]);
    await copyObservations(transaction, id, settled.observations);
    await markAnswers(transaction, id, settled.sound);
    await lockRegister(transaction);
    const complete = await markSnapshot(transaction, { id, settled, rereadAt });
    const units = settled.units.filter((unit) => belongsTo(snapshot.scope, unit));
    await registerUnits(transaction, snapshot, units);
    if (complete)
      await applyStandings(
        transaction,
        snapshot,
        units.map((unit) => unit.code),
      );
  });
}

/** "Cả nước" is no unit, and a province is registered by the scope of all provinces, not by its own. */
function belongsTo(scope: string, unit: Unit): boolean {
  return unit.code !== COUNTRY && unit.level !== "country" && unit.code !== scope;
}

async function lockSnapshot(transaction: Knex, id: string): Promise<Opened> {
  const [row] = await query<{ source: string; scope: string; taken_at: Date }>(
    transaction,
    `select source, scope, taken_at from snapshots where id = ?::bigint for update`,
    [parseId(id)],
  );
  if (row === undefined) throw new ReadError(`there is no snapshot ${id} to write observations for`);
  const answers = await query<{ ordinal: number }>(
    transaction,
    `select ordinal from answers where snapshot_id = ?::bigint order by ordinal`,
    [id],
  );
  return { id, source: row.source, scope: row.scope, takenAt: row.taken_at, answers: answers.length };
}

function checkShape(snapshot: Opened, settled: Settled): void {
  const where = `snapshot ${snapshot.id} (${snapshot.source}, ${snapshot.scope})`;
  if (settled.sound.length !== snapshot.answers) {
    throw new ReadError(
      `${where}: the reading judged ${settled.sound.length} answers, ${snapshot.answers} are archived`,
    );
  }
  for (const { unit, indicator, answer, value } of settled.observations) {
    if (!(answer in settled.sound)) {
      throw new ReadError(`${where}: ${unit} ${indicator} is said to come from answer ${answer}, which does not exist`);
    }
    if (value !== null && !Number.isSafeInteger(value)) {
      throw new ReadError(`${where}: ${unit} ${indicator} has the value ${value}, which is no whole number of steps`);
    }
  }
}

async function markAnswers(transaction: Knex, id: string, sound: readonly boolean[]): Promise<void> {
  await change(
    transaction,
    `update answers a set sound = given.sound
     from unnest(?::boolean[]) with ordinality as given (sound, place)
     where a.snapshot_id = ?::bigint and a.ordinal = given.place - 1 and a.sound is distinct from given.sound`,
    [`{${sound.join(",")}}`, id],
  );
}

/** Gives whether the snapshot is complete now: what a person accepted stays so, whatever a later reading finds. */
async function markSnapshot(
  transaction: Knex,
  { id, settled, rereadAt }: { id: string; settled: Settled; rereadAt: Date | null },
): Promise<boolean> {
  const [row] = await query<{ complete: boolean }>(
    transaction,
    `update snapshots
     set complete = (? or accepted_at is not null), findings = ?::jsonb, observations = ?, fingerprint = ?,
       reread_at = coalesce(?::timestamptz, reread_at)
     where id = ?::bigint
     returning complete`,
    [
      ...[settled.complete, jsonText(settled.findings), settled.observations.length, settled.fingerprint],
      ...[rereadAt, id],
    ],
  );
  return row?.complete === true;
}
