/**
 * The failures the product expects. Anything else that is thrown is a bug and ends the run with its stack.
 * Each message names who, what was found and where; `mayPass` says whether waiting may help.
 */

/** The command, the configuration or an input file is wrong: exit code 2, nothing was changed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** Every mistake found, one line each; the message joins them. */
  readonly mistakes: readonly string[];
  constructor(mistakes: string | readonly string[]) {
    const list = typeof mistakes === "string" ? [mistakes] : mistakes;
    super(list.join("\n"));
    this.mistakes = list;
  }
}

/** A publisher could not be asked. `stop` means: ask this source nothing more in this run. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly mayPass: boolean;
  readonly stop: boolean;
  constructor(message: string, facts: { mayPass: boolean; stop: boolean; cause?: unknown }) {
    super(message, { cause: facts.cause });
    this.mayPass = facts.mayPass;
    this.stop = facts.stop;
  }
}

/** An answer or a file could not be read as what it should be. */
export class ReadError extends Error {
  override readonly name = "ReadError";
}

/** A message, a page or a file could not be made or sent. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly mayPass: boolean;
  constructor(message: string, facts: { mayPass: boolean; cause?: unknown }) {
    super(message, { cause: facts.cause });
    this.mayPass = facts.mayPass;
  }
}

/** The text of anything thrown, for a log line or a finding. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
