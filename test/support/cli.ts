import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../src/program.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const CLI_AT = fileURLToPath(new URL("./cli-at.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");

/** What a command left behind. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CliOptions = {
  readonly cwd: string;
  /** All of the environment besides PATH: nothing of the developer's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the clock stands; the real one when absent. */
  readonly at?: string;
  /** Called with everything on stderr so far and the means to end the process. */
  readonly watch?: (stderr: string, kill: () => void) => void;
};

/** Runs the command line as a process of its own, from its sources. */
export function runCli(words: readonly string[], options: CliOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const program = options.at === undefined ? [CLI] : [CLI_AT, options.at];
    const child = spawn(process.execPath, ["--import", TSX, ...program, ...words], {
      cwd: options.cwd,
      env: { PATH: process.env["PATH"], ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output.stderr += text;
      options.watch?.(output.stderr, () => child.kill("SIGKILL"));
    });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
}

/** Runs the same command line inside the test's process: quick, for the many ways to use it wrongly. */
export async function inTerminal(
  words: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>>; now?: Date },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = { code: 0, stdout: "", stderr: "" };
  const terminal = {
    env: options.env ?? {},
    cwd: options.cwd,
    now: () => options.now ?? new Date("2026-10-12T07:00:00+07:00"),
    sleep: () => Promise.resolve(),
    print: (line: string) => {
      output.stdout += `${line}\n`;
    },
    progress: (line: string) => {
      output.stderr += `${line}\n`;
    },
    exit: (code: number) => {
      output.code = code;
    },
  };
  await runProgram(terminal, words);
  return output;
}

/** A new empty folder below the temporary one; `remove` takes it away again. */
export function freshFolder(name = "cli"): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `diemtin-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Every file below a folder with its bytes' fingerprint and its time: equal means that nothing was touched. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(
    files.map((name) => {
      const path = join(folder, name);
      return [name, `${sha256(readFileSync(path))} ${statSync(path).mtimeMs}`];
    }),
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
