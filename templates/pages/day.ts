import { dayOf, shortDate, timeOf } from "../../src/domain/calendar.ts";
import type { DayState } from "../../src/domain/day.ts";
import type { DeliveryState } from "../../src/domain/delivery.ts";
import type { RunState } from "../../src/domain/run.ts";

const RUN_STATES: Readonly<Record<RunState, string>> = {
  running: "đang chạy",
  done: "hoàn thành",
  partial: "hoàn thành một phần",
  failed: "thất bại",
  skipped: "bỏ qua (đã phát hành hoặc không có việc)",
};
const JOBS: Readonly<Record<string, string>> = {
  collect: "Lấy số liệu",
  "publish-daily": "Điểm tin ngày",
  "publish-weekly": "Bản tin tuần",
  redeliver: "Gửi lại",
};
const STATES: Readonly<Record<DeliveryState, string>> = {
  queued: "chờ gửi",
  sending: "đang gửi",
  accepted: "đã gửi",
  failed: "không gửi được",
  unknown: "chưa rõ kết quả",
  suppressed: "tạm dừng gửi",
  bounced: "bị trả lại",
};

type Shown = { readonly summary: string; readonly pdf: string | null; readonly states: string };

/** What the page's markup reads; still unescaped, eta escapes it. */
export type DayView = {
  readonly title: string;
  readonly notice: string | null;
  readonly data: readonly string[];
  readonly runs: readonly {
    readonly job: string;
    readonly at: string;
    readonly state: string;
    readonly bad: boolean;
    readonly problems: readonly string[];
  }[];
  readonly counts: readonly string[];
  readonly nobody: readonly string[];
  readonly missed: readonly Shown[];
  /** Newest first; the newest stand open, older ones are folded. */
  readonly issues: readonly { readonly title: string; readonly open: boolean; readonly editions: readonly Shown[] }[];
};

/** The view of a day for the markup below. */
export function dayView(state: DayState): DayView {
  const all = state.editions.flatMap(({ states }) => states);
  const count = (wanted: DeliveryState) => all.filter((delivery) => delivery === wanted).length;
  const missed = state.editions.filter(({ states }) => states.some((each) => MISSED.has(each)));
  const lonely = state.editions.filter(({ states }) => states.length === 0).map(({ unit }) => unit);
  return {
    title: `Điểm tin chỉ số 766 – ${state.province} – ${shortDate(state.day)}`,
    notice: state.notice ?? null,
    data: state.data.map(
      ({ scope, takenAt }) =>
        `${scope === "provinces" ? "Các tỉnh, thành phố" : `Đơn vị thuộc ${state.province}`}: ${takenAt === null ? "chưa có số liệu đầy đủ" : `số liệu đầy đủ gần nhất lúc ${moment(takenAt)}`}`,
    ),
    runs: state.runs.map((run) => ({
      job: JOBS[run.job] ?? run.job,
      at: `${moment(run.startedAt)}${run.scheduledFor === dayOf(run.startedAt) ? "" : ` (cho ngày ${shortDate(run.scheduledFor)})`}`,
      state: RUN_STATES[run.state],
      bad: run.state === "failed" || run.state === "partial",
      problems: run.problems,
    })),
    counts: (["accepted", "failed", "unknown", "queued", "sending", "suppressed", "bounced"] as const)
      .filter((each) => count(each) > 0)
      .map((each) => `${count(each)} ${STATES[each]}`),
    nobody: [...new Set(lonely)].sort(byCode),
    missed: missed.map(shown),
    issues: issuesOf(state.editions),
  };
}

const MISSED: ReadonlySet<DeliveryState> = new Set(["failed", "unknown", "queued", "sending", "bounced"]);

function moment(instant: Date): string {
  return `${timeOf(instant)} ngày ${shortDate(dayOf(instant))}`;
}

function shown({ summary, pdf, states }: DayState["editions"][number]): Shown {
  const words =
    states.length === 0 ? "không có người nhận" : [...new Set(states)].map((each) => STATES[each]).join(", ");
  return { summary, pdf, states: words };
}

