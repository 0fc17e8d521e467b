import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { timeLeft } from "../../src/pipeline/backfill.ts";
import { closedPeriods } from "../../src/pipeline/closed-periods.ts";
import type { FaultPlan } from "../../src/sample/fault-plan.ts";
import { type SamplePortal, startSamplePortal } from "../../src/sample/server.ts";
import { freshFolder, inTerminal } from "../support/cli.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-20T09:00:00+07:00");
const CONFIG = fileURLToPath(new URL("../../diemtin.example.yaml", import.meta.url));
const PROCESS = fileURLToPath(new URL("../support/command-process.ts", import.meta.url));

let database: FreshDatabase;
let portal: SamplePortal;
let faults: FaultPlan = {};
const folder = freshFolder("backfill");

beforeAll(async () => {
  portal = await startSamplePortal({
    now: () => NOW,
    faults: (endpoint, body, nth) =>
      typeof faults === "function" ? faults(endpoint, body, nth) : (faults[endpoint] ?? faults["all"]),
  });
  database = await freshDatabase();
});
afterAll(async () => {
  await portal.close();
  await database.drop();
  folder.remove();
});
beforeEach(async () => {
  faults = {};
  // Facts cannot be deleted one by one; a test's own database may be emptied whole.
  await database.knex.raw("truncate snapshots, answers, blobs, observations, runs cascade");
});

const environment = () => ({
  DATABASE_URL: database.url,
  DIEMTIN_CONFIG: CONFIG,
  DIEMTIN_HOME: folder.path,
  DIEMTIN_OUT: folder.path,
  DIEMTIN_LOG: "silent",
  PORTAL_URL: portal.url,
});
const backfill = (now: Date, ...words: string[]) =>
  inTerminal(["backfill", ...words], { cwd: folder.path, env: environment(), now });
const months = (from: string, to: string, ...words: string[]) => backfill(NOW, "--from", from, "--to", to, ...words);
const later = (from: string, to: string, ...words: string[]) =>
  backfill(new Date(NOW.getTime() + 60_000), "--from", from, "--to", to, ...words);
const kept = async () =>
  (await database.store.snapshots.list()).map(({ scope, period, complete }) => `${scope} ${period} ${complete}`);
const runs = async () => (await database.store.runs.list()).map(({ job, state }) => `${job} ${state}`);
const count = async (table: string) => Number((await database.knex(table).count({ count: "*" }))[0]?.["count"]);

