import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Differences, differences, together } from "../../src/domain/correction.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { type RereadQuestion, reread } from "../../src/pipeline/reread.ts";
import { CAPTURE_NAMES, capturedSnapshot, PRESENT } from "../sources/captures.ts";
import { freshFolder, inTerminal } from "../support/cli.ts";
import { freshDatabase } from "../support/database.ts";
import { momentOf, type Office, openOffice } from "../support/day.ts";
import { readingDesk } from "./answers-context.ts";

const PROCESS = fileURLToPath(new URL("../support/command-process.ts", import.meta.url));
const LATER = "2026-11-01 09:00";
const ALL: RereadQuestion = { from: null, to: null, source: null, scope: null, dryRun: false };

let office: Office;
const folder = freshFolder("reread");
beforeAll(async () => {
  office = await openOffice();
  await office.run("collect", "2026-10-12 06:00");
});
afterAll(async () => {
  await office.close();
  folder.remove();
});

const again = (question: Partial<RereadQuestion> = {}) =>
  office.during(momentOf(LATER), (ctx) => reread(ctx, { ...ALL, ...question }));
const environment = () => ({ DATABASE_URL: office.database.url, DIEMTIN_HOME: folder.path, DIEMTIN_LOG: "silent" });
const command = (...words: string[]) =>
  inTerminal(["reread", ...words], { cwd: folder.path, env: environment(), now: momentOf(LATER) });
/** The whole of what was derived, as text. */
const derived = async () => {
  const { rows } = await office.database.knex.raw(
    `select md5(string_agg(o::text, ' ' order by o.snapshot_id, o.unit, o.indicator, o.period)) as observations,
       (select md5(string_agg(s::text, ' ' order by s.id)) from snapshots s) as snapshots,
       (select count(*) from runs) as runs, (select count(*) from actions) as actions
     from observations o`,
  );
  return rows[0];
};
const spoil = async (where: string) => {
  const { rowCount } = await office.database.knex.raw(
    `update observations set value = value + 100 where value is not null and ${where}`,
  );
  return rowCount;
};
const oneTotal = `unit = 'H21.133' and indicator = 'dvc2026.TOTAL' and period = '2026'
  and snapshot_id = (select max(id) from snapshots where scope = 'H21' and period = '2026')`;

