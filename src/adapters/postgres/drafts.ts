import type { Knex } from "knex";
import { type Baseline, type Content, type Edition, editionKey } from "../../domain/edition.ts";
import type { Approval, Draft, EditionFile, Store } from "../../pipeline/store.ts";
import { change, inTransaction, jsonText, parseId, query } from "./sql.ts";

/** Any number that no other lock of this program uses. */
const LOCK_KEY = 766_013;

/** Weeklies before anybody has agreed to them, and who did. */
export function draftsIn(knex: Knex): Store["drafts"] {
  return {
    keep: (edition, files, fingerprint) => keep(knex, { edition, files, fingerprint }),
    of: (issue, audience) => draftOf(knex, issue, audience),
    files: (id) => filesOf(knex, id),
    approve: (id, approval) => approve(knex, id, approval),
    issues: (since) => issuesSince(knex, since),
    approvalOf: (edition) => approvalOf(knex, edition),
  };
}

type Kept = {
  readonly edition: Edition;
  readonly files: readonly EditionFile[];
  readonly fingerprint: string;
};

/** Under a lock that `approve` takes too: nobody agrees to a draft while a later one is being written. */
async function keep(knex: Knex, { edition, files, fingerprint }: Kept): Promise<Draft> {
  return inTransaction(knex, async (transaction) => {
    await query(transaction, `select pg_advisory_xact_lock(?)`, [LOCK_KEY]);
    const last = await draftOf(transaction, edition.issue, edition.audience);
    if (last !== null && (last.approval !== null || last.fingerprint === fingerprint)) return last;
    const [row] = await query<{ id: string }>(
      transaction,
      `insert into drafts (issue, audience, as_of, composed_at, snapshots, baseline, content, fingerprint)
       values (?, ?, ?, ?, ?::text[], ?::jsonb, ?::jsonb, ?) returning id`,
      [
        ...[edition.issue, edition.audience, edition.asOf, edition.composedAt, [...edition.snapshots]],
        ...[edition.baseline === null ? null : jsonText(edition.baseline), jsonText(edition.content), fingerprint],
      ],
    );
    for (const file of files)
      await change(transaction, `insert into draft_files (draft, kind, bytes, sha256) values (?::bigint, ?, ?, ?)`, [
        ...[row?.id ?? "", file.kind, Buffer.from(file.bytes), file.sha256],
      ]);
    const kept = await draftOf(transaction, edition.issue, edition.audience);
    if (kept === null) throw new Error(`the draft of ${editionKey(edition)} is not where it was written`);
    return kept;
  });
}

type Row = {
  readonly id: string;
  readonly issue: string;
  readonly audience: string;
  readonly as_of: Date;
  readonly composed_at: Date;
  readonly snapshots: readonly string[];
  readonly baseline: Baseline | null;
  readonly content: Content;
  readonly fingerprint: string;
  readonly pdf: string | null;
  readonly kind: Approval["kind"] | null;
  readonly edition: string;
  readonly sha256: string;
  readonly approved_at: Date;
  readonly approved_by: string;
};

async function draftOf(knex: Knex, issue: string, audience: string): Promise<Draft | null> {
  const [row] = await query<Row>(
    knex,
    `select drafts.id, issue, audience, as_of, composed_at, snapshots, baseline, content, fingerprint,
       draft_files.sha256 as pdf, approvals.kind, edition, approvals.sha256, approved_at, approved_by
     from drafts
       left join draft_files on draft_files.draft = drafts.id and draft_files.kind = 'pdf'
       left join approvals on approvals.draft = drafts.id
     where issue = ? and audience = ?
     order by (approvals.draft is null), drafts.id desc
     limit 1`,
    [issue, audience],
  );
  if (row === undefined) return null;
  const { kind, edition, sha256, approved_at: at, approved_by: by } = row;
  return {
    id: row.id,
    edition: {
      ...{ bulletin: "weekly", audience: row.audience, issue: row.issue, reissue: 0 },
      ...{ asOf: row.as_of, composedAt: row.composed_at, snapshots: row.snapshots },
      ...{ baseline: row.baseline, content: row.content },
    },
    fingerprint: row.fingerprint,
    sha256: row.pdf ?? "",
    approval: kind === null ? null : { kind, edition, sha256, at, by },
  };
}

async function filesOf(knex: Knex, id: string): Promise<readonly EditionFile[]> {
  return query<{ kind: EditionFile["kind"]; bytes: Buffer; sha256: string }>(
    knex,
    `select kind, bytes, sha256 from draft_files where draft = ?::bigint order by kind`,
    [parseId(id)],
  );
}

async function approve(knex: Knex, id: string, { kind, edition, sha256, at, by }: Approval): Promise<boolean> {
  return inTransaction(knex, async (transaction) => {
    await query(transaction, `select pg_advisory_xact_lock(?)`, [LOCK_KEY]);
    const made = await change(
      transaction,
      `insert into approvals (draft, edition, sha256, kind, approved_at, approved_by)
       select id, ?, ?, ?, ?, ? from drafts
       where id = ?::bigint and not exists (select from drafts later
         where later.issue = drafts.issue and later.audience = drafts.audience and later.id > drafts.id)
       on conflict do nothing`,
      [edition, sha256, kind, at, by, parseId(id)],
    );
    return made === 1;
  });
}

async function issuesSince(knex: Knex, since: Date): Promise<readonly { issue: string; audience: string }[]> {
  return query<{ issue: string; audience: string }>(
    knex,
    `select distinct issue, audience from drafts where composed_at >= ? order by issue, audience`,
    [since],
  );
}

async function approvalOf(knex: Knex, edition: string): Promise<Approval | null> {
  const [row] = await query<{ kind: Approval["kind"]; sha256: string; approved_at: Date; approved_by: string }>(
    knex,
    `select kind, sha256, approved_at, approved_by from approvals where edition = ?`,
    [edition],
  );
  if (row === undefined) return null;
  return { kind: row.kind, edition, sha256: row.sha256, at: row.approved_at, by: row.approved_by };
}
