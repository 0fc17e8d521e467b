import { shortDate } from "../domain/calendar.ts";
import type { CorrectedPart, Correction } from "../domain/correction.ts";
import type { Block, Content, Edition, Masthead, Table } from "../domain/edition.ts";
import { formatPoints, formatSmallCount } from "../domain/figure.ts";
import { isHeadline, TOTAL } from "../domain/indicator.ts";
import { parsePeriod, periodName } from "../domain/period.ts";
import { headlineTitle } from "../indicators/groups.ts";
import { NO_FIGURE } from "./wording.ts";

/** What a corrected edition says about itself. */
export type CorrectionFacts = {
  /** The edition it replaces. */
  readonly replaced: Pick<Edition, "bulletin" | "audience" | "issue" | "reissue">;
  readonly reissue: number;
  readonly reason: string;
  readonly corrections: readonly Correction[];
  /** How a unit is called in sentences. */
  nameOf(unit: string): string;
};

const TITLE = "Số liệu điều chỉnh";
/** Units named in the box of page 1; the others stand in the table at the end. */
const MOST_IN_BOX = 3;
const MOST_LINES = 5;

/** A freshly composed issue as a correction: the P18 sentence, the box "Số liệu điều chỉnh", and the mark in every heading. */
export function corrected(content: Content, given: CorrectionFacts): Content {
  const facts = { ...given, corrections: inOrder(given) };
  const mark = `đính chính ${formatSmallCount(facts.reissue)}`;
  const sentence = replaces(facts);
  const units = [...new Set(facts.corrections.map(({ unit }) => unit))];
  const details = units.slice(0, MOST_IN_BOX).map((unit) => unitLine(unit, facts));
  const rest = units.length - details.length;
  const more = rest === 0 ? [] : [`Còn ${formatSmallCount(rest)} đơn vị khác: xem bảng ${TITLE} ở cuối bản tin.`];
  const items = [
    [{ text: `${TITLE} (${mark})`, strong: true }],
    ...[sentence, ...details, ...more].map((text) => [{ text }]),
  ];
  return {
    ...content,
    subject: `[Đính chính] ${content.subject}`,
    lines: [...content.lines.slice(0, 1), sentence, ...content.lines.slice(1)].slice(0, MOST_LINES),
    summary: `${content.summary} (${mark})`,
    title: `${content.title} (${mark})`,
    masthead: marked(content.masthead, mark),
    blocks: [{ kind: "box", items }, ...(rest === 0 ? content.blocks : withTable(content.blocks, facts))],
  };
}

/** The reader's own unit first, then units whose own figure was wrong, then those whose place alone was. */
function inOrder({ corrections, replaced }: CorrectionFacts): readonly Correction[] {
  const wrong = new Set(corrections.filter(({ part }) => part === "value").map(({ unit }) => unit));
  const place = ({ unit }: Correction) => (unit === replaced.audience ? 0 : wrong.has(unit) ? 1 : 2);
  return [...corrections].sort((a, b) => place(a) - place(b));
}

/** P18: which issue is replaced, the right figure beside the printed one, and why. */
function replaces({ replaced, reason, corrections }: CorrectionFacts): string {
  const [year, week] = replaced.issue.split("-W");
  const issue =
    replaced.bulletin === "daily" ? `ngày ${shortDate(replaced.issue)}` : `tuần ${Number(week)} năm ${year}`;
  const earlier = replaced.reissue === 0 ? "" : ` (đính chính ${formatSmallCount(replaced.reissue)})`;
  const own = corrections.filter(({ unit }) => unit === replaced.audience);
  const main =
    own.find(({ indicator, part }) => indicator === TOTAL && part === "value") ??
    own.find(({ part }) => part === "value");
  const period = main === undefined ? "" : periodWords(main);
  const of =
    main === undefined || (main.indicator === TOTAL && period === "") ? "" : ` của ${titleOf(main.indicator)}${period}`;
  const figures =
    main === undefined ? "" : ` Số đúng${of}: ${figure(main, "now")} (đã in: ${figure(main, "printed")}).`;
  return `Bản tin này thay bản tin ${issue}${earlier}.${figures} Lý do: ${reason.replace(/[.\s]+$/u, "")}.`;
}

/** "xã A: tổng điểm đã in 71,18 điểm, số đúng 59,17 điểm; hạng đã in 71, số đúng 127." */
function unitLine(unit: string, { corrections, nameOf }: CorrectionFacts): string {
  const parts = corrections
    .filter((correction) => correction.unit === unit)
    .map(
      (correction) =>
        `${what(correction)} đã in ${figure(correction, "printed")}, số đúng ${figure(correction, "now")}`,
    );
  return `${nameOf(unit)}: ${parts.join("; ")}.`;
}

const WHAT: Readonly<Record<CorrectedPart, string>> = {
  value: "",
  rank: "hạng theo ",
  before: "kỳ so sánh của ",
  rankBefore: "hạng kỳ so sánh theo ",
};

function what({ indicator, part, period }: Correction): string {
  const title = titleOf(indicator);
  return `${WHAT[part]}${indicator === TOTAL ? title.toLocaleLowerCase("vi") : title}${periodWords({ period })}`;
}

/** " tháng 9/2026" of a figure that is not of the running year. */
function periodWords(figure: Pick<Correction, "period">): string {
  const period = parsePeriod(figure.period);
  return period === null || period.kind === "year" ? "" : ` ${periodName(period)}`;
}

function titleOf(indicator: string): string {
  return isHeadline(indicator) ? headlineTitle(indicator) : indicator;
}

function figure({ part, ...sides }: Correction, side: "printed" | "now"): string {
  const value = sides[side];
  if (value === null) return part === "rank" || part === "rankBefore" ? "chưa xếp hạng" : NO_FIGURE;
  return part === "rank" || part === "rankBefore" ? String(value) : `${formatPoints(value)} điểm`;
}

/** The whole list, before the closing note. */
function withTable(blocks: readonly Block[], facts: CorrectionFacts): Block[] {
  const last = blocks.at(-1);
  const closing = last?.kind === "note" ? [last] : [];
  const body = closing.length === 0 ? blocks : blocks.slice(0, -1);
  return [...body, { kind: "heading", text: TITLE }, { kind: "table", table: tableOf(facts) }, ...closing];
}

function tableOf({ corrections, nameOf }: CorrectionFacts): Table {
  return {
    caption: TITLE,
    columns: [
      { title: "Đơn vị", align: "left", width: 34 },
      { title: "Số liệu", align: "left", width: 34 },
      { title: "Đã in", align: "right", width: 16 },
      { title: "Số đúng", align: "right", width: 16 },
    ],
    rows: corrections.map((correction) => ({
      cells: [nameOf(correction.unit), what(correction), figure(correction, "printed"), figure(correction, "now")].map(
        (text) => ({ text }),
      ),
    })),
  };
}

function marked(masthead: Masthead, mark: string): Masthead {
  if (masthead.kind === "digest") return { ...masthead, right: `${masthead.right} (${mark})` };
  return { ...masthead, titles: [...masthead.titles, `(${mark.replace("đ", "Đ")})`] };
}
