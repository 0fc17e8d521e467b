import type { Message } from "../../../src/domain/delivery.ts";

/** Stands for a PDF of some size: bytes no text encoding leaves alone. */
export function pdfBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + (at >> 8)) % 256;
  return bytes;
}

/** A whole message as the deliver stage makes them; tests change what they are about. */
export function sampleMessage(changes: Partial<Message> = {}): Message {
  return {
    messageId: "<766-daily-2026-10-12-r0.0123456789abcdef@tinh.example.vn>",
    from: { name: "Bản tin 766 tỉnh Gia Lai", address: "bantin766@tinh.example.vn" },
    replyTo: "kstthc@tinh.example.vn",
    to: { name: "Nguyễn Thị Hoàng Yến", address: "Hoang.Yen@phuong.example.vn" },
    subject: "[766] 12/10: phường Quy Nhơn Tây 59,17 điểm (−12,01), hạng 127/135 – lũy kế năm 2026",
    text: "Lũy kế năm 2026 đạt 59,17/100 điểm, giảm 12,01 điểm.\n.\n..\nTrân trọng.\n",
    html: "<p>Lũy kế năm 2026 đạt <b>59,17/100 điểm</b>, giảm 12,01 điểm.</p>\n",
    date: new Date("2026-10-12T00:15:00.000Z"),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      "Content-Language": "vi",
    },
    attachments: [
      { filename: "diem-tin-766_2026-10-12_H21.17.pdf", contentType: "application/pdf", content: pdfBytes(20_000) },
    ],
    fileName: "2026-10-12_daily_H21.17_01234567",
    ...changes,
  };
}
