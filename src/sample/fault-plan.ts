import { UsageError } from "../domain/errors.ts";
import { ENDPOINTS } from "./answer.ts";

/** Faults of the wire: what the answer carries does not matter. */
export const WIRE_FAULTS = [
  "hang",
  "stall",
  "half-body",
  "reset",
  "huge",
  "html-200",
  "request-rejected",
  "status-401",
  "status-403",
  "status-404",
  "status-429",
  "status-500",
  "status-503",
] as const;

/** Faults of what the answer says. */
export const DATA_FAULTS = [
  "wrong-code",
  "short-list",
  "duplicate-row",
  "unknown-group",
  "text-for-number",
  "out-of-range",
  "sum-off",
  "wrong-unit",
  "zero-group",
  "missing-unit",
  "extra-unit",
  "stale",
  "wrong-period",
] as const;

export const FAULTS = [...WIRE_FAULTS, ...DATA_FAULTS] as const;
export type WireFault = (typeof WIRE_FAULTS)[number];
export type DataFault = (typeof DATA_FAULTS)[number];
export type Fault = WireFault | DataFault;

/**
 * Which answers of the sample portal are faulty: by endpoint ("all" for every one), or decided for each request from the endpoint,
 * the body asked with, and how many times the endpoint has been asked, counted from 1.
 */
export type FaultPlan =
  | Readonly<Record<string, Fault>>
  | ((endpoint: string, body: unknown, nth: number) => Fault | undefined);

/** Reads "service-results=html-200" or "all=hang". Throws UsageError that lists what may be written. */
export function parseFault(text: string): { readonly endpoint: string; readonly fault: Fault } {
  const [endpoint = "", name = "", ...rest] = text.split("=").map((part) => part.trim());
  const fault = FAULTS.find((known) => known === name);
  const isEndpoint = endpoint === "all" || (ENDPOINTS as readonly string[]).includes(endpoint);
  if (fault !== undefined && isEndpoint && rest.length === 0) return { endpoint, fault };
  const mistakes = [`${JSON.stringify(text)} is no fault: write ENDPOINT=FAULT`];
  if (!isEndpoint) mistakes.push(`endpoints: all, ${ENDPOINTS.join(", ")}`);
  if (fault === undefined) mistakes.push(`faults: ${FAULTS.join(", ")}`);
  throw new UsageError(mistakes);
}

/** The fault a plan has for a request, if any. */
export function faultFor(plan: FaultPlan, endpoint: string, facts: { body: unknown; nth: number }): Fault | undefined {
  if (typeof plan === "function") return plan(endpoint, facts.body, facts.nth);
  return plan[endpoint] ?? plan["all"];
}

export function isWireFault(fault: Fault): fault is WireFault {
  return (WIRE_FAULTS as readonly string[]).includes(fault);
}
