import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { recipientRows } from "../adapters/recipients-csv.ts";
import { describeError, UsageError } from "../domain/errors.ts";
import { recordAction } from "../pipeline/actions.ts";
import { readRecipients } from "../pipeline/recipients.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** A list larger than this is no list; it is not read into memory. Bytes. */
const MOST_BYTES = 5 * 1024 * 1024;

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

/** `recipients import|list`: who gets what. */
export const registerRecipients: Register = (program, terminal) => {
  const recipients = program.command("recipients").description("who gets which bulletin");
  recipients
    .command("import")
    .argument("<file>", "CSV with header name,position,email,unit,bulletins")
    .description("replace the list; nothing is imported if any line is wrong")
    .action(async (file: string) => {
      const path = resolve(terminal.cwd, file);
      const bytes = await readList(path);
      const count = await withDatabase(terminal, async ({ store }, { province }) => {
        const known = await store.units.list();
        const list = readRecipients(recipientRows(bytes), {
          province,
          ...(known.some(({ scope }) => scope === province)
            ? { knownUnits: new Set(known.map(({ code }) => code)) }
            : {}),
        });
        await recordAction(store, {
          actor: actorOf(terminal, program),
          command: "recipients import",
          arguments: { file, recipients: list.length },
          at: terminal.now(),
        });
        await store.recipients.replace(list);
        return list.length;
      });
      terminal.print(`${count} recipients imported; the list before is replaced`);
    });
  recipients
    .command("list")
    .description("the list as it stands")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const rows = await withDatabase(terminal, ({ store }) => store.recipients.list());
      if (options.json === true) return printJson(terminal, rows);
      for (const { unit, name, position, email, bulletins } of rows)
        terminal.print(`${unit.padEnd(10)} ${bulletins.join(";").padEnd(13)} ${email}  ${name}, ${position}`);
      if (rows.length === 0) terminal.progress('no recipients: "diemtin recipients import FILE"');
    });
};
