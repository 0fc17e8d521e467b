import { describe, expect, test } from "vitest";
import { createPress } from "../../src/adapters/press.ts";
import { blockTexts, type Edition } from "../../src/domain/edition.ts";
import { EIGHT_CASES } from "../support/eight-cases.ts";
import { matchesGolden } from "../support/golden.ts";
import { inspect, wordsIn } from "../templates/poppler.ts";

const press = createPress();

/** Every word an edition prints on paper, sorted. */
function printedWords({ content }: Edition): string[] {
  const { kind: _, ...head } = content.masthead;
  return wordsIn([...Object.values(head).flat(), ...blockTexts(content.blocks)].join(" ")).sort();
}

/** Without what only one of the eight has to show: how it looks. */
function bare(html: string): string {
  return html.replaceAll(/ style="[^"]*"/g, "");
}

describe.each(Object.entries(EIGHT_CASES))("the morning %s", (name, make) => {
  const edition = make();

  test("has the mail and the page a person has read", async () => {
    const pdf = await press.pdf(edition);
    const page = (await inspect(pdf, "pdftotext", ["-layout", "FILE", "-"])).replaceAll("\f", "");
    matchesGolden(`mornings/${name}.page.txt`, page.normalize("NFC"));
    matchesGolden(`mornings/${name}.mail.html`, name === "fall" ? press.html(edition) : bare(press.html(edition)));
    matchesGolden(`mornings/${name}.mail.txt`, `Subject: ${edition.content.subject}\n\n${press.text(edition)}`);
  });

  test("is drawn with exactly its own words, in NFC, on one page of at most 300 KB", async () => {
    const pdf = await press.pdf(edition);
    const text = await inspect(pdf, "pdftotext", ["-raw", "FILE", "-"]);
    expect(text).toBe(text.normalize("NFC"));
    expect(text.split("\f").length - 1).toBe(1);
    expect(wordsIn(text).sort()).toEqual(printedWords(edition));
    expect(pdf.length).toBeLessThanOrEqual(300_000);
  });
});
