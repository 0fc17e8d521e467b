import { STATUS_CODES } from "node:http";

/**
 * What went wrong with one exchange. `code` is the stable word before the colon of `text`; `alike` is what "failing alike"
 * compares. `mayPass`: trying again may help. `stop`: the publisher does not want us; ask it nothing more in this run.
 */
export type Fault = {
  readonly code: FaultCode;
  readonly alike: string;
  readonly text: string;
  readonly mayPass: boolean;
  readonly stop: boolean;
};

export type FaultCode =
  | "timeout"
  | "connect"
  | "reset"
  | "half-body"
  | "too-large"
  | "encoding"
  | "protocol"
  | "tls"
  | "redirect"
  | "http-status"
  | "blocked";

/** What is known of an answer when it is judged: nothing of it is trusted. */
export type Received = {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const UNREACHABLE =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ECONNABORTED)$/;
const CUT = /^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_CANCELED)$/;
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;
/** Words of the firewall's block page (portal observation: F5 answers with status 200). */
const BLOCK_PAGE = ["Request Rejected", "Access denied"] as const;

/** A fault with its usual consequences: not transient, does not stop the source, alike by its code. */
export function fault(code: FaultCode, found: string, facts: Partial<Fault> = {}): Fault {
  return { code, alike: code, text: `${code}: ${found}`, mayPass: false, stop: false, ...facts };
}

/** The answer did not arrive whole within the deadline. */
export function timeoutFault(timeoutMs: number, bytes: number): Fault {
  return fault("timeout", `no whole answer within ${timeoutMs} ms (${bytes} bytes received)`, { mayPass: true });
}

/** The body is larger than the limit; the bytes up to it are kept. */
export function tooLargeFault(maxBytes: number): Fault {
  return fault("too-large", `more than ${maxBytes} bytes`);
}

/**
 * The fault behind an error of the network, TLS, HTTP or decompression layers, which all carry a code.
 * Gives null for any other error: that one is a bug and must be thrown on.
 */
export function faultOfError(error: unknown, received: Received): Fault | null {
  const code = errorCode(error);
  if (code === null) return null;
  const words = `${code} ${error instanceof Error ? error.message : ""}`.trim().slice(0, 200);
  if (UNREACHABLE.test(code)) return fault("connect", words, { mayPass: true });
  if (CUT.test(code) || code === "Z_BUF_ERROR") {
    if (received.status === null) return fault("reset", words, { mayPass: true });
    const promised = received.headers["content-length"];
    const of = promised === undefined ? "" : ` of ${promised}`;
    return fault("half-body", `connection closed after ${received.body.length}${of} bytes`, { mayPass: true });
  }
  if (CERTIFICATE.test(code)) return fault("tls", words);
  if (code.startsWith("HPE_")) return fault("protocol", words);
  if (code.startsWith("Z_") || code.startsWith("ERR__ERROR_") || code.startsWith("ZSTD_"))
    return fault("encoding", words);
  return fault("connect", words, { mayPass: true });
}

/** The refusal an answer carries, however much of it arrived: 401, 403, 429, an HTML page, the firewall's words. Null for none. */
export function refusalIn({ status, headers, body }: Received): Fault | null {
  const refused = (found: string) => fault("blocked", found, { stop: true });
  if (status === 401 || status === 403 || status === 429) return refused(statusWords(status));
  for (const words of BLOCK_PAGE) if (body.includes(words)) return refused(`the page says "${words}"`);
  // A 5xx dressed as HTML is a proxy's word for a server that is down, and may pass.
  const isServerError = status !== null && status >= 500;
  if (!isServerError && (/^\s*text\/html\b/i.test(headers["content-type"] ?? "") || startsWithMarkup(body))) {
    return refused(`HTML page instead of JSON (${statusWords(status)})`);
  }
  return null;
}

/** What a status that is neither 200 nor 201 means. Null for those two: the portal answers 201, its older generation 200. */
export function faultOfStatus({ status, headers }: Received): Fault | null {
  if (status === 200 || status === 201) return null;
  if (status !== null && status >= 300 && status < 400) {
    const { location } = headers;
    return fault("redirect", `${statusWords(status)} to ${hostOf(location)}, not followed`);
  }
  const mayPass = status !== null && status >= 500 && status !== 501;
  return fault("http-status", statusWords(status), { mayPass, alike: `http-status ${status}` });
}

function statusWords(status: number | null): string {
  return status === null ? "no status" : `${status} ${STATUS_CODES[status] ?? ""}`.trim();
}

/** Only the host: an address may carry a token. */
function hostOf(location: string | undefined): string {
  if (location === undefined) return "nowhere";
  return URL.canParse(location) ? new URL(location).host : "the same host";
}

function startsWithMarkup(body: Buffer): boolean {
  return /^\uFEFF?\s*</.test(body.subarray(0, 256).toString("utf8"));
}

function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
