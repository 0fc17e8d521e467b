import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { USER_AGENT } from "../../src/adapters/http-exchange.ts";
import { portalAt, question, serve } from "../support/portal.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server for one test; counts the requests it gets. */
async function server(answer: (response: ServerResponse, request: IncomingMessage, nth: number) => void) {
  const hits: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    hits.push(request);
    answer(response, request, hits.length);
  };
  const started = await serve(listener);
  open.push(started);
  return { url: started.url, hits };
}

const OK = '{"code":"OK","data":{},"message":"OK"}';
const json = (response: ServerResponse, status: number, body = OK) =>
  response.writeHead(status, { "content-type": "application/json" }).end(body);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("an answer that arrives", () => {
  it.each([200, 201])("is a success with status %i and kept byte for byte", async (status) => {
    const { url } = await server((response) => json(response, status, '{"n":1.50, "tên":"Đắk"}'));
    const answer = await portalAt(url).ask();
    expect(answer.fault).toBeUndefined();
    expect(answer.status).toBe(status);
    expect(text(answer.body)).toBe('{"n":1.50, "tên":"Đắk"}');
    expect(answer.request).toEqual(question());
  });

  it("is decompressed, and keeps its Date and other headers in lower case without cookies", async () => {
    const { url } = await server((response) =>
      response
        .writeHead(201, {
          "Content-Type": "application/json",
          "Content-Encoding": "gzip",
          "Set-Cookie": "JSESSIONID=1",
          Date: "Mon, 12 Oct 2026 00:00:00 GMT",
        })
        .end(gzipSync(OK)),
    );
    const answer = await portalAt(url).ask();
    expect(text(answer.body)).toBe(OK);
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      date: "Mon, 12 Oct 2026 00:00:00 GMT",
    });
    expect(Object.keys(answer.headers).join()).not.toMatch(/cookie|[A-Z]|content-encoding/);
  });

  it("answers the question as it was put: path, body, headers, and our own name", async () => {
    let sent = "";
    const { url, hits } = await server((response, request) => {
      request.on("data", (chunk: Buffer) => {
        sent += chunk.toString();
      });
      request.on("end", () => json(response, 201));
    });
    await portalAt(`${url}/behind/`).ask(question("transparency", { year: 2026, note: " giữ nguyên " }));
    expect(hits[0]?.url).toBe("/behind/api/v1/reporting/evaluation/transparency");
    expect(sent).toBe('{"year":2026,"note":" giữ nguyên "}');
    expect(hits[0]?.headers).toMatchObject({ "content-type": "application/json", "user-agent": USER_AGENT });
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(USER_AGENT).toBe(`diemtin/${version}`);
  });
});

describe("a refusal stops the source at once", () => {
  const refusals: [string, (response: ServerResponse) => void, string][] = [
    ["403", (r) => json(r, 403), "blocked: 403 Forbidden"],
    ["401", (r) => json(r, 401), "blocked: 401 Unauthorized"],
    ["429", (r) => json(r, 429), "blocked: 429 Too Many Requests"],
    ["HTML with 200", (r) => r.writeHead(200, { "content-type": "text/html" }).end("trang"), "blocked: HTML page"],
    ["markup called JSON", (r) => json(r, 200, "\uFEFF \n<html></html>"), "blocked: HTML page"],
    ["Request Rejected", (r) => json(r, 200, '"The URL: Request Rejected."'), "blocked: the page says"],
    ["Access denied", (r) => json(r, 201, '{"message":"Access denied"}'), "blocked: the page says"],
  ];
  it.each(refusals)("%s", async (_name, refuse, fault) => {
    const { url, hits } = await server((response) => refuse(response));
    const { ask, time } = portalAt(url);
    const answer = await ask();
    expect(answer.fault).toContain(fault);
    expect(answer.body.length).toBeGreaterThan(0);
    await expect(ask()).rejects.toMatchObject({ name: "FetchError", stop: true, mayPass: false });
    expect(hits).toHaveLength(1);
    expect(time.slept).toEqual([]);
  });

  it("and leaves the other sources alone", async () => {
    const { url } = await server((response) => json(response, 403));
    const other = await server((response) => json(response, 200));
    const { portal } = portalAt(url, { bases: { "evaluation-api": url, "rest-jsp": other.url } });
    await portal.ask("evaluation-api", question());
    await expect(portal.ask("evaluation-api", question())).rejects.toThrow(/^evaluation-api: not asked/);
    expect((await portal.ask("rest-jsp", question())).fault).toBeUndefined();
  });
});

