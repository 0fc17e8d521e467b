import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PieceQueue } from "../../src/adapters/piece-queue.ts";
import { ticksIn } from "../../src/adapters/postgres/ticks.ts";
import { openQueue, type Queue } from "../../src/adapters/queue.ts";
import { ReadError } from "../../src/domain/errors.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import { sendOne } from "../../src/pipeline/send-one.ts";
import { crewOf, takeUp } from "../../src/serve/crew.ts";
import { readGiven, readPiece, readWork } from "../../src/serve/piece-reading.ts";
import { type Bench, PIECE_NAMES, pieceWorker } from "../../src/serve/pieces.ts";
import { freezeEdition, mailContext } from "../pipeline/mail-context.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { head } from "../support/day.ts";
import { until } from "../support/serving.ts";

const OF = { job: "publish-daily", slot: new Date("2026-10-12T00:00:00.000Z") };
const PROGRAM = "1.0.0";
const NOW = new Date("2026-10-12T00:20:00.000Z");
const cut = (work: unknown, program = PROGRAM) => ({ program, queuedAt: NOW, work });

describe("a piece is read strictly", () => {
  const data = (work: object) => JSON.parse(JSON.stringify({ ...OF, work }));

  test("and refused when another version of the program queued it", () => {
    expect(readPiece("deliver", data(cut({ delivery: "7" })), PROGRAM)).toEqual({
      ...{ ...OF, queuedAt: NOW, work: { delivery: "7" } },
    });
    expect(() => readPiece("deliver", data(cut({ delivery: "7" }, "0.9.0")), PROGRAM)).toThrow(
      /queued by version 0\.9\.0 .* this process is version 1\.0\.0: it is left to a process of that version/,
    );
  });

  test("and refused when it is of a shape this version does not know", () => {
    const refused = [
      () => readPiece("deliver", { job: "publish-daily" }, PROGRAM),
      () => readPiece("deliver", data({ ...cut({}), more: 1 }), PROGRAM),
      () => readWork("deliver", { delivery: "7; drop table deliveries" }),
      () => readWork("deliver", { delivery: "7", to: "somebody@else.example" }),
      () => readWork("collect-scope", { source: "evaluation-api", scope: "H21", period: "last year", since: null }),
      () => readWork("render-edition", { edition: { bulletin: "daily" } }),
      () => readGiven("deliver", { gives: { state: "accepted" } }),
      () => readGiven("render-edition", "done"),
    ];
    for (const read of refused) expect(read).toThrow(ReadError);
  });
});

describe("in the queue", () => {
  let database: FreshDatabase;
  let queue: Queue;
  let pieces: PieceQueue;
  let sent = 0;

  beforeAll(async () => {
    database = await freshDatabase();
    queue = await openQueue(database.knex, { jobs: [], log: () => undefined, pollSeconds: 0.1 });
    pieces = await queue.pieces({ names: PIECE_NAMES, program: PROGRAM });
    await database.knex.raw(
      `insert into ticks (job, slot, origin, noted_at, noted_by, state, work)
       values ('publish-daily', ?, 'clock', ?, 'one:1', 'running', gen_random_uuid())`,
      [OF.slot, NOW],
    );
  });
  afterAll(async () => {
    await queue?.stop(1_000);
    await database?.drop();
  });

  const channel: Channel = {
    name: "counter",
    send: async () => {
      sent += 1;
      return { state: "accepted", reply: `250 taken as ${sent}` };
    },
    close: async () => undefined,
  };
  const context = () => mailContext(database.store, channel).ctx;
  const bench = (): Bench => ({
    ...{ ticks: ticksIn(database.knex), now: () => NOW, log: () => undefined, pieces, program: PROGRAM },
    ...{ stopping: () => false, held: async () => null },
    open: () => ({ ctx: context(), close: async () => undefined }),
  });

  /** A mail whose worker noted its outcome, and then fell silent before it could tell the queue. */
  async function untold(unit: string): Promise<{ piece: string; delivery: string }> {
    const reader = head(unit, `${unit.toLowerCase()}@example.vn`);
    await database.store.recipients.replace([reader]);
    const key = await freezeEdition(database.store, { audience: unit });
    await database.store.deliveries.owe(key, reader, { messageId: `<${unit}@example.vn>` });
    const [row] = await database.store.deliveries.due([key]);
    if (row === undefined) throw new Error("nothing is due");
    await sendOne(context(), row.id);
    const [piece = ""] = await pieces.add("deliver", OF, [cut({ delivery: row.id })]);
    await database.knex.raw("update pgboss.job set state = 'retry', retry_count = 1 where id = ?", [piece]);
    return { piece, delivery: row.id };
  }

  test("what a worker noted and could not tell is told by whoever takes up its run, and not sent again", async () => {
    const { delivery } = await untold("H21.02");
    const [other = ""] = await pieces.add("deliver", OF, [cut({ delivery: "999" })]);
    const of = await takeUp(bench(), OF, context());
    const given = { state: "accepted", reply: `250 taken as ${sent}` };
    expect(crewOf(bench(), of, context()).earlier("deliver")).toEqual([{ work: { delivery }, gives: given }]);
    expect(await pieces.ended("deliver", [other])).toEqual(new Map([[other, { state: "withdrawn" }]]));
    expect(sent).toBe(1);
  });

  test("and is told by the worker that gets its piece next; a piece of another version is never taken", async () => {
    const { piece } = await untold("H21.03");
    const old = await queue.pieces({ names: ["deliver"], program: "0.9.0" });
    const [stranger = ""] = await old.add("deliver", OF, [cut({ delivery: "1" }, "0.9.0")]);
    pieces.work(pieceWorker(bench()));
    const [unshaped = ""] = await pieces.add("deliver", OF, [{ program: PROGRAM }]);
    await until("the piece's end", async () => (await pieces.ended("deliver", [piece, unshaped])).size === 2);
    const ends = await pieces.ended("deliver", [piece, unshaped]);
    const given = { state: "accepted", reply: `250 taken as ${sent}` };
    expect(ends.get(piece)).toEqual({ state: "done", output: { gives: given } });
    expect(ends.get(unshaped)).toMatchObject({
      state: "given-up",
      output: { message: expect.stringMatching(/shape/) },
    });
    expect((await old.ended("deliver", [stranger])).size).toBe(0);
    expect(sent).toBe(2);
    await pieces.stop();
    expect(await pieces.withdraw(OF)).toEqual([]);
    expect((await old.ended("deliver", [stranger])).get(stranger)).toEqual({ state: "withdrawn" });
  });
});
