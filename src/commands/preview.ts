import { resolve } from "node:path";
import { readConfig } from "../config.ts";
import { dayOf, endOfDay } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { ReadError, UsageError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import { nextWeeklyIssueDay, nextWorkingDay } from "../domain/working-calendar.ts";
import { composeDailies } from "../pipeline/compose-daily.ts";
import { composeWeeklies } from "../pipeline/compose-weekly.ts";
import type { Context } from "../pipeline/context.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import { previewAll } from "./preview-all.ts";
import { browserFor, writePreview } from "./preview-files.ts";
import { printJson, type Register, readDay, type Terminal, withProvince } from "./terminal.ts";

type Options = { unit?: string; for?: string; out: string; all?: boolean; json?: boolean };

/** `preview daily|weekly`: what would go out, written into a folder; sends and records nothing. */
export const registerPreview: Register = (program, terminal) => {
  program
    .command("preview")
    .argument("<bulletin>", "daily or weekly")
    .description("compose and draw an edition into a folder; sends and records nothing")
    .option("--unit <code>", "the unit of a daily digest (default: the province)")
    .option("--all", "the daily digests of all units, with an index page")
    .option("--for <date>", "the day of issue (default: today)")
    .requiredOption("--out <dir>", "where digest.pdf, mail.html, mail.txt, mail.png and the weekly's papers go")
    .option("--json", "print one JSON document")
    .action(async (bulletin: string, options: Options) => {
      const day = options.for === undefined ? dayOf(terminal.now()) : readDay(options.for, "--for");
      const wanted = { bulletin: checked(bulletin, options), day, now: terminal.now() };
      const directory = resolve(terminal.cwd, options.out);
      if (options.all !== true) return previewOne(terminal, options, { ...wanted, directory });
      await withProvince(terminal, async (ctx, province) => {
        const { editions, problems } = await compose(ctx, { ...wanted, province, unit: null });
        if (editions.length === 0) throw new ReadError(problems[0]?.message ?? `no unit has figures of ${day}`);
        await previewAll(terminal, ctx, {
          ...{ editions, problems, day, province, directory },
          json: options.json === true,
        });
      });
    });
};

/** A bulletin's name that fits the options. Throws UsageError otherwise. */
export function checked(bulletin: string, options: Options): "daily" | "weekly" {
  if (bulletin !== "daily" && bulletin !== "weekly")
    throw new UsageError(`"${bulletin}" is no bulletin; there are daily and weekly`);
  if (bulletin === "weekly" && options.unit !== undefined)
    throw new UsageError("--unit: the weekly is about the province; only the daily has an edition for a unit");
  if (bulletin === "weekly" && options.all === true)
    throw new UsageError("--all: the weekly is about the province; only the daily has an edition for each unit");
  if (options.all === true && options.unit !== undefined) throw new UsageError("--all and --unit: name one of them");
  return bulletin;
}

type One = Pick<Wanted, "bulletin" | "day" | "now"> & { readonly directory: string };

async function previewOne(terminal: Terminal, options: Options, one: One): Promise<void> {
  const { bulletin, day, directory } = one;
  const { chromium, why } = await browserFor(readConfig(terminal).chromium);
  const { files, noPicture } = await withProvince(terminal, async (ctx, province) => {
    const unit = options.unit ?? province;
    const { editions, problems } = await compose(ctx, { ...one, province, unit });
    const [edition] = editions;
    if (edition !== undefined) return writePreview(ctx, edition, { directory, chromium });
    if (problems[0] !== undefined) throw new ReadError(problems[0].message);
    throw new UsageError(`there is no unit ${unit} among the figures of ${day}; "diemtin units list" shows the codes`);
  });
  if (options.json === true) printJson(terminal, { bulletin, day, files });
  else for (const { file, bytes } of files) terminal.print(`${file}  ${bytes} bytes`);
  if (why !== null) terminal.progress(why);
  if (noPicture !== null) {
    terminal.progress(`mail.png is not made: ${noPicture}`);
    terminal.exit(3);
  }
}

/** `unit`: null for every unit. */
type Wanted = {
  readonly bulletin: "daily" | "weekly";
  readonly province: string;
  readonly unit: string | null;
  readonly day: string;
  readonly now: Date;
};

/** What would come out on a day, composed anew: today as of now, a past day as of its end. */
export async function compose(
  ctx: Context,
  { bulletin, province, unit, day, now }: Wanted,
): Promise<{ editions: readonly Edition[]; problems: readonly Problem[] }> {
  const asOf = day === dayOf(now) ? now : endOfDay(day);
  const calendar = await openCalendar(ctx);
  const issue = { province, day, asOf, afresh: true };
  if (bulletin === "weekly") return composeWeeklies(ctx, { ...issue, nextIssue: nextWeeklyIssueDay(calendar, day) });
  const only = unit === null ? {} : { only: unit };
  return composeDailies(ctx, { ...issue, nextIssue: nextWorkingDay(calendar, day), ...only });
}
