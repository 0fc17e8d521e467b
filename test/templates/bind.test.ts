import { describe, expect, it } from "vitest";
import { bind, bindItem, unbind } from "../../templates/bind.ts";

/** Non-breaking spaces shown as "~". */
const shown = (text: string) => text.replaceAll("\u00a0", "~");

describe("non-breaking spaces", () => {
  it.each([
    ["giảm 0,8 điểm", "giảm 0,8~điểm"],
    ["hạng 3 (15/34 tỉnh)", "hạng~3 (15/34~tỉnh)"],
    ["ngày 05 tháng 10 năm 2026", "ngày~05 tháng~10 năm~2026"],
    ["thứ Sáu, 09/10", "thứ~Sáu, 09/10"],
    ["Tuần 41, từ ngày 05/10/2026", "Tuần~41, từ ngày~05/10/2026"],
    ["248 hồ sơ quá hạn", "248~hồ sơ quá hạn"],
    ["theo dõi riêng tại Mục III.", "theo dõi riêng tại Mục~III."],
    ["8,26 (*)", "8,26~(*)"],
    ["▼ −12,01", "▼~−12,01"],
    ["766/QĐ-TTg ngày 23", "766/QĐ-TTg ngày~23"],
    ["Năm nhóm còn lại, hai mươi tỉnh", "Năm nhóm còn lại, hai mươi tỉnh"],
  ])("stand where a line must not break: %s", (text, bound) => {
    expect(shown(bind(text))).toBe(bound);
    expect(unbind(bind(text))).toBe(text);
  });

  it("keep an item's marker with its first word", () => {
    expect(shown(bindItem("a) Tiến độ"))).toBe("a)~Tiến độ");
    expect(shown(bindItem("- Liền trên"))).toBe("-~Liền trên");
    expect(shown(bind("- Liền trên"))).toBe("- Liền trên");
  });
});
