import type { Command } from "commander";
import { writeInstallationFile } from "../adapters/installation-file.ts";
import { confirmInstallation, countOwed, readInstallation, suppressOwed } from "../adapters/postgres/installation.ts";
import { inTransaction } from "../adapters/postgres/sql.ts";
import { type Database, installationState } from "../context.ts";
import { recordAction } from "../pipeline/actions.ts";
import { heldReason } from "../pipeline/installation.ts";
import { actorOf } from "./actor.ts";
import { confirmed } from "./confirmation.ts";
import { printJson, type Register, type Terminal, withDatabase } from "./terminal.ts";

type ConfirmOptions = { readonly confirm?: string; readonly dropOwed?: boolean };

/** `installation show|confirm`: whether this machine and this database belong together, and may send. */
export const registerInstallation: Register = (program, terminal) => {
  const installation = program.command("installation").description("whether this machine may send for this database");
  installation
    .command("show")
    .description("the installation's id, and what holds sending")
    .option("--json", "print one JSON document")
    .action((options: { json?: boolean }) => show(terminal, options.json === true));
  installation
    .command("confirm")
    .description("let this machine send for this database, after a restore, a copy or on a further machine")
    .option("--confirm <id>", "the installation's id, instead of typing it")
    .option("--drop-owed", "what is still owed is never sent: the original has sent it")
    .action((options: ConfirmOptions, command: Command) => confirm(terminal, options, actorOf(terminal, command)));
};

async function show(terminal: Terminal, json: boolean): Promise<void> {
  await withDatabase(terminal, async ({ knex }, config) => {
    const state = await installationState(knex, config.home);
    const held = heldReason(state);
    const kept = await readInstallation(knex);
    const [confirmedAt, confirmedBy] = [kept?.confirmedAt ?? null, kept?.confirmedBy ?? null];
    if (json) return printJson(terminal, { ...state, held, owed: await countOwed(knex), confirmedAt, confirmedBy });
    terminal.print(`installation ${state.id}, ${state.path}: ${state.file ?? "no file"}`);
    if (confirmedAt !== null) terminal.print(`confirmed ${confirmedAt.toISOString()} by ${confirmedBy ?? "–"}`);
    terminal.print(held === null ? "sending is free" : `HELD: ${held}`);
  });
}

async function confirm(terminal: Terminal, options: ConfirmOptions, actor: string): Promise<void> {
  await withDatabase(terminal, async (database, { home }) => {
    const state = await installationState(database.knex, home);
    const held = heldReason(state);
    if (held === null) {
      terminal.print(`installation ${state.id}: nothing is held, nothing was changed`);
      return;
    }
    terminal.progress(held);
    const owed = await countOwed(database.knex);
    if (owed > 0 && options.dropOwed !== true)
      terminal.progress(
        `${owed} mails are owed and leave with the next run. If the original has sent them already, confirm with --drop-owed`,
      );
    const question = `type the id ${state.id} to let this machine send: `;
    await confirmed({ word: state.id, question, given: options.confirm });
    const [at, dropOwed] = [terminal.now(), options.dropOwed === true];
    const args = { installation: state.id, why: held, owed, dropOwed };
    await recordAction(database.store, { at, actor, command: "installation confirm", arguments: args });
    const dropped = await release(database, { home, id: state.id, actor, at, dropOwed });
    const drops = dropOwed ? `; ${dropped} owed mails are never sent` : "";
    terminal.print(`installation ${state.id} is confirmed: this machine may send${drops}`);
  });
}

type Release = {
  readonly home: string;
  readonly id: string;
  readonly actor: string;
  readonly at: Date;
  readonly dropOwed: boolean;
};

/** The file last: a process that dies before it leaves sending held. */
async function release({ knex }: Database, { home, id, actor, at, dropOwed }: Release): Promise<number> {
  const dropped = await inTransaction(knex, async (transaction) => {
    await confirmInstallation(transaction, actor, at);
    if (!dropOwed) return 0;
    return suppressOwed(transaction, `dropped by ${actor} when the installation was confirmed`);
  });
  await writeInstallationFile(home, id);
  return dropped;
}
