import { resolve } from "node:path";
import type { Command } from "commander";
import { type Manifest, readBackup, writeBackup } from "../adapters/backup-files.ts";
import { dumpTables, loadTables } from "../adapters/postgres/backup.ts";
import { installationState } from "../context.ts";
import { recordAction } from "../pipeline/actions.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, type Terminal, withDatabase } from "./terminal.ts";

/** `backup DIR` and `restore DIR`: everything the database holds, as files that can be checked. */
export const registerBackup: Register = (program, terminal) => {
  program
    .command("backup")
    .argument("<dir>", "a new folder; it holds mail addresses and is readable by its owner only")
    .description("write every table into a folder, as of one moment, with sums; others may go on working")
    .option("--json", "print one JSON document")
    .action((directory: string, options: { json?: boolean }, command: Command) => {
      const given = {
        product: program.version() ?? "",
        actor: actorOf(terminal, command),
        json: options.json === true,
      };
      return backup(terminal, { directory, ...given });
    });
  program
    .command("restore")
    .argument("<dir>", "a folder made by backup")
    .description("fill an empty database from a backup, all or nothing; nothing is sent before installation confirm")
    .option("--json", "print one JSON document")
    .action((directory: string, options: { json?: boolean }, command: Command) =>
      restore(terminal, { directory, actor: actorOf(terminal, command), json: options.json === true }),
    );
};

type Backup = { readonly directory: string; readonly product: string; readonly actor: string; readonly json: boolean };

async function backup(terminal: Terminal, { directory, product, actor, json }: Backup): Promise<void> {
  const target = resolve(terminal.cwd, directory);
  const manifest = await withDatabase(terminal, async ({ knex, store }, { home }) => {
    await recordAction(store, { at: terminal.now(), actor, command: "backup", arguments: { directory: target } });
    const { id } = await installationState(knex, home);
    const stamp = { product, at: terminal.now(), installation: id };
    return writeBackup(target, (folder) => dumpTables(knex, folder, stamp));
  });
  if (json) return printJson(terminal, { directory: target, ...counts(manifest), manifest });
  const { tables, rows, bytes } = counts(manifest);
  terminal.print(
    `backup of installation ${manifest.installation}: ${tables} tables, ${rows} rows, ${bytes} bytes in ${target}`,
  );
}

async function restore(terminal: Terminal, given: Omit<Backup, "product">): Promise<void> {
  const { directory, actor, json } = given;
  const source = resolve(terminal.cwd, directory);
  const manifest = await readBackup(source);
  await withDatabase(terminal, async ({ knex, store }) => {
    await loadTables(knex, source, manifest);
    // Only now is there a table that may hold it: a restore wants an empty database.
    await recordAction(store, { at: terminal.now(), actor, command: "restore", arguments: { directory: source } });
  });
  const { tables, rows } = counts(manifest);
  if (json) return printJson(terminal, { directory: source, tables, rows, installation: manifest.installation });
  terminal.print(`restored installation ${manifest.installation} as of ${manifest.at}: ${tables} tables, ${rows} rows`);
  terminal.print('nothing is sent from here before "diemtin installation confirm"');
}

function counts({ tables }: Manifest) {
  const sum = (of: "rows" | "bytes") => tables.reduce((total, table) => total + table[of], 0);
  return { tables: tables.length, rows: sum("rows"), bytes: sum("bytes") };
}
