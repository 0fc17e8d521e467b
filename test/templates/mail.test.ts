import { describe, expect, it } from "vitest";
import { createPress } from "../../src/adapters/press.ts";
import { bind } from "../../templates/bind.ts";
import { appendix, daily, dailyWithRanking, weekly, wholeBlock } from "./editions.ts";

const press = createPress();

describe("the HTML mail", () => {
  it("starts with the lines, names its language, and has no image and no outside address", () => {
    const html = press.html(daily());
    expect(html).toContain('<html lang="vi">');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    const [first = "", second = ""] = daily().content.lines;
    expect(html.indexOf(bind(first))).toBeGreaterThan(html.indexOf("<h1"));
    expect(html.indexOf(bind(second))).toBeGreaterThan(html.indexOf(bind(first)));
    expect(html.indexOf("<th")).toBeGreaterThan(html.indexOf(bind(second)));
    expect(html).not.toMatch(/<img|https?:|url\(/u);
  });

  it("escapes everything from data", () => {
    const hostile = `<script>alert("x")</script> & 'y'`;
    const edition = dailyWithRanking(wholeBlock(2, hostile));
    const lines = [hostile, hostile];
    const html = press.html({ ...edition, content: { ...edition.content, lines, title: hostile } });
    expect(html).not.toContain("<script");
    expect(html.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt; &amp; &#39;y&#39;/gu)?.length).toBe(5);
  });

  it("turns halves side by side into one list, own unit marked, and moves the last words under their row", () => {
    const html = press.html(daily());
    const names = ["xã Vân Canh", "xã Uar", "phường An Bình", "►\u00a0phường Quy Nhơn Tây", "xã Ia Dom"];
    const places = names.map((name) => html.indexOf(`>${name}<`));
    expect(places.every((place, at) => place > (places[at - 1] ?? 0))).toBe(true);
    expect(html).toMatch(
      /scope="row"[^>]*>Tiến độ giải quyết<[\s\S]*?colspan="4"[^>]*>Đúng hạn 2\.102\/2\.350; quá hạn 248</u,
    );
  });

  it("moves the second and third column of words under their row, with their titles", () => {
    const widths = { TT: "center", "Nội dung": "left", "Đơn vị báo cáo": "left", "Thời hạn": "center" } as const;
    const columns = Object.entries(widths).map(([title, align]) => ({ title, align, width: 1 }));
    const rows = [{ cells: ["1", "Số hóa hồ sơ", "Sở A", "……/……/2026"].map((text) => ({ text })) }];
    const html = press.html(weekly({ blocks: [{ kind: "table", table: { caption: "Ý kiến", columns, rows } }] }));
    expect(html.match(/<th scope="col"/gu)?.length).toBe(2);
    expect(html).toMatch(/>Số hóa hồ sơ<[\s\S]*colspan="2"[^>]*>Đơn vị báo cáo: Sở A; Thời hạn: ……\/……\/2026</u);
  });

  it("leaves the appendix to the PDF and keeps the points no line carries", () => {
    const html = press.html(weekly());
    expect(html).not.toContain("PHỤ LỤC");
    expect(html).toContain("xem tệp PDF đính kèm");
    expect(html).toContain(bind("Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc 06:00 ngày 12/10/2026.</p>"));
    expect(html.match(/giảm nhiều nhất: Sở Giáo dục và Đào tạo/gu)?.length).toBe(1);
    expect(html.match(/Cách hạng\u00a03/gu)?.length).toBe(1);
  });

  it("puts a warning above everything, and the purpose of a paper below its name", () => {
    const { masthead } = weekly().content;
    const warned = press.html(weekly({ masthead: { ...masthead, notice: "SỐ LIỆU MẪU" } }));
    expect(warned.indexOf("SỐ LIỆU MẪU")).toBeLessThan(warned.indexOf("<h1"));
    const usual = press.html(weekly());
    expect(usual.indexOf("(Tài liệu phục vụ")).toBeGreaterThan(usual.indexOf("BẢN TIN: "));
  });

  it("drops tables from the last one on rather than be clipped, and says where they are", () => {
    const table = { kind: "table", table: appendix(300) } as const;
    const html = press.html(weekly({ blocks: [{ kind: "table", table: appendix(20) }, table] }));
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(60_000);
    expect(html.match(/<th scope="col"/gu)?.length).toBe(5);
    expect(html).toContain(`${bind(table.table.caption)}: xem tệp PDF đính kèm.`);
  });

  it("is refused when there is no PDF to refer to", () => {
    const blocks = [{ kind: "table", table: appendix(300) } as const];
    expect(() => press.html(weekly({ blocks, pages: false }))).toThrow(
      /^edition weekly\/2026-W41\/H21\/r0: the HTML mail is over 60000 bytes/u,
    );
  });

  it("is a short mail when the edition has no pages", () => {
    const blocks = [{ kind: "paragraph", runs: [{ text: "Cổng chưa cập nhật số liệu mới." }] } as const];
    expect(press.html(daily({ blocks, pages: false }))).toContain("Cổng chưa cập nhật số liệu mới.");
    expect(press.text(daily({ blocks, pages: false }))).toContain("\n\nCổng chưa cập nhật số liệu mới.\n");
  });
});

describe("the plain text", () => {
  it("aligns figures, has ASCII signs and plain spaces, and carries the note", () => {
    const text = press.text(daily());
    expect(text.startsWith(`${daily().content.lines[0]}\n\n`)).toBe(true);
    expect(text).not.toMatch(/[\u00a0\u2212▲▼►]/u);
    expect(text).toContain("Mức độ hài lòng              5,96/18        -12,01           15,11\n");
    expect(text).toContain("Tổng điểm                  59,17/100        -12,01           69,56\n");
    expect(text).toContain(" 127  > phường Quy Nhơn Tây      59,17\n");
    expect(text).toContain("Bản tin tiếp theo: thứ Ba, 13/10/2026.\n");
  });
});
