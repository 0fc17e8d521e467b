import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { startHealth, type Vitals } from "../../src/adapters/health.ts";
import { createAlarm, createPing } from "../../src/adapters/ping.ts";
import { UsageError } from "../../src/domain/errors.ts";
import { freshFolder, inTerminal } from "../support/cli.ts";
import { serve } from "../support/portal.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const WELL: Vitals = {
  healthy: true,
  faults: [],
  snapshots: [{ scope: "H21", takenAt: new Date("2026-10-12T06:00:00+07:00"), ageHours: 2 }],
  queue: { ready: 3, active: 1, failed: 0, pieces: { ready: 149, active: 2, failed: 0 } },
  lastMinute: new Date("2026-10-12T08:00:00+07:00"),
};

async function health(vitals: () => Promise<Vitals>) {
  const server = await startHealth(vitals, { address: "127.0.0.1", port: 0 });
  cleanups.push(() => server.close());
  return { server, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

describe("/healthz", () => {
  test("is 200 with what there is to know, 503 with what is wrong", async () => {
    let now = WELL;
    const { get } = await health(async () => now);
    const well = await get("/healthz");
    expect([well.status, await well.json()]).toEqual([200, JSON.parse(JSON.stringify(WELL))]);
    now = { ...WELL, healthy: false, faults: ["the timetable's clock stands still"] };
    const ill = await get("/healthz?x=1");
    expect([ill.status, await ill.json()]).toEqual([
      503,
      expect.objectContaining({ faults: ["the timetable's clock stands still"] }),
    ]);
  });

  test("is 503 when asking fails altogether, and knows no other page", async () => {
    const { get } = await health(() => Promise.reject(new Error("database is away")));
    const ill = await get("/healthz");
    expect([ill.status, await ill.json()]).toEqual([503, { healthy: false, faults: ["database is away"] }]);
    expect((await get("/")).status).toBe(404);
  });

  test("says which setting to change when its port is taken", async () => {
    const { server } = await health(async () => WELL);
    const taken = startHealth(async () => WELL, { address: "127.0.0.1", port: server.port });
    await expect(taken).rejects.toThrow(/serve\.port: cannot listen on .*EADDRINUSE.*set another serve\.port/);
    await expect(taken).rejects.toBeInstanceOf(UsageError);
  });
});

test("/metrics counts runs, the queue and the age of the figures", async () => {
  const { server, get } = await health(async () => WELL);
  server.meter.run({ job: "collect", state: "done", seconds: 12 });
  const text = await (await get("/metrics")).text();
  for (const line of [
    'diemtin_runs_total{job="collect",state="done"} 1',
    'diemtin_queue{state="ready"} 3',
    'diemtin_pieces{state="ready"} 149',
    'diemtin_snapshot_age_seconds{scope="H21"} 7200',
    "diemtin_healthy 1",
    'diemtin_run_seconds_sum{job="collect"} 12',
  ])
    expect(text).toContain(`${line}\n`);
});

describe("the ping and the second channel", () => {
  async function listener(status: number) {
    const heard: string[] = [];
    const read = async (request: IncomingMessage) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      heard.push(`${request.method} ${request.url} ${body}`);
    };
    const server = await serve((request, response) => void read(request).then(() => response.writeHead(status).end()));
    cleanups.push(() => server.close());
    return { heard, url: server.url };
  }

  test("ask an address of the job's own; a query stays", async () => {
    const { heard, url } = await listener(200);
    expect(await createPing(`${url}/key/?a=b`)("collect")).toBeNull();
    expect(heard).toEqual(["GET /key/collect?a=b "]);
  });

  test("say why they were not taken, without the secret address", async () => {
    const { url } = await listener(500);
    expect(await createPing(`${url}/s3cret`)("collect")).toBe("it answered with status 500");
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => silent.close(resolve));
    const told = await createAlarm(`http://127.0.0.1:${port}/s3cret`)({
      job: "collect",
      day: "d",
      cause: "c",
      message: "m",
    });
    expect(told).toBe("it did not answer (ECONNREFUSED)");
  });

  test("post a fault as JSON that a chat room can show", async () => {
    const { heard, url } = await listener(204);
    const alarm = { job: "publish-daily", day: "2026-10-12", cause: "deliver/stopped", message: "relay refused" };
    expect(await createAlarm(`${url}/hook`)(alarm)).toBeNull();
    expect(JSON.parse(heard[0]?.replace("POST /hook ", "") ?? "")).toEqual({
      ...alarm,
      text: "diemtin: publish-daily (2026-10-12): relay refused",
    });
  });
});

describe("serve", () => {
  test("does not start when mail would reach nobody and nobody has said that it may", async () => {
    const folder = freshFolder();
    cleanups.push(folder.remove);
    const env = { DIEMTIN_CONFIG: new URL("../../diemtin.example.yaml", import.meta.url).pathname };
    const ended = await inTerminal(["serve"], { cwd: folder.path, env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/mail would go into the folder .* set SMTP_URL, or write "mail: \{folder: true\}"/);
  });

  test("has a unit file that gives it time to finish and starts it again", () => {
    const unit = readFileSync(new URL("../../docs/diemtin.service", import.meta.url), "utf8");
    for (const line of [
      "ExecStart=/usr/bin/node dist/src/cli.js serve",
      "KillSignal=SIGTERM",
      "TimeoutStopSec=90",
      "Restart=always",
    ])
      expect(unit.split("\n")).toContain(line);
  });
});
