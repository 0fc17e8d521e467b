import type { Knex } from "knex";
import type { Tidings } from "../../domain/bounce.ts";
import { foldAddress } from "../../domain/delivery.ts";
import type { Store } from "../../pipeline/store.ts";
import { erasuresIn } from "./erasures.ts";
import { pausesIn, suppress } from "./pauses.ts";
import { change, inTransaction, parseId, query } from "./sql.ts";

type People = Store["people"];
type FoundDelivery = NonNullable<Awaited<ReturnType<People["delivery"]>>>;

/** What is known of people beside the list. */
export function peopleIn(knex: Knex): People {
  return {
    ...pausesIn(knex),
    ...erasuresIn(knex),
    async suppress(given) {
      await suppress(knex, given);
    },
    delivery: (id) => findDelivery(knex, id),
    held: (address) => held(knex, foldAddress(address)),
    untold: (since) => untold(knex, since),
    told: (tidings, at) => inTransaction(knex, (transaction) => told(transaction, tidings, at)),
  };
}

async function findDelivery(knex: Knex, id: string): Promise<FoundDelivery | null> {
  const [row] = await query<FoundDelivery>(
    knex,
    `select deliveries.id, edition, bulletin, address, unit
     from deliveries join editions on editions.key = deliveries.edition
     where deliveries.id = ?::bigint and folded not like 'erased:%'`,
    [parseId(id)],
  );
  return row ?? null;
}

/** Every table that may hold something about a person, and how their rows are found; `?` is the folded address. */
const HELD: Readonly<Record<string, string>> = {
  recipients: `select name, position, email, unit, bulletins, role, to_char(valid_from, 'YYYY-MM-DD') as "from",
      to_char(valid_until, 'YYYY-MM-DD') as until
    from recipients where folded = ? order by ordinal`,
  deliveries: `select id, edition, address, name, unit, state, attempts, reply, message_id as "messageId", owed_at as "owedAt"
    from deliveries where folded = ? order by id`,
  attempts: `select delivery_id as delivery, attempt, at, delivery_attempts.state, delivery_attempts.reply
    from delivery_attempts join deliveries on deliveries.id = delivery_id where folded = ? order by delivery_id, attempt`,
  pauses: `select bulletin, to_char(valid_until, 'YYYY-MM-DD') as until, origin, reason, paused_by as "pausedBy",
      paused_at as "pausedAt", ended_by as "endedBy", ended_at as "endedAt"
    from pauses where folded = ? order by id`,
  suppressions: `select cause, reply, delivery_id as delivery, suppressed_at as "suppressedAt", lifted_by as "liftedBy",
      lifted_at as "liftedAt"
    from suppressions where folded = ? order by id`,
  bounces: `select delivery_id as delivery, action, status, bounces.reply, read_at as "readAt"
    from bounces join deliveries on deliveries.id = delivery_id where folded = ? order by bounces.id`,
  actions: `select at, actor, command, arguments from actions
    where arguments ->> 'person' = substr(tombstone_of(?), 8, 12) order by id`,
};

async function held(knex: Knex, folded: string): ReturnType<People["held"]> {
  const tables: Record<string, readonly unknown[]> = {};
  for (const [table, sql] of Object.entries(HELD)) tables[table] = await query<unknown>(knex, sql, [folded]);
  const { actions: _, ...own } = tables;
  return Object.values(own).every((rows) => rows.length === 0) ? null : tables;
}

/** Of a soft bounce the address may work again tomorrow; three editions in a row of months deserve a look. */
const SOFT_EDITIONS = 3;

async function untold(knex: Knex, since: Date): Promise<Tidings> {
  const pauses = await query<Tidings["pauses"][number]>(
    knex,
    `select pauses.id, unit, bulletin from pauses join deliveries on deliveries.id = delivery_id
     where origin = 'reader' and told_at is null and ended_at is null order by pauses.id`,
  );
  const suppressions = await query<Tidings["suppressions"][number]>(
    knex,
    `select suppressions.id, cause, delivery_id as delivery, unit, suppressions.reply
     from suppressions left join deliveries on deliveries.id = delivery_id
     where told_at is null and lifted_at is null order by suppressions.id`,
  );
  const soft = await query<Tidings["soft"][number]>(
    knex,
    `select array_agg(bounces.id::text order by bounces.id) as bounces, count(distinct edition)::int as editions,
       (array_agg(delivery_id::text order by bounces.id desc))[1] as delivery,
       (array_agg(unit order by bounces.id desc))[1] as unit,
       (array_agg(bounces.reply order by bounces.id desc))[1] as reply
     from bounces join deliveries on deliveries.id = delivery_id
     where not (action = 'failed' and status like '5.%') and told_at is null and read_at >= ?
     group by folded having count(distinct edition) >= ?
     order by 3`,
    [since, SOFT_EDITIONS],
  );
  return { pauses, suppressions, soft };
}

async function told(transaction: Knex, { pauses, suppressions, soft }: Tidings, at: Date): Promise<void> {
  const bounces = soft.flatMap((one) => one.bounces);
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  await change(transaction, `update pauses set told_at = ? where id = any(?::bigint[])`, [at, ids(pauses)]);
  await change(transaction, `update suppressions set told_at = ? where id = any(?::bigint[])`, [at, ids(suppressions)]);
  await change(transaction, `update bounces set told_at = ? where id = any(?::bigint[])`, [at, bounces]);
}
