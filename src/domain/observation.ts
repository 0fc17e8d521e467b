/**
 * One unit's figure for one indicator and period, as one snapshot states it. Derived: it can be read again at any time.
 */
export type Observation = {
  readonly unit: string;
  /** An indicator id with its scheme: "dvc2026.TOTAL". */
  readonly indicator: string;
  /** A period key; usually the snapshot's own, another one for the publisher's charts by month. */
  readonly period: string;
  /** In the measure's steps (8531 is 85,31 points). Null is the publisher's own blank, and is not zero. */
  readonly value: number | null;
  /** Which of the snapshot's answers said so, counted from 0. */
  readonly answer: number;
  /** The publisher's data-quality flag, where it gave one. */
  readonly flag?: string;
};
