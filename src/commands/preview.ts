import { join, resolve } from "node:path";
import { createOutput } from "../adapters/output.ts";
import { dayOf, endOfDay } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { ReadError, UsageError } from "../domain/errors.ts";
import { nextWeeklyIssueDay, nextWorkingDay } from "../domain/working-calendar.ts";
import { composeDailies } from "../pipeline/compose-daily.ts";
import { composeWeeklies } from "../pipeline/compose-weekly.ts";
import type { Context } from "../pipeline/context.ts";
import { render } from "../pipeline/publish.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import type { EditionFile } from "../pipeline/store.ts";
import { printJson, type Register, readDay, withProvince } from "./terminal.ts";

type Options = { unit?: string; for?: string; out: string; json?: boolean };

const NAMES: Readonly<Record<EditionFile["kind"], string>> = { pdf: "digest.pdf", html: "mail.html", text: "mail.txt" };

/** `preview daily|weekly`: what would go out, written into a folder; sends and records nothing. */
export const registerPreview: Register = (program, terminal) => {
  program
    .command("preview")
    .argument("<bulletin>", "daily or weekly")
    .description("compose and draw an edition into a folder; sends and records nothing")
    .option("--unit <code>", "the unit of a daily digest (default: the province)")
    .option("--for <date>", "the day of issue (default: today)")
    .requiredOption("--out <dir>", "where digest.pdf, mail.html and mail.txt go")
    .option("--json", "print one JSON document")
    .action(async (bulletin: string, options: Options) => {
      if (bulletin !== "daily" && bulletin !== "weekly")
        throw new UsageError(`"${bulletin}" is no bulletin; there are daily and weekly`);
      if (bulletin === "weekly" && options.unit !== undefined)
        throw new UsageError("--unit: the weekly is about the province; only the daily has an edition for a unit");
      const day = options.for === undefined ? dayOf(terminal.now()) : readDay(options.for, "--for");
      const directory = resolve(terminal.cwd, options.out);
      const files = await withProvince(terminal, async (ctx, province) => {
        const edition = await compose(ctx, {
          bulletin,
          province,
          unit: options.unit ?? province,
          day,
          now: terminal.now(),
        });
        const out = createOutput(directory);
        const rendered = await render(ctx, edition);
        for (const file of rendered) await out.write(NAMES[file.kind], file.bytes);
        return rendered.map((file) => ({
          file: join(directory, NAMES[file.kind]),
          bytes: file.bytes.length,
          sha256: file.sha256,
        }));
      });
      if (options.json === true) printJson(terminal, { bulletin, day, files });
      else for (const { file, bytes } of files) terminal.print(`${file}  ${bytes} bytes`);
    });
};

type Wanted = {
  readonly bulletin: "daily" | "weekly";
  readonly province: string;
  readonly unit: string;
  readonly day: string;
  readonly now: Date;
};

async function compose(ctx: Context, { bulletin, province, unit, day, now }: Wanted): Promise<Edition> {
  const asOf = day === dayOf(now) ? now : endOfDay(day);
  const calendar = await openCalendar(ctx);
  const issue = { province, day, asOf, afresh: true };
  const composed =
    bulletin === "daily"
      ? await composeDailies(ctx, { ...issue, nextIssue: nextWorkingDay(calendar, day), only: unit })
      : await composeWeeklies(ctx, { ...issue, nextIssue: nextWeeklyIssueDay(calendar, day) });
  const edition = composed.editions[0];
  if (edition !== undefined) return edition;
  const [problem] = composed.problems;
  if (problem !== undefined) throw new ReadError(problem.message);
  throw new UsageError(`there is no unit ${unit} among the figures of ${day}; "diemtin units list" shows the codes`);
}
