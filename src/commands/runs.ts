import { dayOf, instantAt, timeOf } from "../domain/calendar.ts";
import type { Run } from "../domain/run.ts";
import { printJson, type Register, readDay, withDatabase } from "./terminal.ts";

/** `runs list`: what happened at every tick of the timetable and at every run by hand, and why nothing happened. */
export const registerRuns: Register = (program, terminal) => {
  program
    .command("runs")
    .description("what happened when")
    .command("list")
    .description("every tick and every run by hand: done, partial, failed, skipped (why)")
    .option("--from <date>", "only from this day on")
    .option("--json", "print one JSON document")
    .action(async (options: { from?: string; json?: boolean }) => {
      const since = options.from === undefined ? undefined : instantAt(readDay(options.from, "--from"));
      const runs = await withDatabase(terminal, ({ store }) => store.runs.list(since === undefined ? {} : { since }));
      if (options.json === true) return printJson(terminal, runs);
      for (const line of runLines(runs)) terminal.print(line);
      if (runs.length === 0) terminal.progress("nothing yet");
    });
};

/** When a run is due: its tick, or the moment it was begun by hand. */
function momentOf(run: Run): Date {
  return run.slot ?? run.startedAt;
}

/**
 * Runs as lines, by their ticks: time in Việt Nam, job, state, result, and below it what was wrong. Ticks of one job and day that
 * ended alike and without problems are one line.
 */
export function runLines(runs: readonly Run[]): readonly string[] {
  const sorted = runs.toSorted((a, b) => momentOf(a).getTime() - momentOf(b).getTime() || Number(a.id) - Number(b.id));
  const groups = new Map<string, Run[]>();
  for (const run of sorted) {
    const alike = [run.job, dayOf(momentOf(run)), run.slot === null, run.state, run.result].join("\n");
    const key = run.problems.length === 0 && run.state !== "running" ? alike : run.id;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap(linesOf);
}

function linesOf(alike: readonly Run[]): readonly string[] {
  const [first] = alike;
  const last = alike.at(-1);
  if (first === undefined || last === undefined) return [];
  const at = momentOf(first);
  const end = timeOf(momentOf(last)) === timeOf(at) ? "" : `–${timeOf(momentOf(last))}`;
  const until = alike.length === 1 ? "" : `${end} (${alike.length} times)`;
  const hand = first.slot === null ? " by hand" : "";
  const result = first.state === "running" ? "since its start; of a process that is gone: cut off" : first.result;
  const when = `${dayOf(at)} ${timeOf(at)}${until}${hand}`;
  return [
    `${when}  ${first.job.padEnd(14)}  ${first.state.padEnd(7)}  ${result}`,
    ...first.problems.map(({ severity, message }) => `    ${severity}: ${message.replaceAll("\n", "\n    ")}`),
  ];
}
