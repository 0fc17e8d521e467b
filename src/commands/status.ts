import { listAlerts } from "../adapters/postgres/runs.ts";
import { requireProvince } from "../config.ts";
import { installationState } from "../context.ts";
import { dayOf, timeOf, weekdayName } from "../domain/calendar.ts";
import { heldReason } from "../pipeline/installation.ts";
import { type IssueStatus, readStatus, type Status } from "../pipeline/status.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

type Whole = Status & {
  readonly installation: { readonly id: string; readonly held: string | null };
  /** Who let mail leave for real readers, and when; null while nothing does. */
  readonly goLive: { readonly at: Date; readonly by: string } | null;
  /** Everything goes to the one mailbox of mail.rehearsal_to. */
  readonly rehearsal: boolean;
  readonly alerts: readonly { readonly cause: string; readonly raisedAt: Date }[];
};

const MOST_SHOWN = 8;

/** `status`: the day on one screen. */
export const registerStatus: Register = (program, terminal) => {
  program
    .command("status")
    .description("one screen: last data, today's issues, what was sent, what asks for you, what comes next")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const status = await withDatabase(terminal, async ({ knex, store }, config): Promise<Whole> => {
        const { province } = requireProvince(config);
        const installation = await installationState(knex, config.home);
        return {
          ...(await readStatus(store, { province, now: terminal.now() })),
          installation: { id: installation.id, held: heldReason(installation) },
          goLive: await store.goLives.find(province),
          rehearsal: config.settings.mail.rehearsalTo !== undefined,
          alerts: await listAlerts(knex),
        };
      });
      if (options.json === true) return printJson(terminal, status);
      for (const line of lines(status)) terminal.print(line);
    });
};

function lines(status: Whole): readonly string[] {
  const { day, data, issues, open, units, next, alerts, installation } = status;
  const { known, waiting, withoutRecipient: without } = units;
  return [
    `today      ${day} (${weekdayName(day)})`,
    ...data.map(
      ({ scope, period, takenAt }) =>
        `data       ${scope} ${period}: ${takenAt === null ? "NO complete snapshot yet" : `complete as of ${moment(takenAt)}`}`,
    ),
    ...issues.flatMap(issueLines),
    `mail       owed ${open.owed}, failed ${open.failed}, unknown ${open.unknown} (all issues; "diemtin deliveries list")`,
    `units      ${known} known, ${waiting} waiting for "diemtin units confirm", ${without.length} without recipient${without.length === 0 ? "" : ` (${some(without)})`}`,
    `alerts     ${alerts.length === 0 ? "none" : some(alerts.map(({ cause, raisedAt }) => `${cause} since ${moment(raisedAt)}`))}`,
    `next       ${next.map((issue) => `${issue.bulletin} ${issue.day} (${weekdayName(issue.day)})`).join(", ")}`,
    `sending    ${installation.held ?? liveWords(status) ?? `free (installation ${installation.id})`}`,
  ];
}

/** Null once mail may leave. */
function liveWords({ goLive, rehearsal }: Whole): string | null {
  if (rehearsal) return "REHEARSAL: everything goes to mail.rehearsal_to, nothing to readers";
  return goLive === null ? 'NOT LIVE: nothing leaves for readers before "diemtin go-live"' : null;
}

function issueLines(status: IssueStatus): readonly string[] {
  const { bulletin, issue, due, off, editions, deliveries, hold, run } = status;
  const states = Object.entries(deliveries).map(([state, count]) => `${state} ${count}`);
  const made = editions === 0 ? "nothing made" : `${editions} editions, mails: ${states.join(", ") || "none owed"}`;
  const head = `${bulletin.padEnd(11)}${issue}${due === null ? ` (no issue: ${off ?? ""})` : due === issue ? "" : ` (due ${due})`}: ${made}`;
  const held = hold === null ? [] : [`           HELD by ${hold.by}: ${hold.reason}`];
  const ran =
    run === null
      ? []
      : [`           last run ${moment(run.startedAt)}: ${run.state}${run.result === "" ? "" : `, ${run.result}`}`];
  return [head, ...approvalLines(status), ...held, ...ran];
}

function approvalLines({ approval, issue }: IssueStatus): readonly string[] {
  if (approval === null) return [];
  const { draft, composedAt, approved, sha256 } = approval;
  const what =
    approved === null
      ? `draft ${draft} of ${moment(composedAt)} waits: "diemtin approve weekly --for ${issue}"`
      : `draft ${draft} approved ${moment(approved.at)} by ${approved.by}`;
  return [`           ${what} (PDF sha256 ${sha256.slice(0, 12)}…)`];
}

function some(list: readonly string[]): string {
  return `${list.slice(0, MOST_SHOWN).join(", ")}${list.length > MOST_SHOWN ? ", …" : ""}`;
}

function moment(instant: Date): string {
  return `${dayOf(instant)} ${timeOf(instant)}`;
}
