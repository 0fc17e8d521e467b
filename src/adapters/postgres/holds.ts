import type { Knex } from "knex";
import type { BulletinName } from "../../domain/edition.ts";
import type { Hold, Issued, Placed, Store } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

/** Issues that are kept from delivery until somebody releases them. */
export function holdsIn(knex: Knex): Store["holds"] {
  return {
    place: (hold) => placeHold(knex, hold),
    release: (issued, by, at) => releaseHold(knex, { issued, by, at }),
    open: (issued) => openHold(knex, issued),
    list: () => listHolds(knex),
  };
}

type NewHold = Issued & Pick<Hold, "reason" | "by" | "at">;

/**
 * Holds an issue nothing of which has left, or may have left, for anybody; otherwise gives the units of those mails. Locking the
 * ledger of deliveries makes a mail that is being claimed at this moment come either before the question or after the hold.
 */
async function placeHold(knex: Knex, { bulletin, issue, reason, by, at }: NewHold): Promise<Placed> {
  return inTransaction(knex, async (transaction): Promise<Placed> => {
    await change(transaction, `lock table deliveries in share mode`);
    const sent = await query<{ unit: string }>(
      transaction,
      `select deliveries.unit
       from deliveries join editions on editions.key = deliveries.edition
       where editions.bulletin = ? and editions.issue = ? and deliveries.state in ('sending', 'accepted', 'unknown')
       order by deliveries.unit`,
      [bulletin, issue],
    );
    if (sent.length > 0) return { state: "sent", units: sent.map(({ unit }) => unit) };
    const made = await change(
      transaction,
      `insert into holds (bulletin, issue, reason, held_by, held_at) values (?, ?, ?, ?, ?)
       on conflict (bulletin, issue) where released_at is null do nothing`,
      [bulletin, issue, reason, by, at],
    );
    return { state: made === 1 ? "held" : "held-before" };
  });
}

async function releaseHold(knex: Knex, { issued, by, at }: { issued: Issued; by: string; at: Date }): Promise<boolean> {
  const changed = await change(
    knex,
    `update holds set released_by = ?, released_at = ? where bulletin = ? and issue = ? and released_at is null`,
    [by, at, issued.bulletin, issued.issue],
  );
  return changed === 1;
}

const COLUMNS = `bulletin, issue, reason, held_by, held_at, released_by, released_at`;

type Row = {
  readonly bulletin: BulletinName;
  readonly issue: string;
  readonly reason: string;
  readonly held_by: string;
  readonly held_at: Date;
  readonly released_by: string | null;
  readonly released_at: Date | null;
};

function holdOf(row: Row): Hold {
  return {
    bulletin: row.bulletin,
    issue: row.issue,
    reason: row.reason,
    by: row.held_by,
    at: row.held_at,
    releasedBy: row.released_by,
    releasedAt: row.released_at,
  };
}

async function openHold(knex: Knex, { bulletin, issue }: Issued): Promise<Hold | null> {
  const [row] = await query<Row>(
    knex,
    `select ${COLUMNS} from holds where bulletin = ? and issue = ? and released_at is null`,
    [bulletin, issue],
  );
  return row === undefined ? null : holdOf(row);
}

/** Oldest first, released ones too. */
async function listHolds(knex: Knex): Promise<readonly Hold[]> {
  return (await query<Row>(knex, `select ${COLUMNS} from holds order by held_at, id`)).map(holdOf);
}
