import { officialDate } from "../../src/domain/calendar.ts";
import type { Block, Edition, Masthead } from "../../src/domain/edition.ts";
import type { ReportFrame } from "../../src/domain/office.ts";
import { warningOf } from "../notice.ts";
import { formal } from "./formal.ts";
import { bodyOf } from "./report-body.ts";

/** A Báo cáo by NĐ 30/2020, Phụ lục I, part by part, as paper and word processor print it. */
export type ReportPaper = {
  readonly head: {
    readonly superior: readonly string[];
    readonly issuer: readonly string[];
    /** "Số:      /BC-VP": the number is given when it is issued. */
    readonly number: string;
    readonly placeAndDate: string;
    readonly warning: string | null;
  };
  /** The Trích yếu, line by line. */
  readonly titles: readonly string[];
  readonly to: readonly string[];
  /** Sections I, II, III and the last sentence with "./."; no page breaks, no boxes. */
  readonly body: readonly Block[];
  readonly signer: readonly string[];
  /** As printed below "Nơi nhận:". */
  readonly receivers: readonly string[];
  readonly appendix: {
    readonly title: string;
    readonly attached: string;
    readonly blocks: readonly Block[];
  } | null;
};

/** Room for a pen; ordinary spaces would fall together. */
const BLANK = "\u00a0".repeat(6);
const DOTS = "……………";

/** An edition's frozen words in the frame of a Báo cáo. */
export function reportOf(edition: Edition, frame: ReportFrame): ReportPaper {
  const { masthead, blocks } = edition.content;
  const { body, appendix } = bodyOf(blocks, frame);
  const number = `${BLANK}/${frame.symbol ?? "BC-……"}`;
  // Drafts leave the day to whoever signs; month and year are those of the day it was drawn up.
  const date = officialDate(frame.day).replace(/^ngày \d+ /u, `ngày${BLANK}`);
  return {
    head: {
      ...bodies(masthead),
      number: `Số:${number}`,
      placeAndDate: `${frame.place}, ${date}`,
      warning: warningOf(masthead),
    },
    titles: titlesOf(masthead),
    to: frame.to,
    body,
    signer: frame.signer.length === 0 ? [DOTS.repeat(2)] : frame.signer,
    receivers: [...frame.receivers.map((one) => `- ${one};`), `- Lưu: VT, ${frame.filedBy ?? DOTS}.`],
    appendix:
      appendix === null
        ? null
        : { ...appendix, attached: `(Kèm theo Báo cáo số${number} ${date} của ${frame.issuer})` },
  };
}

/** What programs call the paper: "Báo cáo kết quả Bộ chỉ số … – tuần 41 … (đính chính 01)". */
export function reportTitle({ content }: Edition): string {
  return formal(content.title);
}

function bodies(masthead: Masthead): { superior: readonly string[]; issuer: readonly string[] } {
  if (masthead.kind === "digest") return { superior: [], issuer: [masthead.left] };
  return { superior: masthead.superior, issuer: masthead.issuer };
}

/** One phrase over several lines: only its first begins with a capital. */
function titlesOf(masthead: Masthead): readonly string[] {
  const titles = masthead.kind === "digest" ? [masthead.right] : masthead.titles;
  return titles.map((title, index) => {
    if (index === 0) return formal(title);
    return formal(title)
      .replace(/\p{Lu}/u, (letter) => letter.toLocaleLowerCase("vi"))
      .replaceAll("Tuần", "tuần");
  });
}
