import type { Knex } from "knex";
import { foldAddress, type Recipient } from "../../domain/delivery.ts";
import type { BulletinName } from "../../domain/edition.ts";
import { UsageError } from "../../domain/errors.ts";
import type { Store } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

/** Who gets what. */
export function recipientsIn(knex: Knex): Store["recipients"] {
  return { replace: (recipients) => replaceRecipients(knex, recipients), list: () => listRecipients(knex) };
}

/** The new list takes the old one's place, all or nothing. A person twice for one unit is a UsageError that names the places. */
async function replaceRecipients(knex: Knex, recipients: readonly Recipient[]): Promise<void> {
  refuseTwice(recipients);
  await inTransaction(knex, async (transaction) => {
    // Two imports at once: the second waits and finds the first one's rows. Readers go on.
    await transaction.raw("lock table recipients in share row exclusive mode");
    await change(transaction, `delete from recipients`);
    let ordinal = 0;
    for (const { name, position, email, unit, bulletins } of recipients) {
      await change(
        transaction,
        `insert into recipients (ordinal, folded, name, position, email, unit, bulletins)
         values (?, ?, ?, ?, ?, ?, ?::text[])`,
        [ordinal++, foldAddress(email), name, position, email, unit, [...bulletins]],
      );
    }
  });
}

function refuseTwice(recipients: readonly Recipient[]): void {
  const seen = new Map<string, number>();
  const mistakes: string[] = [];
  for (const [index, { email, unit }] of recipients.entries()) {
    const key = `${foldAddress(email)} ${unit}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index + 1);
    else mistakes.push(`recipient ${index + 1} has the address and unit (${unit}) of recipient ${earlier}`);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

/** In the order of the list that was imported. */
async function listRecipients(knex: Knex): Promise<readonly Recipient[]> {
  return query<{ name: string; position: string; email: string; unit: string; bulletins: BulletinName[] }>(
    knex,
    `select name, position, email, unit, bulletins from recipients order by ordinal`,
  );
}
