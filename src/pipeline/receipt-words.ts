import { shortDate, weekdayName } from "../domain/calendar.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import { type IssueReceipt, isSilent, type Receipt } from "./receipt.ts";

const MOST_SHOWN = 20;
const BULLETINS = { daily: "Điểm tin ngày", weekly: "Bản tin tuần" } as const;
/** In the order a reader asks; states this list does not know are shown by their own name. */
const STATES: Readonly<Record<string, string>> = {
  accepted: "đã nhận",
  failed: "hỏng",
  unknown: "chưa rõ",
  late: "quá hạn",
  queued: "còn nợ",
  sending: "đang gửi",
  bounced: "bị trả lại",
  suppressed: "không gửi",
};

/** The receipt as the administrator reads it: counts first, then what asks for somebody. Vietnamese, no addresses. */
export function receiptWords(receipt: Receipt): { readonly subject: string; readonly lines: readonly string[] } {
  const { day, issues, quarantine, withoutReader, next } = receipt;
  const total = (state: DeliveryState) => issues.reduce((sum, { states }) => sum + (states[state] ?? 0), 0);
  const date = shortDate(day);
  const none = noneWords(receipt);
  const counts = `${total("accepted")} đã nhận, ${total("failed")} hỏng, ${total("unknown")} chưa rõ`;
  return {
    subject: none === null ? `[766] Phiếu gửi ngày ${date}: ${counts}` : `[766] Phiếu gửi ngày ${date}: ${none}`,
    lines: [
      `PHIẾU GỬI ${weekdayName(day)} ngày ${date}, ${receipt.province}`,
      ...(none === null ? [] : [none]),
      ...issues.map(issueLine),
      ...issues.flatMap(openLines),
      `Chờ xác nhận: ${quarantine.units.length} đơn vị${some(quarantine.units)}; ${quarantine.snapshots} lần lấy số liệu trong ngày không dùng để in.`,
      `Không ai nhận: ${withoutReader.length} đơn vị${some(withoutReader)}.`,
      `Số kế tiếp: ${next.map((issue) => `${BULLETINS[issue.bulletin].toLowerCase()} ${shortDate(issue.day)}`).join(", ")}.`,
    ],
  };
}

/** Why nothing left; null when something did. */
function noneWords(receipt: Receipt): string | null {
  const { off, live, issues } = receipt;
  const left = issues.some(({ states }) => (states.accepted ?? 0) + (states.unknown ?? 0) > 0);
  if (left) return null;
  if (off !== null) return "ngày nghỉ, không có thư nào được gửi";
  if (receipt.rehearsal)
    return "ĐANG CHẠY THỬ: thư chỉ đến hộp thư chạy thử, KHÔNG CÓ THƯ NÀO đến người đọc (mail.rehearsal_to)";
  if (!live) return "KHÔNG CÓ THƯ NÀO ĐƯỢC GỬI: chưa xác nhận phát hành (npx diemtin go-live)";
  const held = issues.find(({ hold }) => hold !== null)?.hold;
  if (held != null) return `KHÔNG CÓ THƯ NÀO ĐƯỢC GỬI: ${held.by} đang giữ lại (${held.reason})`;
  return isSilent(receipt) ? "KHÔNG CÓ THƯ NÀO ĐƯỢC GỬI: xem npx diemtin status, npx diemtin runs list" : null;
}

function issueLine({ bulletin, issue, editions, changed, states, hold }: IssueReceipt): string {
  const known = Object.keys(STATES);
  const counted = Object.entries(states).sort(([a], [b]) => known.indexOf(a) - known.indexOf(b));
  const mails = counted.map(([state, count]) => `${count} ${STATES[state] ?? state}`).join(", ");
  const held = hold === null ? "" : `; đang giữ: ${hold.by}, ${hold.reason}`;
  return `${BULLETINS[bulletin]} ${issue}: ${editions} ấn bản, ${changed} có điểm thay đổi; thư: ${mails || "không có"}${held}.`;
}

/** Which deliveries ask for somebody, by state; ids lead to "deliveries list". */
function openLines({ open, bulletin, issue }: IssueReceipt): readonly string[] {
  const states = [...new Set(open.map(({ state }) => state))];
  return states.map((state) => {
    const own = open.filter((row) => row.state === state).map(({ id, unit }) => `${id} (${unit})`);
    return `  ${STATES[state] ?? state}, ${BULLETINS[bulletin].toLowerCase()} ${issue}: lượt gửi ${own.slice(0, MOST_SHOWN).join(", ")}${own.length > MOST_SHOWN ? ", …" : ""}.`;
  });
}

function some(list: readonly string[]): string {
  if (list.length === 0) return "";
  return ` (${list.slice(0, MOST_SHOWN).join(", ")}${list.length > MOST_SHOWN ? ", …" : ""})`;
}
