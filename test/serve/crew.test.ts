import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SamplePortal, startSamplePortal } from "../../src/sample/server.ts";
import { head, momentOf, type Office, openOffice } from "../support/day.ts";
import { serve } from "../support/portal.ts";
import { PROVINCE_YAML, type Serving, startServing, until } from "../support/serving.ts";
import { parseMail, refusal, startRelay } from "../support/smtp.ts";

const UNITS = ["H21.01", "H21.133", "H21.171"];
const AUDIENCES = ["H21", ...UNITS];
const READERS = UNITS.flatMap((unit) =>
  ["a", "b", "c", "d"].map((name) => head(unit, `${name}.${unit.toLowerCase()}@example.vn`)),
);
const PAUSE_MS = 150;
const NEVER = "0 0 29 2 *";
const CONFIG = `${PROVINCE_YAML.replace("pause_ms: 0", `pause_ms: ${PAUSE_MS}`)}periods: [year]
mail: {from: {name: F, address: bantin@example.vn}}
schedule: {collect: "0 9 15 1 *", publish_daily: "0 7 12-14 1 *", publish_weekly: "${NEVER}", redeliver: "40 7 13 1 *", receipt: "${NEVER}", preview_weekly: "${NEVER}"}
`;

const folder = mkdtempSync(join(tmpdir(), "diemtin-crew-"));
let office: Office;
let portal: SamplePortal;
let line: Awaited<ReturnType<typeof watched>>;
/** The processes that live. */
let crew: readonly Serving[] = [];
const now = momentOf("2026-01-15 09:00");
/** What the relay does before it takes a body, and whether it takes the sender. */
let beforeTaking: () => Promise<unknown> = () => pause(120);
let sender: Error | null = null;

