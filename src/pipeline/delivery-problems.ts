import type { Outcome } from "../domain/delivery.ts";
import type { Problem } from "../domain/run.ts";
import type { Abandoned, LateDelivery, StoredDelivery } from "./store.ts";

/** The last try of a run at one delivery. */
export type Attempt = { readonly row: StoredDelivery; readonly outcome: Outcome };

/** What claims of dead workers mean; nobody was there to say it when they died. */
export function abandonedProblems({ unknown }: Abandoned): Problem[] {
  if (unknown === 0) return [];
  const message = `${unknown} deliveries were being sent when their process ended: whether they arrived is not known, and they are never sent again by themselves; "diemtin deliveries list" shows them: ask the recipients or look into the relay's log, then "diemtin deliveries resolve ID --as sent|resend"`;
  return [{ cause: "deliver/unknown/abandoned", severity: "partial", message }];
}

/** One problem per issue whose mail was given up at its deadline. */
export function lateProblems(late: readonly LateDelivery[]): Problem[] {
  return [...grouped(late, ({ edition }) => issueOf(edition))].map(([issue, rows]) => ({
    cause: `deliver/late/${issue}`,
    severity: rows.some(({ attempts }) => attempts === 0) ? "failed" : "partial",
    message: [
      `${rows.length} deliveries of ${issue} are late: the relay did not take them before the deadline, and they are not tried again by themselves; "diemtin run redeliver" by hand sends them after all`,
      ...shown(rows, ({ id, edition, attempts }) => `delivery ${id} of ${edition}: ${attempts} attempts`),
    ].join("\n  "),
  }));
}

/** What the attempts of a run say: that sending stopped, and per issue what was not taken or may have arrived. */
export function attemptProblems(channel: string, attempts: readonly Attempt[], due: number): Problem[] {
  const problems: Problem[] = [];
  const stopped = attempts.find(({ outcome }) => outcome.state === "failed" && outcome.stop);
  const accepted = attempts.filter(({ outcome }) => outcome.state === "accepted").length;
  if (stopped !== undefined) {
    problems.push({
      cause: "deliver/stopped",
      severity: accepted === 0 ? "failed" : "partial",
      message: `${channel}: sending stopped after ${accepted} of ${due} deliveries: ${stopped.outcome.reply}. The rest stays owed: mend the cause ("diemtin doctor" checks the relay), then "diemtin run redeliver"`,
    });
  }
  const missed = attempts.filter(
    (attempt) => attempt !== stopped && (attempt.outcome.state === "failed" || attempt.outcome.state === "unknown"),
  );
  const byIssue = grouped(missed, ({ outcome, row }) => `deliver/${outcome.state}/${issueOf(row.edition)}`);
  for (const [cause, rows] of byIssue) problems.push({ cause, severity: "partial", message: missedMessage(rows) });
  return problems;
}

function missedMessage(missed: readonly Attempt[]): string {
  const unknown = missed.some(({ outcome }) => outcome.state === "unknown");
  const head = unknown
    ? `${missed.length} deliveries may or may not have arrived; they are never sent again by themselves: ask the recipient or look into the relay's log, then "diemtin deliveries resolve ID --as sent|resend"`
    : `${missed.length} deliveries were not taken: correct the address in the recipient list and import it again, or mend the named fault`;
  const lines = shown(missed, ({ row, outcome }) => {
    const later = outcome.state === "failed" && outcome.mayPass ? " (will be tried again)" : "";
    const never =
      outcome.state === "failed" && outcome.refusal === "address" ? " (nothing is sent there any more)" : "";
    return `delivery ${row.id} of ${row.edition}: ${outcome.reply}${later}${never}`;
  });
  return [head, ...lines].join("\n  ");
}

function shown<T>(rows: readonly T[], line: (row: T) => string): string[] {
  const lines = rows.slice(0, 10).map(line);
  return rows.length > lines.length
    ? [...lines, `… and ${rows.length - lines.length} more: "diemtin deliveries list"`]
    : lines;
}

/** "daily/2026-10-12" of "daily/2026-10-12/H21.17/r0". */
function issueOf(edition: string): string {
  return edition.split("/").slice(0, 2).join("/");
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
