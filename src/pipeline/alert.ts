import { createHash } from "node:crypto";
import { shortDate } from "../domain/calendar.ts";
import type { Message, Outcome } from "../domain/delivery.ts";
import { SendError } from "../domain/errors.ts";
import type { Problem, Run } from "../domain/run.ts";
import type { Context } from "./context.ts";
import { AUTOMATIC_HEADERS, senderDomain } from "./message.ts";

type Advice = { readonly causes: string; readonly title: string; readonly happened: string; readonly todo: string };

/** What an administrator reads, by the beginning of the cause; the first that fits is taken, the last fits everything. */
const ADVICE: readonly Advice[] = [
  {
    causes: "collect/",
    title: "số liệu lấy từ Cổng chưa đầy đủ",
    happened:
      "Lần lấy số liệu từ Cổng Dịch vụ công quốc gia không đầy đủ. Hệ thống tiếp tục dùng bộ số liệu đầy đủ gần nhất.",
    todo: "Xem chi tiết bên dưới và chạy “npx diemtin snapshots list”; khi Cổng đã ổn định, chạy “npx diemtin run collect”.",
  },
  {
    causes: "deliver/stopped",
    title: "dừng gửi thư do lỗi máy chủ thư",
    happened:
      "Việc gửi thư phải dừng giữa chừng. Những thư chưa gửi vẫn còn trong danh sách chờ, không thư nào bị gửi hai lần.",
    todo: "Kiểm tra máy chủ thư và SMTP_URL bằng “npx diemtin doctor”, sau đó chạy “npx diemtin run redeliver”.",
  },
  {
    causes: "deliver/unknown",
    title: "có thư chưa rõ đã đến hay chưa",
    happened: "Máy chủ thư không trả lời sau khi đã nhận nội dung. Hệ thống không tự gửi lại những thư này.",
    todo: "Hỏi người nhận hoặc xem nhật ký của máy chủ thư; danh sách ở “npx diemtin deliveries list”.",
  },
  {
    causes: "deliver/nobody",
    title: "không có ai nhận bản tin",
    happened: "Bản tin đã được lập nhưng trong danh sách không có ai nhận nó.",
    todo: "Bổ sung danh sách người nhận rồi nhập lại bằng “npx diemtin recipients import”.",
  },
  {
    causes: "receipt/no-mail",
    title: "hôm nay không có thư nào được gửi",
    happened: "Hôm nay là ngày làm việc, việc gửi không bị giữ, nhưng không có thư nào đi.",
    todo: "Xem “npx diemtin status” và “npx diemtin runs list”: dòng cuối nói lý do.",
  },
  {
    causes: "deliver/",
    title: "có thư không gửi được",
    happened: "Máy chủ thư từ chối một số thư; những người nhận này chưa có bản tin.",
    todo: "Sửa địa chỉ trong danh sách người nhận rồi nhập lại bằng “npx diemtin recipients import”, hoặc khắc phục lỗi nêu bên dưới.",
  },
  {
    causes: "go-live/",
    title: "chưa có thư nào được gửi: chưa xác nhận phát hành",
    happened:
      "Các ấn bản đã được lập và cất giữ, nhưng chưa ai xác nhận cho phép gửi thư đến người đọc thật, nên không thư nào được gửi.",
    todo: "Chạy “npx diemtin go-live”: lệnh cho biết ai sẽ nhận gì và yêu cầu gõ mã tỉnh để xác nhận.",
  },
  {
    causes: "recipients/paused",
    title: "có người đọc tạm dừng nhận điểm tin",
    happened: "Người đọc đã dùng liên kết trong thư để tạm dừng nhận điểm tin hằng ngày của đơn vị mình.",
    todo: "Trao đổi với người đó. Xem “npx diemtin recipients list”; khi họ muốn nhận lại, chạy “npx diemtin recipients resume ĐỊA_CHỈ”.",
  },
  {
    causes: "recipients/suppressed",
    title: "có địa chỉ thư không dùng được",
    happened:
      "Thư gửi đến những địa chỉ này bị trả lại vì địa chỉ không tồn tại hoặc bị từ chối. Hệ thống không gửi đến đó nữa.",
    todo: "Sửa địa chỉ trong danh sách rồi nhập lại bằng “npx diemtin recipients import”; nếu địa chỉ vẫn đúng, chạy “npx diemtin recipients resume ĐỊA_CHỈ”.",
  },
  {
    causes: "recipients/soft",
    title: "thư của một người nhận nhiều lần bị trả lại",
    happened: "Thư của ba số bản tin trở lên gửi đến một người bị trả lại vì lý do có thể tạm thời.",
    todo: "Hỏi người nhận xem hộp thư có đầy hoặc đã đổi địa chỉ hay không.",
  },
  {
    causes: "calendar/missing-year/",
    title: "chưa có lịch nghỉ của năm",
    happened:
      "Lịch làm việc chưa có ngày nghỉ của năm này. Hệ thống không tự suy đoán: khi chưa có lịch, mọi ngày từ thứ Hai đến thứ Sáu đều được coi là ngày làm việc.",
    todo: "Nhập lịch theo thông báo của năm bằng “npx diemtin calendar import TỆP”, kiểm tra bằng “npx diemtin calendar list”.",
  },
  {
    causes: "",
    title: "sự cố khi chạy",
    happened: "Một bước của hệ thống không hoàn thành.",
    todo: "Xem chi tiết bên dưới, chạy “npx diemtin doctor” và “npx diemtin runs list”, khắc phục rồi chạy lại bước này.",
  },
];
/** Keeps the mail readable when a finding lists hundreds of places; the run keeps the whole text. */
const MOST_LETTERS = 20_000;

