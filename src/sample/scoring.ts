import { divideRounded } from "../domain/figure.ts";
import type { Group } from "../domain/indicator.ts";
import type { Counts } from "./counts.ts";
import type { Procedures } from "./traits.ts";

/** A component as the portal gives it. Ratio in hundredths of a percent, score and maximum in hundredths of a point. */
export type SampleMetric = {
  readonly code: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly ratio: number | null;
  readonly score: number | null;
  readonly maximum: number;
};

/** A body's figures for a period: hundredths of a point, and the components of the three groups that have them. */
export type Figures = {
  readonly counts: Counts;
  readonly procedures: Procedures;
  readonly groups: Readonly<Record<Group, number>>;
  readonly total: number;
  readonly transparency: readonly SampleMetric[];
  readonly satisfaction: readonly SampleMetric[];
  readonly digitized: readonly SampleMetric[];
};

/** Procedures whose content is complete, of all: the whole country of the sample shares one figure, not counted by period. */
const CONTENT_FULL = { numerator: 84, denominator: 90 } as const;

/** Scores what was counted, by the rules the portal is known to use (CLGQ's rule is unknown: the sample has its own). */
export function score(counts: Counts, procedures: Procedures): Figures {
  const transparency = transparencyOf(counts);
  const satisfaction = satisfactionOf(counts);
  const digitized = digitizedOf(counts, procedures);
  const groups = {
    CKMB: sumOf(transparency),
    TDGQ: share(2000, counts.onTime, counts.received),
    CLGQ: onlineScore(counts, procedures),
    TTTT: paymentScore(counts, procedures),
    MDHL: sumOf(satisfaction),
    MDSH: sumOf(digitized),
  };
  let total = 0;
  for (const group of Object.values(groups)) total += group;
  return { counts, procedures, groups, total, transparency, satisfaction, digitized };
}

/** `of` times numerator/denominator, rounded; 0 of nothing. Also gives ratios: `share(10_000, 1, 3)` is 33,33 percent. */
export function share(of: number, numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : divideRounded(of * numerator, denominator);
}

/** Maximum times ratio; null and null where there is nothing to divide by (transparency and digitisation). */
function plain(code: string, maximum: number, [numerator, denominator]: readonly [number, number]): SampleMetric {
  const empty = denominator === 0;
  return {
    code,
    numerator,
    denominator,
    ratio: empty ? null : share(10_000, numerator, denominator),
    score: empty ? null : share(maximum, numerator, denominator),
    maximum,
  };
}

function transparencyOf(counts: Counts): readonly SampleMetric[] {
  return [
    plain("PUBLISH_ON_TIME", 600, [counts.publishedOnTime, counts.published]),
    plain("PUBLIC_UPDATE_ON_TIME", 400, [counts.updatedOnTime, counts.updated]),
    plain("PUBLIC_CONTENT_FULL", 200, [CONTENT_FULL.numerator, CONTENT_FULL.denominator]),
    plain("DOSSIER_SYNC", 600, [counts.synced, counts.received]),
  ];
}

/** No petition: both petition metrics full. No dossier: 0. Satisfaction of dossiers is full from 90 percent on. */
function satisfactionOf(counts: Counts): readonly SampleMetric[] {
  const { petitions, received } = counts;
  const rated = (
    code: string,
    maximum: number,
    [numerator, denominator, points]: readonly [number, number, number | null],
  ) => ({
    code,
    numerator,
    denominator,
    ratio: share(10_000, numerator, denominator),
    score: points,
    maximum,
  });
  const petition = (numerator: number) => (petitions === 0 ? 600 : share(600, numerator, petitions));
  const dossiers = Math.min(600, received === 0 ? 0 : divideRounded(6000 * counts.satisfied, 9 * received));
  return [
    rated("PETITION_CLASSIFICATION_TTHC", 0, [counts.petitionsRules, petitions, null]),
    rated("DOSSIER_RECEIVING_SATISFACTION", 600, [counts.satisfied, received, dossiers]),
    rated("PETITION_PROCESSING_ON_TIME", 600, [counts.petitionsOnTime, petitions, petition(counts.petitionsOnTime)]),
    rated("PETITION_HANDLING_SATISFACTION", 600, [
      counts.petitionsSatisfied,
      petitions,
      petition(counts.petitionsSatisfied),
    ]),
    rated("PETITION_CLASSIFICATION_STAFF", 0, [counts.petitionsStaff, petitions, null]),
  ];
}

function digitizedOf(counts: Counts, procedures: Procedures): readonly SampleMetric[] {
  const { received } = counts;
  const reused = plain("REUSED_DIGITIZED_DATA", 200, [counts.reused, received]);
  return [
    plain("ORIGINAL_RESULT_AVAILABLE", 600, [counts.electronic, received]),
    plain("SO_HOA_GIAY_TO_GIAI_QUYET", 400, [counts.digitised, received]),
    { ...reused, score: received === 0 ? null : Math.min(200, divideRounded(1000 * counts.reused, 4 * received)) },
    plain("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 400, [0, received]),
    plain("CITIZEN_DATA_CONNECTED_DOSSIER", 200, [counts.citizen, received]),
    plain("CITIZEN_DATA_CONNECTED_FORMALITY", 200, [procedures.connected, procedures.all]),
    { code: "ELECTRONIC_CERTIFIED_COPY", numerator: null, denominator: null, ratio: 10_000, score: 200, maximum: 200 },
  ];
}

function onlineScore(counts: Counts, { full, partial, none }: Procedures): number {
  if (counts.received === 0) return 0;
  return share(420, full, full + partial + none) + share(720, counts.online, counts.received);
}

/** 6A + min(2, 2,5B) + 2,5C, rounded once, at most 10 (portal observation, 984 cases). */
function paymentScore(counts: Counts, { withFee, paidOnline, paidDossier }: Procedures): number {
  const a = counts.obliged === 0 ? 0 : (600 * counts.paid) / counts.obliged;
  const b = withFee === 0 ? 0 : Math.min(200, (250 * paidOnline) / withFee);
  const c = withFee === 0 ? 0 : (250 * paidDossier) / withFee;
  return Math.min(1000, Math.round(a + b + c));
}

function sumOf(metrics: readonly SampleMetric[]): number {
  let sum = 0;
  for (const metric of metrics) sum += metric.score ?? 0;
  return sum;
}
