import { createPress } from "../adapters/press.ts";
import { UsageError } from "../domain/errors.ts";
import { verify } from "../pipeline/verify.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `verify`: stored bytes against the frozen words they were made from. */
export const registerVerify: Register = (program, terminal) => {
  program
    .command("verify")
    .argument("[edition]", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .description(
      "draw an edition again from its frozen words and compare with the stored bytes (exit 1 if they differ)",
    )
    .option("--all", "every edition")
    .option("--json", "print one JSON document")
    .action(async (edition: string | undefined, options: { all?: boolean; json?: boolean }) => {
      if ((edition === undefined) !== (options.all === true))
        throw new UsageError("name one edition, or --all for every one");
      const asked = edition === undefined ? "all" : [edition];
      const { progress } = terminal;
      const found = await withDatabase(terminal, ({ store }) =>
        verify({ store, press: createPress(), progress }, asked),
      );
      if (options.json === true) printJson(terminal, found);
      else {
        for (const { message } of found.mismatches) terminal.print(message);
        terminal.print(
          `${found.editions} editions with ${found.files} files: ${found.mismatches.length === 0 ? "every byte as frozen" : `${found.mismatches.length} differences`}`,
        );
      }
      terminal.exit(found.mismatches.length === 0 ? 0 : 1);
    });
};
