import type { Block } from "../../src/domain/edition.ts";
import type { ReportFrame } from "../../src/domain/office.ts";
import { formal, formalBlock } from "./formal.ts";

const SECTION = /^[IVX]+\. /u;
const APPENDIX = /^PHỤ LỤC[. ]*/u;
/** "1. " before a point. */
const POINT = /^\d+\. ?$/u;
/** A line to write on by hand has no place in a draft that is edited. */
const TO_FILL_IN = /…{3,}\s*$/u;
const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

export type ReportBody = {
  readonly body: readonly Block[];
  readonly appendix: { readonly title: string; readonly blocks: readonly Block[] } | null;
};

/**
 * The bulletin's blocks in the order of a Báo cáo: opening, what is corrected, the sections with the points of page 1 at the head of
 * the first, what the committee is asked as the last section, the closing sentence; the appendix apart.
 */
export function bodyOf(blocks: readonly Block[], frame: ReportFrame): ReportBody {
  const all = blocks.filter(({ kind }) => kind !== "page-break").map(formalBlock);
  const at = all.findIndex((block) => block.kind === "heading" && APPENDIX.test(block.text));
  const main = at === -1 ? all : all.slice(0, at);
  const first = main.findIndex((block) => block.kind === "heading" && SECTION.test(block.text));
  const page1 = first === -1 ? main : main.slice(0, first);
  const [heading, ...sections] = first === -1 ? [] : main.slice(first);
  const boxes = page1.flatMap((block) => (block.kind === "box" ? [block] : []));
  const isPoints = ({ items }: (typeof boxes)[number]) => POINT.test(items[0]?.[0]?.text ?? "");
  const asked = page1.filter((block) => block.kind !== "box" && !isToFillIn(block));
  return {
    body: [
      paragraph(frame.opening),
      ...boxes.filter((box) => !isPoints(box)).flatMap(paragraphs),
      ...(heading === undefined ? [] : [heading]),
      ...boxes.filter(isPoints).flatMap(paragraphs),
      ...sections,
      ...asSection(asked, sectionsIn(main)),
      paragraph(formal(frame.closing).replace(/\.$/u, "./.")),
    ],
    appendix: at === -1 ? null : appendixOf(all.slice(at)),
  };
}

function paragraph(text: string): Block {
  return { kind: "paragraph", runs: [{ text }] };
}

/** The lines of a box as paragraphs, without the numbers of points. */
function paragraphs({ items }: Extract<Block, { kind: "box" }>): Block[] {
  return items.map((runs) => {
    if (!POINT.test(runs[0]?.text ?? "")) return { kind: "paragraph", runs };
    const [first, ...rest] = runs.slice(1);
    const own = first === undefined ? [] : [{ ...first, text: first.text.trimStart() }, ...rest];
    return { kind: "paragraph", runs: own };
  });
}

function isToFillIn(block: Block): boolean {
  return block.kind === "paragraph" && TO_FILL_IN.test(block.runs.at(-1)?.text ?? "");
}

function sectionsIn(blocks: readonly Block[]): number {
  return blocks.filter((block) => block.kind === "heading" && SECTION.test(block.text)).length;
}

/** The next numbered section; without a heading of their own the blocks go on as they are. */
function asSection(blocks: readonly Block[], after: number): readonly Block[] {
  const numeral = ROMAN[after] ?? String(after + 1);
  const at = blocks.findIndex(({ kind }) => kind === "heading");
  return blocks.map((block, index) =>
    index === at && block.kind === "heading" ? { ...block, text: `${numeral}. ${block.text}` } : block,
  );
}

function appendixOf(blocks: readonly Block[]): ReportBody["appendix"] {
  const [heading, ...rest] = blocks;
  const text = heading?.kind === "heading" ? heading.text : "";
  return { title: text.replace(APPENDIX, ""), blocks: rest };
}