/** Editions by bulletin and issue, as their ids begin: "daily/2026-10-12", "weekly/2026-W41". Inside, in the order of codes. */
function issuesOf(editions: DayState["editions"]): DayView["issues"] {
  const issues = new Map<string, DayState["editions"][number][]>();
  for (const edition of editions) {
    const key = edition.id.split("/").slice(0, 2).join("/");
    issues.set(key, [...(issues.get(key) ?? []), edition]);
  }
  const newest = new Set<string>();
  return [...issues].map(([key, own]) => {
    const [bulletin = "", issue = ""] = key.split("/");
    const open = !newest.has(bulletin);
    newest.add(bulletin);
    const title = `${issueTitle(bulletin, issue)} (${own.length})`;
    return { title, open, editions: [...own].sort((a, b) => byCode(a.unit, b.unit)).map(shown) };
  });
}

function issueTitle(bulletin: string, issue: string): string {
  const week = /^(\d{4})-W0?(\d+)$/.exec(issue);
  if (week !== null) return `${JOBS[`publish-${bulletin}`] ?? bulletin} ${week[2]}/${week[1]}`;
  return `${JOBS[`publish-${bulletin}`] ?? bulletin} ${shortDate(issue)}`;
}

/** The province, then its agencies, then its communes: H21, H21.01, H21.14, H21.101. */
function byCode(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The page: static, one column, readable on a phone, without scripts. */
export const DAY_MARKUP = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= it.title %></title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 1.6rem; border-bottom: 1px solid; }
summary { font-weight: bold; padding: .4rem 0; cursor: pointer; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid #8886; vertical-align: top; }
th { white-space: nowrap; } ul { padding-left: 1.2rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; } .bad { font-weight: bold; } .short { white-space: nowrap; }
</style>
</head>
<body>
<h1><%= it.title %></h1>
<% if (it.notice !== null) { %><p class="bad"><%= it.notice %></p><% } %>
<h2>Số liệu</h2>
<ul><% for (const line of it.data) { %><li><%= line %></li><% } %></ul>
<h2>Thư</h2>
<p><%= it.counts.length === 0 ? "Chưa có thư nào." : it.counts.join("; ") + "." %></p>
<% if (it.missed.length > 0) { %><p class="bad">Chưa nhận được (<%= it.missed.length %>):</p><ul><% for (const row of it.missed) { %><li><%= row.summary %>: <%= row.states %></li><% } %></ul><% } %>
<% if (it.nobody.length > 0) { %><p><span class="bad">Đơn vị không có người nhận (<%= it.nobody.length %>):</span> <%= it.nobody.join(", ") %>.</p><% } %>
<h2>Bản tin</h2>
<% if (it.issues.length === 0) { %><p>Chưa có bản tin nào.</p><% } %>
<% for (const issue of it.issues) { %><details<% if (issue.open) { %> open<% } %>><summary><%= issue.title %></summary>
<table><thead><tr><th scope="col">Nội dung</th><th scope="col">Tệp</th><th scope="col">Thư</th></tr></thead><tbody>
<% for (const edition of issue.editions) { %><tr><td><%= edition.summary %></td><td class="short"><% if (edition.pdf) { %><a href="<%= edition.pdf %>">PDF</a><% } else { %>–<% } %></td><td><%= edition.states %></td></tr>
<% } %></tbody></table></details>
<% } %>
<h2>Các lần chạy</h2>
<table><thead><tr><th scope="col">Việc</th><th scope="col">Lúc</th><th scope="col">Kết quả</th></tr></thead><tbody>
<% for (const run of it.runs) { %><tr><td><%= run.job %></td><td><%= run.at %></td><td<% if (run.bad) { %> class="bad"<% } %>><%= run.state %><% for (const problem of run.problems) { %><pre><%= problem %></pre><% } %></td></tr>
<% } %></tbody></table>
</body>
</html>
`;
