import type { Readable } from "node:stream";
import axios, { type AxiosRequestConfig, type AxiosResponse } from "axios";
import type { Request } from "../domain/snapshot.ts";
import { ACCEPTED_ENCODINGS, decoded } from "./http-decoding.ts";
import { type Fault, faultOfError, faultOfStatus, refusalIn, timeoutFault, tooLargeFault } from "./http-fault.ts";

/** How we introduce ourselves: the program's own name, whatever the firewall thinks of it. A test compares it with package.json. */
export const USER_AGENT = "diemtin/0.1.0";

/** Limits of one exchange. `maxBytes` counts the body after decompression, so that a small zip cannot become a large one. */
export type Limits = { readonly timeoutMs: number; readonly maxBytes: number };

/** What came back from one try: possibly nothing, possibly a part, with the fault that says so. */
export type Exchange = {
  readonly status: number | null;
  /** Names in lower case, without cookies and content-encoding (the body is unpacked); `content-length` counts bytes on the wire. */
  readonly headers: Readonly<Record<string, string>>;
  /** The entity's bytes, decompressed; up to `maxBytes`. */
  readonly body: Buffer;
  readonly fault: Fault | null;
};

/** What has arrived so far; filled while the answer comes in. */
type Arriving = { status: number | null; headers: Record<string, string>; chunks: Buffer[]; bytes: number };

/**
 * Sends one request once and gathers what comes back. The deadline covers connecting, headers and body: axios's own timeout does
 * not end a body that stalls. Never follows a redirect. Throws only for bugs; every failure of the world is a fault.
 */
export async function exchange(base: string, request: Request, limits: Limits): Promise<Exchange> {
  const arriving: Arriving = { status: null, headers: {}, chunks: [], bytes: 0 };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limits.timeoutMs);
  try {
    const response = await axios.request<Readable>({ ...configOf(base, request), signal: deadline.signal });
    arriving.status = response.status;
    const { "content-encoding": encoding, ...headers } = readableHeaders(response);
    arriving.headers = headers;
    const { body, fault } = decoded(response.data, encoding);
    const whole = await gather(body, arriving, { maxBytes: limits.maxBytes, signal: deadline.signal });
    return judged(arriving, whole ? fault : tooLargeFault(limits.maxBytes));
  } catch (error) {
    const timedOut = deadline.signal.aborted ? timeoutFault(limits.timeoutMs, arriving.bytes) : null;
    const fault = timedOut ?? faultOfError(error, { ...arriving, body: Buffer.concat(arriving.chunks) });
    if (fault === null) throw error;
    return judged(arriving, fault);
  } finally {
    clearTimeout(timer);
  }
}

/** A refusal outweighs how the transfer ended: half a block page is still a block page. */
function judged(arriving: Arriving, transfer: Fault | null): Exchange {
  const { status, headers } = arriving;
  const body = Buffer.concat(arriving.chunks);
  if (status === null) return { status, headers, body, fault: transfer };
  const received = { status, headers, body };
  return { ...received, fault: refusalIn(received) ?? transfer ?? faultOfStatus(received) };
}

function configOf(base: string, request: Request): AxiosRequestConfig {
  const url = new URL(`${base.replace(/\/+$/, "")}${request.path}`);
  return {
    url: url.href,
    method: request.method,
    // One connection per question: with a pause of a second between them, a kept socket is often closed by the far side first.
    headers: {
      ...request.headers,
      "user-agent": USER_AGENT,
      "accept-encoding": ACCEPTED_ENCODINGS,
      connection: "close",
    },
    ...(request.body === undefined ? {} : { data: request.body }),
    transformRequest: [(data: unknown) => data],
    responseType: "stream",
    decompress: false,
    validateStatus: () => true,
    maxRedirects: 0,
    maxContentLength: -1,
    ...(mayUseProxy(url) ? {} : { proxy: false as const }),
  };
}

/** A proxy from HTTPS_PROXY carries https to other machines only: never plain http, never this machine's own addresses. */
function mayUseProxy(url: URL): boolean {
  const loopback = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/i.test(url.hostname);
  return url.protocol === "https:" && !loopback;
}

function readableHeaders(response: AxiosResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    const key = name.toLowerCase();
    if (key.startsWith("set-cookie") || value === undefined || value === null) continue;
    headers[key] = Array.isArray(value) ? value.join(", ") : String(value);
  }
  return headers;
}

/** Reads the body into `arriving` up to the limit; false when there was more. */
async function gather(
  stream: Readable,
  arriving: Arriving,
  limits: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<boolean> {
  // The loop below sees the first error; one that follows a deliberate end has nobody left to hear it and must not end the process.
  stream.on("error", () => undefined);
  limits.signal.addEventListener("abort", () => stream.destroy(new Error("deadline")), { once: true });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const room = limits.maxBytes - arriving.bytes;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    arriving.chunks.push(kept);
    arriving.bytes += kept.length;
    if (chunk.length > room) return false;
  }
  return true;
}
