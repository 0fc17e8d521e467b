import net from "node:net";
import { UsageError } from "../../domain/errors.ts";

/** How to reach the mail relay, checked. */
export type Relay = {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte; `starttls`: required before anything else is said; `none`: loopback only. */
  readonly tls: "implicit" | "starttls" | "none";
  /** What the certificate must name, when it is not the host. */
  readonly servername?: string;
  readonly user?: string;
  readonly pass?: string;
  /** The name given with EHLO. */
  readonly name?: string;
};

const SWITCHES = ["ignoreTLS", "requireTLS", "secure", "rejectUnauthorized", "tls.rejectUnauthorized", "pool"] as const;
const WORDS = ["name", "servername", "tls.servername"] as const;
type Switch = (typeof SWITCHES)[number];
type Word = (typeof WORDS)[number];
const HINT = 'write it as "smtps://user:password@mail.example.vn:465" or "smtp://user:password@mail.example.vn:587"';

/**
 * Reads nodemailer's connection URL. Options that would weaken or leak (no certificate check, traffic logs, plain text to
 * another machine) and options this channel does not know are refused.
 * @throws {UsageError} with every mistake; never with the URL, a user name or a password in it.
 */
export function parseRelay(text: string): Relay {
  const url = asUrl(text);
  const mistakes: string[] = [];
  const host = decode(url.hostname)
    .replace(/^\[|\]$/g, "")
    .toLowerCase();
  if (!net.isIP(host) && !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(host)) {
    mistakes.push(`SMTP_URL: the host name is missing or not a host name; ${HINT}`);
  }
  if (!["", "/"].includes(url.pathname) || url.hash !== "") {
    mistakes.push(
      `SMTP_URL: nothing may follow the port but ?options; a "/", "#" or "?" in the password is written %2F, %23, %3F`,
    );
  }
  const { switches, words } = readOptions(url, mistakes);
  const secure = url.protocol === "smtps:" || switches.get("secure") === true;
  const tls = tlsMode({ host, secure, switches }, mistakes);
  const user = decode(url.username);
  const pass = decode(url.password);
  if ((user === "") !== (pass === "")) mistakes.push("SMTP_URL: a user needs a password and a password a user");
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const name = words.get("name");
  const servername = words.get("tls.servername") ?? words.get("servername");
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    tls,
    ...(user === "" ? {} : { user, pass }),
    ...(name === undefined ? {} : { name }),
    ...(servername === undefined ? {} : { servername }),
  };
}

/** True for this machine's own addresses: "localhost", 127.0.0.0/8, ::1, also as an IPv4-mapped address. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  const mapped = /^::ffff:(.+)$/i.exec(host)?.[1] ?? host;
  return net.isIPv4(mapped) && mapped.startsWith("127.");
}

function asUrl(text: string): URL {
  // The parser's own error carries the whole input, password included: it is not passed on as a cause.
  if (!URL.canParse(text)) throw new UsageError(`SMTP_URL: not a URL; ${HINT}`);
  const url = new URL(text);
  if (!["smtp:", "smtps:"].includes(url.protocol)) {
    throw new UsageError(`SMTP_URL: it must begin with smtp:// or smtps://; ${HINT}`);
  }
  return url;
}

function readOptions(url: URL, mistakes: string[]) {
  const switches = new Map<Switch, boolean>();
  const words = new Map<Word, string>();
  for (const [key, value] of url.searchParams) {
    const flag = SWITCHES.find((known) => known === key);
    const word = WORDS.find((known) => known === key);
    if (flag !== undefined) {
      if (["true", "1"].includes(value)) switches.set(flag, true);
      else if (["false", "0"].includes(value)) switches.set(flag, false);
      else mistakes.push(`SMTP_URL: ?${flag} must be true or false`);
    } else if (word !== undefined) {
      if (/^[A-Za-z0-9.:[\]-]{1,253}$/.test(value)) words.set(word, value);
      else mistakes.push(`SMTP_URL: ?${word} must be a host name`);
    } else {
      // A key may be a part of a password that was not percent-encoded, so it is counted and not shown.
      mistakes.push(`SMTP_URL: an option is not supported; known are ${[...SWITCHES, ...WORDS].join(", ")}`);
    }
  }
  return { switches, words };
}

function tlsMode(
  asked: { host: string; secure: boolean; switches: ReadonlyMap<Switch, boolean> },
  mistakes: string[],
): Relay["tls"] {
  const { host, secure, switches } = asked;
  if (switches.get("rejectUnauthorized") === false || switches.get("tls.rejectUnauthorized") === false) {
    mistakes.push(
      "SMTP_URL: rejectUnauthorized=false is refused: the relay's certificate is always checked; " +
        "for a private authority point NODE_EXTRA_CA_CERTS to its certificate",
    );
  }
  const plain = switches.get("ignoreTLS") === true;
  if (plain && !isLoopback(host)) {
    mistakes.push(
      "SMTP_URL: ignoreTLS=true is only for a relay on this machine (localhost, 127.0.0.0/8, ::1); " +
        "mail to another machine goes over TLS",
    );
  }
  if (plain && (secure || switches.get("requireTLS") === true)) {
    mistakes.push("SMTP_URL: ignoreTLS=true contradicts smtps://, secure=true and requireTLS=true");
  }
  if (switches.get("requireTLS") === false && !plain) {
    mistakes.push("SMTP_URL: requireTLS=false is refused; a relay on this machine may be plain with ?ignoreTLS=true");
  }
  if (plain) return "none";
  return secure ? "implicit" : "starttls";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a "%" that escapes nothing stands for itself, as nodemailer reads it
  }
}
