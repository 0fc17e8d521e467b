import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Knex } from "knex";
import { ReadError } from "../../domain/errors.ts";
import type { Answer, Request } from "../../domain/snapshot.ts";
import { change, inTransaction, jsonText, parseId, query } from "./sql.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

type Archived = { readonly id: string; readonly ordinal: number; readonly answer: Answer };

/**
 * Keeps one answer of a snapshot. The same bytes at the same place again do nothing; other bytes are refused with a ReadError
 * that names the snapshot and the endpoint.
 */
export async function archiveAnswer(knex: Knex, { id, ordinal, answer }: Archived): Promise<void> {
  const sha256 = createHash("sha256").update(answer.body).digest();
  const packed = await compress(answer.body);
  await inTransaction(knex, async (transaction) => {
    await change(
      transaction,
      `insert into blobs (sha256, gzip, size) values (?, ?, ?) on conflict (sha256) do nothing`,
      [sha256, packed, answer.body.byteLength],
    );
    const made = await change(
      transaction,
      `insert into answers (snapshot_id, ordinal, endpoint, request, status, headers, received_at, sha256, fault)
       values (?::bigint, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (snapshot_id, ordinal) do nothing`,
      [
        ...[parseId(id), ordinal, answer.endpoint, answer.request === null ? null : jsonText(answer.request)],
        ...[answer.status, jsonText(answer.headers), answer.receivedAt, sha256, answer.fault ?? null],
      ],
    );
    if (made === 0) await refuseOther(transaction, { id, ordinal, answer }, sha256);
  });
}

async function refuseOther(transaction: Knex, { id, ordinal, answer }: Archived, sha256: Buffer): Promise<void> {
  const [kept] = await query<{ endpoint: string; sha256: Buffer }>(
    transaction,
    `select endpoint, sha256 from answers where snapshot_id = ?::bigint and ordinal = ?`,
    [parseId(id), ordinal],
  );
  if (kept?.endpoint === answer.endpoint && kept.sha256.equals(sha256)) return;
  throw new ReadError(
    `snapshot ${id} already has another answer ${ordinal} than this one of ${answer.endpoint}: ` +
      `kept ${kept?.endpoint} ${kept?.sha256.toString("hex")}, given ${sha256.toString("hex")}. ` +
      `What was archived is never replaced; correct takenAt or the file`,
  );
}

type AnswerRow = {
  readonly ordinal: number;
  readonly endpoint: string;
  readonly request: Request | null;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly received_at: Date;
  readonly fault: string | null;
  readonly sha256: Buffer;
  readonly gzip: Buffer;
  readonly size: string;
};

/** A snapshot's answers in the order they were asked, each checked against its sha256. */
export async function readAnswers(knex: Knex, id: string): Promise<readonly Answer[]> {
  const rows = await query<AnswerRow>(
    knex,
    `select a.ordinal, a.endpoint, a.request, a.status, a.headers, a.received_at, a.fault, a.sha256, b.gzip, b.size
     from answers a
     join blobs b on b.sha256 = a.sha256
     where a.snapshot_id = ?::bigint
     order by a.ordinal`,
    [parseId(id)],
  );
  return Promise.all(rows.map((row) => answerOf(id, row)));
}

async function answerOf(id: string, row: AnswerRow): Promise<Answer> {
  const spoilt = `snapshot ${id}, answer ${row.ordinal} (${row.endpoint}): the stored bytes no longer match their sha256`;
  const body = await decompress(row.gzip, { maxOutputLength: Number(row.size) + 1 }).catch((error: unknown) => {
    throw new ReadError(spoilt, { cause: error });
  });
  if (!createHash("sha256").update(body).digest().equals(row.sha256)) throw new ReadError(spoilt);
  return {
    endpoint: row.endpoint,
    request: row.request,
    status: row.status,
    headers: row.headers,
    body,
    receivedAt: row.received_at,
    ...(row.fault === null ? {} : { fault: row.fault }),
  };
}
