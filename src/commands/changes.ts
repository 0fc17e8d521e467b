import type { Change } from "../domain/change.ts";
import { UsageError } from "../domain/errors.ts";
import { formatPoints, formatSigned, toPoints } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { parsePeriod } from "../domain/period.ts";
import { isScope } from "../domain/unit.ts";
import { type Compared, compare } from "../pipeline/compare.ts";
import type { Store } from "../pipeline/context.ts";
import { SOURCES, sourceNamed } from "../sources/index.ts";
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
      const compared = await withDatabase(terminal, async ({ store }) => {
        const source =
          options.source === undefined ? await sourceWith(store, options) : sourceNamed(options.source).name;
        return compare(
          { store },
          {
            source,
            scope: options.scope,
            period: options.period,
            from,
            to,
            allowIncomplete: options.allowIncomplete === true,
          },
        );
      });
      if (options.json === true) printJson(terminal, documentOf(options, compared));
      else for (const line of linesOf(compared)) terminal.print(line);
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

function documentOf(options: Options, compared: Compared) {
  const side = (snapshot: Compared["before"]) =>
    snapshot === null
      ? null
      : {
          takenAt: snapshot.takenAt.toISOString(),
          snapshot: snapshot.id,
          ...(snapshot.complete ? {} : { incomplete: true }),
        };
  return {
    scope: options.scope,
    period: options.period,
    from: side(compared.before),
    to: side(compared.after),
    changes: compared.changes.map(row),
    summary: { TOTAL: compared.total },
    notices: compared.notices,
  };
}

function row(change: Change) {
  const points = (value: number | null) => (value === null ? null : toPoints(value));
  const { standingBefore, standingAfter } = change;
  return {
    unit: change.unit,
    name: change.name,
    level: change.level,
    indicator: change.indicator,
    kind: change.kind,
    before: points(change.before),
    after: points(change.after),
    delta: points(change.delta),
    rankBefore: standingBefore?.rank ?? null,
    rankAfter: standingAfter?.rank ?? null,
    rankedBefore: standingBefore?.of ?? null,
    rankedAfter: standingAfter?.of ?? null,
    gapAbove: points(standingAfter?.above?.gap ?? null),
    gapBelow: points(standingAfter?.below?.gap ?? null),
  };
}

function linesOf(compared: Compared): string[] {
  const totals = compared.changes.filter(({ indicator }) => indicator === TOTAL);
  const { up, down, same, new: fresh, absent } = compared.total;
  return [
    ...totals.map(({ unit, name, kind, before, after, delta, standingBefore, standingAfter }) => {
      const figure = (value: number | null) => (value === null ? "–" : formatPoints(value)).padStart(6);
      const rank = `${standingBefore?.rank ?? "–"} → ${standingAfter?.rank ?? "–"}`;
      return `${unit.padEnd(9)} ${figure(before)} → ${figure(after)}  ${(delta === null ? kind : formatSigned(delta)).padStart(7)}  rank ${rank}  ${name}`;
    }),
    `TOTAL: ${up} up, ${down} down, ${same} same, ${fresh} new, ${absent} absent`,
  ];
}
