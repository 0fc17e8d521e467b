import { fontsOf } from "../adapters/pdf-fonts.ts";
import { createPress } from "../adapters/press.ts";
import { programMark } from "../adapters/program-mark.ts";
import { UsageError } from "../domain/errors.ts";
import { isDamage, type Verified, verify } from "../pipeline/verify.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `verify`: stored bytes against the frozen words they were made from. */
export const registerVerify: Register = (program, terminal) => {
  program
    .command("verify")
    .argument("[edition]", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .description(
      "check an edition's stored bytes against their sha256, and draw it again from its frozen words (exit 1 if damaged)",
    )
    .option("--all", "every edition")
    .option("--json", "print one JSON document")
    .action(async (edition: string | undefined, options: { all?: boolean; json?: boolean }) => {
      if ((edition === undefined) !== (options.all === true))
        throw new UsageError("name one edition, or --all for every one");
      const asked = edition === undefined ? "all" : [edition];
      const { progress } = terminal;
      const found = await withDatabase(terminal, ({ store }, { fonts }) => {
        const press = createPress({ fonts: () => fontsOf(fonts) });
        return verify({ store, press, progress, program: programMark(fonts) }, asked);
      });
      if (options.json === true) printJson(terminal, found);
      else for (const line of linesOf(found)) terminal.print(line);
      terminal.exit(found.mismatches.some(isDamage) ? 1 : found.mismatches.length > 0 ? 3 : 0);
    });
};

function linesOf({ editions, files, verdicts, mismatches }: Verified): readonly string[] {
  const damaged = new Set(mismatches.filter(isDamage).map(({ edition }) => edition)).size;
  const redrawn = verdicts.filter(({ edition, intact, sameToday }) => {
    return intact && !sameToday && !mismatches.some((one) => one.edition === edition && isDamage(one));
  }).length;
  const broken = verdicts.filter(({ intact }) => !intact).length;
  return [
    ...mismatches.map((one) => `${isDamage(one) ? "DAMAGED " : "redrawn "} ${one.message}`),
    `${editions} editions with ${files} files: ${mismatches.length === 0 ? "every byte as frozen" : `${mismatches.length} differences`}`,
    `stored bytes: ${broken === 0 ? "every one matches the sha256 noted when it was made" : `${broken} editions do NOT match what was noted when they were made`}`,
    ...(damaged === 0
      ? []
      : [`${damaged} editions are damaged: somebody or a disk changed them; restore them from a backup`]),
    ...(redrawn === 0
      ? []
      : [`${redrawn} editions are intact, and today's program draws them otherwise: what was sent is what is stored`]),
  ];
}
