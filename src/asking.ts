import { createPortal } from "./adapters/http.ts";
import { createLog, redact } from "./adapters/log.ts";
import type { Config } from "./config.ts";
import { instanceName, openDatabase, type World } from "./context.ts";
import type { BackfillContext } from "./pipeline/backfill.ts";

/** Builds what asks and archives, and nothing that draws or sends: with it no mail can leave. Close it at the end. */
export async function openAsking(
  config: Config,
  world: World,
): Promise<{ readonly ctx: BackfillContext; close(): Promise<void> }> {
  const log = createLog({ level: config.logLevel });
  const { store, close } = await openDatabase(config);
  const { settings, bases } = config;
  const portal = createPortal({ bases, ...settings.portal, now: world.now, log, sleep: world.sleep });
  const progress = (line: string) => world.progress(redact(line));
  return { ctx: { now: world.now, instance: instanceName(), settings, portal, store, log, progress }, close };
}
