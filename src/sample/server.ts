import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { addDays, type Day, dayOf } from "../domain/calendar.ts";
import { previousPeriod } from "../domain/period.ts";
import { dataOf, ENDPOINTS, type Endpoint, readQuestion } from "./answer.ts";
import { spoil } from "./fault-data.ts";
import { type Fault, type FaultPlan, faultFor, isWireFault } from "./fault-plan.ts";
import { answerFaulty } from "./fault-wire.ts";

const BASE_PATH = "/api/v1/reporting/evaluation/";
const BODY_LIMIT = 100_000;
/** How far a stale answer lies back. */
const STALE_DAYS = 7;

export type SamplePortal = {
  /** "http://127.0.0.1:8766" */
  readonly url: string;
  /** What was asked, in order; bodies as parsed, or as text when they were no JSON. */
  readonly requests: readonly { readonly path: string; readonly body: unknown }[];
  close(): Promise<void>;
};

export type SampleOptions = {
  /** The portal's clock: its figures and its Date header follow it. Figures change at midnight in Việt Nam. */
  now(): Date;
  readonly faults?: FaultPlan;
  /** The day whose figures are shown, for a portal that has not refreshed since; the clock's day when absent. */
  refreshed?(): Day;
  /** A free one when absent. */
  readonly port?: number;
};

/**
 * Starts the bundled portal on the loopback address: the evaluation API's shapes with made-up, deterministic figures for the 34
 * provinces and for the units of the sample province, and faults on request. Rejects when the port is taken.
 */
export async function startSamplePortal({
  now,
  faults = {},
  refreshed = () => dayOf(now()),
  port = 0,
}: SampleOptions): Promise<SamplePortal> {
  const requests: { path: string; body: unknown }[] = [];
  const asked = new Map<string, number>();

  function answer(response: ServerResponse, endpoint: Endpoint, body: unknown): void {
    const question = readQuestion(endpoint, body);
    if (typeof question === "string") {
      send(response, 400, { code: "BAD_REQUEST", data: null, message: question });
      return;
    }
    const nth = (asked.get(endpoint) ?? 0) + 1;
    asked.set(endpoint, nth);
    const fault = faultFor(faults, endpoint, { body, nth });
    const today = refreshed();
    const seenOn = fault === "stale" ? addDays(today, -STALE_DAYS) : today;
    const period = fault === "wrong-period" ? previousPeriod(question.period) : question.period;
    const data = dataOf(endpoint, { ...question, period }, seenOn);
    if (fault === undefined) send(response, 201, envelope(data));
    else if (isWireFault(fault)) answerFaulty(response, fault, envelope(data));
    else send(response, 201, envelope(spoil(data, fault), fault));
  }

  const server = createServer((request, response) => {
    response.sendDate = false;
    response.setHeader("date", now().toUTCString());
    void readBody(request).then((text) => {
      const path = request.url ?? "/";
      const body = parsed(text);
      requests.push({ path, body });
      const endpoint = ENDPOINTS.find((name) => path === `${BASE_PATH}${name}`);
      if (endpoint !== undefined && request.method === "POST") return answer(response, endpoint, body);
      send(response, 404, { code: "NOT_FOUND", data: null, message: `${request.method} ${path}` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("sample portal: no port was given by the system");
  return { url: `http://127.0.0.1:${address.port}`, requests, close: () => closed(server) };
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Hanging answers would keep the server open for ever.
    server.closeAllConnections();
  });
}

function envelope(data: unknown, fault?: Fault): string {
  const wrong = fault === "wrong-code";
  return JSON.stringify({ code: wrong ? "ERROR" : "OK", data, message: wrong ? "Có lỗi xảy ra" : "OK" });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(text);
}

/** The body as text, cut at the limit; an empty one when the client went away. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT) break;
      chunks.push(chunk);
    }
  } catch {
    // The client went away in mid-question: nobody waits for an answer.
    return "";
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
