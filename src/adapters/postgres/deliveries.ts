import type { Knex } from "knex";
import { foldAddress, type Purpose, type Recipient } from "../../domain/delivery.ts";
import type { NewDelivery, Store, StoredDelivery } from "../../pipeline/store.ts";
import { abandonStale, finish, giveBack, giveUpLate, policyRefusals, postpone, resolve } from "./delivery-ends.ts";
import { change, parseId, query } from "./sql.ts";

/** The ledger of messages: one row per edition, folded address and purpose, each attempt noted. */
export function deliveriesIn(knex: Knex): Store["deliveries"] {
  return {
    owe: (editionKey, recipient, owed) => owe(knex, { editionKey, recipient, ...owed }),
    due: (editionKeys, asked) => dueDeliveries(knex, editionKeys, asked ?? {}),
    find: (id) => findDelivery(knex, id),
    claim: (id, instance, at) => claim(knex, { id, instance, at }),
    handOver: (id, of, at) => handOver(knex, { id, of, at }),
    giveBack: (id, instance) => giveBack(knex, id, instance),
    finish: (id, outcome, ended) => finish(knex, { id, outcome, ...(ended instanceof Date ? { at: ended } : ended) }),
    list: (editionKeys) => listDeliveries(knex, editionKeys ?? null),
    abandonStale: (before) => abandonStale(knex, before),
    giveUpLate: (editionKeys, at) => giveUpLate(knex, editionKeys, at),
    postpone: (ids, until) => postpone(knex, ids, until),
    policyRefusals: (last) => policyRefusals(knex, last),
    resolve: (id, as, by) => resolve(knex, { id, as, ...by }),
    resend: (id, owed) => resend(knex, { id, ...owed }),
  };
}

type Owed = { readonly editionKey: string; readonly recipient: Recipient } & NewDelivery;

/**
 * An existing row keeps what it is. Only a later deadline takes the earlier one's place while it is owed; and one that was given up as
 * late is owed again when somebody asks for it, and one that was kept back for its reader's sake once the reader may have it again.
 */
async function owe(knex: Knex, given: Owed): Promise<void> {
  const { editionKey, recipient, messageId, purpose = "normal", deadline = null, revive = false } = given;
  await change(
    knex,
    `insert into deliveries (edition, folded, address, name, unit, message_id, purpose, deadline)
     values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (edition, folded, purpose) do update
       set deadline = greatest(deliveries.deadline, excluded.deadline), may_pass = deliveries.may_pass or deliveries.late,
         late = false, state = case deliveries.state when 'suppressed' then 'queued' else deliveries.state end
       where (deliveries.deadline < excluded.deadline
           and (deliveries.state = 'queued' or (deliveries.state = 'failed' and (deliveries.may_pass or (deliveries.late and ?)))))
         or (deliveries.state = 'suppressed' and deliveries.reply like 'its reader %')`,
    [
      ...[editionKey, foldAddress(recipient.email), recipient.email, recipient.name, recipient.unit],
      ...[messageId, purpose, deadline, revive],
    ],
  );
}

const COLUMNS = `id, edition, address, name, unit, state, attempts, reply, message_id, purpose, deadline, late`;

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
  readonly purpose: Purpose;
  readonly deadline: Date | null;
  readonly late: boolean;
};

function storedDelivery(row: Row): StoredDelivery {
  const { address, message_id, name: _, ...rest } = row;
  return { ...rest, recipient: address, messageId: message_id };
}

/** Who is still owed an edition: never tried, or failed for a reason that may pass; `now`: and whose next try has come. */
async function dueDeliveries(
  knex: Knex,
  editionKeys: readonly string[],
  { now }: { readonly now?: Date },
): Promise<readonly (StoredDelivery & { readonly name: string })[]> {
  const rows = await query<Row>(
    knex,
    `select ${COLUMNS}
     from deliveries
     where edition = any(?::text[]) and (state = 'queued' or (state = 'failed' and may_pass))
       and (?::timestamptz is null or not_before is null or not_before <= ?::timestamptz)
     order by id`,
    [[...editionKeys], now ?? null, now ?? null],
  );
  return rows.map((row) => ({ ...storedDelivery(row), name: row.name }));
}

async function findDelivery(knex: Knex, id: string): Promise<(StoredDelivery & { readonly name: string }) | null> {
  const [row] = await query<Row>(knex, `select ${COLUMNS} from deliveries where id = ?::bigint`, [parseId(id)]);
  return row === undefined ? null : { ...storedDelivery(row), name: row.name };
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

/** No row of an issue that somebody holds. */
const NOT_HELD = `not exists
  (select from editions join holds on holds.bulletin = editions.bulletin and holds.issue = editions.issue
   where editions.key = deliveries.edition and holds.released_at is null)`;

/** One statement, so that of two workers one gets the row; nobody gets one of an issue that is held. */
async function claim(knex: Knex, { id, instance, at }: Claim): Promise<boolean> {
  const changed = await change(
    knex,
    `update deliveries
     set state = 'sending', instance = ?, claimed_at = ?, handed_at = null
     where id = ?::bigint and (state = 'queued' or (state = 'failed' and may_pass)) and ${NOT_HELD}`,
    [instance, at, parseId(id)],
  );
  return changed === 1;
}

/** From here on a worker that dies leaves a message that may have arrived. */
async function handOver(
  knex: Knex,
  { id, of, at }: { id: string; of: Pick<Claim, "instance" | "at">; at: Date },
): Promise<boolean> {
  const changed = await change(
    knex,
    `update deliveries set handed_at = ?
     where id = ?::bigint and state = 'sending' and instance = ? and claimed_at = ? and ${NOT_HELD}`,
    [at, parseId(id), of.instance, of.at],
  );
  return changed === 1;
}

type Resend = { readonly id: string; readonly messageIdOf: (purpose: Purpose) => string; readonly deadline: Date };

/** One more row for the same edition and person. Null when another hand was quicker by a moment, or the person was erased. */
async function resend(knex: Knex, { id, messageIdOf, deadline }: Resend): Promise<string | null> {
  const [last] = await query<{ n: number }>(
    knex,
    `select coalesce(max(substring(purpose from 8)::int) filter (where purpose like 'resend-%'), 0) as n
     from deliveries where (edition, folded) = (select edition, folded from deliveries where id = ?::bigint)`,
    [parseId(id)],
  );
  const purpose: Purpose = `resend-${(last?.n ?? 0) + 1}`;
  const [made] = await query<{ id: string }>(
    knex,
    `insert into deliveries (edition, folded, address, name, unit, message_id, purpose, deadline)
     select edition, folded, address, name, unit, ?, ?, ?::timestamptz from deliveries
     where id = ?::bigint and folded not like 'erased:%'
     on conflict (edition, folded, purpose) do nothing returning id`,
    [messageIdOf(purpose), purpose, deadline, parseId(id)],
  );
  return made?.id ?? null;
}
