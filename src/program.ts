import { Command, CommanderError } from "commander";
import { redact } from "./adapters/log.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Terminal } from "./commands/terminal.ts";
import { describeError, FetchError, ReadError, SendError, UsageError } from "./domain/errors.ts";
import { programVersion } from "./project-files.ts";

const GIVEN_BY = "who gives the command, for the record (default: the user of the operating system)";

/** Builds the command line on a terminal. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("diemtin")
    .description('watches the "766" public-service index for a province and mails each head of unit a one-page PDF')
    .version(programVersion())
    .option("--as <name>", GIVEN_BY)
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => terminal.print(text.replace(/\n$/, "")),
      writeErr: (text) => terminal.progress(text.replace(/\n$/, "")),
    })
    .exitOverride()
    .showHelpAfterError('("--help" shows the options)');
  for (const register of COMMANDS) register(program, terminal);
  for (const command of everyCommand(program)) {
    command.exitOverride().copyInheritedSettings(program);
    takeActor(command, program);
  }
  return program;
}

/** `--as NAME` also after a command's own words; not where the command has an `--as` of its own: there it stands before. */
function takeActor(command: Command, program: Command): void {
  if (command.options.some(({ long }) => long === "--as")) return;
  command.option("--as <name>", GIVEN_BY, (name) => {
    program.setOptionValue("as", name);
    return name;
  });
}

/** The program's commands and their commands. */
export function everyCommand(program: Command): Command[] {
  return program.commands.flatMap((command) => [command, ...everyCommand(command)]);
}

/**
 * Runs one command line and says its exit code through the terminal: wrong use is 2, an expected failure 1, a bug 1 with its
 * stack. Messages go to stderr with addresses and passwords hidden.
 */
export async function runProgram(terminal: Terminal, words: readonly string[]): Promise<void> {
  try {
    await buildProgram(terminal).parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return terminal.exit(error.exitCode === 0 ? 0 : 2);
    if (error instanceof UsageError) {
      for (const mistake of error.mistakes) terminal.progress(`diemtin: ${redact(mistake)}`);
      return terminal.exit(2);
    }
    const expected =
      error instanceof FetchError ||
      error instanceof ReadError ||
      error instanceof SendError ||
      (error instanceof Error && error.name === "DatabaseError");
    const text = !expected && error instanceof Error && error.stack !== undefined ? error.stack : describeError(error);
    terminal.progress(`diemtin: ${redact(text)}`);
    terminal.exit(1);
  }
}
