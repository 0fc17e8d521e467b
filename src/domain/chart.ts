/**
 * A picture of figures, as data: what is shown, not how. Values are whole hundredths (8531 is 85,31 points, 9,837 % of a maximum is
 * 984); null is a missing figure and is drawn as a gap, never as zero and never bridged. Every label is printed as it stands.
 */
export type Chart = LineChart | MultiplesChart | DotChart | BulletChart | Sparkline;

/** What every chart but a sparkline says in words. */
type Told = {
  /** The line above the chart: what, of whom, which period, in which unit. */
  readonly title: string;
  /** The same figures in words, for those who do not see the picture: first, last, lowest, highest, of each series. */
  readonly alt: string;
  /** "Nguồn: …", below the chart. */
  readonly source: string;
};

/** One series over the chart's points; `own` is the reader's, drawn strong, the others are yardsticks. */
export type Series = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly own: boolean;
};

/** A rule between two points where comparing ends: before point `before` (1 January, a new scheme). */
export type Break = { readonly before: number; readonly label: string };

/** Lines over time. `points` are the labels below, one for each value. Lines need not begin at zero. */
export type LineChart = Told & {
  readonly kind: "line";
  readonly points: readonly string[];
  readonly series: readonly Series[];
  readonly breaks: readonly Break[];
};

/** Small panels with one axis: each group as per cent of its maximum, in hundredths of a per cent. */
export type MultiplesChart = Told & {
  readonly kind: "multiples";
  readonly points: readonly string[];
  readonly panels: readonly { readonly title: string; readonly series: readonly Series[] }[];
  readonly breaks: readonly Break[];
};

/**
 * A ranked dot chart: one row per unit, its score now and, when comparable, before. Highest first. `named` rows carry their name and
 * figures beside the dot; the others are dots alone, so that a block of 135 fits a page.
 */
export type DotChart = Told & {
  readonly kind: "dots";
  readonly rows: readonly {
    readonly label: string;
    readonly value: number;
    readonly before: number | null;
    readonly named: boolean;
    /** The reader's own row, drawn strong. */
    readonly own?: true;
  }[];
  /** A vertical rule with its name: the block's mean. */
  readonly mean: { readonly label: string; readonly value: number } | null;
};

/** Bars from zero to a maximum, with the mean and, when set, a target as marks. */
export type BulletChart = Told & {
  readonly kind: "bullet";
  /** What the mean is called beside its figure: "cả nước", "bình quân khối". */
  readonly meanName: string;
  readonly rows: readonly {
    readonly label: string;
    readonly value: number | null;
    readonly maximum: number;
    readonly mean: number | null;
    readonly target: number | null;
  }[];
};

/** A line the size of a word: 8 to 13 issues, the last value and the extremes labelled. */
export type Sparkline = {
  readonly kind: "sparkline";
  readonly values: readonly (number | null)[];
  readonly breaks: readonly Break[];
  /** First and last point's labels: "28/9", "12/10". */
  readonly from: string;
  readonly to: string;
  readonly alt: string;
};

/** Every word a chart prints, in reading order: what a glyph check and a text comparison look at. */
export function chartTexts(chart: Chart): string[] {
  if (chart.kind === "sparkline") return [chart.from, chart.to];
  return [chart.title, ...labelsOf(chart), chart.source];
}

function labelsOf(chart: Exclude<Chart, Sparkline>): string[] {
  if (chart.kind === "line")
    return [...chart.points, ...chart.series.map(({ name }) => name), ...chart.breaks.map(({ label }) => label)];
  if (chart.kind === "multiples") {
    const names = chart.panels.flatMap(({ title, series }) => [title, ...series.map(({ name }) => name)]);
    return [...chart.points, ...names, ...chart.breaks.map(({ label }) => label)];
  }
  if (chart.kind === "bullet") return [...chart.rows.map(({ label }) => label), chart.meanName];
  const mean = chart.mean === null ? [] : [chart.mean.label];
  return [...chart.rows.filter(({ named }) => named).map(({ label }) => label), ...mean];
}