describe("reread", () => {
  test("with the same reader changes nothing, over every snapshot of a morning", async () => {
    const found = await again();
    expect(found.snapshotsRead).toBeGreaterThan(10);
    expect(found.read).toBeGreaterThan(50_000);
    expect(found.differences).toEqual({ changed: 0, added: 0, removed: 0, byIndicator: {} });
    expect([found.differing, found.problems]).toEqual([[], []]);
  });

  test("a figure an older reader had wrong is found, and a dry run leaves it", async () => {
    expect(await spoil(oneTotal)).toBe(1);
    const before = await derived();
    const { code, stdout } = await command("--scope", "H21", "--dry-run", "--json");
    const document = JSON.parse(stdout);
    expect([code, document.changed, document.added, document.removed]).toEqual([0, 1, 0, 0]);
    expect(document.byIndicator).toEqual({ "dvc2026.TOTAL": { changed: 1, added: 0, removed: 0 } });
    expect(document.snapshots).toMatchObject([{ scope: "H21", period: "2026", changed: 1 }]);
    expect(await derived()).toEqual(before);
  });

  test("written, it is right; the second time nothing is left to write", async () => {
    const { code, stdout } = await command("--as", "Nguyễn Thị Mẫu", "--scope", "H21");
    expect(code).toBe(0);
    expect(stdout).toContain("1 changed, 0 added, 0 removed");
    expect(stdout).toContain('"diemtin corrections list"');
    expect((await again({ scope: "H21" })).differing).toEqual([]);
    expect((await office.database.store.actions.list()).at(-1)).toMatchObject({
      actor: "Nguyễn Thị Mẫu",
      command: "reread",
    });
    expect((await office.database.store.runs.list()).at(-2)).toMatchObject({ job: "reread", state: "done" });
  });

  test("rows that are gone come back, rows nobody said go, and a wrong verdict is set right", async () => {
    const { knex } = office.database;
    const whole = await derived();
    const { rowCount } = await knex.raw(`delete from observations where unit = 'H21.07' and period = '2026'`);
    await knex.raw(
      `insert into observations (snapshot_id, unit, indicator, period, value, answer)
       select max(id), 'H21.999', 'dvc2026.TOTAL', '2026', 1, 0 from snapshots where scope = 'H21' and period = '2026'`,
    );
    await knex.raw(`update snapshots set complete = false where scope = 'provinces' and period = '2026'`);
    const found = await again({ scope: "H21" });
    expect([found.differences.added, found.differences.removed]).toEqual([rowCount, 1]);
    expect((await again({ scope: "provinces" })).differing.map(({ completeNow }) => completeNow)).toEqual([true]);
    expect((await derived()).observations).toBe(whole.observations);
  });

  test("only what was taken between two instants is read", async () => {
    const words = ["--from", "2026-10-12", "--to", "2026-10-12", "--scope", "provinces", "--dry-run", "--json"];
    const all = (await office.database.store.snapshots.list()).filter(
      ({ scope, takenAt }) => scope === "provinces" && takenAt >= momentOf("2026-10-12 00:00"),
    );
    expect(all.length).toBeGreaterThan(2);
    expect(JSON.parse((await command(...words)).stdout).snapshotsRead).toBe(all.length);
  });

  test("killed in the middle it leaves whole snapshots, and a second run does the rest", async () => {
    const spoilt = await spoil(`indicator = 'dvc2026.TOTAL'`);
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), PROCESS, "reread"], {
      cwd: folder.path,
      env: {
        PATH: process.env["PATH"],
        ...environment(),
        DIEMTIN_LOG: "info",
        DIEMTIN_TEST_NOW: momentOf(LATER).toISOString(),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes('"reread"')) child.kill("SIGKILL");
    });
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
    const rest = await again();
    expect(rest.differences.changed).toBeGreaterThan(0);
    expect(rest.differences.changed).toBeLessThan(spoilt);
    expect((await again()).differing).toEqual([]);
    // Of a process that is gone somebody else says what became of it.
    const cut = (await office.database.store.runs.list()).filter(({ result }) => result.startsWith("cut off"));
    expect(cut.map(({ job, state, finishedAt }) => [job, state, finishedAt])).toEqual([
      ["reread", "failed", momentOf(LATER)],
    ]);
  });

  test("a snapshot whose stored bytes are spoilt is named and left; the others are read", async () => {
    const { knex } = office.database;
    await knex.raw("alter table blobs disable trigger blobs_are_facts");
    await knex.raw(`update blobs set gzip = (select gzip from blobs order by sha256 desc limit 1)
       where sha256 = (select a.sha256 from answers a join snapshots s on s.id = a.snapshot_id
         where s.scope = 'provinces' and s.period = '2026' order by s.id desc limit 1)`);
    const before = await derived();
    const { code, stderr } = await command("--scope", "provinces");
    expect(code).toBe(3);
    expect(stderr).toContain("the stored bytes no longer match their sha256");
    expect((await derived()).observations).toBe(before.observations);
  });
});

test.skipIf(!PRESENT)(`the same reader reads the ${CAPTURE_NAMES.length} real answers the same`, async () => {
  const database = await freshDatabase();
  try {
    const desk = readingDesk(database);
    const snapshots = CAPTURE_NAMES.map((name) => capturedSnapshot(name));
    for (const snapshot of snapshots.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime()))
      await desk.take(snapshot);
    const found = await reread({ ...desk.ctx, progress: () => undefined, instance: "test:0" }, ALL);
    expect(found.snapshotsRead).toBe(CAPTURE_NAMES.length);
    expect(found.differences).toEqual({ changed: 0, added: 0, removed: 0, byIndicator: {} });
  } finally {
    await database.drop();
  }
});

describe("differences", () => {
  const row = (unit: string, value: number | null, more: Partial<Observation> = {}): Observation => ({
    ...{ unit, indicator: "dvc2026.TOTAL", period: "2026", value, answer: 0 },
    ...more,
  });
  const counts = ({ changed, added, removed }: Differences) => [changed, added, removed];

  test("a blank, a zero and nothing are three things", () => {
    expect(counts(differences([row("H01", null)], [row("H01", 0)]))).toEqual([1, 0, 0]);
    expect(counts(differences([], [row("H01", null)]))).toEqual([0, 1, 0]);
    expect(counts(differences([row("H01", 0)], []))).toEqual([0, 0, 1]);
    expect(counts(differences([row("H01", 5)], [row("H01", 5, { flag: "TEMP" })]))).toEqual([1, 0, 0]);
  });

  test("of several snapshots are counted together, by indicator", () => {
    const one = differences([row("H01", 1)], [row("H01", 2)]);
    const other = differences([row("H01", 1, { indicator: "dvc2026.CKMB" })], [row("H01", 2)]);
    expect(together([one, other])).toEqual({
      ...{ changed: 1, added: 1, removed: 1 },
      byIndicator: {
        "dvc2026.TOTAL": { changed: 1, added: 1, removed: 0 },
        "dvc2026.CKMB": { changed: 0, added: 0, removed: 1 },
      },
    });
  });
});
