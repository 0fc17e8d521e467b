import type { Knex } from "knex";
import type { NoticeState, Store } from "../../pipeline/store.ts";
import { change } from "./sql.ts";

/** Mails to administrators and approvers of which each leaves at most once. */
export function noticesIn(knex: Knex): Store["notices"] {
  return {
    begin: (key, messageId, at) => begin(knex, { key, messageId, at }),
    finish: (key, state, reply) => finish(knex, { key, state, reply }),
  };
}

type Begun = { readonly key: string; readonly messageId: string; readonly at: Date };

/** One that certainly was not taken may be begun again; one whose sender died may not. */
async function begin(knex: Knex, { key, messageId, at }: Begun): Promise<boolean> {
  const changed = await change(
    knex,
    `insert into notices (key, state, at, message_id) values (?, 'sending', ?, ?)
     on conflict (key) do update set state = 'sending', at = excluded.at where notices.state = 'failed'`,
    [key, at, messageId],
  );
  return changed === 1;
}

type Finished = { readonly key: string; readonly state: NoticeState; readonly reply: string };

async function finish(knex: Knex, { key, state, reply }: Finished): Promise<void> {
  const changed = await change(knex, `update notices set state = ?, reply = ? where key = ? and state = 'sending'`, [
    ...[state, reply.replaceAll("\0", "\ufffd"), key],
  ]);
  if (changed !== 1) throw new Error(`the notice ${key} was not being sent, yet an outcome "${state}" came for it`);
}
