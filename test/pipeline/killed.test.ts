import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JOBS } from "../../jobs/index.ts";
import { runAndShow } from "../../src/commands/run.ts";
import { backfill, planBackfill } from "../../src/pipeline/backfill.ts";
import type { Context } from "../../src/pipeline/context.ts";
import { reissue } from "../../src/pipeline/reissue.ts";
import { reread } from "../../src/pipeline/reread.ts";
import { DEFAULT_SOURCE } from "../../src/sources/index.ts";
import { sha256 } from "../support/cli.ts";
import { copyOf, type FreshDatabase } from "../support/database.ts";
import { head, momentOf, type Office, openOffice } from "../support/day.ts";
import { mortal, places } from "../support/mortal.ts";
import { parseMail } from "../support/smtp.ts";

/** In January there is no closed period of the year to ask for as well. */
const DAY = "2026-01-12";
const NEXT_MONTH = "2026-02-10";
const UNITS = ["H21.01", "H21.133"];
const WRONG = "daily/2026-01-12/H21.133/r0";
const SETTINGS = { periods: ["year"] } as const;

/** Morning: figures, and three readers of the province's units; all others wait for confirmation, so that there is little to draw. */
let morning: FreshDatabase;
/** Later that day: its issue is out, and the figures in the database are otherwise. */
let afternoon: FreshDatabase;

beforeAll(async () => {
  const seed = await openOffice({ settings: SETTINGS });
  await seed.database.store.recipients.replace([
    head("H21", "tinh@example.vn"),
    ...UNITS.map((unit) => head(unit, `${unit.toLowerCase()}@example.vn`)),
  ]);
  await seed.run("collect", `${DAY} 06:00`);
  await seed.database.knex.raw(`update units set standing = 'waiting' where scope = 'H21' and code <> all(?)`, [UNITS]);
  morning = seed.database;
  const later = await openOffice({ settings: SETTINGS, database: await copyOf(morning) });
  await later.run("publish-daily", `${DAY} 07:00`);
  await spoil(later.database.knex);
  afternoon = later.database;
}, 120_000);
afterAll(async () => {
  await morning?.drop();
  await afternoon?.drop();
});

/** From now on every stored total is otherwise by one point than the answers and the printed issue say. */
async function spoil(knex: Knex): Promise<void> {
  await knex.raw(`update observations set value = value + 100 where indicator = 'dvc2026.TOTAL' and value is not null`);
}

type Story = {
  readonly from: () => FreshDatabase;
  readonly at: string;
  /** When the second run begins: nothing may hang on the moment being the same or another. */
  readonly again: string;
  work(ctx: Context): Promise<unknown>;
  /** Everything that must come to the same, whether or not a run died. */
  outcome(office: Office): Promise<unknown>;
};

const publish: Story = {
  from: () => morning,
  at: `${DAY} 07:00`,
  again: `${DAY} 07:00`,
  work: (ctx) => job(ctx, "publish-daily"),
  outcome: async ({ database, out }) => ({
    files: await rows(database, `select edition, kind, sha256 from edition_files order by 1, 2`),
    pdfs: readdirSync(join(out, "daily")).map((name) => `${name} ${sha256(readFileSync(join(out, "daily", name)))}`),
    owed: await rows(database, `select edition, folded from deliveries order by 1, 2`),
  }),
};

const collect: Story = {
  from: () => morning,
  at: `${DAY} 09:00`,
  again: `${DAY} 09:01`,
  work: (ctx) => job(ctx, "collect"),
  outcome: figures,
};

const january: Story = {
  from: () => morning,
  at: `${NEXT_MONTH} 09:00`,
  again: `${NEXT_MONTH} 09:01`,
  work: async (ctx) => {
    const visits = ["provinces", "H21"].map((scope) => ({
      ...{ source: DEFAULT_SOURCE, scope, period: { kind: "month", year: 2026, index: 1 } as const },
    }));
    return backfill(ctx, (await planBackfill(ctx, visits, "none")).asks);
  },
  outcome: figures,
};

const readAgain: Story = {
  from: () => afternoon,
  at: `${DAY} 10:00`,
  again: `${DAY} 10:01`,
  work: (ctx) => reread(ctx, { from: null, to: null, source: null, scope: null, dryRun: false }),
  outcome: figures,
};