describe("backfill", () => {
  test("asks for closed months once, says so, and sends nothing", async () => {
    const first = await months("2026-02", "2026-03", "--scope", "provinces", "--json");
    const document = JSON.parse(first.stdout);
    expect([first.code, document.mails, document.complete, document.incomplete]).toEqual([0, 0, 2, 0]);
    expect(document.asks.map(({ period }: { period: string }) => period)).toEqual(["2026-02", "2026-03"]);
    expect(await kept()).toEqual(["provinces 2026-02 true", "provinces 2026-03 true"]);
    const asked = portal.requests.length;
    const again = await months("2026-02", "2026-03", "--scope", "provinces");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('nothing to ask; 2 known ("--reprocess all" asks them again); mails: 0');
    expect(portal.requests.length).toBe(asked);
    expect(await count("deliveries")).toBe(0);
    expect(await runs()).toEqual(["backfill done"]);
    expect((await database.store.actions.list()).map((action) => action.command)).toEqual(["backfill"]);
  });

  test("a dry run names every question, asks none and writes no row", async () => {
    const asked = portal.requests.length;
    const { code, stdout } = await months("2026-01", "2026-03", "--dry-run", "--newest-first");
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("ask "))).toEqual([
      "ask provinces 2026-03: 1 requests (no snapshot since the period ended)",
      "ask H21 2026-03: 7 requests (no snapshot since the period ended)",
      "ask provinces 2026-02: 1 requests (no snapshot since the period ended)",
      "ask H21 2026-02: 7 requests (no snapshot since the period ended)",
      "ask provinces 2026-01: 1 requests (no snapshot since the period ended)",
      "ask H21 2026-01: 7 requests (no snapshot since the period ended)",
    ]);
    expect(stdout).toContain("would ask for 6 snapshots with 24 requests; mails: 0");
    expect(portal.requests.length).toBe(asked);
    expect([await count("snapshots"), await count("runs")]).toEqual([0, 0]);
  });

  test("killed in the middle, a second run goes on; no answer is lost and none is asked twice", async () => {
    let asked = 0;
    const child = spawn(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), PROCESS, "backfill", "--from", "2026-01", "--to", "2026-03"],
      {
        cwd: folder.path,
        env: { PATH: process.env["PATH"], ...environment(), DIEMTIN_TEST_NOW: NOW.toISOString() },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    faults = () => {
      asked += 1;
      if (asked < 13) return undefined;
      child.kill("SIGKILL");
      return "hang";
    };
    const [, signal] = await once(child, "exit");
    expect(signal, said).toBe("SIGKILL");
    expect(await kept()).toEqual([
      "provinces 2026-01 true",
      "H21 2026-01 true",
      "provinces 2026-02 true",
      "H21 2026-02 false",
    ]);
    expect(await runs()).toEqual(["backfill running"]);
    const archived = await count("answers");
    expect(archived).toBe(12);
    faults = {};
    const before = portal.requests.length;
    const second = await later("2026-01", "2026-03");
    expect(second.code, second.stderr).toBe(0);
    expect(portal.requests.length - before).toBe(7 + 1 + 7);
    expect((await kept()).filter((place) => place.endsWith("true")).sort()).toEqual(
      ["01", "02", "03"].flatMap((month) => [`H21 2026-${month} true`, `provinces 2026-${month} true`]).sort(),
    );
    expect(await count("answers")).toBe(archived + 15);
    expect(await runs()).toEqual(["backfill failed", "backfill done"]);
  });

  test("a refusal in the middle ends it with 1; what came is kept, and nothing more is asked", async () => {
    faults = (_, body) => (JSON.stringify(body).includes('"month":2') ? "status-403" : undefined);
    const stopped = await months("2026-01", "2026-03", "--scope", "provinces");
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("the source stopped");
    expect(stopped.stdout).toContain("1 complete, 1 incomplete, 1 not asked; mails: 0");
    expect(await runs()).toEqual(["backfill failed"]);
    faults = {};
    // The refused one was answered and is incomplete: only --reprocess failed asks it again. The third was never asked.
    const periods = (document: string) => JSON.parse(document).asks.map(({ period }: { period: string }) => period);
    const rest = await later("2026-01", "2026-03", "--scope", "provinces", "--json");
    expect(periods(rest.stdout)).toEqual(["2026-03"]);
    const failed = await later("2026-01", "2026-03", "--scope", "provinces", "--reprocess", "failed", "--json");
    expect([failed.code, periods(failed.stdout)]).toEqual([0, ["2026-02"]]);
    expect((await kept()).filter((place) => place.endsWith("true"))).toHaveLength(3);
  });

  test("half an answer leaves that snapshot incomplete and ends with 3; the rest is asked", async () => {
    faults = (endpoint) => (endpoint === "transparency" ? "half-body" : undefined);
    const { code, stderr } = await months("2026-01", "2026-01");
    expect(code).toBe(3);
    expect(stderr).toContain("INCOMPLETE snapshot");
    expect(await kept()).toEqual(["provinces 2026-01 true", "H21 2026-01 false"]);
    expect(await runs()).toEqual(["backfill partial"]);
  });

  test("--reprocess all asks again and keeps what was", async () => {
    await months("2026-01", "2026-01", "--scope", "provinces");
    const again = await later("2026-01", "2026-01", "--scope", "provinces", "--reprocess", "all");
    expect(again.stdout).toMatch(/again, snapshot \d+ stays/);
    expect(await count("snapshots")).toBe(2);
  });

  test.each([
    ["2026-10", "2026-11", 'a past day\'s state of a running period comes with "diemtin import MANIFEST"'],
    ["2026", "2026", '"diemtin run collect"'],
    ["2026-12", "2026-12", "has not begun"],
    ["2025-01", "2025-03", "diemtin import MANIFEST"],
    ["2026-H1", "2026-H1", "not for a half"],
    ["2026-01", "2026-Q1", "ask for one kind at a time"],
    ["2026-03", "2026-01", "lies after"],
    ["gestern", "2026-01", "is no period"],
  ])("refuses %s to %s and asks nothing", async (from, to, words) => {
    const asked = portal.requests.length;
    const { code, stderr } = await months(from, to);
    expect([code, portal.requests.length, await count("snapshots")]).toEqual([2, asked, 0]);
    expect(stderr).toContain(words);
  });
});

test("periods are counted over the turn of a year", () => {
  const at = { today: "2027-06-01", kinds: ["month", "quarter"], since: 2026 } as const;
  expect(closedPeriods({ from: "2026-11", to: "2027-02", ...at }).map((period) => JSON.stringify(period))).toEqual([
    '{"kind":"month","year":2026,"index":11}',
    '{"kind":"month","year":2026,"index":12}',
    '{"kind":"month","year":2027,"index":1}',
    '{"kind":"month","year":2027,"index":2}',
  ]);
});

test("the time left follows from what the visits took", () => {
  expect(timeLeft({ spentMs: 20_000, done: 2, all: 5 })).toBe(", about 30 s left");
  expect(timeLeft({ spentMs: 60_000, done: 1, all: 4 })).toBe(", about 3 min left");
  expect(timeLeft({ spentMs: 60_000, done: 4, all: 4 })).toBe("");
});
