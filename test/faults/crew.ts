import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Answer, Errand } from "./worker.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where compiled code finds its packages, and no other run looks. */
const BUILT = `${ROOT}node_modules/.cache/diemtin-faults-${process.pid}`;

/** Compiles the worker once: a process that compiles what it loads starts four times slower, and some six hundred are started. */
export async function buildWorker(): Promise<string> {
  const typescript = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const wanted = ["-p", "test/faults/tsconfig.json", "--outDir", BUILT];
  await promisify(execFile)(process.execPath, [typescript, ...wanted], { cwd: ROOT });
  // The store names the program that draws by its templates, which a worker does not load.
  await cp(`${ROOT}templates`, `${BUILT}/templates`, { recursive: true });
  return `${BUILT}/test/faults/worker.js`;
}

export async function removeWorker(): Promise<void> {
  await rm(BUILT, { recursive: true, force: true });
}

/** Warm worker processes on one database. A worker that lives is used again, one that is killed is replaced. */
export type Crew = {
  /** Takes a worker out of the pool, for `errand` to send it off. */
  take(): Promise<Worker>;
  close(): Promise<void>;
};
export type Worker = { readonly pid: number; errand(errand: Errand): Promise<Answer | "killed"> };

export function openCrew(script: string, options: { readonly databaseUrl: string; readonly ahead: number }): Crew {
  const pool: Promise<ChildProcess>[] = [];
  const all = new Set<ChildProcess>();
  let closed = false;
  const start = async (): Promise<ChildProcess> => {
    const child = fork(script, [options.databaseUrl], { execArgv: [], env: { PATH: process.env["PATH"] } });
    all.add(child);
    child.once("exit", () => all.delete(child));
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", (code) => reject(new Error(`a worker did not start: exit code ${code}`)));
    });
    return child;
  };
  const fill = () => {
    while (!closed && pool.length < options.ahead) {
      const starting = start();
      starting.catch(() => undefined); // whoever takes it hears of it
      pool.push(starting);
    }
  };
  fill();
  return {
    async take() {
      const child = await (pool.shift() ?? start());
      fill();
      return {
        pid: child.pid ?? 0,
        errand: (errand) => send(child, errand, () => pool.unshift(Promise.resolve(child))),
      };
    },
    async close() {
      closed = true;
      await Promise.allSettled(pool);
      await Promise.all([...all].map((child) => (child.kill("SIGKILL") ? once(child, "exit") : null)));
    },
  };
}

function send(child: ChildProcess, errand: Errand, free: () => void): Promise<Answer | "killed"> {
  return new Promise((resolve, reject) => {
    const answered = (answer: Answer) => {
      child.off("exit", ended);
      free();
      resolve(answer);
    };
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      child.off("message", answered);
      if (signal === "SIGKILL") resolve("killed");
      else reject(new Error(`a worker ended by itself: exit code ${code}, signal ${signal}`));
    };
    child.once("message", answered);
    child.once("exit", ended);
    child.send(errand);
  });
}
