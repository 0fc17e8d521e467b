import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A made-up province that mails from its own address; `schedule` and more are added to it. */
export const PROVINCE_YAML = `province: H21
issuer: {superior: [A], name: [B], line: C, in_text: D, place: Gia Lai, contact: E}
portal: {pause_ms: 0}
`;

export type ServingOptions = {
  /** A program of test/serve, and where its clock begins. */
  readonly program: "serve-process.ts" | "months-process.ts";
  readonly at: string;
  /** Holds diemtin.yaml, and becomes home and output directory. */
  readonly folder: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
};

/** A process that serves. */
export type Serving = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything on stderr so far. */
  said(): string;
  /** Resolves when it serves; rejects with its words when it ends instead. */
  readonly ready: Promise<void>;
  /** Where /healthz is, once it serves. */
  port(): number;
  /** For a process whose minutes are messages: does the minute of an instant. */
  minute(at: Date): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
};

/** Starts `serve` as a process of its own, from its sources. */
export function startServing({ program, at, folder, config, env }: ServingOptions): Serving {
  writeFileSync(join(folder, "diemtin.yaml"), config);
  const file = fileURLToPath(new URL(`../serve/${program}`, import.meta.url));
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), file, at, folder], {
    env: {
      PATH: process.env["PATH"],
      ...{ DIEMTIN_HOME: join(folder, "var"), DIEMTIN_OUT: join(folder, "out"), DIEMTIN_LOG: "error", ...env },
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  let port = 0;
  child.on("message", (message: unknown) => {
    if (typeof message === "number") port = message;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const gone = once(child, "exit").then(([code, signal]) => `it ended with ${code ?? signal}: ${said}`);
  const heard = (what: string) =>
    new Promise<void>((resolve, reject) => {
      const listen = (message: unknown) => {
        if (message !== what) return;
        child.off("message", listen);
        resolve();
      };
      child.on("message", listen);
      void gone.then((why) => reject(new Error(`in vain for ${what}: ${why}`)));
    });
  const ready = heard("ready");
  ready.catch(() => undefined);
  return {
    ...{ child, pid: child.pid ?? 0, ready },
    said: () => said,
    port: () => port,
    async minute(instant) {
      const done = heard(instant.toISOString());
      child.send(instant.toISOString());
      await done;
    },
    async kill(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

/** Asks until the answer is yes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 40): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await holds()) return;
    await pause(25);
  }
  throw new Error(`waited ${seconds} s in vain: ${what}`);
}
