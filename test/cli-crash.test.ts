import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNIT_BODIES } from "../src/sample/bodies.ts";
import { type SamplePortal, startSamplePortal } from "../src/sample/server.ts";
import { freshFolder, runCli } from "./support/cli.ts";
import { type FreshDatabase, freshDatabase } from "./support/database.ts";
import { head } from "./support/day.ts";
import { parseMail, startRelay, type TestRelay } from "./support/smtp.ts";

const UNITS = UNIT_BODIES.map(({ code }) => code);

const AT = "2026-10-12T07:00:00+07:00";

describe("real processes on one morning", { timeout: 240_000 }, () => {
  const folder = freshFolder("real");
  let database: FreshDatabase;
  let relay: TestRelay;
  let portal: SamplePortal;
  const env = () => ({
    DATABASE_URL: database.url,
    SMTP_URL: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`,
    PORTAL_URL: portal.url,
  });
  const cli = (...words: string[]) => runCli(words, { cwd: folder.path, env: env(), at: AT });

  beforeAll(async () => {
    database = await freshDatabase();
    relay = await startRelay();
    portal = await startSamplePortal({ now: () => new Date(AT) });
    await database.store.recipients.replace(UNITS.map((unit) => head(unit, `${unit.toLowerCase()}@example.vn`)));
    const example = readFileSync(new URL("../diemtin.example.yaml", import.meta.url), "utf8");
    writeFileSync(
      join(folder.path, "diemtin.yaml"),
      example.replace(/pause_ms: \d+/, "pause_ms: 0").replace(/per_second: \d+/, "per_second: 0"),
    );
  });
  afterAll(async () => {
    await portal.close();
    await relay.close();
    await database.drop();
    folder.remove();
  });

  test("collect stores the portal's day", async () => {
    const said = await cli("run", "collect", "--json");
    expect(said.stderr).not.toContain("Error");
    expect(said.code).toBe(0);
    expect(JSON.parse(said.stdout)).toMatchObject({ state: "done", problems: [] });
  });

  test("killed among its mails, then run twice at the same second: each head has exactly one mail", async () => {
    const killed = await runCli(["run", "publish-daily"], {
      cwd: folder.path,
      env: env(),
      at: AT,
      watch: (stderr, kill) => {
        if (stderr.includes("mail: 50 of")) kill();
      },
    });
    expect(killed.signal).toBe("SIGKILL");
    const early = relay.taken.length;
    expect(early).toBeGreaterThanOrEqual(50);
    expect(early).toBeLessThan(UNITS.length);
    const ended = await Promise.all([cli("run", "publish-daily"), cli("run", "publish-daily")]);
    for (const { code, stderr } of ended) {
      expect(stderr).not.toContain("Error");
      expect(code).toBe(0);
    }
    const ids = await Promise.all(relay.taken.map(async ({ raw }) => (await parseMail(raw)).messageId ?? ""));
    expect(new Set(ids).size).toBe(ids.length);
    // One may have been under way when the process was killed: it is not sent again, and stands as being sent.
    const deliveries = await database.store.deliveries.list();
    const open = deliveries.filter(({ state }) => state !== "accepted");
    expect(open.length).toBeLessThanOrEqual(1);
    for (const { state } of open) expect(state).toBe("sending");
    expect(deliveries).toHaveLength(UNITS.length);
    expect(ids.length).toBeGreaterThanOrEqual(UNITS.length - 1);
  });

  test("a reader that closes its end of the pipe does not end a command badly", async () => {
    const cliFile = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
    const command = `"${process.execPath}" --import "${import.meta.resolve("tsx")}" "${cliFile}" deliveries list | head -1`;
    const shell = spawn("/bin/sh", ["-c", command], { cwd: folder.path, env: { PATH: process.env["PATH"], ...env() } });
    let [stdout, stderr] = ["", ""];
    shell.stdout.on("data", (text: Buffer) => {
      stdout += text.toString();
    });
    shell.stderr.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    await new Promise((resolve) => shell.once("close", resolve));
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toBe("");
  });
});
