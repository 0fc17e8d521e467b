import { describe, expect, it } from "vitest";
import type { Block } from "../../src/domain/edition.ts";
import { formal } from "../../templates/office/formal.ts";
import { reportOf } from "../../templates/office/report.ts";
import { office, weekly } from "./editions.ts";

const { report } = office();
const words = (blocks: readonly Block[]) =>
  blocks.map((block) => {
    if (block.kind === "heading" || block.kind === "note") return `${block.kind}: ${block.text}`;
    return "runs" in block ? block.runs.map(({ text }) => text).join("") : block.kind;
  });

describe("the formal manner", () => {
  it.each([
    ["tăng 3 bậc, giảm 12 bậc", "tăng 03 bậc, giảm 12 bậc"],
    ["5/6 nhóm cao hơn; 2 đơn vị (1 xã) trong 3 tuần", "5/6 nhóm cao hơn; 02 đơn vị (01 xã) trong 03 tuần"],
    ["hạng 3 tỉnh nào, tháng 9 tỉnh đạt 0,4 điểm, +3 bậc, 10 đơn vị", null],
    ["Bản tin này thay bản tin tuần 41", "Báo cáo này thay báo cáo tuần 41"],
    ["so với bản tin trước (28/09)", "so với báo cáo trước (28/09)"],
  ])("gives small counts their zero and speaks of itself as a Báo cáo: %s", (text, expected) => {
    expect(formal(text)).toBe(expected ?? text);
  });
});

describe("a bulletin's words as a Báo cáo", () => {
  it("keep their order and sections, with the points at the head of the first and what is asked in the last", () => {
    const blocks = weekly().content.blocks.map(
      (block): Block => (block.kind === "heading" ? { ...block, opensPage: true } : block),
    );
    const paper = reportOf(weekly({ blocks }), report);
    expect(JSON.stringify(paper)).not.toContain("opensPage");
    expect(words(paper.body)).toEqual([
      expect.stringContaining("báo cáo kết quả tuần 41"),
      "heading: I. KẾT QUẢ CHUNG (lũy kế năm 2026)",
      expect.stringMatching(/^Lũy kế năm 2026, tỉnh đạt 66,14\/100 điểm/u),
      expect.stringMatching(/^Cao hơn điểm cả nước 3,74 điểm/u),
      ...Array.from({ length: 3 }, () => expect.any(String)),
      "table",
      expect.stringMatching(/^note: /u),
      "heading: II. NỘI DUNG ĐỀ NGHỊ BAN CHỈ ĐẠO CHO Ý KIẾN",
      "table",
      expect.stringMatching(/chỉ đạo\.\/\.$/u),
    ]);
    expect(paper.appendix?.title).toBe("TỔNG ĐIỂM CÁC XÃ, PHƯỜNG (lũy kế năm 2026)");
    expect(paper.appendix?.blocks.map(({ kind }) => kind)).toEqual(["table", "note"]);
    expect(JSON.stringify(paper)).not.toMatch(/yếu|việc cần làm|[Bb]ản tin|Nhận xét của cơ quan|không thay thế/u);
  });

  it("leave number and day blank, and print as dots what the office has not said", () => {
    const filled = reportOf(weekly(), report);
    expect(filled.head.number).toMatch(/^Số:\u00a0{6}\/BC-VP$/u);
    expect(filled.head.placeAndDate).toMatch(/^Gia Lai, ngày\u00a0{6}tháng 10 năm 2026$/u);
    expect(filled.receivers.at(-1)).toBe("- Lưu: VT, KSTTHC.");
    const bare = { symbol: null, to: [], signer: [], receivers: [], filedBy: null };
    const blank = reportOf(weekly(), { ...report, ...bare, day: "2027-02-08" });
    expect(blank.head.number).toMatch(/\/BC-…+$/u);
    expect(blank.head.placeAndDate).toMatch(/tháng 02 năm 2027$/u);
    expect([...blank.signer, ...blank.receivers]).toEqual([expect.stringMatching(/^…+$/u), "- Lưu: VT, ……………."]);
  });

  it("say of a correction what it is, before the first section", () => {
    const { masthead, blocks } = weekly().content;
    if (masthead.kind === "digest") throw new TypeError("the weekly has an official masthead");
    const box: Block = {
      kind: "box",
      items: [
        [{ text: "Số liệu điều chỉnh (đính chính 01)", strong: true }],
        [{ text: "Bản tin này thay bản tin tuần 41." }],
      ],
    };
    const titles = [...masthead.titles, "(Đính chính 01)"];
    const paper = reportOf(weekly({ masthead: { ...masthead, titles }, blocks: [box, ...blocks] }), report);
    expect(paper.titles.at(-1)).toBe("(đính chính 01)");
    expect(words(paper.body).slice(1, 4)).toEqual([
      "Số liệu điều chỉnh (đính chính 01)",
      "Báo cáo này thay báo cáo tuần 41.",
      "heading: I. KẾT QUẢ CHUNG (lũy kế năm 2026)",
    ]);
  });
});
