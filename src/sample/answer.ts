import { type Day, isDay } from "../domain/calendar.ts";
import { type Period, parsePeriod, periodEnd, periodStart } from "../domain/period.ts";
import { COUNTRY } from "../domain/unit.ts";
import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import { digitizedOf, type Page, satisfactionOf, transparencyOf } from "./shape-metrics.ts";
import { rankingOf } from "./shape-ranking.ts";
import { onlineOf, paymentOf, progressOf } from "./shape-trees.ts";
import { type View, viewOf } from "./view.ts";

/** The endpoints below /api/v1/reporting/evaluation/. */
export const ENDPOINTS = [
  "service-results",
  "transparency",
  "dvc-progress-tree",
  "provide-online-tree",
  "formality-online-payment-tree",
  "handling-satisfaction",
  "dossier-digitized",
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** A question the sample understands: which place ("VN" or a province's code), which period, which page. */
export type Question = { readonly place: string; readonly period: Period; readonly page: Page };

const SHAPES: Readonly<Record<Endpoint, (view: View, page: Page) => Record<string, unknown>>> = {
  "service-results": rankingOf,
  transparency: transparencyOf,
  "dvc-progress-tree": progressOf,
  "provide-online-tree": onlineOf,
  "formality-online-payment-tree": paymentOf,
  "handling-satisfaction": satisfactionOf,
  "dossier-digitized": digitizedOf,
};

/** The `data` the sample portal answers on a day. */
export function dataOf(endpoint: Endpoint, question: Question, seenOn: Day): Record<string, unknown> {
  return SHAPES[endpoint](viewOf(question.place, question.period, seenOn), question.page);
}

/** Reads a request's body; gives words for what is wrong with it. Satisfaction is asked by dates, the others by timeType. */
export function readQuestion(endpoint: Endpoint, body: unknown): Question | string {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "body must be a JSON object";
  const fields = new Map<string, unknown>(Object.entries(body));
  const place = placeOf(fields);
  if (place === null) return "rootDepartmentId or departmentType is missing or unknown";
  const period = endpoint === "handling-satisfaction" ? periodOfDates(fields) : periodOfType(fields);
  if (period === null)
    return endpoint === "handling-satisfaction" ? "fromDate, toDate" : "timeType, year, quarter, month";
  const currentPage = fields.get("currentPage") ?? 1;
  const pageSize = fields.get("pageSize") ?? 1000;
  if (!isPositive(currentPage) || !isPositive(pageSize)) return "currentPage, pageSize";
  return { place, period, page: { currentPage, pageSize } };
}

function placeOf(fields: ReadonlyMap<string, unknown>): string | null {
  const root = fields.get("rootDepartmentId");
  if (root === undefined) return fields.get("departmentType") === "ADMINISTRATIVE_UNIT" ? COUNTRY : null;
  return PROVINCES_CATALOGUE.find((province) => province.departmentId === root)?.code ?? null;
}

function periodOfType(fields: ReadonlyMap<string, unknown>): Period | null {
  const year = fields.get("year");
  const kind = fields.get("timeType");
  if (kind === "year") return parsePeriod(`${year}`);
  if (kind === "quarter") return parsePeriod(`${year}-Q${fields.get("quarter")}`);
  if (kind === "month") return parsePeriod(`${year}-${String(fields.get("month")).padStart(2, "0")}`);
  return null;
}

/** Only whole months, quarters and years. */
function periodOfDates(fields: ReadonlyMap<string, unknown>): Period | null {
  const from = fields.get("fromDate");
  const to = fields.get("toDate");
  if (typeof from !== "string" || typeof to !== "string" || !isDay(from) || !isDay(to)) return null;
  const year = from.slice(0, 4);
  const month = from.slice(5, 7);
  const keys = [year, `${year}-Q${Math.ceil(Number(month) / 3)}`, `${year}-${month}`];
  for (const key of keys) {
    const period = parsePeriod(key);
    if (period !== null && periodStart(period) === from && periodEnd(period) === to) return period;
  }
  return null;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
