import type { Day } from "./calendar.ts";

/** What an office adds to the weekly's own words to make a Báo cáo and a workbook of them; frozen with the edition. */
export type OfficePapers = { readonly report: ReportFrame; readonly sheets: readonly Sheet[] };

/** What only the office knows of its Báo cáo. What is null or empty is printed as dots to fill in, or left out. */
export type ReportSettings = {
  /** "BC-VP", behind the blank number. */
  readonly symbol: string | null;
  /** "Kính gửi:"; empty prints no such line. */
  readonly to: readonly string[];
  /** The signer's post, line by line: "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG". */
  readonly signer: readonly string[];
  /** "Nơi nhận:" above its last line. */
  readonly receivers: readonly string[];
  /** Who drafted it, in "- Lưu: VT, …". */
  readonly filedBy: string | null;
};

/** The frame of one Báo cáo: its sentences at both ends, and the day its month and year come from. */
export type ReportFrame = ReportSettings & {
  readonly place: string;
  readonly day: Day;
  /** How running text calls the issuing body: "Văn phòng UBND tỉnh". */
  readonly issuer: string;
  readonly opening: string;
  readonly closing: string;
};

/** A sheet of the workbook. `notes` stand below the rows: source, moment, marks. */
export type Sheet = {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetCell[])[];
  readonly notes: readonly string[];
};

/** `change` is a figure with its sign. Points and changes are whole hundredths, counts are whole. */
export type SheetColumn = { readonly title: string; readonly kind: "text" | "points" | "change" | "count" };

/** A figure, words, or null for a figure that is missing (never zero). */
export type SheetCell = number | string | null;
