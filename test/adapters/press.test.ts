import { describe, expect, it } from "vitest";
import { createPress } from "../../src/adapters/press.ts";
import { blockTexts, type Edition } from "../../src/domain/edition.ts";
import { unbind } from "../../templates/bind.ts";
import { DIGEST_MARGINS, PAGE, WEEKLY_MARGINS } from "../../templates/theme.ts";
import { appendix, daily, dailyWithRanking, longName, weekly, wholeBlock } from "../templates/editions.ts";
import { inspect, type PlacedWord, wordBoxes, wordsIn } from "../templates/poppler.ts";
import { preflight, withoutPreflight } from "../templates/preflight.ts";

const press = createPress();

/** Every word an edition prints on paper, sorted; "►" is the page's own. */
function printedWords(edition: Edition): string[] {
  const { masthead, blocks } = edition.content;
  const head = Object.entries(masthead).flatMap(([field, value]) => (field === "kind" ? [] : value));
  return wordsIn([...head, ...blockTexts(blocks)].join(" ")).sort();
}

function overlaps(words: readonly PlacedWord[]): string[] {
  const found: string[] = [];
  for (const [at, a] of words.entries()) {
    for (const b of words.slice(at + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Boxes of neighbouring lines touch by the font's own line gap; letters would overlap from a third of a line on.
      if (a.page === b.page && wide > 0.5 && high > (a.bottom - a.top) / 3) found.push(`${a.text} / ${b.text}`);
    }
  }
  return found;
}

const CASES: readonly (readonly [string, Edition])[] = [
  ["the digest of a ward", daily()],
  ["a digest with 20 units", dailyWithRanking(wholeBlock(20, "Sở Văn hóa, Thể thao và Du lịch"))],
  ["a digest with names of 120 letters", dailyWithRanking(wholeBlock(8, longName()))],
  ["a digest with hostile words", dailyWithRanking(wholeBlock(3, "<script>alert(1)</script> =cmd|' /C calc'!A0"))],
  ["the weekly bulletin", weekly()],
];

describe("a PDF of the press", () => {
  it.each(CASES)("has exactly the words of the edition: %s", async (_, edition) => {
    const pdf = await press.pdf(edition);
    const pages = Number(/Pages:\s+(\d+)/u.exec(await inspect(pdf, "pdfinfo", ["FILE"]))?.[1]);
    const words = wordsIn(await inspect(pdf, "pdftotext", ["-raw", "FILE", "-"])).filter((word) => word !== "►");
    expect(words.join("")).toBe(words.join("").normalize("NFC"));
    const own =
      edition.bulletin === "weekly"
        ? [
            ...wordsIn("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc"),
            ...Array.from({ length: pages - 1 }, (_, page) => String(page + 2)),
            ...Array.from({ length: pages - 2 }, () =>
              wordsIn(
                appendix()
                  .columns.map((one) => one.title)
                  .join(" "),
              ),
            ).flat(),
          ]
        : [];
    expect(words.sort()).toEqual([...printedWords(edition), ...own].sort());
  });

  it.each(CASES)("keeps every word inside the margins and off the others: %s", async (_, edition) => {
    const words = await wordBoxes(await press.pdf(edition));
    const margins = edition.bulletin === "daily" ? DIGEST_MARGINS : WEEKLY_MARGINS;
    expect(words.length).toBeGreaterThan(100);
    const outside = words.filter((word) => {
      const number = word.bottom < margins.top + 1 && /^\d+$/u.test(word.text);
      const sides = word.left < margins.left - 0.5 || word.right > PAGE.width - margins.right + 0.5;
      return sides || (!number && word.top < margins.top - 1) || word.bottom > PAGE.height - margins.bottom + 1;
    });
    expect(outside).toEqual([]);
    expect(overlaps(words)).toEqual([]);
  });

  it("breaks a name without spaces between letters rather than draw over the next cell", async () => {
    const words = await wordBoxes(await press.pdf(dailyWithRanking(wholeBlock(8, longName("-")))));
    expect(overlaps(words)).toEqual([]);
    expect(words.map((word) => word.text).join("")).toContain(longName("-").slice(0, 40));
  });

  it.each([CASES[0], CASES[4]].flatMap((one) => (one === undefined ? [] : [one])))(
    "is sound, tagged, titled, in Vietnamese, with embedded fonts only: %s",
    async (_, edition) => {
      const pdf = await press.pdf(edition);
      expect(await inspect(pdf, "qpdf", ["--check", "FILE"])).toContain("No syntax or stream encoding errors");
      const fonts = (await inspect(pdf, "pdffonts", ["FILE"])).trim().split("\n").slice(2);
      expect(fonts.length).toBeGreaterThanOrEqual(3);
      for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+Tinos-\w+\s+CID TrueType\s+Identity-H\s+yes yes yes/u);
      const info = await inspect(pdf, "pdfinfo", ["FILE"]);
      expect(info).toContain(`Title:           ${edition.content.title}`);
      expect(info).toMatch(/Tagged:\s+yes\nUserProperties:\s+no\nSuspects:\s+no/u);
      expect(info).not.toContain("ModDate");
      const raw = await inspect(pdf, "qpdf", ["--qdf", "--object-streams=disable", "FILE", "-"]);
      expect(raw).toContain("/Lang (vi-VN)");
      expect(raw).toContain("/DisplayDocTitle true");
      expect(raw, "transparency is not for the archive").not.toMatch(/\/SMask|\/ca 0|\/CA 0|\/Group/u);
    },
  );

  it.skipIf(withoutPreflight())(
    "is sound for the archive: PDF/A-1b by PDFBox Preflight",
    { timeout: 60_000 },
    async () => {
      const verdicts = await Promise.all(
        CASES.slice(3).map(async ([, edition]) => preflight(await press.pdf(edition))),
      );
      for (const verdict of verdicts) expect(verdict).toContain("is a valid PDF/A-1b file");
    },
  );

  it("is a tree of headings, paragraphs with their spaces, and tables whose header cells have a scope", async () => {
    const tree = await inspect(await press.pdf(daily()), "pdfinfo", ["-struct-text", "FILE"]);
    expect(tree).toContain('H1 (block)\n    "UBND PHƯỜNG QUY NHƠN TÂY "');
    expect(tree).toContain('H2 (block)\n    "1. Sáu nhóm chỉ số (lũy kế năm 2026) "');
    expect(tree).toContain(
      '"lòng 0/1 (đạt 0/12 điểm; khi không phát sinh phản ánh, Cổng tính 12/12 điểm). Năm nhóm còn lại "',
    );
    expect(tree).toMatch(/TH:\s+\/Scope \/Column\s+"Nhóm chỉ số "/u);
    expect(tree).toMatch(/TH:\s+\/Scope \/Row\s+"Số hóa hồ sơ "\s+TD\s+"7,16\/22 "/u);
  });

  it("has the same bytes for the same edition, whatever the process drew before", async () => {
    const first = await press.pdf(daily());
    await press.pdf(weekly());
    expect(Buffer.compare(first, await press.pdf(daily()))).toBe(0);
    expect(Buffer.compare(first, await createPress().pdf(daily()))).toBe(0);
  });

  it("keeps its metadata well-formed when a title holds markup", async () => {
    const pdf = await press.pdf(daily({ title: "Điểm & <b>tin</b>" }));
    expect(await inspect(pdf, "pdfinfo", ["-meta", "FILE"])).toContain(">Điểm &amp; &lt;b&gt;tin&lt;/b&gt;<");
    expect(await inspect(pdf, "pdfinfo", ["FILE"])).toContain("Title:           Điểm & <b>tin</b>");
  });
});

