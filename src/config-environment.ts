import { createPrivateKey, type KeyObject } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { describeError } from "./domain/errors.ts";

/** The process environment, or a test's stand-in for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable the project reads. HTTPS_PROXY and NODE_EXTRA_CA_CERTS are read by the libraries below it. */
export const ENVIRONMENT_VARIABLES = [
  "DIEMTIN_CONFIG",
  "DIEMTIN_HOME",
  "DIEMTIN_OUT",
  "DIEMTIN_LOG",
  "DATABASE_URL",
  "SMTP_URL",
  "PORTAL_URL",
  "DIEMTIN_PING_URL",
  "DIEMTIN_ALARM_URL",
  "CHROMIUM_PATH",
  "DIEMTIN_LINK_SECRET",
  "IMAP_URL",
  "DIEMTIN_DKIM_KEY",
] as const;

/** Least to most talkative; `silent` writes nothing. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The checked environment, and what is wrong in it. Messages never repeat a URL: it may hold a password. */
export type ReadEnvironment = {
  readonly configFile: string | null;
  readonly home: string;
  readonly out: string;
  readonly logLevel: LogLevel;
  readonly databaseUrl: string | null;
  readonly smtpUrl: string | null;
  readonly portalUrl: string | null;
  readonly pingUrl: string | null;
  readonly alarmUrl: string | null;
  readonly chromium: string | null;
  readonly linkSecret: string | null;
  readonly imapUrl: string | null;
  readonly dkimKey: string | null;
  readonly mistakes: readonly string[];
};

/** Reads the environment. A variable that is set to nothing counts as not set: compose files pass empty ones. */
export function readEnvironment(env: Environment, cwd: string): ReadEnvironment {
  if (!isAbsolute(cwd)) throw new Error(`the working directory ${cwd} is not absolute`);
  const mistakes: string[] = [];
  const checked = <T>(name: (typeof ENVIRONMENT_VARIABLES)[number], check: (value: string) => T): T | null => {
    const value = env[name]?.trim();
    if (value === undefined || value === "") return null;
    try {
      return check(value);
    } catch (error) {
      mistakes.push(`${name}: ${describeError(error)}`);
      return null;
    }
  };
  const directory = (value: string) => resolve(cwd, withoutNul(value));
  return {
    configFile: checked("DIEMTIN_CONFIG", withoutNul),
    home: checked("DIEMTIN_HOME", directory) ?? resolve(cwd, "var"),
    out: checked("DIEMTIN_OUT", directory) ?? resolve(cwd, "out"),
    logLevel: checked("DIEMTIN_LOG", logLevel) ?? "warn",
    databaseUrl: checked("DATABASE_URL", databaseUrl),
    smtpUrl: checked("SMTP_URL", smtpUrl),
    portalUrl: checked("PORTAL_URL", portalUrl),
    pingUrl: checked("DIEMTIN_PING_URL", hookUrl),
    alarmUrl: checked("DIEMTIN_ALARM_URL", hookUrl),
    chromium: checked("CHROMIUM_PATH", directory),
    linkSecret: checked("DIEMTIN_LINK_SECRET", linkSecret),
    imapUrl: checked("IMAP_URL", imapUrl),
    dkimKey: checked("DIEMTIN_DKIM_KEY", dkimKey),
    mistakes,
  };
}

function withoutNul(value: string): string {
  if (value.includes("\0")) throw new Error("holds a NUL character, which no path may");
  return value;
}

function logLevel(value: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === value);
  if (level === undefined)
    throw new Error(`${JSON.stringify(value.slice(0, 20))} is not one of ${LOG_LEVELS.join(", ")}`);
  return level;
}

function databaseUrl(value: string): string {
  // libpq also knows "postgres://user@/db?host=/socket/directory", which the URL standard refuses for its empty host.
  parse(
    value.replace("@/", "@localhost/"),
    ["postgres:", "postgresql:"],
    "postgres://USER:PASSWORD@HOST:5432/DATABASE",
  );
  return value;
}

function smtpUrl(value: string): string {
  const url = parse(value, ["smtp:", "smtps:"], "smtp://USER:PASSWORD@HOST:587");
  if (url.hostname === "") throw new Error("names no mail relay; expected smtp://USER:PASSWORD@HOST:587");
  return value;
}

/** An address to which paths are appended: without account, query, fragment and closing slash. */
function portalUrl(value: string): string {
  const url = parse(value, ["http:", "https:"], "https://HOST");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new Error("holds an account, a query or a fragment; expected only https://HOST, perhaps with a path");
  }
  return url.href.replace(/\/+$/, "");
}

/** Whoever can guess it can pause everybody. */
function linkSecret(value: string): string {
  if (value.length < 32 || new Set(value).size < 8)
    throw new Error('is too easy to guess; write at least 32 random characters ("openssl rand -hex 32")');
  return value;
}

/** An environment file has no line breaks: "\\n" stands for one. RFC 8301 3.2: RSA, at least 1024 bits. */
function dkimKey(value: string): string {
  const expected = "expected an unencrypted RSA key in PEM, its lines joined by \\n (its value is not shown)";
  let key: KeyObject;
  try {
    key = createPrivateKey(value.replaceAll("\\n", "\n"));
  } catch {
    throw new Error(`is not a private key; ${expected}`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa") throw new Error(`is a key of another kind than RSA; ${expected}`);
  if (bits < 1024) throw new Error(`has ${bits} bits, which receivers refuse; make one of 2048`);
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function imapUrl(value: string): string {
  const url = parse(value, ["imap:", "imaps:"], "imaps://USER:PASSWORD@HOST/INBOX");
  if (url.hostname === "") throw new Error("names no mail server; expected imaps://USER:PASSWORD@HOST/INBOX");
  return value;
}

/** An address whose path is the secret. */
function hookUrl(value: string): string {
  return parse(value, ["http:", "https:"], "https://HOST/PATH").href;
}

function parse(value: string, protocols: readonly string[], expected: string): URL {
  const url = URL.canParse(value) && !/\s/.test(value) ? new URL(value) : null;
  if (url === null || !protocols.includes(url.protocol)) {
    throw new Error(`is not a URL of the form ${expected} (its value is not shown: it may hold a password)`);
  }
  return url;
}
