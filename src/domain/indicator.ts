import type { Measure } from "./figure.ts";

/** The publisher's six group codes, in the order of Decision 766/QĐ-TTg as the portal splits it. */
export const GROUPS = ["CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH"] as const;
export type Group = (typeof GROUPS)[number];

/** The total of all groups, out of 100. */
export const TOTAL = "TOTAL";

/** TOTAL and the six groups: the indicators that are compared, ranked and printed. */
export const HEADLINES = [TOTAL, ...GROUPS] as const;
export type Headline = (typeof HEADLINES)[number];

/** True for "CKMB" … "MDSH". */
export function isGroup(code: string): code is Group {
  return (GROUPS as readonly string[]).includes(code);
}

/** True for TOTAL or a group. */
export function isHeadline(code: string): code is Headline {
  return (HEADLINES as readonly string[]).includes(code);
}

/** Something scored or counted for every unit and period. A break in the series is a new indicator, not a footnote. */
export type Indicator = {
  /** "dvc2026.CKMB", "dvc2026.CKMB.DOSSIER_SYNC.score". */
  readonly id: string;
  /** The id without its scheme. */
  readonly code: string;
  /** Vietnamese, as printed. */
  readonly title: string;
  readonly measure: Measure;
  /** Hundredths of a point; only for scores. */
  readonly maximum?: number;
};

/** A component of a group: the publisher's own metric code, its maximum, and whether late work can still repair it. */
export type Component = {
  readonly code: string;
  readonly group: Group;
  readonly title: string;
  /** Hundredths of a point. */
  readonly maximum: number;
  readonly repairable: boolean;
  /** What its counts count. */
  readonly counted: "hồ sơ" | "thủ tục" | "phản ánh, kiến nghị";
};

/** A scoring scheme: the indicators one source speaks in. Figures of different schemes are never compared. */
export type Scheme = {
  /** The prefix of its indicator ids: "dvc2026". */
  readonly id: string;
  /** Decimals the source declares for points. */
  readonly decimals: 1 | 2;
  readonly groups: readonly Group[];
  readonly maxima: Readonly<Record<Headline, number>>;
  readonly components: readonly Component[];
};

/** The id of an indicator in a scheme. */
export function indicatorId(scheme: { readonly id: string }, code: string): string {
  return `${scheme.id}.${code}`;
}

/** An indicator's code without its scheme: "dvc2026.CKMB" → "CKMB". */
export function indicatorCode(id: string): string {
  return id.slice(id.indexOf(".") + 1);
}

/** An indicator's scheme: "dvc2026.CKMB" → "dvc2026". */
export function schemeOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}
