import { UsageError } from "../domain/errors.ts";
import { type Period, periodEnd, periodKey, periodStart } from "../domain/period.ts";
import type { Answer, Finding, Request, Scope, Snapshot } from "../domain/snapshot.ts";
import { PROVINCES } from "../domain/unit.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { readGroup } from "./evaluation-api-groups.ts";
import { openLedger } from "./evaluation-api-ledger.ts";
import { readRanking } from "./evaluation-api-ranking.ts";
import type { Notes } from "./findings.ts";
import { notesFor } from "./findings.ts";
import { isObject, type JsonObject, readJson } from "./json.ts";
import type { Reading, Source } from "./source.ts";

const NAME = "evaluation-api";
const BASE_PATH = "/api/v1/reporting/evaluation/";
/** Largest province: 188 units; the portal does not enforce the page size, the reader asserts the count. */
const PAGE_SIZE = 300;

/** The ranking of everybody, and one endpoint for each group. */
export const RANKING = "service-results";
export const GROUP_ENDPOINTS = {
  transparency: "CKMB",
  "dvc-progress-tree": "TDGQ",
  "provide-online-tree": "CLGQ",
  "formality-online-payment-tree": "TTTT",
  "handling-satisfaction": "MDHL",
  "dossier-digitized": "MDSH",
} as const;
type GroupEndpoint = keyof typeof GROUP_ENDPOINTS;
const GROUP_NAMES = Object.keys(GROUP_ENDPOINTS) as GroupEndpoint[];

/**
 * The portal since 2026: POST /api/v1/reporting/evaluation/…, success is HTTP 201 with `code` OK.
 * National: one ranking with group scores. A province: a ranking without group scores, and six group answers.
 */
export const evaluationApi: Source = {
  name: NAME,
  scheme: EVALUATION_2026,
  periods: ["year", "quarter", "month"],
  defaultBase: "https://dichvucong.gov.vn",
  endpoints: [RANKING, ...GROUP_NAMES],
  requests,
  read,
};

function requests(period: Period, scope: Scope): readonly Request[] {
  if (period.kind === "half")
    throw new UsageError(
      `${NAME}: the portal has no half-years since 2026 (asked for ${periodKey(period)}); use a year, quarter or month`,
    );
  if (scope.code === PROVINCES)
    return [request(RANKING, { ...timeBody(period), departmentType: "ADMINISTRATIVE_UNIT" })];
  if (scope.portalId === undefined)
    throw new UsageError(`${NAME}: no portal id is known for province ${scope.code}; collect scope "provinces" first`);
  const root = { rootDepartmentId: scope.portalId };
  return [
    request(RANKING, { ...timeBody(period), ...root }),
    ...GROUP_NAMES.map((endpoint) => {
      const time = endpoint === "handling-satisfaction" ? dateBody(period) : timeBody(period);
      return request(endpoint, { ...time, ...root, currentPage: 1, pageSize: PAGE_SIZE });
    }),
  ];
}

function timeBody(period: Period): JsonObject {
  if (period.kind === "year") return { timeType: "year", year: period.year };
  return { timeType: period.kind, year: period.year, [period.kind]: period.index };
}

/** Satisfaction alone is asked by dates: the first and last day of the whole period. */
function dateBody(period: Period): JsonObject {
  return { fromDate: periodStart(period), toDate: periodEnd(period) };
}

function request(endpoint: string, body: JsonObject): Request {
  return {
    endpoint,
    method: "POST",
    path: `${BASE_PATH}${endpoint}`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  };
}

function read(snapshot: Snapshot): Reading {
  const findings: Finding[] = [];
  const general = notesFor(NAME, null, findings);
  const ledger = openLedger(snapshot);
  const sound = snapshot.answers.map(() => false);
  // The ranking is read first: it names the codes the group answers are joined by.
  const order = [...snapshot.answers.keys()].sort((a, b) => rank(snapshot, a) - rank(snapshot, b));
  const answered = snapshot.answers.map(({ endpoint }) => endpoint);
  for (const index of order) {
    const answer = snapshot.answers[index];
    if (answer === undefined) continue;
    const { endpoint } = answer;
    const notes = notesFor(NAME, endpoint, findings);
    if (answered.indexOf(endpoint) !== answered.lastIndexOf(endpoint)) {
      notes.incomplete("answer-twice", "the same endpoint answered twice; neither answer is read");
      continue;
    }
    const data = readEnvelope(readJson(answer, notes), notes);
    if (data !== null) readEndpoint(data, { endpoint, answer: index, notes, ledger, askedId: askedId(answer) });
    sound[index] = notes.isSound();
  }
  for (const endpoint of snapshot.scope === PROVINCES ? [RANKING] : [RANKING, ...GROUP_NAMES]) {
    if (!answered.includes(endpoint)) general.incomplete("answer-missing", `no answer of ${endpoint}`);
  }
  const agreement: Finding[] = [];
  ledger.compare(
    answered.filter((_, index) => sound[index] === true),
    agreement,
  );
  for (const { code, severity, endpoint } of agreement) {
    // Printed, a cut list would leave nearly everybody without this group, and so without a rank.
    if (code === "group-cover" && severity === "incomplete") sound[answered.indexOf(endpoint ?? "")] = false;
  }
  return { units: ledger.units(), observations: ledger.observations(), findings: [...findings, ...agreement], sound };
}

/** The id the request named, where the request is known. */
function askedId({ request }: Answer): string | null {
  const match = /"rootDepartmentId":"([^"]{1,64})"/.exec(request?.body ?? "");
  return match?.[1] ?? null;
}

function rank(snapshot: Snapshot, index: number): number {
  const endpoint = snapshot.answers[index]?.endpoint;
  return endpoint === RANKING ? 0 : 1 + evaluationApi.endpoints.indexOf(endpoint ?? "");
}

/** `{code: "OK", data: {…}, message}`: gives data, or notes and gives null. */
function readEnvelope(json: unknown, notes: Notes): JsonObject | null {
  if (json === undefined) return null;
  if (!isObject(json) || !isObject(json["data"])) {
    if (isObject(json) && json["code"] !== "OK")
      notes.incomplete("code-not-ok", "the portal's code is not OK", { found: json["code"] });
    else
      notes.incomplete("shape", "an answer without the object data", { found: isObject(json) ? json["data"] : json });
    return null;
  }
  if (json["code"] === "OK") return json["data"];
  notes.incomplete("code-not-ok", "the portal's code is not OK", { found: json["code"] });
  return null;
}

type Reader = Omit<Parameters<typeof readGroup>[1], "group">;

function readEndpoint(data: JsonObject, reader: Reader): void {
  if (reader.endpoint === RANKING) readRanking(data, reader);
  else if (isGroupEndpoint(reader.endpoint)) readGroup(data, { ...reader, group: GROUP_ENDPOINTS[reader.endpoint] });
  else reader.notes.incomplete("unknown-endpoint", "an endpoint this source does not have");
}

function isGroupEndpoint(endpoint: string): endpoint is GroupEndpoint {
  return Object.hasOwn(GROUP_ENDPOINTS, endpoint);
}
