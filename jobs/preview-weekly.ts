import { addDays, type Day, dayOf, mondayOf, shortDate, timeOf } from "../src/domain/calendar.ts";
import { isWorkingDay, nextWeeklyIssueDay, type WorkingCalendar, weeklyIssue } from "../src/domain/working-calendar.ts";
import { shownParts } from "../src/pipeline/banner.ts";
import { composeWeeklies } from "../src/pipeline/compose-weekly.ts";
import type { Context } from "../src/pipeline/context.ts";
import { addressMark, sendNotice, type Told } from "../src/pipeline/notice.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import { render } from "../src/pipeline/publish.ts";
import { openCalendar } from "../src/pipeline/publish-policy.ts";
import type { Job } from "../src/pipeline/run.ts";

/** Mails the approvers, before the week ends, what the next weekly would say from the figures so far. Nothing is kept of it. */
export const previewWeekly: Job = {
  name: "preview-weekly",
  missed: "last",
  async run(ctx, { day, asOf, send, slot }) {
    const { approvers } = ctx.settings.weekly;
    const calendar = await openCalendar(ctx);
    const due = lastWorkingDay(calendar, day);
    const why =
      approvers.length === 0
        ? "weekly.approvers names nobody"
        : slot !== undefined && due !== day
          ? `it leaves on the last working day of the week, ${due ?? "and this week has none"}`
          : send
            ? null
            : "a past day; --send sends";
    if (why !== null) return { result: `no preview: ${why}`, problems: [], skipped: true };
    const issueDay = nextWeeklyIssueDay(calendar, day);
    const composed = await composeWeeklies(asPreview(ctx, asOf), {
      ...{ province: provinceOf(ctx), day: issueDay, asOf, older: true, afresh: true },
      nextIssue: nextWeeklyIssueDay(calendar, issueDay),
    });
    const [edition] = composed.editions;
    if (edition === undefined) return { result: "no preview: nothing can be composed", problems: composed.problems };
    const files = await render(ctx, edition);
    const { issue } = weeklyIssue(calendar, issueDay);
    const sent: (Told | null)[] = [];
    for (const address of approvers) {
      const to = { name: "Người duyệt bản tin tuần", address };
      const lines = linesOf(asOf, issueDay);
      const parts = shownParts({ ...{ edition, files, to, lines }, settings: ctx.settings, mark: "[Dự thảo]" });
      sent.push(await sendNotice(ctx, { key: `preview/${issue}/${day}/${addressMark(address)}`, to, ...parts }));
    }
    const left = sent.filter((told) => told?.outcome.state === "accepted").length;
    const before = sent.filter((told) => told === null).length;
    return {
      result: `preview of ${issue}: ${left} of ${approvers.length} mails accepted, ${before} sent before`,
      problems: sent.flatMap((told) => told?.problems ?? []),
      lines: [edition.content.summary],
      skipped: before === approvers.length,
    };
  },
};

/** Friday, or the last working day before it; a worked Saturday is too late to say anything. Null in a week that is off. */
function lastWorkingDay(calendar: WorkingCalendar, day: Day): Day | null {
  const monday = mondayOf(day);
  return [4, 3, 2, 1, 0].map((ahead) => addDays(monday, ahead)).find((each) => isWorkingDay(calendar, each)) ?? null;
}

/** The same settings with "dự thảo" at the head of every page. */
function asPreview(ctx: Context, asOf: Date): Context {
  const { notice } = ctx.settings.issuer;
  const draft = `DỰ THẢO lập lúc ${timeOf(asOf)} ngày ${shortDate(dayOf(asOf))}${notice === undefined ? "" : ` – ${notice}`}`;
  return { ...ctx, settings: { ...ctx.settings, issuer: { ...ctx.settings.issuer, notice: draft } } };
}

function linesOf(asOf: Date, issueDay: Day): readonly string[] {
  return [
    `DỰ THẢO bản tin tuần, lập từ số liệu đến ${timeOf(asOf)} ngày ${shortDate(dayOf(asOf))}, chỉ gửi người duyệt để xem trước.`,
    `Bản chính thức được lập lại từ số liệu sáng ${shortDate(issueDay)}. Ghi nhận xét: npx diemtin note set TỆP --for ${issueDay}. Giữ lại: npx diemtin hold weekly --for ${issueDay} --reason "…".`,
  ];
}
