import type { Knex } from "knex";
import type { PrintedEdition } from "../../domain/correction.ts";
import {
  type Baseline,
  type BulletinName,
  type Content,
  type Edition,
  editionKey,
  type PrintedFigure,
} from "../../domain/edition.ts";
import type { PastIssue } from "../../domain/memory.ts";
import type { EditionFile, EditionSummary, Store } from "../../pipeline/store.ts";
import { change, inTransaction, jsonText, query } from "./sql.ts";

type Found = Edition & { readonly id: string };

/** What was said: frozen editions and their files. */
export function editionsIn(knex: Knex, program: string): Store["editions"] {
  return {
    find: (key) => findEdition(knex, key),
    freeze: (edition, files) => freezeEdition(knex, edition, { files, program }),
    files: (key) => filesOf(knex, key),
    program: (key) => programOf(knex, key),
    last: (bulletin, audience, beforeIssue) => lastEdition(knex, { bulletin, audience, beforeIssue }),
    past: (bulletin, beforeIssue, issues) => pastIssues(knex, { bulletin, beforeIssue, issues }),
    printed: (bulletin, issue) => printedIn(knex, bulletin, issue),
    current: (keys) => currentOf(knex, keys),
    list: (since) => listEditions(knex, since ?? null),
  };
}

/** Writes edition and files, all or nothing, unless the key exists: then what was frozen first stays. Gives the key. */
async function freezeEdition(
  knex: Knex,
  edition: Edition,
  { files, program }: { readonly files: readonly EditionFile[]; readonly program: string },
): Promise<string> {
  const key = editionKey(edition);
  await inTransaction(knex, async (transaction) => {
    const made = await change(
      transaction,
      `insert into editions
         (key, bulletin, audience, issue, reissue, as_of, composed_at, snapshots, baseline, content, program)
       values (?, ?, ?, ?, ?, ?, ?, ?::text[], ?::jsonb, ?::jsonb, ?)
       on conflict do nothing`,
      [
        ...[key, edition.bulletin, edition.audience, edition.issue, edition.reissue, edition.asOf, edition.composedAt],
        [...edition.snapshots],
        ...[edition.baseline === null ? null : jsonText(edition.baseline), jsonText(edition.content), program],
      ],
    );
    if (made === 0) return;
    for (const file of files) {
      await change(transaction, `insert into edition_files (edition, kind, bytes, sha256) values (?, ?, ?, ?)`, [
        ...[key, file.kind, Buffer.from(file.bytes), file.sha256],
      ]);
    }
  });
  return key;
}

async function programOf(knex: Knex, key: string): Promise<string | null> {
  const [row] = await query<{ program: string | null }>(knex, `select program from editions where key = ?`, [key]);
  return row?.program ?? null;
}

const COLUMNS = `key, bulletin, audience, issue, reissue, as_of, composed_at, recorded_at, snapshots, baseline, content`;

type Row = {
  readonly key: string;
  readonly bulletin: BulletinName;
  readonly audience: string;
  readonly issue: string;
  readonly reissue: number;
  readonly as_of: Date;
  readonly composed_at: Date;
  readonly recorded_at: Date;
  readonly snapshots: readonly string[];
  readonly baseline: Baseline | null;
  readonly content: Content;
};

function editionOf(row: Row): Found {
  return {
    id: row.key,
    bulletin: row.bulletin,
    audience: row.audience,
    issue: row.issue,
    reissue: row.reissue,
    asOf: row.as_of,
    composedAt: row.composed_at,
    snapshots: row.snapshots,
    baseline: row.baseline,
    content: row.content,
  };
}

async function findEdition(knex: Knex, key: string): Promise<Found | null> {
  const [row] = await query<Row>(knex, `select ${COLUMNS} from editions where key = ?`, [key]);
  return row === undefined ? null : editionOf(row);
}

type LastQuestion = { readonly bulletin: BulletinName; readonly audience: string; readonly beforeIssue: string };

/** What was held and never released has not been said: nothing is compared with it. */
const PUBLISHED = `not exists
  (select from holds where holds.bulletin = editions.bulletin and holds.issue = editions.issue and released_at is null)`;