type Tick = Pick<Run, "job" | "scheduledFor">;

/**
 * Tells the administrator of faults: one mail per cause, again only after `rearm`. Gives problems of its own for mails that could
 * not go out; those causes stay untold, so the next run tries again.
 *
 * A cause is raised before its mail and cleared again when the mail was certainly not taken. The other order could not keep two
 * workers from both writing, since raising is the one step the database decides. The price: a process that dies between the two
 * leaves that cause raised and untold; its run then stands as cut off in the list of runs.
 */
export async function alertAdmin(ctx: Context, run: Tick, problems: readonly Problem[]): Promise<Problem[]> {
  const { admin } = ctx.settings.mail;
  if (problems.length === 0) return [];
  if (admin === undefined) {
    ctx.progress(`nobody is told by mail of ${problems.length} problems: the configuration has no mail.admin`);
    return [];
  }
  const told: Problem[] = [];
  for (const problem of problems) {
    const raised = raisedName(problem.cause);
    if (!(await ctx.store.runs.raise(raised, ctx.now()))) continue;
    const outcome = await sendOrClear(ctx, raised, alertMessage(ctx, { run, problem, admin }));
    ctx.log("alert", { cause: problem.cause, state: outcome.state });
    if (outcome.state === "accepted") continue;
    const missed = untold(problem, outcome);
    ctx.progress(missed.message);
    told.push(missed);
    if (outcome.state === "failed" && outcome.stop) break; // the other causes stay unraised and are told next time
  }
  return told;
}

/** After a good run: causes that begin so are mailed again when they come back. */
export async function rearm(ctx: Context, causePrefix: string): Promise<void> {
  await ctx.store.runs.clear(causePrefix);
}

async function sendOrClear(ctx: Context, raised: string, message: Message): Promise<Outcome> {
  let outcome: Outcome | null = null;
  try {
    outcome = await ctx.channel.send(message);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    outcome = { state: "failed", reply: error.message, mayPass: error.mayPass, stop: false };
  } finally {
    // Also on a bug: whatever did not say "accepted" or "unknown" has not reached the administrator.
    if (outcome === null || outcome.state === "failed") await ctx.store.runs.clear(raised);
  }
  return outcome;
}

/** Clearing goes by prefix; the mark at the end keeps "…/2026-1" from clearing "…/2026-10". */
function raisedName(cause: string): string {
  return `${cause}#`;
}

function untold(problem: Problem, outcome: Outcome): Problem {
  const how = outcome.state === "unknown" ? "may or may not have been told" : "could not be told";
  return {
    cause: "alert/not-sent",
    severity: "partial",
    message: `the administrator ${how} of ${problem.cause} by mail: ${outcome.reply}`,
  };
}

function alertMessage(ctx: Context, about: { run: Tick; problem: Problem; admin: string }): Message {
  const { run, problem, admin } = about;
  const { settings } = ctx;
  const at = ctx.now();
  const advice = ADVICE.find(({ causes }) => problem.cause.startsWith(causes)) ?? { title: "", happened: "", todo: "" };
  const place = `${run.job}-${run.scheduledFor}`.replace(/[^A-Za-z0-9._-]/g, "-");
  const hash = createHash("sha256").update(`${problem.cause}\n${at.toISOString()}`).digest("hex");
  const detail =
    problem.message.length > MOST_LETTERS ? `${problem.message.slice(0, MOST_LETTERS)} …` : problem.message;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(run.scheduledFor) ? `ngày ${shortDate(run.scheduledFor)}` : run.scheduledFor;
  const parts: readonly (readonly [string, string])[] = [
    ["Điều gì đã xảy ra", advice.happened],
    ["Ở đâu", `Bước ${run.job}, ${day}; mã nguyên nhân: ${problem.cause}.`],
    ["Cần làm gì", advice.todo],
    ["Nguyên văn thông báo của hệ thống", detail],
  ];
  const foot = "Mỗi nguyên nhân chỉ được báo một lần cho đến khi được khắc phục.";
  return {
    messageId: `<766-alert-${place}.${hash.slice(0, 20)}@${senderDomain(settings)}>`,
    from: settings.mail.from,
    to: { name: "Quản trị bản tin 766", address: admin },
    subject: `[766] Cần xử lý: ${advice.title} (${run.job}, ${day})`,
    text: `${parts.map(([title, words]) => `${title.toLocaleUpperCase("vi")}\n${words}\n`).join("\n")}\n${foot}\n`,
    html: `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${escapeHtml(advice.title)}</title></head><body>${parts
      .map(([title, words]) => `<h2>${escapeHtml(title)}</h2><p style="white-space:pre-wrap">${escapeHtml(words)}</p>`)
      .join("")}<p>${escapeHtml(foot)}</p></body></html>`,
    date: at,
    headers: AUTOMATIC_HEADERS,
    attachments: [],
    fileName: `alert_${place}_${hash.slice(0, 8)}`,
  };
}

/** A finding may repeat what a publisher sent, tags included. */
function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? "");
}
