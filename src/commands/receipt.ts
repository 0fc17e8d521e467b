import { requireProvince } from "../config.ts";
import { dayOf } from "../domain/calendar.ts";
import { readReceipt } from "../pipeline/receipt.ts";
import { receiptWords } from "../pipeline/receipt-words.ts";
import { printJson, type Register, readDay, withDatabase } from "./terminal.ts";

/** `receipt`: what became of a day's mail, as the administrator is mailed it. */
export const registerReceipt: Register = (program, terminal) => {
  program
    .command("receipt")
    .description(
      "what became of a day's mail: accepted, changed, failed, unknown, waiting, who got nothing, what is next",
    )
    .option("--for <date>", "the day (default: today)")
    .option("--json", "print one JSON document")
    .action(async (options: { for?: string; json?: boolean }) => {
      const day = options.for === undefined ? dayOf(terminal.now()) : readDay(options.for, "--for");
      const found = await withDatabase(terminal, ({ store }, config) =>
        readReceipt({ store, settings: config.settings }, { province: requireProvince(config).province, day }),
      );
      if (options.json === true) return printJson(terminal, found);
      for (const line of receiptWords(found).lines) terminal.print(line);
    });
};
