import { createServer, type ServerResponse } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { describeError, UsageError } from "../domain/errors.ts";
import { isLinkPath, type linkPages } from "./link-pages.ts";
import type { QueueCounts } from "./queue.ts";

/** What a process knows of itself, asked anew for every answer. */
export type Vitals = {
  readonly healthy: boolean;
  /** What is wrong, one sentence each; empty when healthy. No addresses, no secrets. */
  readonly faults: readonly string[];
  readonly snapshots: readonly {
    readonly scope: string;
    readonly takenAt: Date | null;
    readonly ageHours: number | null;
  }[];
  readonly queue: QueueCounts | null;
  readonly lastMinute: Date | null;
};

/** Counts what this process did, for /metrics. */
export type Meter = {
  run(ended: { readonly job: string; readonly state: string; readonly seconds: number }): void;
};

/** A small HTTP server with `/healthz` (200 or 503, JSON) and `/metrics` (Prometheus). Close it at the end. */
export type HealthServer = { readonly meter: Meter; readonly port: number; close(): Promise<void> };

/** Starts it, with the pages of readers' links when there are any. Throws a UsageError when the address is taken or not of this machine. */
export async function startHealth(
  vitals: () => Promise<Vitals>,
  at: { readonly address: string; readonly port: number },
  links?: ReturnType<typeof linkPages>,
): Promise<HealthServer> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = metricsIn(registry);
  const server = createServer((request, response) => {
    if (links !== undefined && isLinkPath(request.url ?? "/")) return void links(request, response);
    void answer(request.url ?? "/", response, async (path) => {
      const now = await vitals();
      if (path === "/healthz") return json(now.healthy ? 200 : 503, now);
      metrics.show(now);
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const where = `${at.address}:${at.port}`;
      reject(
        new UsageError(
          `serve.port: cannot listen on ${where}: ${describeError(error)}; set another serve.port in the configuration`,
        ),
      );
    });
    server.listen(at.port, at.address, resolve);
  });
  const bound = server.address();
  return {
    meter: { run: metrics.run },
    port: typeof bound === "object" && bound !== null ? bound.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Page = { readonly status: number; readonly type: string; readonly body: string };

function json(status: number, document: unknown): Page {
  return { status, type: "application/json; charset=utf-8", body: `${JSON.stringify(document)}\n` };
}

async function answer(url: string, response: ServerResponse, page: (path: string) => Promise<Page>): Promise<void> {
  const path = url.split("?")[0] ?? "";
  const known = path === "/healthz" || path === "/metrics";
  const { status, type, body } = known
    ? await page(path).catch((error: unknown) => json(503, { healthy: false, faults: [describeError(error)] }))
    : json(404, { faults: ["there are /healthz and /metrics"] });
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

function metricsIn(registry: Registry) {
  const registers = [registry];
  const runs = new Counter({
    name: "diemtin_runs_total",
    help: "Runs of the timetable's jobs that ended in this process",
    labelNames: ["job", "state"],
    registers,
  });
  const seconds = new Histogram({
    name: "diemtin_run_seconds",
    help: "How long they took",
    labelNames: ["job"],
    buckets: [1, 5, 15, 60, 300, 1200, 3600],
    registers,
  });
  const queue = new Gauge({ name: "diemtin_queue", help: "Work in the queue", labelNames: ["state"], registers });
  const pieces = new Gauge({
    name: "diemtin_pieces",
    help: "Pieces of the runs in progress, for every process to do",
    labelNames: ["state"],
    registers,
  });
  const age = new Gauge({
    name: "diemtin_snapshot_age_seconds",
    help: "Age of the last complete figures of the running year",
    labelNames: ["scope"],
    registers,
  });
  const healthy = new Gauge({ name: "diemtin_healthy", help: "1 when /healthz answers 200", registers });
  return {
    run: (ended: Parameters<Meter["run"]>[0]) => {
      runs.inc({ job: ended.job, state: ended.state });
      seconds.observe({ job: ended.job }, ended.seconds);
    },
    show: (vitals: Vitals) => {
      healthy.set(vitals.healthy ? 1 : 0);
      if (vitals.queue !== null) {
        const { pieces: cut, ...whole } = vitals.queue;
        for (const [state, work] of Object.entries(whole)) queue.set({ state }, work);
        for (const [state, work] of Object.entries(cut)) pieces.set({ state }, work);
      }
      for (const { scope, ageHours } of vitals.snapshots) if (ageHours !== null) age.set({ scope }, ageHours * 3600);
    },
  };
}