describe("the digest's one page", () => {
  it.each(CASES.slice(0, 4))("is one page: %s", async (_, edition) => {
    expect(await inspect(await press.pdf(edition), "pdfinfo", ["FILE"])).toMatch(/Pages:\s+1\n/u);
  });

  it("is refused by name when even the smallest size overflows, never a second page", async () => {
    const edition = dailyWithRanking(wholeBlock(40, longName()));
    await expect(press.pdf(edition)).rejects.toThrow(
      /^edition daily\/2026-10-12\/H21\.17\/r0: the digest does not fit one page even at 9 pt; blocks\[11\] table, header row is beyond its foot/u,
    );
  });

  it("draws an edition without blocks", async () => {
    const words = await inspect(await press.pdf(daily({ blocks: [] })), "pdftotext", ["FILE", "-"]);
    expect(words).toContain("UBND PHƯỜNG QUY NHƠN TÂY");
  });
});

describe("the weekly's pages", () => {
  it("repeat the table's header row, number themselves from page 2, and start with a whole page 1", async () => {
    const text = await inspect(await press.pdf(weekly()), "pdftotext", ["-layout", "FILE", "-"]);
    const pages = text.split("\f").slice(0, -1);
    expect(pages.length).toBe(5);
    expect(pages[0]).toContain("62,39 điểm kỳ này).");
    for (const [at, page] of pages.entries()) {
      const [first = ""] = page.trim().split("\n");
      if (at === 0) expect(first).not.toMatch(/^\d+$/u);
      else expect([first.trim(), page.match(/Hạng\s+Đơn vị\s+Tổng điểm/gu)?.length]).toEqual([String(at + 1), 1]);
    }
  });

  it("each carry a warning, and a paper without Quốc hiệu has none of its words", async () => {
    const { masthead } = weekly().content;
    if (masthead.kind === "digest") throw new TypeError("the weekly has an official masthead");
    const notice = "SỐ LIỆU MẪU – KHÔNG DÙNG CHO CÔNG VIỆC";
    const pdf = await press.pdf(weekly({ masthead: { ...masthead, kind: "simple", notice } }));
    const text = await inspect(pdf, "pdftotext", ["-layout", "FILE", "-"]);
    expect(
      text
        .split("\f")
        .slice(0, -1)
        .map((page) => page.includes(notice)),
    ).toEqual(Array(5).fill(true));
    expect(text).not.toContain("Độc lập");
    expect(overlaps(await wordBoxes(pdf))).toEqual([]);
  });

  it("have a bookmark for each heading, as the digest has", async () => {
    const bookmarks = async (edition: Edition) => {
      const raw = await inspect(await press.pdf(edition), "qpdf", ["--json", "--json-key=outlines", "FILE"]);
      return (JSON.parse(raw) as { outlines: { title: string }[] }).outlines.map((one) => one.title);
    };
    expect(await bookmarks(daily())).toHaveLength(3);
    expect(await bookmarks(weekly())).toEqual([
      "NỘI DUNG ĐỀ NGHỊ BAN CHỈ ĐẠO CHO Ý KIẾN",
      "I. KẾT QUẢ CHUNG (lũy kế năm 2026)",
      "PHỤ LỤC. TỔNG ĐIỂM CÁC XÃ, PHƯỜNG (lũy kế năm 2026)",
    ]);
  });

  it("never leave a heading alone at the foot of a page", async () => {
    for (let rows = 20; rows < 46; rows += 1) {
      const blocks = [
        { kind: "table", table: appendix(rows) } as const,
        { kind: "heading", text: "II. MỤC SAU" } as const,
        { kind: "paragraph", runs: [{ text: "Câu sau tiêu đề." }] } as const,
      ];
      const text = await inspect(await press.pdf(weekly({ blocks })), "pdftotext", ["-layout", "FILE", "-"]);
      const page = text.split("\f").find((one) => one.includes("II. MỤC SAU"));
      expect(unbind(page ?? "")).toContain("Câu sau tiêu đề.");
    }
  });
});

