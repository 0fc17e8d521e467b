import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { recipientRows } from "../adapters/recipients-csv.ts";
import { isOldWorkbook, isWorkbook, recipientSheet } from "../adapters/recipients-xlsx.ts";
import { dayOf, shortDate } from "../domain/calendar.ts";
import { foldAddress, type Recipient } from "../domain/delivery.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import { recordAction } from "../pipeline/actions.ts";
import { unitsWithoutReader } from "../pipeline/readers.ts";
import { diffRecipients, doubtOf, type ListDiff } from "../pipeline/recipient-diff.ts";
import { type RecipientList, type RecipientRow, readRecipientList } from "../pipeline/recipients.ts";
import type { Store } from "../pipeline/store.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Terminal, withDatabase } from "./terminal.ts";

/** A list larger than this is no list; it is not read into memory. Bytes. */
const MOST_BYTES = 5 * 1024 * 1024;

type Options = { readonly dryRun?: boolean; readonly json?: boolean; readonly yes?: boolean; readonly again?: boolean };

/** `recipients import`: the file takes the list's place, all or nothing, and says what that changes. */
export function registerRecipientsImport(recipients: Command, program: Command, terminal: Terminal): void {
  recipients
    .command("import")
    .argument("<file>", "CSV or XLSX with header name,position,email,unit,bulletins and perhaps role,from,until")
    .option("--dry-run", "only say what would change")
    .option("--yes", "also when the list would become empty or lose more than a third")
    .option("--again", "take on again people who were erased; issues already sent are not mailed to them again")
    .option("--json", "print one JSON document")
    .description("replace the list and show the difference; nothing is imported if any line is wrong")
    .action(async (file: string, options: Options) => {
      const rows = await readRows(resolve(terminal.cwd, file));
      const done = await withDatabase(terminal, async ({ store }, { province, settings }) => {
        const known = await store.units.list();
        const list = readRecipientList(rows, {
          province,
          ...(settings.mail.allowedDomains === undefined ? {} : { allowedDomains: settings.mail.allowedDomains }),
          ...(known.some(({ scope }) => scope === province)
            ? { knownUnits: new Set(known.map(({ code }) => code)) }
            : {}),
        });
        const again = await refuseErased(store, list, options);
        const diff = diffRecipients(await store.recipients.list(), list.recipients);
        const doubt = doubtOf(diff);
        if (options.dryRun !== true) {
          const isMeant = options.yes === true && diff.left.length > 0;
          if (doubt !== null && !isMeant) throw new UsageError(doubt);
          const act = { by: actorOf(terminal, program), at: terminal.now() };
          await recordAction(store, {
            ...{ actor: act.by, command: "recipients import", at: act.at },
            arguments: { file, recipients: list.recipients.length, ...(again > 0 ? { again } : {}) },
          });
          await store.recipients.replace(list.recipients, again > 0 ? act : undefined);
        }
        const without = await unitsWithoutReader({ store, settings }, dayOf(terminal.now()));
        return { list, diff, doubt, without };
      });
      show(terminal, { file, options, ...done });
    });
}

async function readRows(path: string): Promise<readonly RecipientRow[]> {
  const bytes = await readList(path);
  if (isOldWorkbook(bytes))
    throw new UsageError(
      `${path}: a workbook of the old format or with a password is not read; save it as .xlsx without one`,
    );
  return isWorkbook(bytes) ? recipientSheet(bytes) : recipientRows(bytes);
}

async function readList(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > MOST_BYTES) throw new Error(`it has ${found.size} bytes; at most ${MOST_BYTES} (5 MB) are read`);
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${describeError(error)}`);
  }
}

/** How many erased people the list takes on again; without the word for it, a UsageError with their lines. */
async function refuseErased(store: Store, list: RecipientList, options: Options): Promise<number> {
  const erased = await store.people.erasedAmong(list.recipients.map(({ email }) => email));
  if (erased.size === 0 || options.again === true) return erased.size;
  throw new UsageError(
    list.recipients.flatMap(({ email }, index) => {
      const found = erased.get(foldAddress(email));
      if (found === undefined) return [];
      return [
        `line ${list.lines[index]}: this person was erased on ${shortDate(dayOf(found.at))} (${found.reason}); take the line out, or say "--again" when they want the bulletins after all (issues already sent are not mailed again)`,
      ];
    }),
  );
}

type Done = {
  readonly file: string;
  readonly options: Options;
  readonly list: RecipientList;
  readonly diff: ListDiff;
  readonly doubt: string | null;
  readonly without: readonly string[];
};

function show(terminal: Terminal, { file, options, list, diff, doubt, without }: Done): void {
  const dryRun = options.dryRun === true;
  const { added, changed, left, unchanged } = diff;
  if (options.json === true)
    return printJson(terminal, {
      ...{ file, dryRun, imported: !dryRun, recipients: list.recipients.length },
      ...{ added, changed, left, unchanged: unchanged.length },
      ...{ blank: list.blank, needsYes: doubt !== null, ...(dryRun ? {} : { withoutRecipient: without }) },
    });
  for (const recipient of added) terminal.print(`added      ${rowOf(recipient)}`);
  for (const { after, before, fields } of changed)
    terminal.print(
      `changed    ${rowOf(after)} (${fields.map((field) => `${field} was ${wordOf(before, field)}`).join(", ")})`,
    );
  for (const recipient of left) terminal.print(`left       ${rowOf(recipient)}`);
  terminal.print(
    `${added.length} added, ${changed.length} changed, ${left.length} left, ${unchanged.length} unchanged${list.blank.length === 0 ? "" : `; ${list.blank.length} rows without a person were left out`}`,
  );
  if (dryRun) {
    terminal.print("dry run: nothing was changed");
    if (doubt !== null) terminal.progress(doubt);
    return;
  }
  terminal.print(`${list.recipients.length} recipients imported; the list before is replaced`);
  if (without.length > 0)
    terminal.progress(
      `${without.length} units have nobody who gets the digest today: ${without.slice(0, 10).join(", ")}${without.length > 10 ? ", …" : ""}`,
    );
}

/** A row of the list for the administrator's terminal. */
export function rowOf({ unit, bulletins, email, name, position, role, from, until }: Recipient): string {
  const words = [
    ...(role === undefined || role === "head" ? [] : [role]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ];
  const term = words.length === 0 ? "" : `  ${words.join(" ")}`;
  return `${unit.padEnd(10)} ${bulletins.join(";").padEnd(13)} ${email}  ${name}, ${position}${term}`;
}

function wordOf(before: Recipient, field: string): string {
  const value = Object.entries(before).find(([key]) => key === field)?.[1];
  const text = Array.isArray(value) ? value.join(";") : String(value ?? "");
  return text === "" ? "empty" : JSON.stringify(text);
}
