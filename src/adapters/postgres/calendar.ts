import type { Knex } from "knex";
import type { CalendarDay, DayKind } from "../../domain/working-calendar.ts";
import type { Store } from "../../pipeline/store.ts";
import { change, inTransaction, query } from "./sql.ts";

/** The working calendar as data: days that are off, or worked, against the ordinary week. */
export function calendarIn(knex: Knex): Store["calendar"] {
  return { list: () => listDays(knex), add: (days) => addDays(knex, days) };
}

/** In the order of the days. Dates as text: a driver's own dates would carry the machine's zone. */
async function listDays(knex: Knex): Promise<readonly CalendarDay[]> {
  return query<{ day: string; kind: DayKind; source: string; name: string | null }>(
    knex,
    `select to_char(day, 'YYYY-MM-DD') as day, kind, source, name from calendar_days order by calendar_days.day`,
  );
}

/** All of the days or none; what the calendar said of the same dates is replaced. */
async function addDays(knex: Knex, days: readonly CalendarDay[]): Promise<void> {
  await inTransaction(knex, async (transaction) => {
    for (const { day, kind, source, name } of days) {
      await change(
        transaction,
        `insert into calendar_days (day, kind, source, name) values (?::date, ?, ?, ?)
         on conflict (day) do update set kind = excluded.kind, source = excluded.source, name = excluded.name`,
        [day, kind, source, name],
      );
    }
  });
}
