import { unzipSync } from "fflate";
import readXlsxFile from "read-excel-file/node";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPress } from "../../src/adapters/press.ts";
import type { Block, Edition } from "../../src/domain/edition.ts";
import type { OfficePapers } from "../../src/domain/office.ts";
import { PAGE, WEEKLY_MARGINS } from "../../templates/theme.ts";
import { office, weekly } from "../templates/editions.ts";
import { inspect, wordBoxes, wordsIn } from "../templates/poppler.ts";
import { preflight, withoutPreflight } from "../templates/preflight.ts";

const press = createPress();
const TREND: Block = {
  kind: "chart",
  chart: {
    kind: "line",
    title: "Tổng điểm, lũy kế năm 2026",
    alt: "Tổng điểm của tỉnh: 05/10 65,64 điểm; 12/10 66,14 điểm.",
    source: "Nguồn: Cổng Dịch vụ công quốc gia.",
    points: ["05/10", "12/10"],
    series: [{ name: "Gia Lai", values: [6564, 6614], own: true }],
    breaks: [],
  },
};
const papers = office();
const { blocks } = weekly().content;
const body = [...blocks.slice(0, 6), TREND, ...blocks.slice(6, 7)];
const edition: Edition = weekly({ office: papers, blocks: [...body, ...blocks.slice(7)] });

async function made(of = edition, from: OfficePapers = papers): Promise<readonly [Uint8Array, Uint8Array, Uint8Array]> {
  const files = await press.office(of, from);
  const bytes = (kind: string) => files.find((file) => file.kind === kind)?.bytes ?? new Uint8Array();
  return [bytes("bao-cao-pdf"), bytes("bao-cao-docx"), bytes("appendix-xlsx")];
}

const part = (archive: Uint8Array, name: string) => new TextDecoder().decode(unzipSync(archive)[name]);

/** A document's words, paragraph by paragraph. */
function wordsOf(xml: string): string[] {
  const text = [...xml.matchAll(/<w:p[ >].*?<\/w:p>/gu)].map(([p]) =>
    [...p.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/gu)].map(([, words]) => words).join(""),
  );
  return wordsIn(text.join(" "));
}

