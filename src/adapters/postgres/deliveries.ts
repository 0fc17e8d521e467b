import type { Knex } from "knex";
import { foldAddress, type Outcome, type Recipient } from "../../domain/delivery.ts";
import type { Store, StoredDelivery } from "../../pipeline/store.ts";
import { change, inTransaction, parseId, query } from "./sql.ts";

/** The ledger of messages: one row per edition and folded address, each attempt noted. */
export function deliveriesIn(knex: Knex): Store["deliveries"] {
  return {
    owe: (editionKey, recipient, messageId) => owe(knex, { editionKey, recipient, messageId }),
    due: (editionKeys) => dueDeliveries(knex, editionKeys),
    find: (id) => findDelivery(knex, id),
    claim: (id, instance, at) => claim(knex, { id, instance, at }),
    finish: (id, outcome, at) => finish(knex, { id, outcome, at }),
    list: (editionKeys) => listDeliveries(knex, editionKeys ?? null),
    abandonStale: (before) => abandonStale(knex, before),
  };
}

type Owed = { readonly editionKey: string; readonly recipient: Recipient; readonly messageId: string };

async function owe(knex: Knex, { editionKey, recipient, messageId }: Owed): Promise<void> {
  await change(
    knex,
    `insert into deliveries (edition, folded, address, name, unit, message_id)
     values (?, ?, ?, ?, ?, ?)
     on conflict (edition, folded) do nothing`,
    [editionKey, foldAddress(recipient.email), recipient.email, recipient.name, recipient.unit, messageId],
  );
}

const COLUMNS = `id, edition, address, name, unit, state, attempts, reply, message_id`;

type Row = {
  readonly id: string;
  readonly edition: string;
  readonly address: string;
  readonly name: string;
  readonly unit: string;
  readonly state: StoredDelivery["state"];
  readonly attempts: number;
  readonly reply: string | null;
  readonly message_id: string;
};

function storedDelivery(row: Row): StoredDelivery {
  return {
    id: row.id,
    edition: row.edition,
    recipient: row.address,
    unit: row.unit,
    state: row.state,
    attempts: row.attempts,
    reply: row.reply,
    messageId: row.message_id,
  };
}

/** Who is still owed an edition: never tried, or failed for a reason that may pass. */
async function dueDeliveries(
  knex: Knex,
  editionKeys: readonly string[],
): Promise<readonly (StoredDelivery & { readonly name: string })[]> {
  const rows = await query<Row>(
    knex,
    `select ${COLUMNS}
     from deliveries
     where edition = any(?::text[]) and (state = 'queued' or (state = 'failed' and may_pass))
     order by id`,
    [[...editionKeys]],
  );
  return rows.map((row) => ({ ...storedDelivery(row), name: row.name }));
}

async function findDelivery(knex: Knex, id: string): Promise<StoredDelivery | null> {
  const [row] = await query<Row>(knex, `select ${COLUMNS} from deliveries where id = ?::bigint`, [parseId(id)]);
  return row === undefined ? null : storedDelivery(row);
}

async function listDeliveries(knex: Knex, editionKeys: readonly string[] | null): Promise<readonly StoredDelivery[]> {
  const keys = editionKeys === null ? null : [...editionKeys];
  const rows = await query<Row>(
    knex,
    `select ${COLUMNS} from deliveries where ?::text[] is null or edition = any(?::text[]) order by id`,
    [keys, keys],
  );
  return rows.map(storedDelivery);
}

type Claim = { readonly id: string; readonly instance: string; readonly at: Date };

/** One statement, so that of two workers one gets the row; nobody gets one of an issue that is held. */
async function claim(knex: Knex, { id, instance, at }: Claim): Promise<boolean> {
  const changed = await change(
    knex,
    `update deliveries
     set state = 'sending', instance = ?, claimed_at = ?
     where id = ?::bigint and (state = 'queued' or (state = 'failed' and may_pass)) and not exists
       (select from editions join holds on holds.bulletin = editions.bulletin and holds.issue = editions.issue
        where editions.key = deliveries.edition and holds.released_at is null)`,
    [instance, at, parseId(id)],
  );
  return changed === 1;
}

type Finished = { readonly id: string; readonly outcome: Outcome; readonly at: Date };

/**
 * Notes what came of a claimed delivery. Also after the claim was given up: only its own worker can still know better, and its
 * word replaces "unknown". Anything else is a bug.
 */
async function finish(knex: Knex, { id, outcome, at }: Finished): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    const mayPass = outcome.state === "failed" && outcome.mayPass;
    const changed = await change(
      transaction,
      `update deliveries
       set state = ?, reply = ?, may_pass = ?, attempts = attempts + 1, claimed_at = null
       where id = ?::bigint and (state = 'sending' or (state = 'unknown' and claimed_at is not null))`,
      [outcome.state, storable(outcome.reply), mayPass, parseId(id)],
    );
    if (changed !== 1)
      throw new Error(`delivery ${id} was not being sent, yet an outcome "${outcome.state}" came for it`);
    await noteAttempt(transaction, id, at);
  });
}

/**
 * Gives up claims made before an instant whose workers never wrote an outcome: `unknown`, so that nothing is sent again by
 * itself. Gives how many.
 */
export async function abandonStale(knex: Knex, before: Date): Promise<number> {
  return inTransaction(knex, async (transaction) => {
    const given = await query<{ id: string; at: Date }>(
      transaction,
      `update deliveries
       set state = 'unknown', may_pass = false, attempts = attempts + 1,
         reply = 'the sending process ended without noting an outcome'
       where state = 'sending' and claimed_at < ?
       returning id, claimed_at as at`,
      [before],
    );
    for (const { id, at } of given) await noteAttempt(transaction, id, at);
    return given.length;
  });
}

async function noteAttempt(transaction: Knex, id: string, at: Date): Promise<void> {
  await change(
    transaction,
    `insert into delivery_attempts (delivery_id, attempt, at, state, reply, instance)
     select id, attempts, ?, state, reply, instance from deliveries where id = ?::bigint`,
    [at, id],
  );
}

/** A relay's reply is outside text: a text column takes everything but the character 0. */
function storable(reply: string): string {
  return reply.replaceAll("\0", "\ufffd");
}
