/** The command line with a clock that stands still: `cli-at.ts INSTANT WORDS…`. A run's day must not hang on the day of the test. */
import { runProgram } from "../../src/program.ts";

const [at = "", ...words] = process.argv.slice(2);

await runProgram(
  {
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(at),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    print: (line) => process.stdout.write(`${line}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
    exit: (code) => {
      process.exitCode = code;
    },
  },
  words,
);
