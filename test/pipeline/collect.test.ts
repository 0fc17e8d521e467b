import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collect, collectProblem } from "../../src/pipeline/collect.ts";
import type { Context } from "../../src/pipeline/context.ts";
import { evaluationApi } from "../../src/sources/evaluation-api.ts";
import { GROUP_NAMES, group, type Json, ranking, unitsOf } from "../sources/made-up.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { portalAt, serve } from "../support/portal.ts";
import { faults, readingDesk } from "./answers-context.ts";
import { mailContext } from "./mail-context.ts";

const units = unitsOf("H49", 16, 54);
const ENDPOINTS = ["service-results", ...GROUP_NAMES];
type Listener = (response: ServerResponse, request: IncomingMessage) => void;

let database: FreshDatabase;
let close: () => Promise<void> = async () => {};
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await close();
  await database.drop();
});

function bodyOf(endpoint: string): Json {
  const name = GROUP_NAMES.find((each) => each === endpoint);
  return name === undefined ? ranking("H49", units) : group(name, "H49", units);
}

/** Collects Quảng Ninh's year from a real server; `faulty` answers in an endpoint's place. */
async function collected(faulty: Readonly<Record<string, Listener>> = {}) {
  const asked: { endpoint: string; body: Json }[] = [];
  const server = await serve((request, response) => {
    // The portal asks on a clock of its own, which a real Date header would contradict.
    response.sendDate = false;
    const endpoint = (request.url ?? "").split("/").at(-1) ?? "";
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      asked.push({ endpoint, body: JSON.parse(text) as Json });
      const listener = faulty[endpoint];
      if (listener !== undefined) return listener(response, request);
      response.writeHead(201, { "content-type": "application/json" });
      return response.end(JSON.stringify(bodyOf(endpoint)));
    });
  });
  close = server.close;
  const { portal, time } = portalAt(server.url, { timeoutMs: 300 });
  const unused = { name: "none", send: () => Promise.reject(new Error("sends nothing")), close: async () => {} };
  const ctx: Context = { ...mailContext(database.store, unused).ctx, portal, now: time.now, sleep: time.sleep };
  const visit = { source: evaluationApi, scope: "H49", period: { kind: "year", year: 2026 } } as const;
  const { snapshot, stopped } = await collect(ctx, visit);
  if (snapshot === null) throw new Error(`nothing was asked: ${stopped}`);
  const answers = await database.store.snapshots.answers(snapshot.id);
  return {
    result: { ...snapshot, stopped },
    ...{ asked, answers, problem: collectProblem(visit, { snapshot, stopped }) },
    again: () => collect(ctx, { ...visit, scope: "provinces" }),
  };
}

test("seven questions in order, each answer archived byte for byte with its question, a complete snapshot", async () => {
  const { result, asked, answers, problem } = await collected();
  expect(asked.map(({ endpoint }) => endpoint)).toEqual(ENDPOINTS);
  expect(asked[0]?.body).toEqual({
    timeType: "year",
    year: 2026,
    rootDepartmentId: "019d2be3-6a88-732b-8b1c-46b23e7f2084",
  });
  expect(result).toMatchObject({ complete: true, findings: [], stopped: null });
  expect(problem).toBeNull();
  for (const [index, answer] of answers.entries()) {
    expect(Buffer.from(answer.body).toString()).toBe(JSON.stringify(bodyOf(ENDPOINTS[index] ?? "")));
    expect(answer).toMatchObject({ endpoint: ENDPOINTS[index], status: 201 });
    expect(JSON.parse(answer.request?.body ?? "")).toEqual(asked[index]?.body);
  }
});

