import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createPortal, type PortalOptions } from "../../src/adapters/http.ts";
import type { Request } from "../../src/domain/snapshot.ts";

/** A real HTTP server on a free loopback port that answers as the test says. */
export async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A clock that only sleeping moves, and the sleeps it saw. */
export function fakeTime(start = new Date("2026-10-12T06:00:00+07:00")) {
  let at = start.getTime();
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(at),
    pass(milliseconds: number) {
      at += milliseconds;
    },
    async sleep(milliseconds: number) {
      slept.push(milliseconds);
      at += milliseconds;
    },
  };
}

/** A portal asking `url` as source "evaluation-api": quick limits, sleeps that cost nothing. */
export function portalAt(url: string, overrides: Partial<PortalOptions> = {}) {
  const time = fakeTime();
  const events: { event: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const portal = createPortal({
    bases: { "evaluation-api": url },
    pauseMs: 0,
    timeoutMs: 2_000,
    maxBytes: 1_000_000,
    now: time.now,
    sleep: time.sleep,
    log: (event, facts = {}) => events.push({ event, facts }),
    ...overrides,
  });
  return { time, events, portal, ask: (request: Request = question()) => portal.ask("evaluation-api", request) };
}

/** A question to the evaluation API. */
export function question(endpoint = "service-results", body: unknown = { timeType: "year", year: 2026 }): Request {
  return {
    endpoint,
    method: "POST",
    path: `/api/v1/reporting/evaluation/${endpoint}`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  };
}