describe("words that cannot be set", () => {
  const odd: readonly (readonly [string, string, RegExp])[] = [
    ["an emoji", "phường 😀", /no glyph for U\+1F600 in the regular font/u],
    ["text that is not NFC", "phường".normalize("NFD"), /text is not NFC \(U\+0075 U\+031B\)/u],
    ["a right-to-left mark", "phường \u200fA", /control or invisible character U\+200F/u],
    ["a zero width space", "phường\u200bA", /control or invisible character U\+200B/u],
    ["a line break", "phường\nA", /control or invisible character U\+000A/u],
    ["an odd space", "phường\u2009A", /a space other than U\+0020: U\+2009/u],
  ];

  it.each(odd)("stop %s before drawing and name edition, place and code point", async (_, name, fault) => {
    const edition = dailyWithRanking(wholeBlock(2, name));
    await expect(press.pdf(edition)).rejects.toThrow(fault);
    await expect(press.pdf(edition)).rejects.toThrow(/^edition daily\/2026-10-12\/H21\.17\/r0: /u);
    await expect(press.pdf(edition)).rejects.toThrow(/at blocks\[11\] table, row 1, cell 2, and 1 more;/u);
    expect(() => press.html(edition)).toThrow(fault);
    expect(() => press.text(edition)).toThrow(fault);
  });
});
