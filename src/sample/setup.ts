import type { Recipient } from "../domain/delivery.ts";
import type { Settings } from "../domain/settings.ts";
import { SAMPLE_PROVINCE, UNIT_BODIES } from "./bodies.ts";

/** What the demo changes in the default settings: a province that issues, a sender that does not exist, no pauses. */
export const SAMPLE_SETTINGS = {
  province: SAMPLE_PROVINCE,
  issuer: {
    superior: ["UBND TỈNH GIA LAI"],
    name: ["VĂN PHÒNG"],
    line: "VĂN PHÒNG UBND TỈNH GIA LAI",
    inText: "Văn phòng UBND tỉnh",
    place: "Gia Lai",
    contact: "Phòng Kiểm soát thủ tục hành chính (liên hệ mẫu)",
    notice: "SỐ LIỆU MẪU, KHÔNG PHẢI SỐ LIỆU CỦA CỔNG DỊCH VỤ CÔNG QUỐC GIA",
  },
  portal: { pauseMs: 0, timeoutMs: 30_000, maxBytes: 20_000_000 },
  mail: { from: { name: "Bản tin 766 (mẫu)", address: "bantin766@example.vn" } },
  whereToLook: {
    TDGQ: "Hệ thống thông tin giải quyết TTHC của tỉnh, mục hồ sơ quá hạn",
    MDHL: "Hệ thống tiếp nhận, trả lời phản ánh, kiến nghị",
  },
} as const satisfies Partial<Settings>;

/** A recipient for every unit, and two for the province: the digest and the committee's bulletin. */
export const SAMPLE_RECIPIENTS: readonly Recipient[] = [
  {
    name: "Lãnh đạo tỉnh (mẫu)",
    position: "Phó Chủ tịch UBND tỉnh",
    email: "lanh-dao@example.vn",
    unit: SAMPLE_PROVINCE,
    bulletins: ["daily", "weekly"],
  },
  {
    name: "Ban Chỉ đạo (mẫu)",
    position: "Thư ký Ban Chỉ đạo",
    email: "ban-chi-dao@example.vn",
    unit: SAMPLE_PROVINCE,
    bulletins: ["weekly"],
  },
  ...UNIT_BODIES.map(
    ({ code }): Recipient => ({
      name: `Thủ trưởng đơn vị ${code} (mẫu)`,
      position: "Thủ trưởng đơn vị",
      email: `${code.toLowerCase().replace(".", "-")}@example.vn`,
      unit: code,
      bulletins: ["daily"],
    }),
  ),
];
