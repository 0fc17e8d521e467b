import { Option } from "commander";
import { openAsking } from "../asking.ts";
import { readConfig, requireProvince } from "../config.ts";
import { dayOf } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { periodKey } from "../domain/period.ts";
import { isScope, PROVINCES } from "../domain/unit.ts";
import { recordAction } from "../pipeline/actions.ts";
import {
  type Backfilled,
  type BackfillPlan,
  backfill,
  planBackfill,
  REPROCESS,
  type Reprocess,
} from "../pipeline/backfill.ts";
import { closedPeriods } from "../pipeline/closed-periods.ts";
import type { Visit } from "../pipeline/collect.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, type Terminal } from "./terminal.ts";

type Options = {
  from: string;
  to: string;
  scope?: string[];
  reprocess: Reprocess;
  newestFirst?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

/** The portal's evaluation API begins with this year. */
const FIRST_YEAR = 2026;

/** `backfill`: asks the portal for closed periods. It has no channel, so it cannot send. */
export const registerBackfill: Register = (program, terminal) => {
  program
    .command("backfill")
    .description("ask the portal for closed periods that are missing (exit 3 if one is incomplete); never sends mail")
    .requiredOption("--from <period>", "the first period: 2026, 2026-Q1 or 2026-01")
    .requiredOption("--to <period>", "the last period, of the same kind, included")
    .option("--scope <scope...>", "provinces, H21 … (default: provinces and the configured province)")
    .addOption(
      new Option("--reprocess <which>", "which known periods are asked again").choices(REPROCESS).default("none"),
    )
    .option("--newest-first", "the last period first")
    .option("--dry-run", "only say what would be asked")
    .option("--json", "print one JSON document")
    .action((options: Options, command) => runBackfill(terminal, options, actorOf(terminal, command)));
};

async function runBackfill(terminal: Terminal, options: Options, actor: string): Promise<void> {
  const { periods: kinds } = DEFAULT_SOURCE;
  const today = dayOf(terminal.now());
  const periods = closedPeriods({ from: options.from, to: options.to, today, kinds, since: FIRST_YEAR });
  const config = readConfig(terminal);
  const scopes = options.scope ?? [PROVINCES, requireProvince(config).province];
  const unknown = scopes.filter((scope) => !isScope(scope));
  if (unknown.length > 0)
    throw new UsageError(unknown.map((scope) => `--scope: "${scope}" is no scope; write provinces or H21`));
  const ordered = options.newestFirst === true ? periods.toReversed() : periods;
  const visits = ordered.flatMap((period) =>
    [...new Set(scopes)].map((scope): Visit => ({ source: DEFAULT_SOURCE, scope, period })),
  );
  const { ctx, close } = await openAsking(config, terminal);
  try {
    const plan = await planBackfill(ctx, visits, options.reprocess);
    const asked = options.dryRun !== true && plan.asks.length > 0;
    if (options.json !== true) showPlan(terminal, plan, asked);
    if (asked) await recordAction(ctx.store, { at: ctx.now(), actor, command: "backfill", arguments: { ...options } });
    const done = asked ? await backfill(ctx, plan.asks) : { visited: [], stopped: null };
    if (options.json === true) printJson(terminal, documentOf(options, plan, done));
    else if (asked) showOutcome(terminal, plan, done);
    if (done.stopped !== null) terminal.progress(`the source stopped: ${done.stopped}`);
    const whole = done.visited.every(({ complete }) => complete);
    terminal.exit(done.stopped !== null ? 1 : whole ? 0 : 3);
  } finally {
    await close();
  }
}

function showPlan(terminal: Terminal, { asks, known }: BackfillPlan, asked: boolean): void {
  for (const { visit, why, requests } of asks)
    terminal.print(`ask ${visit.scope} ${periodKey(visit.period)}: ${requests} requests (${why})`);
  for (const { visit, why } of known) terminal.print(`known ${visit.scope} ${periodKey(visit.period)}: ${why}`);
  const requests = asks.reduce((sum, ask) => sum + ask.requests, 0);
  const plan = `${asks.length} snapshots with ${requests} requests`;
  const doing = asks.length === 0 ? "nothing to ask" : `${asked ? "asking for" : "would ask for"} ${plan}`;
  const again = known.length === 0 ? "" : `; ${known.length} known ("--reprocess all" asks them again)`;
  terminal.print(`${doing}${again}; mails: 0`);
}

function showOutcome(terminal: Terminal, { asks }: BackfillPlan, { visited }: Backfilled): void {
  const complete = visited.filter((one) => one.complete).length;
  for (const one of visited.filter((snapshot) => !snapshot.complete))
    terminal.progress(
      `  INCOMPLETE snapshot ${one.id}, ${one.visit.scope} ${periodKey(one.visit.period)}: ${one.findings.find(({ severity }) => severity === "incomplete")?.message ?? ""}`,
    );
  terminal.print(
    `${complete} complete, ${visited.length - complete} incomplete, ${asks.length - visited.length} not asked; mails: 0`,
  );
  if (complete < asks.length)
    terminal.progress(
      'the same command goes on with what was not asked; "--reprocess failed" asks incomplete ones again',
    );
}

function documentOf(options: Options, plan: BackfillPlan, { visited, stopped }: Backfilled) {
  const place = (visit: Visit) => ({ scope: visit.scope, period: periodKey(visit.period) });
  const complete = visited.filter((one) => one.complete).length;
  return {
    from: options.from,
    to: options.to,
    reprocess: options.reprocess,
    dryRun: options.dryRun === true,
    asks: plan.asks.map(({ visit, why, requests }) => ({ ...place(visit), requests, why })),
    known: plan.known.map(({ visit, why }) => ({ ...place(visit), why })),
    snapshots: visited.map(({ visit, id, complete: whole, observations, findings }) => ({
      ...{ id, ...place(visit) },
      ...{ complete: whole, observations, findings },
    })),
    complete,
    incomplete: visited.length - complete,
    notAsked: plan.asks.length - visited.length,
    stopped,
    mails: 0,
  };
}
