import { resolve } from "node:path";
import type { Command } from "commander";
import { readCalendarFile } from "../adapters/calendar-csv.ts";
import { dayOf, weekdayName } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { workingCalendar } from "../domain/working-calendar.ts";
import { recordAction } from "../pipeline/actions.ts";
import { calendarWarnings } from "../pipeline/publish-policy.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, type Terminal, withDatabase } from "./terminal.ts";

/** `calendar import|list`: the days on which Monday to Friday alone would be wrong. */
export const registerCalendar: Register = (program, terminal) => {
  const calendar = program.command("calendar").description("the working calendar: days off, and Saturdays worked");
  calendar
    .command("import")
    .argument("<file>", "CSV with header date,kind,source or date,kind,source,name")
    .description(
      "take days from a table, in place of what is known of the same dates; nothing is taken if a line is wrong",
    )
    .action((file: string, _: unknown, command: Command) => importDays(terminal, file, actorOf(terminal, command)));
  calendar
    .command("list")
    .description("every day with the document it stands in")
    .option("--year <year>", "only this year")
    .option("--json", "print one JSON document")
    .action((options: { year?: string; json?: boolean }) => listDays(terminal, options));
};

async function importDays(terminal: Terminal, file: string, actor: string): Promise<void> {
  const path = resolve(terminal.cwd, file);
  const days = await readCalendarFile(path);
  const years = [...new Set(days.map(({ day }) => day.slice(0, 4)))].sort();
  await withDatabase(terminal, async ({ store }) => {
    const given = { file: path, days: days.length, years };
    await recordAction(store, { actor, command: "calendar import", arguments: given, at: terminal.now() });
    await store.calendar.add(days);
    for (const year of years) await store.runs.clear(`calendar/missing-year/${year}`);
  });
  terminal.print(
    `${days.length} days of ${years.join(", ")} imported; "diemtin schedule --next 10" shows what follows`,
  );
}

async function listDays(terminal: Terminal, options: { year?: string; json?: boolean }): Promise<void> {
  const { year } = options;
  if (year !== undefined && !/^\d{4}$/.test(year)) throw new UsageError(`--year: "${year}" is no year; write 2026`);
  const all = await withDatabase(terminal, ({ store }) => store.calendar.list());
  const days = all.filter(({ day }) => year === undefined || day.startsWith(`${year}-`));
  if (options.json === true) return printJson(terminal, days);
  for (const { day, kind, source, name } of days)
    terminal.print(
      `${day}  ${weekdayName(day).padEnd(9)} ${kind.padEnd(17)} ${name === null ? source : `${name} (${source})`}`,
    );
  if (days.length === 0) terminal.progress('no days: "diemtin calendar import FILE"');
  for (const { message } of calendarWarnings(workingCalendar(all), dayOf(terminal.now()))) terminal.progress(message);
}
