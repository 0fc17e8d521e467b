import type { Command } from "commander";
import { type Config, readConfig, requireProvince } from "../config.ts";
import { type Database, openContext, openDatabase, type World } from "../context.ts";
import { endOfDay, isDay } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import type { Context } from "../pipeline/context.ts";

/** What a command gets from the process it runs in. Documents go to stdout, everything else to stderr. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** One line on stdout. */
  print(line: string): void;
  /** One line on stderr. */
  progress(line: string): void;
  /** The exit code of the process: 0 done, 1 failed, 2 wrong use, 3 done in part. */
  exit(code: 0 | 1 | 2 | 3): void;
};

/** Puts one group of commands on the program. */
export type Register = (program: Command, terminal: Terminal) => void;

/** Prints the one document of `--json`. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.print(JSON.stringify(document, null, 2));
}

/** Runs something with the configured, migrated database, and closes it whatever happens. */
export async function withDatabase<T>(
  terminal: Terminal,
  work: (database: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(terminal);
  const database = await openDatabase(config);
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}

/**
 * Runs something with the whole context of a province, and closes it whatever happens. Throws UsageError before anything is
 * opened when no configuration names a province.
 */
export async function withProvince<T>(
  terminal: Terminal,
  work: (ctx: Context, province: string) => Promise<T>,
): Promise<T> {
  const config = readConfig(terminal);
  const { province } = requireProvince(config);
  return inContext({ config, world: terminal }, (ctx) => work(ctx, province));
}

/** The same for a configuration that is already at hand. */
export async function inContext<T>(
  given: { config: Config; world: World },
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { ctx, close } = await openContext(given.config, given.world);
  try {
    return await work(ctx);
  } finally {
    await close();
  }
}

/**
 * Reads an instant: ISO with a zone ("2026-10-09T07:00:00Z"), without one in Việt Nam's time, or a day (its end in Việt Nam).
 * Throws UsageError naming the option.
 */
export function readInstant(text: string, option: string): Date {
  if (isDay(text)) return endOfDay(text);
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const instant = new Date(match !== null && match[4] === undefined ? `${text}+07:00` : text);
  if (match === null || !isDay(match[1] ?? "") || Number.isNaN(instant.getTime())) {
    throw new UsageError(
      `${option}: "${text}" is no instant; write 2026-10-09T07:00:00Z, 2026-10-09T14:00+07:00 or a day 2026-10-09`,
    );
  }
  return instant;
}

/** Reads a day "2026-10-12". Throws UsageError naming the option. */
export function readDay(text: string, option: string): string {
  if (isDay(text)) return text;
  throw new UsageError(`${option}: "${text}" is no day; write YYYY-MM-DD`);
}
