import type { Component, Headline } from "../domain/indicator.ts";
import { EVALUATION_2026 } from "./evaluation-2026.ts";

/** How a figure comes about and where that is known from. English: for whoever answers questions, never printed. */
export type Rule = { readonly formula: string; readonly source: string };

const DECISION = "Decision 766/QĐ-TTg of 23/6/2022, maxima as the portal splits them";
const OBSERVED = `${DECISION}; formula agrees with the portal's stored answers; the portal's own score is taken as it is`;

const GROUP_RULES: Readonly<Record<Headline, Rule>> = {
  TOTAL: { formula: "CKMB + TDGQ + CLGQ + TTTT + MDHL + MDSH, the portal's own total", source: DECISION },
  CKMB: { formula: "the sum of its components' scores", source: DECISION },
  TDGQ: { formula: "20 × onTime / received", source: OBSERVED },
  CLGQ: { formula: "not given by the portal, and not to be had from its counts", source: DECISION },
  TTTT: {
    formula: "6 × paidOnline / obligation, and up to 4 points for procedures with online payment",
    source: `${DECISION}; inferred from stored answers, not documented by the portal`,
  },
  MDHL: { formula: "the sum of its components' scores", source: DECISION },
  MDSH: { formula: "the sum of its components' scores", source: DECISION },
};

const SPECIAL: Readonly<Record<string, (maximum: string) => string>> = {
  PETITION_PROCESSING_ON_TIME: (maximum) =>
    `${maximum} without any petition, otherwise ${maximum} × numerator / denominator`,
  PETITION_HANDLING_SATISFACTION: (maximum) =>
    `${maximum} without any petition, otherwise ${maximum} × numerator / denominator`,
  DOSSIER_RECEIVING_SATISFACTION: (maximum) =>
    `0 without any dossier, otherwise ${maximum} × (numerator / denominator) / 90 %, at most ${maximum}`,
  REUSED_DIGITIZED_DATA: (maximum) => `${maximum} × (numerator / denominator) / 80 %, at most ${maximum}`,
  PETITION_CLASSIFICATION_TTHC: () => "for information, no score",
  PETITION_CLASSIFICATION_STAFF: () => "for information, no score",
};

/** The rule of a total or a group. */
export function ruleOf(code: Headline): Rule {
  return GROUP_RULES[code];
}

/** The components of a group, each with its rule. */
export function componentRules(code: Headline): readonly (Component & { readonly rule: Rule })[] {
  return EVALUATION_2026.components
    .filter(({ group }) => group === code)
    .map((component) => {
      const maximum = String(component.maximum / 100);
      const formula = SPECIAL[component.code]?.(maximum) ?? `${maximum} × numerator / denominator`;
      return { ...component, rule: { formula, source: OBSERVED } };
    });
}

/** How a rank comes about. */
export const RANK_RULE: Rule = {
  formula: "1 + the number of ranked units of the same block with a higher figure; equal figures share a rank",
  source: "computed here from the portal's figures; the portal's order of rows is not used",
};
