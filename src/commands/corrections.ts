import type { Correction } from "../domain/correction.ts";
import { formatPoints, toPoints } from "../domain/figure.ts";
import { listCorrections } from "../pipeline/corrections.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `corrections list`: editions that printed figures which are now otherwise. */
export const registerCorrections: Register = (program, terminal) => {
  program
    .command("corrections")
    .description("what was printed wrongly")
    .command("list")
    .description("editions whose printed figures the same snapshots now state otherwise")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const found = await withDatabase(terminal, ({ store }) => listCorrections(store));
      const rows = found.flatMap(({ edition, corrections }) =>
        corrections.map((correction) => ({ edition: edition.id, ...correction })),
      );
      if (options.json === true)
        return printJson(
          terminal,
          rows.map((row) => ({ ...row, printed: side(row, "printed"), now: side(row, "now") })),
        );
      for (const row of rows)
        terminal.print(
          `${row.edition}  ${row.unit} ${row.indicator} ${row.period} ${row.part}: printed ${sideWords(row, "printed")}, now ${sideWords(row, "now")}`,
        );
      terminal.print(
        rows.length === 0
          ? "every edition printed what its snapshots state now"
          : `${found.length} editions printed otherwise; "diemtin reissue EDITION --reason TEXT" corrects one`,
      );
    });
};

/** Points as numbers; ranks are whole already. */
function side(correction: Correction, which: "printed" | "now"): number | null {
  const value = correction[which];
  return value === null || isRank(correction) ? value : toPoints(value);
}

export function sideWords(correction: Correction, which: "printed" | "now"): string {
  const value = correction[which];
  if (value === null) return "–";
  return isRank(correction) ? String(value) : formatPoints(value);
}

function isRank({ part }: Correction): boolean {
  return part === "rank" || part === "rankBefore";
}