describe("a fault that may pass is tried again", () => {
  it("at most twice a request, waiting longer each time, and a later success is the answer", async () => {
    const { url, hits } = await server((response, _request, nth) => json(response, nth === 1 ? 500 : 201));
    const { ask, time, events } = portalAt(url);
    expect((await ask()).fault).toBeUndefined();
    expect(hits).toHaveLength(2);
    expect(time.slept).toEqual([2_000]);
    expect(events.map((entry) => entry.event)).toEqual(["portal-retry"]);
  });

  it("and three requests failing alike stop the source", async () => {
    const { url, hits } = await server((response) => json(response, 500, '{"code":"INTERNAL"}'));
    const { ask, time } = portalAt(url);
    for (let request = 0; request < 3; request += 1) {
      const answer = await ask();
      expect(answer.fault).toBe("http-status: 500 Internal Server Error");
      expect(text(answer.body)).toBe('{"code":"INTERNAL"}');
    }
    expect(hits).toHaveLength(9);
    expect(time.slept).toEqual([2_000, 6_000, 2_000, 6_000, 2_000, 6_000]);
    await expect(ask()).rejects.toMatchObject({ stop: true, mayPass: true });
    expect(hits).toHaveLength(9);
  });

  it("but different faults, or a success between them, do not stop it", async () => {
    const statuses = [404, 404, 201, 404, 404, 410, 404, 404, 201];
    const { url, hits } = await server((response, _request, nth) => json(response, statuses[nth - 1] ?? 500));
    const { ask } = portalAt(url);
    for (const status of statuses) expect((await ask()).status).toBe(status);
    expect(hits).toHaveLength(statuses.length);
  });

  it("and a run waits no more than 30 s for all of them together", async () => {
    const { url, hits } = await server((response, _request, nth) => json(response, nth % 3 === 0 ? 201 : 503));
    const { ask, time } = portalAt(url);
    for (let request = 0; request < 3; request += 1) expect((await ask()).fault).toBeUndefined();
    expect(time.slept).toEqual([2_000, 6_000, 2_000, 6_000, 2_000, 6_000]);
    // 24 s are gone: the next request may wait 2 s more, not 6 s after that.
    expect((await ask()).fault).toBe("http-status: 503 Service Unavailable");
    expect(time.slept.slice(6)).toEqual([2_000]);
    expect(hits).toHaveLength(11);
  });

  it.each([400, 404, 501])("while %i is not", async (status) => {
    const { url, hits } = await server((response) => json(response, status));
    expect((await portalAt(url).ask()).fault).toContain(`http-status: ${status} `);
    expect(hits).toHaveLength(1);
  });
});

describe("between requests", () => {
  it("there is a pause, counted from the end of the last answer", async () => {
    const { url } = await server((response) => json(response, 201));
    const { ask, time } = portalAt(url, { pauseMs: 1_000 });
    await ask();
    await ask();
    time.pass(400);
    await ask();
    time.pass(5_000);
    await ask();
    expect(time.slept).toEqual([1_000, 600]);
  });

  it("a retry's wait counts as the pause, even when the clock stands still", async () => {
    const { url } = await server((response, _request, nth) => json(response, nth === 1 ? 503 : 201));
    const frozen = new Date("2026-10-05T06:00:00+07:00");
    const slept: number[] = [];
    const { ask } = portalAt(url, {
      pauseMs: 1_000,
      now: () => frozen,
      sleep: async (milliseconds) => {
        slept.push(milliseconds);
      },
    });
    await ask();
    expect((await ask()).receivedAt).toBe(frozen);
    expect(slept).toEqual([2_000, 1_000]);
  });

  it("never two are under way, also when asked at once", async () => {
    let under = 0;
    let most = 0;
    const { url } = await server((response) => {
      most = Math.max(most, ++under);
      setTimeout(() => {
        under -= 1;
        json(response, 201);
      }, 20);
    });
    const { ask } = portalAt(url);
    await Promise.all([ask(), ask(), ask()]);
    expect(most).toBe(1);
  });
});
