import { type Day, dayOf, instantAt, mondayOf } from "../domain/calendar.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import type { Run } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import {
  nextWeeklyIssueDay,
  nextWorkingDay,
  offReason,
  type WorkingCalendar,
  weeklyIssue,
  weeklyIssueDay,
  workingCalendar,
} from "../domain/working-calendar.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { unitsWithoutReader } from "./readers.ts";
import type { Approval, Store } from "./store.ts";

/** The day on one screen. No addresses: codes and counts. */
export type Status = {
  readonly day: Day;
  readonly data: readonly { readonly scope: string; readonly period: string; readonly takenAt: Date | null }[];
  /** Today's digest, and the bulletin issued in this week. */
  readonly issues: readonly IssueStatus[];
  /** Deliveries of every issue that still ask for somebody: owed, failed for good, unknown. */
  readonly open: { readonly owed: number; readonly failed: number; readonly unknown: number };
  readonly units: { readonly known: number; readonly waiting: number; readonly withoutRecipient: readonly string[] };
  readonly next: readonly { readonly bulletin: BulletinName; readonly day: Day }[];
};

export type IssueStatus = {
  readonly bulletin: BulletinName;
  readonly issue: string;
  /** The day it comes out; null when none comes out, and why. */
  readonly due: Day | null;
  readonly off: string | null;
  readonly editions: number;
  readonly deliveries: Readonly<Partial<Record<DeliveryState, number>>>;
  /** The weekly's draft that waits for approval, or who agreed to it and when; null without one. */
  readonly approval: {
    readonly draft: string;
    readonly composedAt: Date;
    readonly sha256: string;
    readonly approved: Pick<Approval, "kind" | "at" | "by"> | null;
  } | null;
  /** Why it is kept from delivery, and by whom. */
  readonly hold: { readonly reason: string; readonly by: string } | null;
  /** The last run of its job: how it ended, also why it skipped. */
  readonly run: Pick<Run, "startedAt" | "state" | "result"> | null;
};

type Question = { readonly province: string; readonly now: Date };

/** Reads the state of the day from the database; changes nothing. */
export async function readStatus(store: Store, { province, now }: Question): Promise<Status> {
  const day = dayOf(now);
  const calendar = workingCalendar(await store.calendar.list());
  const deliveries = await store.deliveries.list();
  const count = (state: DeliveryState) => deliveries.filter((delivery) => delivery.state === state).length;
  return {
    day,
    data: await dataOf(store, province, now),
    issues: await issuesOf(store, calendar, { province, day }),
    open: { owed: count("queued") + count("sending"), failed: count("failed"), unknown: count("unknown") },
    units: await unitsOf(store, province, day),
    next: [
      { bulletin: "daily", day: nextWorkingDay(calendar, day) },
      { bulletin: "weekly", day: nextWeekly(calendar, day) },
    ],
  };
}

async function dataOf(store: Store, province: string, now: Date): Promise<Status["data"]> {
  const period = periodKey(periodOf("year", dayOf(now)));
  const scopes = [PROVINCES, province];
  return Promise.all(
    scopes.map(async (scope) => {
      const latest = await store.snapshots.latest({ source: DEFAULT_SOURCE.name, scope, period, asOf: now });
      return { scope, period, takenAt: latest?.takenAt ?? null };
    }),
  );
}

async function issuesOf(
  store: Store,
  calendar: WorkingCalendar,
  { province, day }: { province: string; day: Day },
): Promise<readonly IssueStatus[]> {
  const off = offReason(calendar, day);
  const weeklyDay = weeklyIssueDay(calendar, day);
  const wanted = [
    { bulletin: "daily", issue: day, due: off === null ? day : null, off, from: day },
    {
      bulletin: "weekly",
      issue: weeklyIssue(calendar, day).issue,
      due: weeklyDay,
      off: weeklyDay === null ? "all days of this week are off" : null,
      from: mondayOf(day),
    },
  ] as const;
  const [editions, runs] = [await store.editions.list(), await store.runs.list({ since: instantAt(mondayOf(day)) })];
  return Promise.all(
    wanted.map(async ({ from, ...issue }) => {
      const own = editions.filter((edition) => edition.bulletin === issue.bulletin && edition.issue === issue.issue);
      const states: Partial<Record<DeliveryState, number>> = {};
      for (const { state } of own.length === 0 ? [] : await store.deliveries.list(own.map(({ id }) => id)))
        states[state] = (states[state] ?? 0) + 1;
      const hold = await store.holds.open(issue);
      const run = runs.findLast(
        ({ job, scheduledFor }) => job === `publish-${issue.bulletin}` && scheduledFor >= from && scheduledFor <= day,
      );
      return {
        ...issue,
        editions: own.length,
        deliveries: states,
        approval: issue.bulletin === "weekly" ? await approvalOf(store, issue.issue, province) : null,
        hold: hold === null ? null : { reason: hold.reason, by: hold.by },
        run: run === undefined ? null : { startedAt: run.startedAt, state: run.state, result: run.result },
      };
    }),
  );
}

async function approvalOf(store: Store, issue: string, province: string): Promise<IssueStatus["approval"]> {
  const draft = await store.drafts.of(issue, province);
  if (draft === null) return null;
  const { approval } = draft;
  const approved = approval === null ? null : { kind: approval.kind, at: approval.at, by: approval.by };
  return { draft: draft.id, composedAt: draft.edition.composedAt, sha256: draft.sha256, approved };
}

/** Units of a province by standing, and those (the province among them) whose digest nobody receives on a day. */
export async function unitsOf(store: Store, province: string, day: Day): Promise<Status["units"]> {
  const units = (await store.units.list(province)).filter(({ closedFrom }) => closedFrom === null);
  const waiting = units.filter(({ standing }) => standing === "waiting").length;
  const withoutRecipient = await unitsWithoutReader({ store, settings: { province } }, day);
  return { known: units.length, waiting, withoutRecipient };
}

/** This week's, when it is still to come; otherwise the first after it. */
function nextWeekly(calendar: WorkingCalendar, day: Day): Day {
  const thisWeek = weeklyIssueDay(calendar, day);
  return thisWeek !== null && thisWeek > day ? thisWeek : nextWeeklyIssueDay(calendar, day);
}
