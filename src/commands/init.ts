import { resolve } from "node:path";
import type { Command } from "commander";
import { configFor, ENVIRONMENT_FILE, findProvince, TO_FILL, TO_FILL_SOON, writeNew } from "../adapters/init-files.ts";
import { dayOf } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { actorOf } from "./actor.ts";
import type { Register } from "./terminal.ts";

/** `init`: the configuration of a province, all but what only its administrator knows. */
export const registerInit: Register = (program, terminal) => {
  program
    .command("init")
    .description("write diemtin.yaml for a province, and an example of .env; opens no database, asks nobody")
    .requiredOption("--province <province>", 'its name or code: "Gia Lai", H21')
    .option("--force", "replace a diemtin.yaml that is there (.env is never replaced: it may hold passwords)")
    .action(async (options: { province: string; force?: boolean }, command: Command) => {
      const province = findProvince(options.province);
      // There may be no database yet to record the command in: the file itself says who made it.
      const made = `# Written on ${dayOf(terminal.now())} by ${actorOf(terminal, command)}.\n`;
      const path = resolve(terminal.cwd, terminal.env["DIEMTIN_CONFIG"]?.trim() || "diemtin.yaml");
      const isNew = await writeNew(path, `${made}${configFor(province)}`, {
        replace: options.force === true,
        mode: 0o644,
      });
      if (!isNew) throw new UsageError(`${path} exists and was not changed; --force replaces it`);
      terminal.print(`${path} written for ${province.code}, ${province.name}`);
      const environment = resolve(terminal.cwd, ".env");
      const fresh = await writeNew(environment, ENVIRONMENT_FILE, { mode: 0o600 });
      terminal.print(
        fresh ? `${environment} written: all of it commented out` : `${environment} exists and stays as it is`,
      );
      terminal.print(
        `fill in ${TO_FILL.join(" and ")} now, and ${TO_FILL_SOON} before the first mail; then "diemtin doctor"`,
      );
    });
};