/** The highest issue before the given one, in its latest reissue. Issues of one bulletin sort as text. */
async function lastEdition(knex: Knex, question: LastQuestion): Promise<Found | null> {
  const [row] = await query<Row>(
    knex,
    `select ${COLUMNS}
     from editions
     where bulletin = ? and audience = ? and issue < ? and ${PUBLISHED}
     order by issue desc, reissue desc
     limit 1`,
    [question.bulletin, question.audience, question.beforeIssue],
  );
  return row === undefined ? null : editionOf(row);
}

type SummaryRow = Omit<Row, "baseline" | "content"> & { readonly summary: string; readonly pages: boolean };

/** By issue, bulletin, audience; without the words of the pages, which are most of an edition. */
async function listEditions(knex: Knex, since: Date | null): Promise<readonly EditionSummary[]> {
  const rows = await query<SummaryRow>(
    knex,
    `select key, bulletin, audience, issue, reissue, as_of, composed_at, recorded_at, snapshots,
       content->>'summary' as summary, (content->>'pages')::boolean as pages
     from editions
     where ?::timestamptz is null or composed_at >= ?
     order by issue, bulletin, audience, reissue`,
    [since, since],
  );
  return rows.map((row) => ({
    id: row.key,
    bulletin: row.bulletin,
    audience: row.audience,
    issue: row.issue,
    reissue: row.reissue,
    asOf: row.as_of,
    composedAt: row.composed_at,
    recordedAt: row.recorded_at,
    snapshots: row.snapshots,
    summary: row.summary,
    pages: row.pages,
  }));
}

type PastQuestion = { readonly bulletin: BulletinName; readonly beforeIssue: string; readonly issues: number };
type PastRow = { readonly audience: string; readonly issue: string; readonly figures: readonly PrintedFigure[] };

async function pastIssues(knex: Knex, question: PastQuestion): Promise<ReadonlyMap<string, readonly PastIssue[]>> {
  const rows = await query<PastRow>(
    knex,
    `select distinct on (audience, issue) audience, issue, content -> 'figures' as figures
     from editions
     where bulletin = ? and issue in
       (select distinct issue from editions where bulletin = ? and issue < ? and ${PUBLISHED}
        order by issue desc limit ?)
     order by audience, issue desc, reissue desc`,
    [question.bulletin, question.bulletin, question.beforeIssue, question.issues],
  );
  const past = new Map<string, PastIssue[]>();
  for (const { audience, issue, figures } of rows) {
    past.set(audience, [...(past.get(audience) ?? []), { issue, figures }]);
  }
  return past;
}

type PrintedRow = Omit<Row, "content" | "as_of" | "recorded_at"> & { readonly figures: readonly PrintedFigure[] };

async function printedIn(knex: Knex, bulletin: BulletinName, issue: string): Promise<readonly PrintedEdition[]> {
  const rows = await query<PrintedRow>(
    knex,
    `select distinct on (audience) key, bulletin, audience, issue, reissue, composed_at, snapshots, baseline,
       content -> 'figures' as figures
     from editions
     where bulletin = ? and issue = ?
     order by audience, reissue desc`,
    [bulletin, issue],
  );
  return rows.map(({ key, composed_at, ...row }) => ({ ...row, id: key, composedAt: composed_at }));
}

/** In the order given. */
async function currentOf(knex: Knex, keys: readonly string[]): Promise<readonly string[]> {
  const rows = await query<{ key: string }>(
    knex,
    `select given.key
     from unnest(?::text[]) with ordinality as given (key, place)
     left join editions e on e.key = given.key
     where not exists (select from editions later where later.bulletin = e.bulletin and later.audience = e.audience
       and later.issue = e.issue and later.reissue > e.reissue)
     order by given.place`,
    [[...keys]],
  );
  return rows.map(({ key }) => key);
}

async function filesOf(knex: Knex, key: string): Promise<readonly EditionFile[]> {
  return query<{ kind: EditionFile["kind"]; bytes: Buffer; sha256: string }>(
    knex,
    `select kind, bytes, sha256 from edition_files where edition = ? order by kind`,
    [key],
  );
}
