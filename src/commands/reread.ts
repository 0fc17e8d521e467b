import { createLog } from "../adapters/log.ts";
import { instanceName } from "../context.ts";
import { dayOf, instantAt, isDay } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { isScope } from "../domain/unit.ts";
import { recordAction } from "../pipeline/actions.ts";
import { type Reread, type RereadSnapshot, reread } from "../pipeline/reread.ts";
import { SOURCES, sourceNamed } from "../sources/index.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, readInstant, withDatabase } from "./terminal.ts";

type Options = { from?: string; to?: string; source?: string; scope?: string; dryRun?: boolean; json?: boolean };

/** `reread`: archived answers read with today's readers, and what that changes. */
export const registerReread: Register = (program, terminal) => {
  program
    .command("reread")
    .description(
      "read archived answers again with today's readers and write what differs (exit 3 if one cannot be read)",
    )
    .option("--from <instant>", "only snapshots taken from here on: ISO instant, or a day (its beginning)")
    .option("--to <instant>", "only snapshots taken up to here: ISO instant, or a day (its end in Việt Nam)")
    .option("--source <name>", `only of this source: ${SOURCES.map(({ name }) => name).join(", ")}`)
    .option("--scope <scope>", "only provinces, or a province's code such as H21")
    .option("--dry-run", "only say what differs")
    .option("--json", "print one JSON document")
    .action(async (options: Options, command) => {
      const { scope, from, to } = options;
      if (scope !== undefined && !isScope(scope))
        throw new UsageError(`--scope: "${scope}" is no scope; write provinces or a province's code such as H21`);
      const question = {
        from: from === undefined ? null : isDay(from) ? instantAt(from) : readInstant(from, "--from"),
        to: to === undefined ? null : readInstant(to, "--to"),
        source: options.source === undefined ? null : sourceNamed(options.source).name,
        scope: scope ?? null,
        dryRun: options.dryRun === true,
      };
      if (question.from !== null && question.to !== null && question.from > question.to)
        throw new UsageError("--from lies after --to");
      const actor = actorOf(terminal, command);
      const found = await withDatabase(terminal, async ({ store }, { settings, logLevel }) => {
        const log = createLog({ level: logLevel });
        const action = { at: terminal.now(), actor, command: "reread", arguments: { ...options } };
        if (!question.dryRun) await recordAction(store, action);
        const { now, progress } = terminal;
        return reread({ store, settings, log, now, progress, instance: instanceName() }, question);
      });
      if (options.json === true) printJson(terminal, documentOf(found, question.dryRun));
      else for (const line of linesOf(found, question.dryRun)) terminal.print(line);
      for (const { message } of found.problems) terminal.progress(`cannot be read again: ${message}`);
      terminal.exit(found.problems.length === 0 ? 0 : 3);
    });
};

function linesOf({ read, snapshotsRead, differences, differing }: Reread, dryRun: boolean): string[] {
  const { changed, added, removed, byIndicator } = differences;
  return [
    ...differing.map(snapshotLine),
    ...Object.entries(byIndicator)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([indicator, tally]) =>
          `${indicator}: ${tally.changed} changed, ${tally.added} added, ${tally.removed} removed`,
      ),
    `${read} observations of ${snapshotsRead} snapshots read: ${changed} changed, ${added} added, ${removed} removed${dryRun ? "; nothing written" : ""}`,
    ...(changed + added + removed > 0 && !dryRun
      ? ['"diemtin corrections list" tells which editions printed otherwise']
      : []),
  ];
}

function snapshotLine({ snapshot, differences, completeNow }: RereadSnapshot): string {
  const { id, scope, period, takenAt, complete } = snapshot;
  const { changed, added, removed } = differences;
  const word = (is: boolean) => (is ? "complete" : "INCOMPLETE");
  const verdict = complete === completeNow ? "" : `, ${word(complete)} → ${word(completeNow)}`;
  return `snapshot ${id} ${scope} ${period} of ${dayOf(takenAt)}: ${changed} changed, ${added} added, ${removed} removed${verdict}`;
}

function documentOf({ read, snapshotsRead, differences, differing, problems }: Reread, dryRun: boolean) {
  const { byIndicator, ...sums } = differences;
  return {
    read,
    ...sums,
    snapshotsRead,
    dryRun,
    snapshots: differing.map(({ snapshot, differences: own, read: observations, completeNow }) => ({
      id: snapshot.id,
      source: snapshot.source,
      scope: snapshot.scope,
      period: snapshot.period,
      takenAt: snapshot.takenAt.toISOString(),
      read: observations,
      changed: own.changed,
      added: own.added,
      removed: own.removed,
      completeBefore: snapshot.complete,
      complete: completeNow,
    })),
    byIndicator,
    problems: problems.map(({ message }) => message),
  };
}
