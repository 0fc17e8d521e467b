import { basename, dirname, resolve } from "node:path";
import { createOutput } from "../adapters/output.ts";
import { readUnitTable, unitTable } from "../adapters/units-csv.ts";
import { UsageError } from "../domain/errors.ts";
import { isUnitCode } from "../domain/unit.ts";
import { recordAction } from "../pipeline/actions.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, readDay, withDatabase } from "./terminal.ts";

/** `units list|confirm|close|export|import`: the register of scored bodies. */
export const registerUnits: Register = (program, terminal) => {
  const units = program.command("units").description("the register of units: names, mergers, confirmation");
  units
    .command("list")
    .description("every unit with its standing")
    .option("--scope <scope>", "provinces, or a province's code")
    .option("--json", "print one JSON document")
    .action(async (options: { scope?: string; json?: boolean }) => {
      const rows = await withDatabase(terminal, ({ store }) => store.units.list(options.scope));
      if (options.json === true) return printJson(terminal, rows);
      for (const unit of rows)
        terminal.print(
          `${unit.code.padEnd(10)} ${unit.level.padEnd(9)} ${unit.standing.padEnd(11)} ${unit.printName ?? unit.name}${unit.closedFrom === null ? "" : `  closed from ${unit.closedFrom}${unit.mergedInto === null ? "" : ` into ${unit.mergedInto}`}`}`,
        );
      if (rows.length === 0) terminal.progress("no units yet: collect or import first");
    });
  units
    .command("confirm")
    .argument("[codes...]", "unit codes; --all for everything that waits")
    .option("--all", "confirm everything that waits")
    .description("let units seen for the first time into ranks and mail")
    .action(async (codes: string[], options: { all?: boolean }) => {
      if (codes.length === 0 && options.all !== true)
        throw new UsageError('name unit codes, or say --all; "diemtin units list" shows who waits');
      const count = await withDatabase(terminal, async ({ store }) => {
        const known = new Set((await store.units.list()).map(({ code }) => code));
        const unknown = codes.filter((code) => !known.has(code));
        if (unknown.length > 0) throw new UsageError(unknown.map((code) => `there is no unit ${code}`));
        await recordAction(store, {
          actor: actorOf(terminal, program),
          command: "units confirm",
          arguments: { codes, all: options.all === true },
          at: terminal.now(),
        });
        return store.units.confirm(options.all === true ? "all" : codes);
      });
      terminal.print(`${count} units confirmed`);
    });
  units
    .command("close")
    .argument("<code>")
    .requiredOption("--from <date>", "the first day on which the unit no longer exists")
    .option("--into <code>", "the unit it was merged into")
    .description("say that a unit was dissolved or merged; it is no longer expected from that day on")
    .action(async (code: string, options: { from: string; into?: string }) => {
      const from = readDay(options.from, "--from");
      await withDatabase(terminal, async ({ store }) => {
        const known = new Set((await store.units.list()).map((unit) => unit.code));
        for (const each of [code, ...(options.into === undefined ? [] : [options.into])])
          if (!known.has(each)) throw new UsageError(`there is no unit ${each}; "diemtin units list" shows the codes`);
        await recordAction(store, {
          actor: actorOf(terminal, program),
          command: "units close",
          arguments: { code, from, into: options.into ?? null },
          at: terminal.now(),
        });
        await store.units.close(code, from, options.into);
      });
      terminal.print(
        `${code} is closed from ${from}${options.into === undefined ? "" : `, merged into ${options.into}`}`,
      );
    });
  units
    .command("export")
    .requiredOption("--out <file>", "a CSV file: code,print_name,closed_from,merged_into,name,level")
    .option("--scope <scope>", "provinces, or a province's code")
    .description("write the register as a table to edit")
    .action(async (options: { out: string; scope?: string }) => {
      const rows = await withDatabase(terminal, ({ store }) => store.units.list(options.scope));
      const path = resolve(terminal.cwd, options.out);
      await createOutput(dirname(path)).write(basename(path), unitTable(rows));
      terminal.print(`${rows.length} units written to ${path}`);
    });
  units
    .command("import")
    .argument("<file>", "a CSV file as written by units export")
    .description("take print names, closures and mergers from a table; nothing is taken if a line is wrong")
    .action(async (file: string) => {
      const rows = await readUnitTable(resolve(terminal.cwd, file));
      const changed = await withDatabase(terminal, async ({ store }) => {
        const known = new Map((await store.units.list()).map((unit) => [unit.code, unit]));
        const mistakes = rows.flatMap(({ line, code, mergedInto }) =>
          [code, ...(mergedInto === null ? [] : [mergedInto])]
            .filter((each) => !known.has(each))
            .map((each) => `line ${line}: there is no unit ${each}${isUnitCode(each) ? "" : " (not a unit code)"}`),
        );
        if (mistakes.length > 0) throw new UsageError(mistakes);
        await recordAction(store, {
          actor: actorOf(terminal, program),
          command: "units import",
          arguments: { file, rows: rows.length },
          at: terminal.now(),
        });
        return store.units.amend(rows);
      });
      terminal.print(`${changed} units changed`);
    });
};
