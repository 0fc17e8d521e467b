import type { Knex } from "knex";
import { query } from "../adapters/postgres/sql.ts";
import type { Config } from "../config.ts";
import { type Database, installationState, openDatabase } from "../context.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { describeError } from "../domain/errors.ts";
import type { ListedRecipient } from "../domain/membership.ts";
import { missingYears, type WorkingCalendar } from "../domain/working-calendar.ts";
import { heldReason } from "../pipeline/installation.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import { unitsOf } from "../pipeline/status.ts";
import type { GoLive } from "../pipeline/store.ts";
import { type Check, clockCheck } from "./doctor-machine.ts";
import { comingIssues } from "./schedule.ts";

const MOST_SHOWN = 5;

/** What the database can tell: whether it opens, may send, knows its units, their readers and the calendar, and what comes next. */
export async function databaseChecks(config: Config, now: Date): Promise<readonly Check[]> {
  let database: Database;
  try {
    database = await openDatabase(config);
  } catch (error) {
    const todo =
      config.databaseUrl === null
        ? "free or mend what is named, or set DATABASE_URL to use a PostgreSQL server"
        : "start the server or correct DATABASE_URL; without it an embedded database is used";
    return [{ what: "database", ok: false, found: describeError(error), todo }];
  }
  try {
    const { knex, store } = database;
    const calendar = await openCalendar(database);
    const found = config.databaseUrl === null ? `embedded, in ${config.home}` : "DATABASE_URL, up to date";
    return [
      { what: "database", ok: true, found },
      ...(config.databaseUrl === null ? [] : [clockCheck("the database's", await clockOf(knex), now)]),
      await installationCheck(config, knex),
      ...(config.province === null ? [] : [goLiveCheck(await store.goLives.find(config.province))]),
      ...(await readerChecks(database, config.province, dayOf(now))),
      calendarCheck(calendar, now),
      issuesCheck(config, { now, calendar, open: (await store.holds.list()).filter(isOpen) }),
    ];
  } finally {
    await database.close();
  }
}

async function clockOf(knex: Knex): Promise<Date | null> {
  const [row] = await query<{ at: Date }>(knex, `select clock_timestamp() as at`, []);
  return row?.at ?? null;
}

async function installationCheck({ home }: Config, knex: Knex): Promise<Check> {
  const state = await installationState(knex, home);
  const held = heldReason(state);
  if (held === null) return { what: "installation", ok: true, found: `${state.id}, confirmed: this machine may send` };
  const [why = held] = held.split(". ");
  return {
    what: "installation",
    ok: false,
    found: `HELD, nothing is sent: ${why}`,
    todo: 'make sure that no other copy is sending, look at "diemtin status" and "diemtin deliveries list", then "diemtin installation confirm"',
  };
}

/** Nothing is wrong with a system that does not send yet, but nobody should have to wonder why. */
function goLiveCheck(live: GoLive | null): Check {
  const what = "go-live";
  if (live !== null) return { what, ok: true, found: `confirmed ${dayOf(live.at)} by ${live.by}` };
  return {
    ...{ what, ok: true, found: "not confirmed: nothing leaves for the readers" },
    todo: '"diemtin go-live" shows who will get what and asks for the province\'s code',
  };
}

async function readerChecks({ store }: Database, province: string | null, today: Day): Promise<readonly Check[]> {
  if (province === null)
    return [{ what: "recipients", ok: true, found: "not looked at: no province is configured", todo: "as above" }];
  const { known, waiting, withoutRecipient: without } = await unitsOf(store, province, today);
  const listed = await store.recipients.listed(today);
  const recipients = listed.length;
  const some = `${without.slice(0, MOST_SHOWN).join(", ")}${without.length > MOST_SHOWN ? ", …" : ""}`;
  const served = recipients > 0 && without.length === 0;
  return [
    {
      what: "units",
      ok: known > 0 && waiting === 0,
      found: known === 0 ? "none known yet" : `${known} known, ${waiting} waiting for confirmation`,
      ...(known === 0 ? { todo: '"diemtin run collect": the first complete snapshot fills the register' } : {}),
      ...(waiting === 0 ? {} : { todo: '"diemtin units list", then "diemtin units confirm"' }),
    },
    {
      what: "recipients",
      ok: served,
      found: `${recipients} recipients${counted(listed)}; ${without.length} of ${known - waiting + 1} without one, ${province} itself counted${without.length === 0 ? "" : ` (${some})`}`,
      ...(served ? {} : { todo: 'complete the list and "diemtin recipients import FILE"' }),
    },
  ];
}

/** How many of the rows get nothing today, and why: " (2 paused, 1 past)". */
function counted(recipients: readonly ListedRecipient[]): string {
  const states = (["paused", "suppressed", "past", "future"] as const).flatMap((state) => {
    const count = recipients.filter((recipient) => recipient.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return states.length === 0 ? "" : ` (${states.join(", ")})`;
}

/** The next year may still be missing for some weeks: that is said, and is not wrong yet. */
function calendarCheck(calendar: WorkingCalendar, now: Date): Check {
  const today = dayOf(now);
  const year = Number(today.slice(0, 4));
  const daysOf = (of: number) => [...calendar.days.keys()].filter((day) => day.startsWith(`${of}-`)).length;
  const words = (of: number) => `${of}: ${daysOf(of) === 0 ? "NO day" : `${daysOf(of)} days`}`;
  const found = `${words(year)}, ${words(year + 1)}`;
  const [missing] = missingYears(calendar, today);
  if (missing === undefined) {
    const later = calendar.years.has(year + 1)
      ? {}
      : { todo: `the notice of ${year + 1} is wanted from 1 November on` };
    return { what: "calendar", ok: true, found, ...later };
  }
  return {
    what: "calendar",
    ok: calendar.years.has(year),
    found: `${found}; of ${missing} Monday to Friday are taken for working days, holidays too`,
    todo: `"diemtin calendar import FILE" with the notice of ${missing}`,
  };
}

type Coming = Pick<Parameters<typeof comingIssues>[0], "now" | "calendar" | "open">;

function issuesCheck({ settings }: Config, coming: Coming): Check {
  const issues = comingIssues({ ...coming, settings, count: MOST_SHOWN }).slice(0, MOST_SHOWN);
  const found = issues.map(
    ({ bulletin, day, at, held }) => `${bulletin} ${day} ${at ?? "--:--"}${held === null ? "" : " (held)"}`,
  );
  const never = issues.find(({ at }) => at === null);
  return {
    what: "next issues",
    ok: never === undefined,
    found: found.join(", "),
    ...(never === undefined ? {} : { todo: `no tick on ${never.day}: correct schedule.publish_${never.bulletin}` }),
  };
}

function isOpen({ releasedAt }: { readonly releasedAt: Date | null }): boolean {
  return releasedAt === null;
}
