import type { Ticks } from "../adapters/postgres/ticks.ts";
import type { Queue } from "../adapters/queue.ts";
import type { Settings } from "../domain/settings.ts";
import type { Context } from "../pipeline/context.ts";
import type { Job } from "../pipeline/run.ts";

/** What the timekeeper and the workers of one process share. */
export type Desk = {
  /** In the order of the day. */
  readonly jobs: readonly Job[];
  readonly settings: Settings;
  /** This process in the ledger. */
  readonly instance: string;
  now(): Date;
  readonly ticks: Ticks;
  readonly queue: Queue;
  /** Runs something with a context of its own: the portal's manners and a relay's connection last one run. */
  inContext<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
  /** Told of every ended run of a tick. */
  ended(run: EndedRun): Promise<void>;
  log(event: string, facts?: Readonly<Record<string, unknown>>): void;
};

/** `good`: what was due was done, or nothing was due. */
export type EndedRun = {
  readonly job: Job["name"];
  readonly state: string;
  readonly seconds: number;
  readonly good: boolean;
};
