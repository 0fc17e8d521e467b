import type { Knex } from "knex";
import type { Day } from "../../domain/calendar.ts";
import { foldAddress, type Recipient, type Role } from "../../domain/delivery.ts";
import type { BulletinName } from "../../domain/edition.ts";
import { UsageError } from "../../domain/errors.ts";
import {
  isMemberOn,
  type ListedRecipient,
  type Pause,
  permissionOf,
  standingOn,
  unpausedBulletins,
} from "../../domain/membership.ts";
import type { Store } from "../../pipeline/store.ts";
import { readmit } from "./erasures.ts";
import { openPauses, openSuppressions } from "./pauses.ts";
import { change, inTransaction, query } from "./sql.ts";

/** Who gets what, and from which day to which. */
export function recipientsIn(knex: Knex): Store["recipients"] {
  return {
    replace: (recipients, again) => replaceRecipients(knex, recipients, again),
    list: () => listRecipients(knex, null),
    listed: (day) => listedOn(knex, day),
    liveOn: (day) => liveOn(knex, day),
    async mayReceive(address, unit, bulletin, day) {
      const folded = foldAddress(address);
      const [rows, pauses, suppressed] = await Promise.all([
        listRecipients(knex, folded),
        openPauses(knex, folded),
        openSuppressions(knex, folded),
      ]);
      const own = rows.filter((row) => row.unit === unit);
      const kept = { pauses: pauses.get(folded) ?? [], suppressed: suppressed.has(folded) };
      return permissionOf(own, kept, { bulletin, day });
    },
  };
}

/** The new list takes the old one's place, all or nothing. A person twice for one unit is a UsageError that names the places. */
async function replaceRecipients(
  knex: Knex,
  recipients: readonly Recipient[],
  again: Parameters<Store["recipients"]["replace"]>[1],
): Promise<void> {
  refuseTwice(recipients);
  await inTransaction(knex, async (transaction) => {
    // Two imports at once: the second waits and finds the first one's rows. Readers go on.
    await transaction.raw("lock table recipients in share row exclusive mode");
    await readmit(transaction, recipients, again);
    await change(transaction, `delete from recipients`);
    let ordinal = 0;
    for (const { name, position, email, unit, bulletins, role = "head", from = null, until = null } of recipients) {
      await change(
        transaction,
        `insert into recipients (ordinal, folded, name, position, email, unit, bulletins, role, valid_from, valid_until)
         values (?, ?, ?, ?, ?, ?, ?::text[], ?, ?::date, ?::date)`,
        [ordinal++, foldAddress(email), name, position, email, unit, [...bulletins], role, from, until],
      );
    }
  });
}

function refuseTwice(recipients: readonly Recipient[]): void {
  const seen = new Map<string, number>();
  const mistakes: string[] = [];
  for (const [index, { email, unit, from = "" }] of recipients.entries()) {
    const key = `${foldAddress(email)} ${unit} ${from}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index + 1);
    else mistakes.push(`recipient ${index + 1} has the address and unit (${unit}) of recipient ${earlier}`);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

type Row = {
  readonly name: string;
  readonly position: string;
  readonly email: string;
  readonly unit: string;
  readonly bulletins: BulletinName[];
  readonly role: Role;
  readonly from: Day | null;
  readonly until: Day | null;
};

/** In the order of the list that was imported; of one folded address, or of all. What holds without a word is left out. */
async function listRecipients(knex: Knex, folded: string | null): Promise<readonly Recipient[]> {
  const rows = await query<Row>(
    knex,
    `select name, position, email, unit, bulletins, role,
       to_char(valid_from, 'YYYY-MM-DD') as "from", to_char(valid_until, 'YYYY-MM-DD') as until
     from recipients
     where ?::text is null or folded = ?
     order by ordinal`,
    [folded, folded],
  );
  return rows.map(({ role, from, until, ...person }) => ({
    ...person,
    ...(role === "head" ? {} : { role }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  }));
}

async function listedOn(knex: Knex, day: Day): Promise<readonly ListedRecipient[]> {
  const [rows, pauses, suppressions] = [
    await listRecipients(knex, null),
    await openPauses(knex, null),
    await openSuppressions(knex, null),
  ];
  return rows.map((row) => {
    const folded = foldAddress(row.email);
    const own: readonly Pause[] = pauses.get(folded) ?? [];
    const suppressed = suppressions.get(folded) ?? null;
    const state = standingOn(row, { pauses: own, suppressed: suppressed !== null }, day);
    return { ...row, state, pauses: own, suppressed };
  });
}

async function liveOn(knex: Knex, day: Day): Promise<readonly Recipient[]> {
  const listed = await listedOn(knex, day);
  return listed.flatMap(({ state, pauses, suppressed, ...row }) => {
    if (state !== "live" || suppressed !== null || !isMemberOn(row, day)) return [];
    return [{ ...row, bulletins: unpausedBulletins(row, pauses, day) }];
  });
}