describe("the papers for the office", () => {
  let pdf: Uint8Array;
  let docx: Uint8Array;
  let xlsx: Uint8Array;
  beforeAll(async () => {
    [pdf, docx, xlsx] = await made();
  });

  it("are a Báo cáo whose parts stand where NĐ 30 wants them, in embedded fonts, inside the margins", async () => {
    const pages = (await inspect(pdf, "pdftotext", ["-layout", "FILE", "-"])).split("\f").slice(0, -1);
    const first = (pages[0] ?? "").replaceAll("\u00a0", " ");
    expect(first).toMatch(
      /UBND TỈNH GIA LAI\s+CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\s+VĂN PHÒNG\s+Độc lập - Tự do - Hạnh phúc/u,
    );
    expect(first).toMatch(/Số:\s+\/BC-VP\s+Gia Lai, ngày\s+tháng 10 năm 2026\n+\s+BÁO CÁO\n/u);
    expect(first).toMatch(/Kính gửi: Ban Chỉ đạo của tỉnh/u);
    const signed = pages.find((page) => page.includes("Nơi nhận:")) ?? "";
    expect(signed).toMatch(
      /\.\/\.\n+Nơi nhận:\s+KT. CHÁNH VĂN PHÒNG\n- Như trên;\s+PHÓ CHÁNH VĂN PHÒNG\n.*\n- Lưu: VT, KSTTHC\.\n/u,
    );
    for (const [at, page] of pages.entries()) {
      const [top = ""] = page.trim().split("\n");
      expect(top === String(at + 1)).toBe(at > 0);
    }
    for (const word of await wordBoxes(pdf)) {
      expect([word.text, word.left >= WEEKLY_MARGINS.left - 0.5]).toEqual([word.text, true]);
      expect([word.text, word.right <= PAGE.width - WEEKLY_MARGINS.right + 0.5]).toEqual([word.text, true]);
    }
    expect(await inspect(pdf, "qpdf", ["--check", "FILE"])).toContain("No syntax or stream encoding errors");
    const fonts = (await inspect(pdf, "pdffonts", ["FILE"])).trim().split("\n").slice(2);
    for (const font of fonts) expect(font).toMatch(/\+Tinos-\w+\s+CID TrueType\s+Identity-H\s+yes yes yes/u);
  });

  it("are tagged so that no paragraph runs together, and the chart is told in words", async () => {
    // Reading the tree of a long table takes poppler minutes: the sections alone.
    const [sections] = await made({ ...edition, content: { ...edition.content, blocks: body } });
    const tree = await inspect(sections, "pdfinfo", ["-struct-text", "FILE"]);
    const lines = [...tree.matchAll(/P \(block\)\n\s+"([^\n]*)"/gu)].map(([, text = ""]) => text);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((text) => text.length > 25 && !/ /u.test(text.trim()))).toEqual([]);
    expect(tree).toMatch(/Figure/u);
    expect(tree).toMatch(/TH:\s+\/Scope \/Column/u);
  });

  it.skipIf(withoutPreflight())(
    "are sound for the archive: PDF/A-1b by PDFBox Preflight",
    { timeout: 60_000 },
    async () => {
      expect(await preflight(pdf)).toContain("is a valid PDF/A-1b file");
    },
  );

  it("say in the word processor what they say on paper, word for word, with the chart as a picture", async () => {
    const xml = part(docx, "word/document.xml");
    const onPaper = wordsIn(await inspect(pdf, "pdftotext", ["-raw", "FILE", "-"])).sort();
    const inDocument = wordsOf(xml);
    expect(inDocument.join("")).toBe(inDocument.join("").normalize("NFC"));
    // Paper repeats header rows, numbers its pages and draws the chart's words; a word processor does that by itself.
    const words = new Set(onPaper);
    expect(inDocument.filter((word) => !words.has(word))).toEqual([]);
    const known = new Set(inDocument);
    const extra = [...new Set(onPaper.filter((word) => !known.has(word)))];
    expect(extra.filter((word) => !/^\d{1,2}([,/]\d+)?$/u.test(word)).length).toBeLessThan(8);
    expect(xml).toContain('w:descr="Tổng điểm của tỉnh: 05/10 65,64 điểm; 12/10 66,14 điểm."'.replace("w:", ""));
    expect(Object.keys(unzipSync(docx)).filter((name) => name.endsWith(".png"))).toHaveLength(1);
    expect(xml).toContain("<w:tblHeader/>");
    expect(xml).toMatch(/w:top="1134".*w:left="1701"|w:left="1701".*w:top="1134"/u);
    expect(part(docx, "word/styles.xml")).toMatch(/Times New Roman.*w:val="vi-VN"/su);
  });

  it("keep figures as numbers, missing ones in words, and no text that a spreadsheet would calculate", async () => {
    const [sheet] = await readXlsxFile(Buffer.from(xlsx));
    expect(sheet?.sheet).toBe("Xã, phường");
    expect(sheet?.data.slice(0, 4)).toEqual([
      ["Hạng", "Đơn vị", "Tổng điểm", "So với tuần trước (05/10)"],
      [1, "xã Vân Canh", 75.25, 0.29],
      [2, "'=cmd|' /C calc'!A0", 85.31, -12.01],
      ["chưa xếp hạng", "'-xã Uar", "chưa có số liệu", "chưa có số liệu"],
    ]);
    expect(sheet?.data.at(-1)?.[0]).toContain("trích xuất lúc 06:00 ngày 12/10/2026");
    const xml = part(xlsx, "xl/worksheets/sheet1.xml");
    expect(xml).not.toContain("<f>");
    expect(xml).toMatch(/<pane ySplit="1"[^>]*state="frozen"/u);
    const hostile = ["=1", "+1", "-1", "@A", "\t=1", "\r=1"];
    const rows = hostile.map((text) => [text]);
    const guarded = {
      ...papers,
      sheets: [{ name: "x", columns: [{ title: "t", kind: "text" as const }], rows, notes: hostile }],
    };
    const { workbookOf } = await import("../../src/adapters/office-xlsx.ts");
    const strings = part(await workbookOf(guarded.sheets, { mark: null }), "xl/sharedStrings.xml");
    for (const [, text = ""] of strings.matchAll(/<t[^>]*>([^<]*)<\/t>/gu)) expect(text).toMatch(/^['t]/u);
  });

  it("have the same bytes whenever they are made, and the moment of the edition in their properties", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2031-03-05T12:00:00Z") });
    const again = await made().finally(() => vi.useRealTimers());
    for (const [at, file] of [pdf, docx, xlsx].entries())
      expect(Buffer.compare(file, again[at] ?? new Uint8Array())).toBe(0);
    const stamps = [...part(docx, "docProps/core.xml").matchAll(/W3CDTF">([^<]+)</gu)].map(([, stamp]) => stamp);
    expect(stamps).toEqual([edition.composedAt.toISOString(), edition.composedAt.toISOString()]);
    expect(pdf.length + docx.length + xlsx.length).toBeLessThan(1_000_000);
  });

  it("carry a correction's mark, a warning's words and markup as what it is", async () => {
    const { masthead } = edition.content;
    if (masthead.kind === "digest") throw new TypeError("the weekly has an official masthead");
    const titles = [...masthead.titles, "(Đính chính 01)"];
    const changed = { ...masthead, kind: "simple", titles, notice: "SỐ LIỆU MẪU" } as const;
    const frame = office({ to: ["<b>A & B</b>", "Sở Nội vụ"], symbol: null, signer: [] });
    const corrected = { ...weekly({ office: frame, masthead: changed, title: "Bản tin & <i>" }), reissue: 1 };
    const [paper, document, workbook] = await made(corrected, frame);
    const text = await inspect(paper, "pdftotext", ["-raw", "FILE", "-"]);
    const inDocument = wordsOf(part(document, "word/document.xml")).join(" ");
    for (const found of [text, inDocument]) expect(found).toMatch(/\(đính chính 01\)/u);
    expect(text).toContain("SỐ LIỆU MẪU");
    expect(inDocument).toContain("SỐ LIỆU MẪU");
    expect(text).toMatch(/-\s<b>A & B<\/b>;\n-\sSở Nội vụ\./u);
    expect(part(document, "docProps/core.xml")).toContain("Báo cáo &amp; &lt;i&gt;");
    expect(part(workbook, "xl/sharedStrings.xml")).toContain("Đính chính 01");
  });

  it("are refused by name when a receiver cannot be drawn", async () => {
    const odd = office({ receivers: ["Sở 😀"] });
    await expect(made(weekly({ office: odd }), odd)).rejects.toThrow(
      /no glyph for U\+1F600.*office\.report\.receivers/u,
    );
  });
});
