import { userInfo } from "node:os";
import type { Command } from "commander";
import { describeError, UsageError } from "../domain/errors.ts";
import type { Terminal } from "./terminal.ts";

const MOST_LETTERS = 100;

/**
 * Who gives a command: `--as NAME`, which every command takes, otherwise the user of the operating system.
 * Throws UsageError for a name that cannot be printed in one line, and where neither is known.
 */
export function actorOf(terminal: Pick<Terminal, "env">, command: Pick<Command, "optsWithGlobals">): string {
  const { as } = command.optsWithGlobals<{ as?: string }>();
  const { SUDO_USER: sudo, USER: user, LOGNAME: login } = terminal.env;
  const name = (as ?? sudo ?? user ?? login ?? systemUser()).normalize("NFC").trim();
  if (name === "" || name.length > MOST_LETTERS || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name))
    throw new UsageError(`--as: a name of one line and at most ${MOST_LETTERS} letters is needed`);
  return name;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new UsageError(`the operating system knows no name of this user (${describeError(error)}): say --as NAME`);
  }
}