const correct: Story = {
  from: () => afternoon,
  at: `${DAY} 10:00`,
  again: `${DAY} 10:00`,
  work: (ctx) => reissue(ctx, { edition: WRONG, reason: "Đọc sai cột điểm", force: false, send: true }),
  outcome: async ({ database, out }) => ({
    files: await rows(database, `select edition, kind, sha256 from edition_files order by 1, 2`),
    pdfs: readdirSync(join(out, "daily")).filter((name) => name.includes("_r")),
    owed: await rows(database, `select edition, folded from deliveries order by 1, 2`),
  }),
};

function job(ctx: Context, name: string): Promise<unknown> {
  const found = JOBS.find((known) => known.name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return runAndShow(ctx, found, { day: DAY, asOf: ctx.now(), send: true });
}

async function rows(database: FreshDatabase, sql: string): Promise<readonly unknown[]> {
  return (await database.knex.raw(sql)).rows;
}

/** The figures of the latest complete snapshot of each scope and period, and which bytes they were read from. */
async function figures({ database }: Office): Promise<unknown> {
  return rows(
    database,
    `select distinct on (s.scope, s.period) s.scope, s.period, s.fingerprint,
       (select md5(string_agg(o.unit || o.indicator || o.period || coalesce(o.value::text, '-'), ' ' order by o.unit, o.indicator, o.period))
        from observations o where o.snapshot_id = s.id) as figures,
       (select string_agg(encode(a.sha256, 'hex'), ' ' order by a.ordinal) from answers a where a.snapshot_id = s.id) as answers
     from snapshots s where s.complete order by s.scope, s.period, s.taken_at desc`,
  );
}

/** Lives a story from its beginning, dying before the nth effect, and then once more to its end. */
async function live(story: Story, diesBefore: number | null) {
  const office = await openOffice({ settings: SETTINGS, database: await copyOf(story.from()) });
  const life = mortal(diesBefore);
  try {
    const first = office.during(momentOf(story.at), (ctx) => story.work(life.begin(ctx)));
    const ended = await Promise.race([first.then(() => "lived"), life.death]);
    life.end();
    if (diesBefore !== null) {
      expect(ended).toBe("died");
      await office.during(momentOf(story.again), story.work);
    }
    // Whatever was left being sent is given up by now.
    await office.run("redeliver", `${story.at.slice(0, 10)} 13:00`);
    const mails = await Promise.all(office.relay.taken.map(({ raw }) => parseMail(raw)));
    return {
      effects: life.effects,
      outcome: await story.outcome(office),
      mails: mails.map(({ messageId = "" }) => messageId).filter((id) => !id.includes("alert")),
      deliveries: (await office.database.store.deliveries.list()).map(({ state }) => state),
      runs: (await office.database.store.runs.list()).filter(({ startedAt }) => startedAt >= momentOf(story.at)),
      answers: (await rows(office.database, `select count(*)::int as n from answers`))[0] as { n: number },
      asked: office.portal.requests.length,
    };
  } finally {
    life.end();
    await office.close();
  }
}

const STORIES = { publish, collect, backfill: january, reread: readAgain, reissue: correct };

describe("killed before any of its steps, a second run does the rest and nothing twice:", { timeout: 240_000 }, () => {
  test.each(Object.entries(STORIES))("%s", async (_name, story) => {
    const undisturbed = await live(story, null);
    const kept = undisturbed.answers.n - undisturbed.asked;
    const chosen = places(undisturbed.effects);
    expect(chosen.length).toBeGreaterThan(3);
    for (const place of chosen) {
      const where = `killed before ${place}: ${undisturbed.effects[place - 1]}`;
      const killed = await live(story, place);
      expect(killed.effects, where).toEqual(undisturbed.effects.slice(0, place));
      expect(killed.outcome, where).toEqual(undisturbed.outcome);
      // The one mail on the line when its process died may have left or not: it is not sent again, and stands as unknown.
      const unknown = killed.deliveries.filter((state) => state === "unknown").length;
      expect(new Set(killed.mails).size, where).toBe(killed.mails.length);
      expect(undisturbed.mails.length - killed.mails.length, where).toBeLessThanOrEqual(unknown);
      expect(unknown, where).toBeLessThanOrEqual(1);
      expect(
        killed.deliveries.filter((state) => state !== "unknown" && state !== "accepted"),
        where,
      ).toEqual([]);
      // Every answer that came is archived, but for the one in hand.
      expect(killed.asked + kept - killed.answers.n, where).toBeLessThanOrEqual(1);
      const states = killed.runs.map((run) => run.state);
      expect(states.filter((state) => state === "running").length, where).toBeLessThanOrEqual(1);
      expect(killed.runs.length, where).toBeGreaterThanOrEqual(place === 1 ? 2 : 3);
    }
  });
});
