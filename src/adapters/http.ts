import { FetchError } from "../domain/errors.ts";
import type { Answer, Request } from "../domain/snapshot.ts";
import type { Portal } from "../pipeline/context.ts";
import { type Exchange, exchange } from "./http-exchange.ts";
import type { Fault } from "./http-fault.ts";

/** Waits before the second and the third try of a request. */
const RETRY_WAITS_MS = [2_000, 6_000] as const;
/** The most a run waits for retries, all sources together. */
const WAITING_BUDGET_MS = 30_000;
/** So many requests in a row failing alike stop a source. */
const ALIKE_LIMIT = 3;

export type PortalOptions = {
  /** The address of each source by its name: "https://dichvucong.gov.vn". */
  readonly bases: Readonly<Record<string, string>>;
  /** Between the end of one request and the start of the next. */
  readonly pauseMs: number;
  /** Over connecting, headers and body of one try. */
  readonly timeoutMs: number;
  /** Of a body, decompressed. */
  readonly maxBytes: number;
  now(): Date;
  log(event: string, facts?: Readonly<Record<string, unknown>>): void;
  sleep(milliseconds: number): Promise<void>;
};

type SourceState = { stopped: Fault | null; alike: string; count: number };

/**
 * One run's conversation with the sources: make a new one for every run, since its retry budget and its stops last that long.
 * `ask` gives whatever came as an Answer, with `fault` when it is not a whole 200 or 201, so that it can be archived.
 * A source stops at once after a refusal (401, 403, 429, an HTML page, the firewall's words) and after three requests failing
 * alike; from then on `ask` throws a FetchError with `stop` and leaves the network alone.
 * Questions asked at the same time are put one after another.
 */
export function createPortal(options: PortalOptions): Portal {
  const sources = new Map<string, SourceState>();
  const rest = pacer(options);
  let budgetMs = WAITING_BUDGET_MS;
  let tail: Promise<unknown> = Promise.resolve();

  async function tries(source: string, base: string, request: Request): Promise<Exchange> {
    for (let attempt = 0; ; attempt += 1) {
      await rest.before();
      const result = await exchange(base, request, options);
      rest.after();
      const waitMs = RETRY_WAITS_MS[attempt];
      if (result.fault === null || !result.fault.mayPass || waitMs === undefined || waitMs > budgetMs) return result;
      budgetMs -= waitMs;
      options.log("portal-retry", { source, endpoint: request.endpoint, fault: result.fault.text, waitMs });
      await rest.wait(waitMs);
    }
  }

  async function askNow(source: string, request: Request): Promise<Answer> {
    const base = baseOf(source, options.bases);
    const state = sources.get(source) ?? { stopped: null, alike: "", count: 0 };
    sources.set(source, state);
    if (state.stopped !== null) throw stoppedError(source, request, state.stopped);
    const result = await tries(source, base, request);
    note(state, result.fault);
    if (result.fault !== null) {
      const facts = { source, endpoint: request.endpoint, fault: result.fault.text, stopped: state.stopped !== null };
      options.log("portal-fault", facts);
    }
    return answerOf(request, result, options.now());
  }

  return {
    ask(source, request) {
      const answer = tail.then(() => askNow(source, request));
      // The caller gets the error; the queue only has to go on after it.
      tail = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** Keeps the pause between requests; a retry's wait counts towards it. */
function pacer({ pauseMs, now, sleep }: Pick<PortalOptions, "pauseMs" | "now" | "sleep">) {
  let endedAt: number | null = null;
  let restedMs = 0;
  return {
    async before(): Promise<void> {
      if (endedAt === null) return;
      // A clock that stands still (the demo's) or runs back must not shorten the pause.
      const leftMs = pauseMs - Math.max(restedMs, now().getTime() - endedAt);
      if (leftMs > 0) await sleep(leftMs);
    },
    after(): void {
      endedAt = now().getTime();
      restedMs = 0;
    },
    async wait(milliseconds: number): Promise<void> {
      await sleep(milliseconds);
      restedMs += milliseconds;
    },
  };
}

/** Remembers how a request ended, and whether the source is to be left alone from now on. */
function note(state: SourceState, fault: Fault | null): void {
  if (fault === null) {
    state.alike = "";
    state.count = 0;
    return;
  }
  state.count = fault.alike === state.alike ? state.count + 1 : 1;
  state.alike = fault.alike;
  if (fault.stop || state.count >= ALIKE_LIMIT) state.stopped = fault;
}

function baseOf(source: string, bases: Readonly<Record<string, string>>): string {
  const base = bases[source];
  if (base !== undefined && /^https?:\/\//i.test(base) && URL.canParse(base)) return base;
  const found = base === undefined ? "no address" : "an address that is not http or https";
  throw new FetchError(`${source}: ${found} is configured; set PORTAL_URL`, { mayPass: false, stop: true });
}

function stoppedError(source: string, request: Request, fault: Fault): FetchError {
  const why = fault.stop ? "it refused us" : `${ALIKE_LIMIT} requests in a row failed alike`;
  const message = `${source}: not asked for ${request.endpoint}: ${why} (${fault.text}); nothing more is asked in this run`;
  return new FetchError(message, { mayPass: fault.mayPass, stop: true });
}

function answerOf(request: Request, result: Exchange, receivedAt: Date): Answer {
  const { status, headers, body, fault } = result;
  const came = { endpoint: request.endpoint, request, status, headers, body, receivedAt };
  return fault === null ? came : { ...came, fault: fault.text };
}
