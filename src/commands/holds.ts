import type { Command } from "commander";
import { redact } from "../adapters/log.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import type { BulletinName } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import { nextWeeklyIssueDay, offReason, type WorkingCalendar, weeklyIssueDay } from "../domain/working-calendar.ts";
import { recordAction } from "../pipeline/actions.ts";
import { issueOn, openCalendar } from "../pipeline/publish-policy.ts";
import type { Issued } from "../pipeline/store.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, readDay, type Terminal, withDatabase } from "./terminal.ts";

const MOST_LETTERS = 500;
const MOST_UNITS = 10;

type Wanted = { readonly bulletin: BulletinName; readonly day: Day; readonly actor: string };

/** `hold`, `release` and `actions list`: what a person stops and lets go, and who did what. */
export const registerHolds: Register = (program, terminal) => {
  program
    .command("hold")
    .argument("<bulletin>", "daily or weekly")
    .description("compose and keep an issue, but send it to nobody until it is released; refused once a mail has left")
    .requiredOption("--for <date>", "the day of issue; for the weekly any day of the week it comes out in")
    .requiredOption("--reason <text>", "why, kept with the hold and told by every run")
    .action((bulletin: string, options: { for: string; reason: string }, command: Command) =>
      hold(terminal, wantedOf(bulletin, options.for, actorOf(terminal, command)), options.reason),
    );
  program
    .command("release")
    .argument("<bulletin>", "daily or weekly")
    .description("let a held issue go: the next run sends it")
    .requiredOption("--for <date>", "the day of issue; for the weekly any day of the week it comes out in")
    .action((bulletin: string, options: { for: string }, command: Command) =>
      release(terminal, wantedOf(bulletin, options.for, actorOf(terminal, command))),
    );
  program
    .command("actions")
    .description("commands given by hand")
    .command("list")
    .description("who gave which command when")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const rows = await withDatabase(terminal, ({ store }) => store.actions.list());
      if (options.json === true) return printJson(terminal, rows);
      for (const { at, actor, command, arguments: given } of rows)
        terminal.print(redact(`${at.toISOString()}  ${actor}  ${command}  ${JSON.stringify(given)}`));
      if (rows.length === 0) terminal.progress("nothing yet");
    });
};

function wantedOf(bulletin: string, day: string, actor: string): Wanted {
  if (bulletin !== "daily" && bulletin !== "weekly")
    throw new UsageError(`"${bulletin}" is no bulletin; there are daily and weekly`);
  return { bulletin, day: readDay(day, "--for"), actor };
}

async function hold(terminal: Terminal, wanted: Wanted, text: string): Promise<void> {
  const { bulletin, actor, day } = wanted;
  const reason = text.normalize("NFC").trim();
  if (reason === "" || reason.length > MOST_LETTERS || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(reason))
    throw new UsageError(`--reason: say why in one line of at most ${MOST_LETTERS} letters`);
  await withDatabase(terminal, async ({ store }) => {
    const issued = issuedOn(await openCalendar({ store }), wanted);
    const at = terminal.now();
    await recordAction(store, { actor, command: "hold", arguments: { bulletin, for: day, reason }, at });
    const placed = await store.holds.place({ ...issued, reason, by: actor, at });
    if (placed.state === "sent") throw new UsageError(sentMessage(issued, placed.units));
    if (placed.state === "held-before") {
      const open = await store.holds.open(issued);
      throw new UsageError(
        `${bulletin} ${issued.issue} is held already, by ${open?.by ?? "somebody"}: ${open?.reason ?? ""}`,
      );
    }
    terminal.print(`${bulletin} ${issued.issue} is held by ${actor}: ${reason}`);
  });
}

function sentMessage({ bulletin, issue }: Issued, units: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  const named = [...counts].slice(0, MOST_UNITS).map(([unit, count]) => `${unit}: ${count}`);
  const more = counts.size > MOST_UNITS ? `, … ${counts.size - MOST_UNITS} more units` : "";
  return `${bulletin} ${issue} cannot be held: ${units.length} mails of it have left or are leaving (${named.join(", ")}${more}); "diemtin deliveries list" names them`;
}

async function release(terminal: Terminal, wanted: Wanted): Promise<void> {
  const { bulletin, actor, day } = wanted;
  await withDatabase(terminal, async ({ store }) => {
    const issued = issuedOn(await openCalendar({ store }), wanted);
    const at = terminal.now();
    await recordAction(store, { actor, command: "release", arguments: { bulletin, for: day }, at });
    if (!(await store.holds.release(issued, actor, at)))
      throw new UsageError(`${bulletin} ${issued.issue} is not held; nothing was changed`);
    const next =
      day > dayOf(at)
        ? "it leaves on its day as usual"
        : `the next run sends it ("diemtin run publish-${bulletin} --for ${day} --send" does so now)`;
    terminal.print(`${bulletin} ${issued.issue} is released: ${next}`);
  });
}

/** Throws UsageError for a day without an issue. */
function issuedOn(calendar: WorkingCalendar, { bulletin, day }: Wanted): Issued {
  const off = offReason(calendar, day);
  if (bulletin === "daily" && off !== null) throw new UsageError(`--for: there is no daily: ${off}`);
  if (bulletin === "weekly" && weeklyIssueDay(calendar, day) === null)
    throw new UsageError(
      `--for: the whole week of ${day} is off; the next weekly comes out on ${nextWeeklyIssueDay(calendar, day)}`,
    );
  return issueOn(calendar, bulletin, day);
}
