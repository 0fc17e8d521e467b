import { type Config, readConfig } from "../config.ts";
import { databaseChecks } from "./doctor-database.ts";
import { type Check, diskChecks, fontCheck, portalChecks, relayCheck } from "./doctor-machine.ts";
import { printJson, type Register } from "./terminal.ts";

/** `doctor`: what is wrong and what to do, line by line. */
export const registerDoctor: Register = (program, terminal) => {
  program
    .command("doctor")
    .description("check configuration, database, installation, readers, calendar, clock, disk, fonts, mail and portal")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const config = readConfig(terminal);
      const checks = [
        ...configChecks(config),
        ...(await databaseChecks(config, terminal.now())),
        ...(await diskChecks(config)),
        fontCheck(config),
        await relayCheck(config),
        ...(await portalChecks(config, terminal.now)),
      ];
      if (options.json === true) printJson(terminal, checks);
      else
        for (const { what, ok, found, todo } of checks)
          terminal.print(`${ok ? "ok   " : "WRONG"} ${what}: ${found}${todo === undefined ? "" : `\n      → ${todo}`}`);
      terminal.exit(checks.every(({ ok }) => ok) ? 0 : 1);
    });
};

function configChecks({ file, province, settings }: Config): readonly Check[] {
  const what = "configuration";
  if (province === null) {
    const found = file === null ? "no diemtin.yaml" : `${file} names no province`;
    return [{ what, ok: false, found, todo: '"diemtin init --province NAME" writes one; then fill it in' }];
  }
  const { admin } = settings.mail;
  const { source } = settings.classes;
  return [
    { what, ok: true, found: `${file ?? "environment"}, province ${province}` },
    admin === undefined
      ? { what: "administrator", ok: false, found: "nobody is told of faults", todo: "name one in mail.admin" }
      : { what: "administrator", ok: true, found: "mail.admin is told of faults, once per cause" },
    source === null
      ? {
          ...{ what: "class", ok: true, found: "no class is printed: class.source names no document" },
          todo: "when classes are to be printed, check the bounds and name their document in class.source",
        }
      : { what: "class", ok: true, found: `by ${source}` },
  ];
}
