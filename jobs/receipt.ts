import { offReason } from "../src/domain/working-calendar.ts";
import { raiseAlarm } from "../src/pipeline/alarm.ts";
import { sendNotice } from "../src/pipeline/notice.ts";
import { provinceOf } from "../src/pipeline/province.ts";
import { openCalendar } from "../src/pipeline/publish-policy.ts";
import { isSilent, readReceipt } from "../src/pipeline/receipt.ts";
import { receiptWords } from "../src/pipeline/receipt-words.ts";
import type { Job, JobResult } from "../src/pipeline/run.ts";

/** Tells the administrator once a day what became of the day's mail, also that there was none. */
export const receipt: Job = {
  name: "receipt",
  missed: "last",
  async run(ctx, { day, send, slot }) {
    const { admin } = ctx.settings.mail;
    const province = provinceOf(ctx);
    const off = offReason(await openCalendar(ctx), day);
    if (slot !== undefined && off !== null) return skipped(`no receipt today: ${off}`);
    if (!send) return skipped('no receipt (a past day; --send sends, "diemtin receipt --for DATE" prints it)');
    const found = await readReceipt(ctx, { province, day });
    const problems = isSilent(found) ? [silence(day)] : [];
    if (problems.length > 0) await raiseAlarm(ctx, { job: "receipt", scheduledFor: day }, problems);
    const { subject, lines } = receiptWords(found);
    if (admin === undefined) return { result: "no receipt: mail.admin names nobody", problems, lines, skipped: true };
    const to = { name: "Quản trị bản tin 766", address: admin };
    const sent = await sendNotice(ctx, { key: `receipt/${day}`, to, subject, ...bodyOf(lines), attachments: [] });
    if (sent === null) return { result: `the receipt of ${day} was sent before`, problems, lines, skipped: true };
    const result =
      sent.outcome.state === "accepted" ? `the receipt of ${day} is sent` : `the receipt of ${day} did not leave`;
    return { result, problems: [...problems, ...sent.problems], lines };
  },
};

function skipped(result: string): JobResult {
  return { result, problems: [], skipped: true };
}

function silence(day: string) {
  const message = `${day} is a working day, mail may leave and nobody holds it, yet no mail has left: see "diemtin status" and "diemtin runs list"`;
  return { cause: "receipt/no-mail", severity: "failed", message } as const;
}

function bodyOf(lines: readonly string[]) {
  const safe = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const html = lines.map((line) => `<p>${safe(line)}</p>`).join("");
  return {
    text: `${lines.join("\n")}\n`,
    html: `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiếu gửi</title></head><body>${html}</body></html>`,
  };
}
