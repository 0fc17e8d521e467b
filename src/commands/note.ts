import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { fontsOf } from "../adapters/pdf-fonts.ts";
import { readConfig, requireProvince } from "../config.ts";
import type { Database } from "../context.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import { nextWeeklyIssueDay, weeklyIssue, weeklyIssueDay } from "../domain/working-calendar.ts";
import { recordAction } from "../pipeline/actions.ts";
import { readNote } from "../pipeline/note.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, readDay, type Terminal, withDatabase } from "./terminal.ts";

const MOST_BYTES = 65_536;
const FOR = ["--for <date>", "any day of the week the bulletin comes out in (default: the next one)"] as const;

type Options = { readonly for?: string; readonly json?: boolean };

/** `note set|show|clear`: the standing body's comment, printed in the weekly. */
export const registerNote: Register = (program, terminal) => {
  const note = program.command("note").description("the standing body's comment in the weekly");
  note
    .command("set")
    .argument("<file>", "plain text in UTF-8, at most 1.000 characters, a paragraph per line")
    .description("print this comment in the weekly instead of dots; a draft that waits is composed anew")
    .option(...FOR)
    .action(async (file: string, options: Options, command: Command) => {
      const actor = actorOf(terminal, command);
      const text = readNote(readFile(resolve(terminal.cwd, file), file), fontsOf(readConfig(terminal).fonts).faces);
      await change(terminal, { command: "note set", text, day: options.for, actor });
    });
  note
    .command("show")
    .description("the comment of the next weekly, or of another one")
    .option(...FOR)
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const found = await withDatabase(terminal, async (database, config) => {
        const { province } = requireProvince(config);
        const issue = await issueOf(terminal, database, { day: options.for, province });
        return { issue, note: await database.store.notes.of(issue) };
      });
      if (options.json === true) return printJson(terminal, found);
      const { issue, note: kept } = found;
      if (kept === null) return terminal.progress(`weekly ${issue} has no note: dots are printed`);
      terminal.print(kept.text);
      terminal.progress(`weekly ${issue}, set ${kept.at.toISOString()} by ${kept.by}`);
    });
  note
    .command("clear")
    .description("print dots again")
    .option(...FOR)
    .action((options: Options, command: Command) =>
      change(terminal, { command: "note clear", text: "", day: options.for, actor: actorOf(terminal, command) }),
    );
};

type Change = {
  readonly command: "note set" | "note clear";
  readonly text: string;
  readonly day: string | undefined;
  readonly actor: string;
};

async function change(terminal: Terminal, { command, text, day, actor }: Change): Promise<void> {
  await withDatabase(terminal, async (database, config) => {
    const { province } = requireProvince(config);
    const { store } = database;
    const issue = await issueOf(terminal, database, { day, province });
    const key = `weekly/${issue}/${province}/r0`;
    if ((await store.editions.find(key)) !== null)
      throw new UsageError(`${key} is published as it is; a comment belongs into the next weekly. Nothing was changed`);
    const at = terminal.now();
    await recordAction(store, { at, actor, command, arguments: { issue, characters: [...text].length } });
    await store.notes.set({ issue, text, at, by: actor });
    const what = text === "" ? "has no note any more" : `has a note of ${[...text].length} characters`;
    terminal.print(`weekly ${issue} ${what}, by ${actor}`);
    if ((await store.drafts.of(issue, province)) !== null)
      terminal.print(
        `its draft is out of date: "diemtin run publish-weekly" composes it anew and asks the approvers again`,
      );
  });
}

type Wanted = { readonly day: string | undefined; readonly province: string };

/** Of a named day, or the next one that is not out yet. */
async function issueOf(terminal: Terminal, { store }: Database, { day, province }: Wanted): Promise<string> {
  const calendar = await openCalendar({ store });
  if (day !== undefined) return weeklyIssue(calendar, readDay(day, "--for")).issue;
  const today: Day = dayOf(terminal.now());
  const [due, { issue }] = [weeklyIssueDay(calendar, today), weeklyIssue(calendar, today)];
  const isOut = (await store.editions.find(`weekly/${issue}/${province}/r0`)) !== null;
  const isToCome = due !== null && !isOut && (due >= today || (await store.drafts.of(issue, province)) !== null);
  return isToCome ? issue : weeklyIssue(calendar, nextWeeklyIssueDay(calendar, today)).issue;
}

function readFile(path: string, name: string): string {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new UsageError(`${name}: ${size} bytes are no comment of 1.000 characters`);
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: cannot be read as text in UTF-8: ${describeError(error)}`);
  }
}
