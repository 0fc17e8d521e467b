import type { Command } from "commander";
import { requireProvince } from "../config.ts";
import { weekdayName } from "../domain/calendar.ts";
import { recordAction } from "../pipeline/actions.ts";
import { type GoLivePlan, planGoLive } from "../pipeline/go-live.ts";
import { actorOf } from "./actor.ts";
import { confirmed } from "./confirmation.ts";
import { printJson, type Register, type Terminal, withDatabase } from "./terminal.ts";

const MOST_SHOWN = 10;

type Options = { readonly confirm?: string; readonly json?: boolean };

/** `go-live`: who will get what, and the word that mail may leave for them. */
export const registerGoLive: Register = (program, terminal) => {
  program
    .command("go-live")
    .description("show who will get what, and let mail leave for the real readers; until then nothing does")
    .option("--confirm <code>", "the province's code, instead of typing it")
    .option("--json", "print who will get what as one JSON document, and ask nothing")
    .action((options: Options, command: Command) => goLive(terminal, options, actorOf(terminal, command)));
};

async function goLive(terminal: Terminal, { confirm, json }: Options, actor: string): Promise<void> {
  await withDatabase(terminal, async ({ store }, config) => {
    const settings = requireProvince(config);
    const { province } = settings;
    const plan = await planGoLive({ store, settings, now: terminal.now }, province);
    if (json === true && confirm === undefined) return printJson(terminal, plan);
    for (const line of linesOf(plan)) terminal.print(line);
    const { allowedDomains: domains } = settings.mail;
    terminal.print(`domains    ${domains === undefined ? "any: mail.allowed_domains is not set" : domains.join(", ")}`);
    if (settings.mail.rehearsalTo !== undefined)
      terminal.print(
        "rehearsal  ON: while mail.rehearsal_to is set everything goes to that one mailbox, also after go-live",
      );
    if (plan.live !== null) {
      terminal.print(
        `${province} is live since ${plan.live.at.toISOString()}, by ${plan.live.by}; nothing was changed`,
      );
      return;
    }
    const question = `type the province's code ${province} to let mail leave for these readers: `;
    await confirmed({ word: province, question, given: confirm });
    const at = terminal.now();
    const counts = plan.bulletins.map(({ bulletin, people }) => [`${bulletin}People`, people]);
    await recordAction(store, {
      at,
      actor,
      command: "go-live",
      arguments: { province, ...Object.fromEntries(counts) },
    });
    await store.goLives.confirm({ province, at, by: actor });
    terminal.print(
      `${province} is live, by ${actor}: mail may leave for its readers from now on. What was made today and is not past its deadline leaves with the next run ("diemtin run redeliver"); older issues stay unsent`,
    );
  });
}

function linesOf({ province, bulletins }: GoLivePlan): readonly string[] {
  return [
    `province   ${province}`,
    ...bulletins.flatMap(({ bulletin, people, editions, withoutReader, firstIssue }) => [
      `${bulletin.padEnd(11)}${people} people, ${editions} editions; first issue ${firstIssue} (${weekdayName(firstIssue)})`,
      ...(withoutReader.length === 0
        ? []
        : [`           NOBODY would get that of ${withoutReader.length}: ${some(withoutReader)}`]),
    ]),
  ];
}

function some(list: readonly string[]): string {
  return `${list.slice(0, MOST_SHOWN).join(", ")}${list.length > MOST_SHOWN ? ", …" : ""}`;
}
