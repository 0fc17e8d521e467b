import { UsageError } from "../domain/errors.ts";
import { formatCount, formatPoints, toPoints } from "../domain/figure.ts";
import { HEADLINES, isHeadline } from "../domain/indicator.ts";
import { type Behind, type Explained, explain } from "../pipeline/explain.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `explain EDITION`: where a printed figure comes from. */
export const registerExplain: Register = (program, terminal) => {
  program
    .command("explain")
    .argument("<edition>", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .description("lead printed figures back to rule, counts, snapshot, answer and the sha256 of its archived bytes")
    .option("--unit <code>", "a unit the edition prints (default: the one it speaks to)")
    .option("--indicator <code>", HEADLINES.join(", "))
    .option("--json", "print one JSON document")
    .action(async (edition: string, options: { unit?: string; indicator?: string; json?: boolean }) => {
      const { unit = null, indicator = null } = options;
      if (indicator !== null && !isHeadline(indicator))
        throw new UsageError(`--indicator: "${indicator}" is none of ${HEADLINES.join(", ")}`);
      const { found, approval } = await withDatabase(terminal, async ({ store }) => ({
        found: await explain({ store }, { edition, unit, indicator }),
        approval: await store.drafts.approvalOf(edition),
      }));
      if (options.json === true)
        return printJson(
          terminal,
          found.map((one) => ({ ...documentOf(one), approval })),
        );
      if (approval !== null)
        terminal.print(
          `${edition}: approved ${approval.at.toISOString()} by ${approval.by}, PDF sha256 ${approval.sha256}`,
        );
      for (const line of found.flatMap(linesOf)) terminal.print(line);
    });
};

function linesOf({ figure, rule, rankRule, stored, behind, snapshot, answer }: Explained): string[] {
  const rank = figure.rank === null ? "not ranked" : `rank ${figure.rank}`;
  return [
    `${figure.unit} ${figure.indicator} ${figure.period}: printed ${points(figure.value)}, ${rank}`,
    `  rule    ${rule.formula}`,
    `          ${rule.source}`,
    ...(figure.rank === null ? [] : [`  rank    ${rankRule.formula}`]),
    ...behind.map(
      (one) => `  behind  ${one.code} = ${behindWords(one)}${one.rule === null ? "" : `  (${one.rule.formula})`}`,
    ),
    `  stored  ${stored === null ? "nothing" : points(stored.value)}${stored?.value === figure.value ? "" : '  OTHERWISE THAN PRINTED: "diemtin corrections list"'}`,
    `  from    snapshot ${snapshot.id}, ${snapshot.source} ${snapshot.scope} ${snapshot.period}, taken ${snapshot.takenAt.toISOString()}`,
    ...(answer === null
      ? []
      : [
          `          answer ${answer.ordinal} of ${answer.endpoint}, status ${answer.status ?? "none"}, received ${answer.receivedAt.toISOString()}, ${answer.bytes} bytes`,
          `  sha256  ${answer.sha256}`,
        ]),
  ];
}

function points(value: number | null): string {
  return value === null ? "– (the portal's blank)" : formatPoints(value);
}

/** Scores are points, everything else counts. */
function behindWords({ code, value, flag }: Behind): string {
  const words = value === null ? "–" : isScore(code) ? formatPoints(value) : formatCount(value);
  return flag === null ? words : `${words} [${flag}]`;
}

function isScore(code: string): boolean {
  return !code.includes(".") || code.endsWith(".score");
}

function documentOf({ figure, stored, behind, snapshot, answer, ...rules }: Explained) {
  return {
    unit: figure.unit,
    indicator: figure.indicator,
    period: figure.period,
    printed: figure.value === null ? null : toPoints(figure.value),
    rank: figure.rank,
    ...rules,
    stored: stored === null ? null : { value: stored.value === null ? null : toPoints(stored.value) },
    behind: behind.map(({ value, ...one }) => ({
      ...one,
      value: value === null || !isScore(one.code) ? value : toPoints(value),
    })),
    snapshot: {
      id: snapshot.id,
      source: snapshot.source,
      scope: snapshot.scope,
      period: snapshot.period,
      takenAt: snapshot.takenAt.toISOString(),
      complete: snapshot.complete,
    },
    answer: answer === null ? null : { ...answer, receivedAt: answer.receivedAt.toISOString() },
  };
}
