import { type Edition, editionKey } from "../../src/domain/edition.ts";
import { SendError } from "../../src/domain/errors.ts";
import type { ReportFrame } from "../../src/domain/office.ts";
import { bind } from "../bind.ts";
import type { Faces } from "../faces.ts";
import { type ReportPaper, reportOf } from "../office/report.ts";
import { PAGE, REPORT_INDENT, REPORT_SIZES, WEEKLY_MARGINS } from "../theme.ts";
import { blockAtoms } from "./blocks.ts";
import { type Atom, type PlacedAtom, placeAtoms } from "./flow.ts";
import { noticeAtoms, officialBand, titleAtoms, underline, widest } from "./masthead.ts";
import { bookmarked, type Layout, linesOf, textAtoms } from "./paragraphs.ts";
import { signatureAtom } from "./signature.ts";

const COLUMN = { x: WEEKLY_MARGINS.left, width: PAGE.width - WEEKLY_MARGINS.left - WEEKLY_MARGINS.right };

/**
 * Lays an edition's Báo cáo out on as many pages as it takes, its appendix in the same document: a signature then stands for both.
 * Throws a SendError naming the edition and the part when something that must stay together is higher than a page.
 */
export function layReport(edition: Edition, frame: ReportFrame, faces: Faces): readonly PlacedAtom[] {
  const layout: Layout = { faces, sizes: REPORT_SIZES, column: COLUMN, indent: REPORT_INDENT, black: true };
  const paper = reportOf(edition, frame);
  const body = blockAtoms(layout, paper.body);
  const last = body.at(-1);
  const signed = last === undefined ? [] : [...body.slice(0, -1), { ...last, keepNext: true }];
  const atoms = [...headAtoms(layout, paper), ...signed, signatureAtom(layout, paper), ...appendixAtoms(layout, paper)];
  const { placed, tooHigh } = placeAtoms(atoms, WEEKLY_MARGINS);
  if (tooHigh === null) return placed;
  throw new SendError(
    `edition ${editionKey(edition)}: its Báo cáo's ${tooHigh.where} is ${Math.round(tooHigh.height)} pt high and does not fit one page; shorten its text`,
    { mayPass: false },
  );
}

function headAtoms(layout: Layout, { head, titles, to }: ReportPaper): Atom[] {
  return [
    officialBand(layout, { kind: "nd30", ...head }),
    ...(head.warning === null ? [] : noticeAtoms(layout, head.warning, "bold")),
    ...titleAtoms(layout, ["BÁO CÁO", ...titles], layout.sizes.title),
    ruleAtom(layout, titles.at(-1) ?? ""),
    ...addresseeAtoms(layout, to),
  ];
}

/** The rule below the Trích yếu: a third to a half of its line. */
function ruleAtom(layout: Layout, words: string): Atom {
  const { column, faces, sizes } = layout;
  const width = widest(linesOf([{ text: bind(words), style: "bold", size: sizes.title }], column.width, faces));
  return {
    height: 8,
    gap: 0,
    keepNext: true,
    where: "masthead, rule",
    draw: (pen, top) => underline(pen, column, top + 3, width * 0.4),
  };
}

/** "Kính gửi: …" on one line; several addressees one below the other. */
function addresseeAtoms(layout: Layout, to: readonly string[]): Atom[] {
  const { sizes, column } = layout;
  const [only] = to;
  if (only === undefined) return [];
  const line = (text: string, more: Partial<Parameters<typeof textAtoms>[1]>) =>
    textAtoms(layout, {
      inks: [{ text: bind(text), style: "regular", size: sizes.body }],
      size: sizes.body,
      part: { tag: "P" },
      align: "left",
      gap: 0,
      where: "Kính gửi",
      keepNext: true,
      ...more,
    });
  if (to.length === 1) return line(`Kính gửi: ${only}`, { align: "center", gap: sizes.wideGap });
  const list = { x: column.x + 2.5 * REPORT_INDENT, width: column.width - 2.5 * REPORT_INDENT };
  return [
    ...line("Kính gửi:", { gap: sizes.wideGap, indent: 2 * REPORT_INDENT }),
    ...to.flatMap((one, at) => line(`-\u00a0${one}${at === to.length - 1 ? "." : ";"}`, { column: list })),
  ];
}

/** The appendix begins a page: number and title, what it belongs to, its tables. */
function appendixAtoms(layout: Layout, { appendix }: ReportPaper): Atom[] {
  if (appendix === null) return [];
  const { sizes } = layout;
  const centred = (text: string, style: "bold" | "italic", tag: "H2" | "P") =>
    textAtoms(layout, {
      inks: [{ text: bind(text), style, size: sizes.body }],
      size: sizes.body,
      part: { tag },
      align: "center",
      gap: 0,
      where: "appendix, head",
      keepNext: true,
    });
  const [first, ...rest] = bookmarked(centred("Phụ lục", "bold", "H2"), "Phụ lục");
  const head = first === undefined ? [] : [{ ...first, fresh: true }, ...rest];
  return [
    ...head,
    ...centred(appendix.title, "bold", "P"),
    ...centred(appendix.attached, "italic", "P"),
    ruleAtom(layout, appendix.title),
    ...blockAtoms({ ...layout, indent: 0 }, appendix.blocks),
  ];
}
