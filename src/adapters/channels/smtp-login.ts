import { type Deadlines, RelayFault } from "./smtp-fault.ts";
import { openSession } from "./smtp-open.ts";
import { outcomeOf } from "./smtp-outcome.ts";
import { leave } from "./smtp-session.ts";
import { parseRelay } from "./smtp-url.ts";

const DEADLINES: Deadlines = { connectMs: 5000, helloMs: 10_000, bodyMs: 10_000, replyMs: 10_000 };

/**
 * Opens a session with the relay as the first mail of a morning would, certificate and password included, and leaves it: no mail is
 * begun. Gives null, or what the relay said against it, passwords and addresses hidden.
 * @throws {UsageError} for an SMTP_URL that is wrong or unsafe.
 */
export async function loginFault(url: string): Promise<string | null> {
  const relay = parseRelay(url);
  try {
    await leave(await openSession(relay, DEADLINES));
    return null;
  } catch (error) {
    if (!(error instanceof RelayFault)) throw error;
    return outcomeOf(error.fault).reply;
  }
}
