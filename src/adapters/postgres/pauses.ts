import type { Knex } from "knex";
import type { Day } from "../../domain/calendar.ts";
import { foldAddress } from "../../domain/delivery.ts";
import type { BulletinName } from "../../domain/edition.ts";
import type { ListedRecipient, Pause } from "../../domain/membership.ts";
import type { Store } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

type People = Store["people"];

/** Who gets nothing for now: pauses, and addresses that do not work. */
export function pausesIn(knex: Knex): Pick<People, "pause" | "pauses" | "resume"> {
  return {
    pause: (given) => pause(knex, given),
    pauses: async (address) => (await openPauses(knex, foldAddress(address))).get(foldAddress(address)) ?? [],
    resume: (asked) => inTransaction(knex, (transaction) => resume(transaction, asked)),
  };
}

type PauseRow = {
  readonly folded: string;
  readonly bulletin: BulletinName | null;
  readonly until: Day | null;
  readonly origin: Pause["origin"];
  readonly reason: string;
};

/** The pauses nobody has ended, by folded address, of one or of all. */
export async function openPauses(knex: Knex, folded: string | null): Promise<ReadonlyMap<string, readonly Pause[]>> {
  const rows = await query<PauseRow>(
    knex,
    `select folded, bulletin, to_char(valid_until, 'YYYY-MM-DD') as until, origin, reason
     from pauses
     where ended_at is null and (?::text is null or folded = ?)
     order by id`,
    [folded, folded],
  );
  const found = new Map<string, Pause[]>();
  for (const { folded: address, ...open } of rows) found.set(address, [...(found.get(address) ?? []), open]);
  return found;
}

type Suppressed = NonNullable<ListedRecipient["suppressed"]>;

/** The addresses nothing is sent to, folded, of one or of all. */
export async function openSuppressions(knex: Knex, folded: string | null): Promise<ReadonlyMap<string, Suppressed>> {
  const rows = await query<{ folded: string } & Suppressed>(
    knex,
    `select folded, cause, reply, suppressed_at as at
     from suppressions
     where lifted_at is null and (?::text is null or folded = ?)`,
    [folded, folded],
  );
  return new Map(rows.map(({ folded: address, ...suppressed }) => [address, suppressed]));
}

async function pause(knex: Knex, given: Parameters<People["pause"]>[0]): Promise<void> {
  const { address, bulletin, until, origin, reason, by, at, delivery = null } = given;
  const folded = foldAddress(address);
  await inTransaction(knex, async (transaction) => {
    if (origin === "admin")
      await change(
        transaction,
        `update pauses set ended_at = ?, ended_by = ?
         where folded = ? and bulletin is not distinct from ? and origin = 'admin' and ended_at is null`,
        [at, by, folded, bulletin],
      );
    await change(
      transaction,
      `insert into pauses (folded, bulletin, valid_until, origin, reason, paused_by, paused_at, delivery_id)
       values (?, ?, ?::date, ?, ?, ?, ?, ?::bigint)
       on conflict (folded, bulletin, origin) where ended_at is null do nothing`,
      [folded, bulletin, until, origin, reason, by, at, delivery],
    );
  });
}

async function resume(transaction: Knex, asked: Parameters<People["resume"]>[0]) {
  const { address, by, at, onlyReaders = null } = asked;
  const folded = foldAddress(address);
  const pauses = await change(
    transaction,
    `update pauses set ended_at = ?, ended_by = ?
     where folded = ? and ended_at is null and (?::text is null or (origin = 'reader' and bulletin = ?))`,
    [at, by, folded, onlyReaders, onlyReaders],
  );
  if (onlyReaders !== null) return { pauses, suppressions: 0 };
  const suppressions = await change(
    transaction,
    `update suppressions set lifted_at = ?, lifted_by = ? where folded = ? and lifted_at is null`,
    [at, by, folded],
  );
  return { pauses, suppressions };
}

/** Also inside another transaction: noting a bounce suppresses its address or does neither. */
export async function suppress(knex: Knex, given: Parameters<People["suppress"]>[0]): Promise<boolean> {
  const { address, cause, reply, delivery, at } = given;
  const added = await change(
    knex,
    `insert into suppressions (folded, cause, reply, delivery_id, suppressed_at)
     values (?, ?, ?, ?::bigint, ?)
     on conflict (folded) where lifted_at is null do nothing`,
    [foldAddress(address), cause, reply, delivery, at],
  );
  return added === 1;
}
