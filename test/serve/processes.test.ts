import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { head, type Office, openOffice } from "../support/day.ts";
import { parseMail, startRelay } from "../support/smtp.ts";

const PROCESS = fileURLToPath(new URL("./serve-process.ts", import.meta.url));
const READERS = 24;

let office: Office;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const slowly = await startRelay({ onData: (_stream, _session, done) => void setTimeout(() => done(), 200) });
  office = await openOffice({ relay: slowly });
  const readers = Array.from({ length: READERS }, (_, index) => head("H21", `reader${index}@example.vn`, ["weekly"]));
  await office.database.store.recipients.replace(readers);
  await office.run("collect", "2026-10-12 06:00");
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
afterAll(() => office.close());

/** A process that serves only some jobs' lines, every minute or never; its clock starts at an instant. */
function serve(at: string, schedule: Readonly<Record<string, string>>, relayPort: number): ChildProcess {
  const never = "0 0 29 2 *";
  const others = { redeliver: never, preview_weekly: never, receipt: never };
  const lines = { collect: never, publish_daily: never, publish_weekly: never, ...others, ...schedule };
  writeFileSync(
    join(office.out, "diemtin.yaml"),
    `province: H21
issuer: {superior: [A], name: [B], line: C, in_text: D, place: Gia Lai, contact: E}
mail: {per_second: 0, from: {name: F, address: bantin@example.vn}}
schedule: ${JSON.stringify(lines)}
weekly: {approval: none}
portal: {pause_ms: 0}
`,
  );
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), PROCESS, at, office.out], {
    env: {
      PATH: process.env["PATH"],
      DATABASE_URL: office.database.url,
      SMTP_URL: `smtp://127.0.0.1:${relayPort}?ignoreTLS=true`,
      PORTAL_URL: office.portal.url,
      DIEMTIN_HOME: join(office.out, "var"),
      DIEMTIN_OUT: join(office.out, "out"),
      DIEMTIN_LOG: "error",
      TZ: "America/New_York",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(child);
  return child;
}

async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 100): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error(`waited ${seconds} s in vain: ${what}`);
}

async function openTicks(): Promise<number> {
  const found = await office.database.knex.raw("select count(*)::int as n from ticks where state <> 'finished'");
  return found.rows[0].n;
}

test("two processes: one is killed between two mails, the other finishes; no edition and no mail twice", {
  timeout: 200_000,
}, async () => {
  const weekly = { publish_weekly: "30 6 * * *" };
  const first = serve("2026-10-12T06:30:05+07:00", weekly, office.relay.port);
  await until("some mails", () => office.relay.taken.length >= 4);
  first.kill("SIGKILL");
  await once(first, "exit");
  const before = office.relay.taken.length;
  expect(before).toBeLessThan(READERS);
  const second = serve("2026-10-12T06:30:20+07:00", weekly, office.relay.port);
  await until(
    "the tick's end",
    async () => (await openTicks()) === 0 && (await office.database.store.runs.list()).length >= 3,
  );
  const mails = await Promise.all(office.relay.taken.map(({ raw }) => parseMail(raw)));
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
  const states = (await office.database.store.deliveries.list()).map(({ state }) => state);
  // The one mail that was on the line when its process died may have arrived or not, and is never sent again.
  expect(states.filter((state) => state === "accepted").length).toBeGreaterThanOrEqual(READERS - 1);
  expect(mails.length).toBeGreaterThanOrEqual(READERS - 1);
  expect(await office.database.store.editions.list()).toHaveLength(1);
  const runs = (await office.database.store.runs.list()).filter(({ slot }) => slot !== null);
  expect(runs.map(({ state }) => state)).toEqual(["failed", "done"]);
  expect(runs[0]?.result).toContain("cut off: its process");
  second.kill("SIGTERM");
  expect((await once(second, "exit"))[0]).toBe(0);
});
