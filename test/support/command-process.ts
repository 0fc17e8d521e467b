// The command line as a process of its own whose clock stands at DIEMTIN_TEST_NOW and whose pauses cost nothing: what is killed in
// a test must not depend on the day the test runs.
import { runProgram } from "../../src/program.ts";

const { DIEMTIN_TEST_NOW: now = "", ...env } = process.env;
await runProgram(
  {
    env,
    cwd: process.cwd(),
    now: () => new Date(now),
    sleep: () => Promise.resolve(),
    print: (line) => process.stdout.write(`${line}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
    exit: (code) => {
      process.exitCode = code;
    },
  },
  process.argv.slice(2),
);