describe("one group endpoint", () => {
  test.each<[string, Listener, string]>([
    ["hangs", () => {}, "answer-fault"],
    [
      "sends half a body",
      (response) => {
        response.writeHead(201, { "content-type": "application/json", "content-length": "5000" });
        response.write('{"code":"OK","data":{"parent"');
        setTimeout(() => response.destroy(), 20);
      },
      "answer-fault",
    ],
    ["hangs up", (response) => response.destroy(), "answer-fault"],
    ["fails with 500", (response) => response.writeHead(500).end("no"), "answer-fault"],
    ["sends an error code", (response) => response.writeHead(201).end('{"code":"E1","data":null}'), "code-not-ok"],
    ["sends junk", (response) => response.writeHead(201).end("\u0000\u0001"), "not-json"],
  ])(
    "that %s leaves the others archived and read, and the run a problem that says where",
    async (_name, listener, code) => {
      const { result, answers, problem } = await collected({ "dvc-progress-tree": listener });
      expect(result).toMatchObject({ complete: false, stopped: null });
      expect(answers).toHaveLength(7);
      expect(faults(result)).toEqual([code]);
      expect(problem).toMatchObject({ cause: `collect/evaluation-api/${code}`, severity: "partial" });
      expect(problem?.message).toContain("dvc-progress-tree");
      expect(problem?.message).toContain("the last complete one stays in use");
      const desk = readingDesk(database);
      const sight = await desk.sight({ scope: "H49", asOf: new Date("2026-10-13T00:00:00Z"), onDay: "2026-10-12" });
      expect(sight?.board.standing("H49.1")?.of).toBe(16);
      expect(sight?.view.value("H49.1", "TDGQ")).toBeUndefined();
    },
  );

  test.each<[string, Listener]>([
    ["403", (response) => response.writeHead(403).end("Forbidden")],
    ["429", (response) => response.writeHead(429).end("Too many")],
    [
      "an HTML page with 200",
      (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>Request Rejected</html>"),
    ],
  ])(
    "that refuses (%s) ends the source at once: what came before is kept, nothing more is asked",
    async (_name, listener) => {
      const { result, asked, answers, problem, again } = await collected({ "dvc-progress-tree": listener });
      const next = await again();
      expect(next).toEqual({ snapshot: null, stopped: expect.stringContaining("nothing more is asked in this run") });
      expect(await database.store.snapshots.list()).toHaveLength(1);
      expect(asked).toHaveLength(3);
      expect(answers).toHaveLength(3);
      expect(result.complete).toBe(false);
      expect(result.stopped).not.toBeNull();
      expect(faults(result)).toContain("answer-missing");
      expect(problem?.message).toContain(result.stopped ?? "");
      const values = await database.store.observations.of(result.id);
      expect(values.filter(({ indicator }) => indicator === "dvc2026.TOTAL")).toHaveLength(71);
      expect(values.filter(({ unit, indicator }) => unit !== "H49" && indicator === "dvc2026.TDGQ")).toEqual([]);
    },
  );
});

test("a server whose clock is off by more than five minutes is not believed", async () => {
  const { result } = await collected({
    transparency: (response) =>
      response
        .writeHead(201, { date: "Mon, 12 Oct 2026 00:00:00 GMT" })
        .end(JSON.stringify(group("transparency", "H49", units))),
  });
  expect(result.findings).toMatchObject([{ code: "clock-off", severity: "incomplete", endpoint: "transparency" }]);
});

test("an id learned from the portal is asked for instead of the shipped one", async () => {
  const id = "019e0000-0000-7000-8000-000000000001";
  const head = {
    source: "evaluation-api",
    scope: "provinces",
    period: { kind: "year", year: 2026 },
    takenAt: new Date("2026-10-01T00:00:00Z"),
  } as const;
  const { id: snapshot } = await database.store.snapshots.open(head, head.takenAt);
  const quangNinh = { code: "H49", name: "UBND thành phố Quảng Ninh", level: "province", portalId: id } as const;
  await database.store.snapshots.settle(snapshot, {
    complete: false,
    findings: [],
    sound: [],
    observations: [],
    units: [quangNinh],
    fingerprint: null,
  });
  const { asked, result } = await collected();
  expect(asked[0]?.body["rootDepartmentId"]).toBe(id);
  // The made-up server goes on speaking of the shipped id, which is known to be Quảng Ninh as well.
  expect(faults(result)).toEqual([]);
});