beforeAll(async () => {
  const relay = await startRelay({
    onMailFrom: (_address, _session, done) => done(sender),
    onData: (_stream, _session, done) => void beforeTaking().then(() => done()),
  });
  // In January no closed period is asked for as well.
  office = await openOffice({ relay, settings: { periods: ["year"] } });
  await office.database.store.recipients.replace(READERS);
  for (const day of ["09", "12", "13", "14"]) await office.run("collect", `2026-01-${day} 06:00`);
  const waiting = `update units set standing = 'waiting' where scope = 'H21' and code <> all(?)`;
  await office.database.knex.raw(waiting, [AUDIENCES]);
  await office.database.knex.raw("delete from installation; truncate runs");
  portal = await startSamplePortal({ now: () => now });
  line = await watched(portal.url);
  await Promise.all([another("2026-01-12T06:59:10+07:00"), another("2026-01-12T06:59:10+07:00")]);
}, 120_000);
afterAll(async () => {
  for (const { child } of crew) child.kill("SIGKILL");
  await line?.close();
  await portal?.close();
  await office?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One more process. */
async function another(at: string): Promise<void> {
  const member = startServing({
    ...{ program: "serve-process.ts", at, folder, config: CONFIG },
    env: {
      DATABASE_URL: office.database.url,
      SMTP_URL: `smtp://127.0.0.1:${office.relay.port}?ignoreTLS=true`,
      PORTAL_URL: line.url,
    },
  });
  crew = [...crew, member];
  await member.ready;
}

/** A line to the portal that takes its time: how many questions were on it at once, and how long it was free between two. */
async function watched(url: string) {
  const seen = { questions: 0, atOnce: 0, shortestPauseMs: Number.POSITIVE_INFINITY };
  let open = 0;
  let freeSince = Number.NEGATIVE_INFINITY;
  const server = await serve(async (request, response) => {
    seen.questions += 1;
    open += 1;
    seen.atOnce = Math.max(seen.atOnce, open);
    seen.shortestPauseMs = Math.min(seen.shortestPauseMs, performance.now() - freeSince);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}${request.url}`, { method: "POST", headers, body: Buffer.concat(chunks) });
    const body = Buffer.from(await answer.arrayBuffer());
    await pause(40);
    open -= 1;
    freeSince = performance.now();
    response.writeHead(answer.status, { ...headers, date: answer.headers.get("date") ?? "" }).end(body);
  });
  return { ...server, seen };
}

const nameOf = (member: Serving) => `${hostname()}:${member.pid}`;
const rows = async (sql: string, values: readonly string[] = []) =>
  (await office.database.knex.raw(sql, [...values])).rows as readonly Readonly<Record<string, string>>[];
const minute = (at: string) => Promise.all(crew.map((member) => member.minute(momentOf(at))));
const runsOf = async (job: string, day: string) =>
  (await office.database.store.runs.list()).filter((run) => run.job === job && run.scheduledFor === day);
const mailsOf = async (day: string) =>
  (await rows("select id, state, instance, message_id from deliveries where edition like ?", [`daily/${day}/%`])) ?? [];
const ended = async (job: string, at: string) =>
  (
    await rows("select 1 from ticks where job = ? and slot = ? and state = 'finished'", [
      job,
      momentOf(at).toISOString(),
    ])
  ).length === 1;

/** Kills the process that only helps: the run's own goes on. */
async function killHelper(job: string): Promise<string> {
  const [run] = await rows("select instance from runs where job = ? and state = 'running'", [job]);
  const helper = crew.find((member) => nameOf(member) !== run?.["instance"]);
  if (helper === undefined || crew.length !== 2) throw new Error(`nobody helps ${run?.["instance"]}`);
  crew = crew.filter((member) => member !== helper);
  await helper.kill("SIGKILL");
  return nameOf(helper);
}

describe("two processes", { timeout: 120_000 }, () => {
  test("share a run's editions and mails; one that is killed in mid-page leaves it to the other", async () => {
    const gate = await office.database.knex.transaction();
    await gate.raw("lock table editions in exclusive mode");
    await minute("2026-01-12 07:00");
    const drawing = "select 1 from pgboss.job where name like 'diemtin.piece.render-edition%' and state = 'active'";
    await until("a page in each hand", async () => (await rows(drawing)).length === 2);
    const killed = await killHelper("publish-daily");
    await another("2026-01-12T07:00:20+07:00");
    await gate.commit();
    await until("the run's end", () => ended("publish-daily", "2026-01-12 07:00"), 60);
    const editions = await office.database.store.editions.list();
    expect(editions.map(({ audience }) => audience).toSorted()).toEqual(AUDIENCES);
    const mails = await Promise.all(office.relay.taken.map(({ raw }) => parseMail(raw)));
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(READERS.length);
    expect(mails).toHaveLength(READERS.length);
    const hands = await rows("select instance, count(*)::int from delivery_attempts group by 1 order by 1");
    expect(hands.map(({ instance }) => instance)).toEqual(crew.map(nameOf).toSorted());
    expect(crew.map(nameOf)).not.toContain(killed);
    expect((await runsOf("publish-daily", "2026-01-12")).map(({ state, result }) => `${state} ${result}`)).toEqual([
      expect.stringMatching(/^done .*4 editions made, 0 already published, 12 mails accepted, 0 failed, 0 unknown/),
    ]);
    expect(await rows("select name from pgboss.job where name like 'diemtin.piece.%'")).toEqual([]);
  });

  test("send every mail once when one is killed on the line: that one is unknown and stays so", async () => {
    let release: () => void = () => undefined;
    let onLine = 0;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    beforeTaking = () => {
      onLine += 1;
      return held;
    };
    await minute("2026-01-13 07:00");
    await until("a mail in each hand", () => onLine === 2);
    const killed = await killHelper("publish-daily");
    beforeTaking = () => Promise.resolve();
    release();
    await another("2026-01-13T07:00:20+07:00");
    await until("the run's end", () => ended("publish-daily", "2026-01-13 07:00"), 60);
    const cut = (await mailsOf("2026-01-13")).filter(({ state }) => state !== "accepted");
    expect(cut.map(({ state, instance }) => `${state} ${instance}`)).toEqual([`sending ${killed}`]);
    await minute("2026-01-13 07:40");
    await until("the next round's end", () => ended("redeliver", "2026-01-13 07:40"), 60);
    const states = (await mailsOf("2026-01-13")).map(({ state }) => state);
    expect(states.toSorted()).toEqual([...READERS.slice(1).map(() => "accepted"), "unknown"]);
    const [told] = await runsOf("redeliver", "2026-01-13");
    expect(told?.problems).toEqual([expect.objectContaining({ cause: "deliver/unknown/abandoned" })]);
    // The relay answered the dead process's mail too, which nobody here can know.
    expect(office.relay.taken).toHaveLength(2 * READERS.length);
  });

  test("leave everything owed when the relay takes no mail of ours: what is not begun is withdrawn", async () => {
    sender = refusal(553, "5.7.1 sender not allowed");
    await minute("2026-01-14 07:00");
    await until("the run's end", () => ended("publish-daily", "2026-01-14 07:00"), 60);
    const [run] = await runsOf("publish-daily", "2026-01-14");
    expect(run?.state).toBe("failed");
    expect(run?.problems.map(({ cause }) => cause)).toContain("deliver/stopped");
    const due = await office.database.store.deliveries.due(AUDIENCES.map((unit) => `daily/2026-01-14/${unit}/r0`));
    expect(due).toHaveLength(READERS.length);
    // A process may have one in hand while the other hears the relay's word.
    const tried = due.filter(({ attempts }) => attempts > 0).length;
    expect([tried >= 1, tried <= 4]).toEqual([true, true]);
    expect(await rows("select name from pgboss.job where name like 'diemtin.piece.%'")).toEqual([]);
    expect(office.relay.taken).toHaveLength(2 * READERS.length);
  });

  test("never ask the portal two things at once, and keep its pauses", async () => {
    await minute("2026-01-15 09:00");
    await until("the run's end", () => ended("collect", "2026-01-15 09:00"), 60);
    const [run] = await runsOf("collect", "2026-01-15");
    expect([run?.state, run?.problems]).toEqual(["done", []]);
    expect(line.seen.questions).toBeGreaterThan(5);
    expect(line.seen.atOnce).toBe(1);
    expect(line.seen.shortestPauseMs).toBeGreaterThanOrEqual(PAUSE_MS - 5);
    const exits = await Promise.all(crew.map((member) => member.kill("SIGTERM").then(() => member.child.exitCode)));
    expect(exits).toEqual([0, 0]);
  });
});
