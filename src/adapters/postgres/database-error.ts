import { describeError } from "../../domain/errors.ts";
import { errorCode } from "./processes.ts";

/** The database cannot be reached, went away or cannot be used: exit code 1. The message names its address, never a password. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  /** Waiting or starting the server may help. */
  readonly mayPass = true;
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** System errors of a lost or refused connection. */
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT"]);
/** How pg and knex word a connection that broke or never came: they set no code. */
const WORDS =
  /connection terminated|connection ended|timeout expired|timeout acquiring a connection|not queryable|unable to acquire a connection/i;

/**
 * Whether an error means the server is away or turned us away, rather than that a statement was wrong.
 * SQLSTATE 08: connection; 28: authorisation; 3D: no such database; 53: out of resources; 57P: shut down or starting.
 */
export function isAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isAway);
  const code = errorCode(error) ?? "";
  if (NETWORK.has(code) || /^(08|28|3D|53)...$/.test(code) || code.startsWith("57P")) return true;
  return error instanceof Error && WORDS.test(error.message);
}

/** The error to throw for one a statement gave: a DatabaseError with the address when the server is away, otherwise the same. */
export function atAddress(error: unknown, address: string): unknown {
  if (error instanceof DatabaseError || !isAway(error)) return error;
  return new DatabaseError(`database ${address} ${troubleOf(error)}`, error);
}

function troubleOf(error: unknown): string {
  const code = errorCode(error) ?? "";
  const reason = reasonOf(error);
  if (code === DISK_FULL)
    return `has no room left on its disk: ${reason}. What was stored before is whole; make room on the server's disk, then run the command again`;
  if (/^53...$/.test(code))
    return `is short of memory or connections: ${reason}. Give the server more or end other programs, then run the command again`;
  return `is away: ${reason}. Start the server or correct DATABASE_URL, then run the command again`;
}

const DISK_FULL = "53100";

function reasonOf(error: unknown): string {
  // Several addresses of one name failed; each has its own reason and the sum has no message.
  if (error instanceof AggregateError) return error.errors.map(describeError).join("; ");
  // knex puts the statement before the server's words.
  return describeError(error).replace(/^[\s\S]* - (?=[^-]*$)/, "");
}
