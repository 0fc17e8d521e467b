import { redact } from "../adapters/log.ts";
import { dayOf } from "../domain/calendar.ts";
import { exitCode, runState } from "../domain/run.ts";
import { recordAction } from "../pipeline/actions.ts";
import { type Reissued, reissue } from "../pipeline/reissue.ts";
import { actorOf } from "./actor.ts";
import { sideWords } from "./corrections.ts";
import { readReason } from "./reason.ts";
import { indexProblem } from "./run.ts";
import { printJson, type Register, withProvince } from "./terminal.ts";

type Options = { reason: string; send?: boolean; force?: boolean; json?: boolean };

/** `reissue EDITION`: the same issue, corrected; the old one is kept. */
export const registerReissue: Register = (program, terminal) => {
  program
    .command("reissue")
    .argument("<edition>", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .description("make a corrected edition of an issue (đính chính); the old one stays, nothing is sent without --send")
    .requiredOption("--reason <text>", "why, in Vietnamese: readers see it")
    .option("--send", "mail it to everybody on the list who has not got it")
    .option("--force", "make one although no printed figure differs")
    .option("--json", "print one JSON document")
    .action(async (edition: string, options: Options, command) => {
      const reason = readReason(options.reason, "it is printed");
      const actor = actorOf(terminal, command);
      const done = await withProvince(terminal, async (ctx) => {
        const given = { edition, reason, send: options.send === true, force: options.force === true };
        await recordAction(ctx.store, { at: ctx.now(), actor, command: "reissue", arguments: given });
        const made = await reissue(ctx, given);
        const unwritten = await indexProblem(ctx, dayOf(ctx.now()));
        return unwritten === null ? made : { ...made, problems: [...made.problems, unwritten] };
      });
      if (options.json === true) printJson(terminal, documentOf(done));
      else for (const line of linesOf(done)) terminal.print(line);
      for (const { severity, message } of done.problems) terminal.progress(redact(`${severity}: ${message}`));
      terminal.exit(exitCode(runState(done.problems)));
    });
};

function linesOf({ key, made, corrections, delivered }: Reissued): string[] {
  const mails =
    delivered === null
      ? "nothing sent (--send sends it)"
      : `${delivered.accepted} mails accepted, ${delivered.failed} failed, ${delivered.unknown} unknown`;
  return [
    ...corrections.map(
      (one) =>
        `  ${one.unit} ${one.indicator} ${one.period} ${one.part}: printed ${sideWords(one, "printed")}, now ${sideWords(one, "now")}`,
    ),
    `${key}: ${made ? "made" : "says all this already"}; ${mails}`,
  ];
}

function documentOf({ key, made, corrections, delivered }: Reissued) {
  const counts = delivered ?? { accepted: 0, failed: 0, unknown: 0 };
  return {
    edition: key,
    made,
    corrections,
    mails: { accepted: counts.accepted, failed: counts.failed, unknown: counts.unknown },
  };
}
