import { extname, resolve } from "node:path";
import { writeSecret } from "../adapters/output.ts";
import { type TemplateUnit, templateCsv, templateXlsx } from "../adapters/recipients-template.ts";
import { requireProvince } from "../config.ts";
import { dayOf } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { printName } from "../domain/unit.ts";
import type { Store } from "../pipeline/store.ts";
import { registerRecipientsImport, rowOf } from "./recipients-import.ts";
import { registerRecipientsPeople } from "./recipients-people.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `recipients template|import|list|pause|resume|export|erase`: who gets what. */
export const registerRecipients: Register = (program, terminal) => {
  const recipients = program.command("recipients").description("who gets which bulletin");
  recipients
    .command("template")
    .requiredOption("--out <file>", "a workbook, or CSV when the name ends in .csv")
    .description("write a list to fill in: a row for every unit, with who is on the list now")
    .action(async (options: { out: string }) => {
      const path = resolve(terminal.cwd, options.out);
      const kind = extname(path).toLowerCase();
      if (![".xlsx", ".csv"].includes(kind)) throw new UsageError(`--out: "${options.out}" must end in .xlsx or .csv`);
      const units = await withDatabase(terminal, ({ store }, config) =>
        templateUnits(store, requireProvince(config).province),
      );
      const bytes = kind === ".csv" ? templateCsv(units) : await templateXlsx(units);
      await writeSecret(path, bytes);
      if (units.length === 1)
        terminal.progress('no units of the province are known yet: "diemtin run collect" fills the register');
      terminal.print(`${units.length} units written to ${path}`);
    });
  registerRecipientsImport(recipients, program, terminal);
  recipients
    .command("list")
    .description("the list as it stands: live, paused, suppressed, past, future")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const rows = await withDatabase(terminal, ({ store }) => store.recipients.listed(dayOf(terminal.now())));
      if (options.json === true)
        return printJson(
          terminal,
          rows.map(({ role = "head", from = null, until = null, ...row }) => ({ ...row, role, from, until })),
        );
      for (const row of rows)
        terminal.print(`${rowOf(row)}${row.state === "live" ? "" : `  ${row.state.toUpperCase()}`}`);
      if (rows.length === 0) terminal.progress('no recipients: "diemtin recipients import FILE"');
    });
  registerRecipientsPeople(recipients, program, terminal);
};

/** The province and its open units by code, each with the people of the present list. */
async function templateUnits(store: Store, province: string): Promise<readonly TemplateUnit[]> {
  const listed = await store.recipients.list();
  const known = await store.units.list();
  const own = known.filter(({ scope, closedFrom }) => scope === province && closedFrom === null);
  const name = known.find(({ code }) => code === province);
  const units = [
    { code: province, name: name?.printName ?? printName(name?.name ?? province), level: "province" },
    ...own.map((unit) => ({ code: unit.code, name: unit.printName ?? printName(unit.name), level: unit.level })),
  ];
  // Somebody of a unit that is closed or not known any more would otherwise leave the list unseen.
  const others = [...new Set(listed.map(({ unit }) => unit))].filter(
    (code) => !units.some((unit) => unit.code === code),
  );
  const all = [...units, ...others.map((code) => ({ code, name: code, level: "" }))];
  return all.map((unit) => ({ ...unit, recipients: listed.filter((recipient) => recipient.unit === unit.code) }));
}
