import { UsageError } from "../domain/errors.ts";
import { parsePeriod } from "../domain/period.ts";
import { isScope } from "../domain/unit.ts";
import { compare } from "../pipeline/compare.ts";
import type { Store } from "../pipeline/store.ts";
import { SOURCES, sourceNamed } from "../sources/index.ts";
import { changesDocument, changesLines } from "./changes-document.ts";
import { printJson, type Register, readInstant, withDatabase } from "./terminal.ts";

type Options = {
  scope: string;
  period: string;
  from: string;
  to: string;
  source?: string;
  allowIncomplete?: boolean;
  json?: boolean;
};

/** `changes`: the latest complete snapshots at or before two instants, compared end to end. */
export const registerChanges: Register = (program, terminal) => {
  program
    .command("changes")
    .description("compare the latest complete snapshots at or before two instants")
    .requiredOption("--scope <scope>", "provinces, or a province's code such as H21")
    .requiredOption("--period <period>", "2026, 2026-H1, 2026-Q3 or 2026-10")
    .requiredOption("--from <instant>", "ISO instant, or a day (its end in Việt Nam)")
    .requiredOption("--to <instant>", "ISO instant, or a day (its end in Việt Nam)")
    .option(
      "--source <name>",
      `one of ${SOURCES.map(({ name }) => name).join(", ")} (default: the one that has such snapshots)`,
    )
    .option("--allow-incomplete", "take incomplete snapshots too, marked")
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      if (!isScope(options.scope))
        throw new UsageError(
          `--scope: "${options.scope}" is no scope; write provinces or a province's code such as H21`,
        );
      if (parsePeriod(options.period) === null)
        throw new UsageError(`--period: "${options.period}" is no period; write 2026, 2026-H1, 2026-Q3 or 2026-10`);
      const [from, to] = [readInstant(options.from, "--from"), readInstant(options.to, "--to")];
      if (from > to) throw new UsageError("--from lies after --to");
      const named = options.source === undefined ? null : sourceNamed(options.source).name;
      const compared = await withDatabase(terminal, async ({ store }, { settings }) => {
        const source = named ?? (await sourceWith(store, options));
        return compare(
          { store },
          {
            source,
            scope: options.scope,
            period: options.period,
            from,
            to,
            allowIncomplete: options.allowIncomplete === true,
            thresholds: settings.thresholds,
            noise: settings.floors.noise,
          },
        );
      });
      if (options.json === true) printJson(terminal, changesDocument(options, compared));
      else for (const line of changesLines(compared)) terminal.print(line);
      for (const notice of compared.notices) terminal.progress(`${notice.kind}: ${notice.reason}`);
      terminal.exit(compared.before === null || compared.after === null ? 1 : 0);
    });
};

/** Without --source: the one source that has snapshots of the scope and period. */
async function sourceWith(store: Store, at: { scope: string; period: string }): Promise<string> {
  const having = new Set(
    (await store.snapshots.list())
      .filter(({ scope, period }) => scope === at.scope && period === at.period)
      .map(({ source }) => source),
  );
  const names = SOURCES.map(({ name }) => name).filter((name) => having.has(name));
  if (names.length > 1)
    throw new UsageError(
      `--source is needed: ${names.join(" and ")} both have snapshots of ${at.scope} ${at.period}, and their schemes never mix`,
    );
  return names[0] ?? SOURCES[0]?.name ?? "";
}
