/**
 * `serve` as a process of its own with a clock that was put: `serve-process.ts INSTANT FOLDER`, the instant being when the process
 * starts. Silent workers lose their work after ten seconds, so that a test need not wait for long. A parent's message puts the clock
 * to another instant and does that minute.
 */
import { readConfig } from "../../src/config.ts";
import { startService } from "../../src/main.ts";

const [instant = "", cwd = ""] = process.argv.slice(2);
let offset = new Date(instant).getTime() - Date.now();
let minute: () => Promise<void> = () => Promise.resolve();
const world = {
  now: () => new Date(Date.now() + offset),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  progress: (line: string) => process.stderr.write(`${line}\n`),
};
const config = readConfig({ env: process.env, cwd });
const settings = { ...config.settings, serve: { address: "127.0.0.1", port: 0 } };
const driven = {
  eachMinute: (each: () => Promise<void>) => {
    minute = each;
  },
};
const service = await startService({ ...config, settings }, world, {
  ...{ heartbeatSeconds: 10, pollSeconds: 0.5 },
  ...(process.send === undefined ? {} : driven),
});
process.on("message", (at: string) => {
  offset = new Date(at).getTime() - Date.now();
  void minute().then(() => process.send?.(at));
});
process.once("SIGTERM", () => void service.stop().then(() => process.exit(0)));
process.send?.(service.port);
process.send?.("ready");
