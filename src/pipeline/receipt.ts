import { addDays, type Day, dayOf, instantAt, mondayOfWeek } from "../domain/calendar.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import type { BulletinName } from "../domain/edition.ts";
import { TOTAL } from "../domain/indicator.ts";
import { nextWeeklyIssueDay, nextWorkingDay, offReason, weeklyIssueDay } from "../domain/working-calendar.ts";
import type { Context } from "./context.ts";
import { openCalendar } from "./publish-policy.ts";
import { unitsWithoutReader } from "./readers.ts";
import type { EditionSummary } from "./store.ts";

/** What became of a day's mail. Codes and counts, no addresses. */
export type Receipt = {
  readonly province: string;
  readonly day: Day;
  /** Why no issue comes out on the day; null on a working day. */
  readonly off: string | null;
  readonly live: boolean;
  /** Everything goes to one mailbox, nothing to readers. */
  readonly rehearsal: boolean;
  readonly issues: readonly IssueReceipt[];
  readonly quarantine: {
    /** Units seen for the first time, not yet confirmed. */
    readonly units: readonly string[];
    /** The day's snapshots that are not printed from. */
    readonly snapshots: number;
  };
  /** Whose digest nobody receives. */
  readonly withoutReader: readonly string[];
  readonly next: readonly { readonly bulletin: BulletinName; readonly day: Day }[];
};

export type IssueReceipt = {
  readonly bulletin: BulletinName;
  readonly issue: string;
  readonly editions: number;
  /** Editions whose headline figure differs from the issue before. */
  readonly changed: number;
  readonly states: Readonly<Partial<Record<DeliveryState, number>>>;
  /** Ids of deliveries that did not arrive or may not have, by state. */
  readonly open: readonly { readonly id: string; readonly unit: string; readonly state: DeliveryState }[];
  readonly hold: { readonly by: string; readonly reason: string } | null;
};

/** Reads a day's receipt from the database; changes nothing. */
export async function readReceipt(
  { store, settings }: Pick<Context, "store" | "settings">,
  { province, day }: { readonly province: string; readonly day: Day },
): Promise<Receipt> {
  const calendar = await openCalendar({ store });
  const ofDay = (edition: EditionSummary) => dayOf(edition.composedAt) === day || dueDay(edition) === day;
  const editions = (await store.editions.list(instantAt(addDays(day, -7)))).filter(ofDay);
  const names = new Map(editions.map(({ bulletin, issue }) => [`${bulletin}/${issue}`, { bulletin, issue }]));
  const issues: IssueReceipt[] = [];
  for (const { bulletin, issue } of names.values()) {
    const own = editions.filter((edition) => edition.bulletin === bulletin && edition.issue === issue);
    issues.push(await issueReceipt({ store }, { bulletin, issue, editions: own.map(({ id }) => id) }));
  }
  const units = await store.units.list(province);
  const snapshots = (await store.snapshots.list()).filter(({ takenAt }) => dayOf(takenAt) === day);
  const thisWeeks = weeklyIssueDay(calendar, day);
  return {
    province,
    day,
    off: offReason(calendar, day),
    live: (await store.goLives.find(province)) !== null,
    rehearsal: settings.mail.rehearsalTo !== undefined,
    issues,
    quarantine: {
      units: units.filter(({ standing }) => standing === "waiting").map(({ code }) => code),
      snapshots: snapshots.filter(({ complete }) => !complete).length,
    },
    withoutReader: await unitsWithoutReader({ store, settings: { province } }, day),
    next: [
      { bulletin: "daily", day: nextWorkingDay(calendar, day) },
      {
        bulletin: "weekly",
        day: thisWeeks !== null && thisWeeks > day ? thisWeeks : nextWeeklyIssueDay(calendar, day),
      },
    ],
  };
}

/** True on a day whose mail should have left, was let go and was held by nobody, and of which nothing has or may have left. */
export function isSilent({ off, live, rehearsal, issues }: Receipt): boolean {
  if (off !== null || !live || rehearsal || issues.some(({ hold }) => hold !== null)) return false;
  return issues.every(({ states }) => (states.accepted ?? 0) + (states.unknown ?? 0) + (states.bounced ?? 0) === 0);
}

type Asked = { readonly bulletin: BulletinName; readonly issue: string; readonly editions: readonly string[] };

async function issueReceipt(
  { store }: Pick<Context, "store">,
  { bulletin, issue, editions }: Asked,
): Promise<IssueReceipt> {
  const states: Partial<Record<DeliveryState, number>> = {};
  const rows = await store.deliveries.list(editions);
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1;
  const printed = await store.editions.printed(bulletin, issue);
  const changed = printed.filter(({ audience, figures }) =>
    figures.some(
      ({ unit, indicator, value, before }) =>
        unit === audience && indicator === TOTAL && before !== null && value !== before,
    ),
  );
  const hold = await store.holds.open({ bulletin, issue });
  return {
    ...{ bulletin, issue, editions: editions.length, changed: changed.length, states },
    open: rows.flatMap(({ id, unit, state }) => (state === "accepted" ? [] : [{ id, unit, state }])),
    hold: hold === null ? null : { by: hold.by, reason: hold.reason },
  };
}

function dueDay({ bulletin, issue }: EditionSummary): Day {
  if (bulletin === "daily") return issue;
  const [year = 0, week = 1] = issue.split("-W").map(Number);
  return addDays(mondayOfWeek(year, week), 7);
}
