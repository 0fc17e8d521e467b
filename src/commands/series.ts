import { UsageError } from "../domain/errors.ts";
import { formatPoints, toPoints } from "../domain/figure.ts";
import { HEADLINES, indicatorId, isHeadline } from "../domain/indicator.ts";
import { parsePeriod } from "../domain/period.ts";
import { COUNTRY, isUnitCode, scopeOf } from "../domain/unit.ts";
import { SOURCES, sourceNamed } from "../sources/index.ts";
import { printJson, type Register, readInstant, withDatabase } from "./terminal.ts";

type Options = {
  unit: string;
  indicator: string;
  period: string;
  source: string;
  asOf?: string;
  json?: boolean;
  csv?: boolean;
};

/** `series`: one unit's indicator over time, as the snapshots said it and as it was known at an instant. */
export const registerSeries: Register = (program, terminal) => {
  program
    .command("series")
    .description("one unit's indicator over time, as known at an instant")
    .requiredOption("--unit <code>", "H21, H21.17, or VN for the country")
    .requiredOption("--indicator <code>", HEADLINES.join(", "))
    .requiredOption("--period <period>", "2026, 2026-H1, 2026-Q3 or 2026-10")
    .option("--source <name>", SOURCES.map(({ name }) => name).join(", "), SOURCES[0]?.name ?? "")
    .option("--as-of <instant>", "only what had been recorded by then")
    .option("--json", "print one JSON document")
    .option("--csv", "print CSV: taken_at,recorded_at,snapshot,value")
    .action(async (options: Options) => {
      if (options.unit !== COUNTRY && !isUnitCode(options.unit))
        throw new UsageError(`--unit: "${options.unit}" is no unit code; write H21, H21.17 or VN`);
      if (!isHeadline(options.indicator))
        throw new UsageError(`--indicator: "${options.indicator}" is none of ${HEADLINES.join(", ")}`);
      if (parsePeriod(options.period) === null)
        throw new UsageError(`--period: "${options.period}" is no period; write 2026, 2026-H1, 2026-Q3 or 2026-10`);
      if (options.json === true && options.csv === true) throw new UsageError("--json and --csv exclude each other");
      const source = sourceNamed(options.source);
      const question = {
        source: source.name,
        scope: scopeOf(options.unit),
        unit: options.unit,
        indicator: indicatorId(source.scheme, options.indicator),
        period: options.period,
      };
      const known = options.asOf === undefined ? {} : { knownAt: readInstant(options.asOf, "--as-of") };
      const points = await withDatabase(terminal, ({ store }) => store.observations.series({ ...question, ...known }));
      const rows = points.map((point) => ({
        takenAt: point.takenAt.toISOString(),
        recordedAt: point.recordedAt.toISOString(),
        snapshot: point.snapshot,
        value: point.value === null ? null : toPoints(point.value),
      }));
      const head = { unit: options.unit, indicator: options.indicator, period: options.period, source: source.name };
      if (options.json === true) return printJson(terminal, { ...head, points: rows });
      if (options.csv === true) {
        terminal.print("taken_at,recorded_at,snapshot,value");
        for (const row of rows)
          terminal.print(
            [row.takenAt, row.recordedAt, row.snapshot, row.value === null ? "" : row.value.toFixed(2)].join(","),
          );
        return;
      }
      for (const point of points)
        terminal.print(
          `${point.takenAt.toISOString()}  ${point.value === null ? "–" : formatPoints(point.value)}  snapshot ${point.snapshot}`,
        );
      if (points.length === 0)
        terminal.progress(
          `no complete snapshot of ${source.name} ${question.scope} ${options.period} has ${options.unit}`,
        );
    });
};
