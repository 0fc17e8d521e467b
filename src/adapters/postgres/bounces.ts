import type { Knex } from "knex";
import { type Bounce, isHard, type NotedBounce } from "../../domain/bounce.ts";
import type { Store } from "../../pipeline/store.ts";
import { suppress } from "./pauses.ts";
import { change, inTransaction, parseId, query } from "./sql.ts";

/** Notices of mails that did not arrive. */
export function bouncesIn(knex: Knex): Store["bounces"] {
  return {
    async envelopeKey() {
      const [row] = await query<{ envelope: Buffer }>(knex, `select envelope from keys`);
      if (row === undefined) throw new Error("the table keys is empty: the database was not migrated as a whole");
      return row.envelope;
    },
    async withMessageId(messageId) {
      const [row] = await query<{ id: string }>(knex, `select id from deliveries where message_id = ? limit 1`, [
        messageId,
      ]);
      return row?.id ?? null;
    },
    note: (bounce, at) => inTransaction(knex, (transaction) => note(transaction, bounce, at)),
  };
}

/** The one row of a notice decides: whoever reads the same notice again, at the same moment too, changes nothing. */
async function note(transaction: Knex, bounce: Bounce, at: Date): Promise<NotedBounce> {
  const { notice, delivery, action, status, reply } = bounce;
  const id = parseId(delivery);
  const added = await change(
    transaction,
    `insert into bounces (notice, delivery_id, action, status, reply, read_at) values (?, ?::bigint, ?, ?, ?, ?)
     on conflict (notice, delivery_id) do nothing`,
    [notice, id, action, status, reply, at],
  );
  if (added === 0) return { noted: "again", suppressed: false };
  if (action === "delayed") return { noted: "delayed", suppressed: false };
  const [row] = await query<{ folded: string }>(
    transaction,
    `update deliveries set state = case when state in ('accepted', 'unknown') then 'bounced' else state end, reply = ?
     where id = ?::bigint returning folded`,
    [reply, id],
  );
  if (row === undefined) throw new Error(`there is no delivery ${delivery} to bounce`);
  // The relay's notice may come after the person was erased: there is no address left to suppress.
  if (!isHard(bounce) || row.folded.startsWith("erased:")) return { noted: "bounced", suppressed: false };
  const suppressed = await suppress(transaction, { address: row.folded, cause: "bounced", reply, delivery, at });
  return { noted: "bounced", suppressed };
}
