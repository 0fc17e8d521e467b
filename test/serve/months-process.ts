/**
 * `serve` as a process of its own whose minutes are its parent's messages: an instant comes, it does that minute, and says so. Only
 * collecting and composing are stand-ins, so that sixty days pass in a minute; timetable, ledger, queue, calendar, freezing, putting
 * out, delivering and delivering again are the program's own. `months-process.ts INSTANT FOLDER`.
 */
import { publishAndDeliver } from "../../jobs/publish-and-deliver.ts";
import { redeliver } from "../../jobs/redeliver.ts";
import { readConfig } from "../../src/config.ts";
import { type Edition, editionKey } from "../../src/domain/edition.ts";
import { startService } from "../../src/main.ts";
import type { Context } from "../../src/pipeline/context.ts";
import { calendarWarnings, issueOn, noIssueReason, openCalendar } from "../../src/pipeline/publish-policy.ts";
import type { Job, JobResult, Tick } from "../../src/pipeline/run.ts";

const PROVINCE = "H21";
const AUDIENCES = { daily: [PROVINCE, "H21.01", "H21.133"], weekly: [PROVINCE] } as const;

const collect: Job = {
  name: "collect",
  missed: "last",
  async run(ctx) {
    const takenAt = ctx.now();
    const visit = { source: "evaluation-api", scope: PROVINCE, period: { kind: "year", year: 2026 } } as const;
    const { id } = await ctx.store.snapshots.open({ ...visit, takenAt }, takenAt);
    const body = new TextEncoder().encode(JSON.stringify({ at: takenAt }));
    const answer = { endpoint: "service-results", request: null, status: 201, headers: {}, body, receivedAt: takenAt };
    await ctx.store.snapshots.archive(id, 0, answer);
    return { result: "1 of 1 snapshots complete", problems: [] };
  },
};

function publishing(bulletin: "daily" | "weekly"): Job {
  return { name: `publish-${bulletin}`, missed: "last", run: (ctx, tick) => publish(ctx, bulletin, tick) };
}

async function publish(ctx: Context, bulletin: "daily" | "weekly", tick: Tick): Promise<JobResult> {
  const calendar = await openCalendar(ctx);
  const reason = noIssueReason(calendar, { bulletin, province: PROVINCE, calendar, tick });
  const warnings = calendarWarnings(calendar, tick.day);
  if (reason !== null) return { result: `no ${bulletin} today: ${reason}`, problems: warnings, skipped: true };
  const issued = issueOn(calendar, bulletin, tick.day);
  const editions = AUDIENCES[bulletin].map((audience) => editionOf(issued, audience, ctx.now()));
  const found = await Promise.all(editions.map((edition) => ctx.store.editions.find(editionKey(edition))));
  const existing = found.flatMap((edition) => (edition === null ? [] : [edition.id]));
  const composed = {
    ...{ existing, problems: [] },
    editions: editions.filter((edition) => !existing.includes(editionKey(edition))),
  };
  const occasion = { byHand: false, startedAt: ctx.now() };
  return publishAndDeliver(ctx, composed, {
    what: `${bulletin} of ${tick.day}`,
    send: true,
    issued,
    warnings,
    occasion,
  });
}

function editionOf(issued: { bulletin: "daily" | "weekly"; issue: string }, audience: string, at: Date): Edition {
  const words = `${issued.bulletin} ${issued.issue} ${audience}`;
  return {
    ...{ ...issued, audience, reissue: 0, asOf: at, composedAt: at, snapshots: [], baseline: null },
    content: {
      ...{ subject: words, lines: [words], summary: "", title: words, pages: false, blocks: [], figures: [] },
      masthead: { kind: "digest", left: "", right: "", unit: audience },
    },
  };
}

const [instant = "", cwd = ""] = process.argv.slice(2);
let now = new Date(instant);
const world = {
  now: () => now,
  sleep: () => Promise.resolve(),
  progress: () => undefined,
};
const config = readConfig({ env: process.env, cwd });
let minute: () => Promise<void> = () => Promise.resolve();
process.on("message", (at: string) => {
  now = new Date(at);
  void minute().then(() => process.send?.(at));
});
const settings = { ...config.settings, serve: { address: "127.0.0.1", port: 0 } };
const service = await startService({ ...config, settings }, world, {
  ...{ heartbeatSeconds: 10, pollSeconds: 0.5 },
  jobs: [collect, publishing("weekly"), publishing("daily"), redeliver],
  eachMinute: (each) => {
    minute = each;
  },
});
process.once("SIGTERM", () => void service.stop().then(() => process.exit(0)));
process.send?.(service.port);
process.send?.("ready");
