import { join } from "node:path";
import { createOutput } from "../adapters/output.ts";
import { previewPage } from "../adapters/preview-page.ts";
import type { Day } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import type { PreviewedUnit } from "../domain/preview.ts";
import type { Problem } from "../domain/run.ts";
import type { Context } from "../pipeline/context.ts";
import { PREVIEW_NAMES, type Written, writePreview } from "./preview-files.ts";
import { printJson, type Terminal } from "./terminal.ts";

export type PreviewOfAll = {
  readonly editions: readonly Edition[];
  /** What of the day could not be composed at all. */
  readonly problems: readonly Problem[];
  readonly province: string;
  readonly day: Day;
  readonly directory: string;
  readonly json: boolean;
};

const TOLD_EVERY = 25;

/**
 * Every edition in a folder of its own below `directory`, named by the unit's code, and an index page. An edition that cannot be set
 * is named there with the reason; the others go on. Exit code 3 when something is missing. No photographs: they take a second each.
 */
export async function previewAll(terminal: Terminal, ctx: Context, all: PreviewOfAll): Promise<void> {
  const units: (PreviewedUnit & { readonly files: readonly Written[] })[] = [];
  for (const edition of all.editions) {
    units.push(await previewUnit(ctx, edition, all.directory));
    if (units.length % TOLD_EVERY === 0)
      terminal.progress(`  ${units.length} of ${all.editions.length} editions drawn`);
  }
  const page = previewPage({ day: all.day, units, missing: all.problems.map(({ message }) => message) });
  await createOutput(all.directory).write("index.html", page);
  const index = join(all.directory, "index.html");
  const refused = units.filter(({ fault }) => fault !== null);
  for (const { unit, fault } of refused) terminal.progress(`${unit}: ${fault}`);
  for (const { message } of all.problems) terminal.progress(message);
  if (all.json) {
    const shown = units.map(({ unit, subject, fault, files }) => ({ unit, subject, fault, files }));
    printJson(terminal, { bulletin: "daily", day: all.day, index, units: shown });
  } else {
    const more = refused.length === 0 ? "" : `, ${refused.length} refused`;
    terminal.print(`${index}  ${units.length - refused.length} of ${units.length} editions drawn${more}`);
  }
  if (refused.length + all.problems.length > 0) terminal.exit(3);
}

async function previewUnit(ctx: Context, edition: Edition, directory: string) {
  const { audience: unit, content } = edition;
  const about = {
    unit,
    name: content.masthead.kind === "digest" ? content.masthead.unit : unit,
    subject: content.subject,
  };
  // Codes come from the publisher: only what is plainly a code becomes the name of a folder.
  const folder = unit.replace(/[^A-Za-z0-9.-]/g, "_").replace(/^\.+/, "_");
  try {
    const { files } = await writePreview(ctx, edition, { directory: join(directory, folder), chromium: null });
    const link = (kind: keyof typeof PREVIEW_NAMES) => `${folder}/${PREVIEW_NAMES[kind]}`;
    const pdf = content.pages ? link("pdf") : null;
    return { ...about, pdf, html: link("html"), text: link("text"), fault: null, files };
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { ...about, pdf: null, html: null, text: null, fault: error.message, files: [] };
  }
}
