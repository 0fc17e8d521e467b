import type { Group } from "./indicator.ts";
import type { View } from "./view.ts";

/**
 * Why a score jumped. `adjusted`: a cumulative count fell, or the score changed while its counts stayed. `first-figure`: a blank
 * became a score. `unknown`: nothing in hand proves either.
 */
export type JumpCause = "adjusted" | "first-figure" | "unknown";

/**
 * Counts that may fall by themselves: a dossier or petition in time becomes overdue, a rating turns, a procedure moves from one
 * list to another. Their fall proves no adjustment. All other counts only grow within a period.
 */
const MAY_FALL: ReadonlySet<string> = new Set([
  "TDGQ.onTime",
  "CLGQ.onlineOnTime",
  "CLGQ.full",
  "CLGQ.partial",
  "CLGQ.authority",
  "CLGQ.services",
  "TTTT.formalityFee",
  "CKMB.PUBLIC_CONTENT_FULL.numerator",
  "CKMB.PUBLIC_CONTENT_FULL.denominator",
  "MDHL.PETITION_PROCESSING_ON_TIME.numerator",
  "MDHL.PETITION_HANDLING_SATISFACTION.numerator",
  "MDHL.DOSSIER_RECEIVING_SATISFACTION.numerator",
  "MDSH.CITIZEN_DATA_CONNECTED_FORMALITY.numerator",
  "MDSH.CITIZEN_DATA_CONNECTED_FORMALITY.denominator",
]);

type Place = { readonly unit: string; readonly group: Group };
type Values = { readonly code: string; readonly earlier: number | null; readonly now: number | null };

/**
 * Reads the cause of a group's jump from the counts in hand; without counts it stays unknown. Where components have scores, the
 * cause is that of the components that make the jump: all but less than `large` hundredths of it.
 */
export function causeOf(before: View, after: View, { unit, group, large }: Place & { large: number }): JumpCause {
  const values = [...new Set([...before.codes(group), ...after.codes(group)])].flatMap((code): Values[] => {
    const [earlier, now] = [before.value(unit, code), after.value(unit, code)];
    return earlier === undefined && now === undefined ? [] : [{ code, earlier: earlier ?? null, now: now ?? null }];
  });
  const scores = values.filter(({ code, earlier, now }) => isScore(code) && (earlier !== null || now !== null));
  if (scores.length === 0) return countsCause(values.filter(({ code }) => !isScore(code)));
  const whole = (after.value(unit, group) ?? 0) - (before.value(unit, group) ?? 0);
  const made = { adjusted: 0, "first-figure": 0, unknown: 0 };
  for (const score of scores) made[componentCause(score, values)] += (score.now ?? 0) - (score.earlier ?? 0);
  const makes = (cause: JumpCause) => Math.abs(made[cause]) >= large && Math.abs(whole - made[cause]) < large;
  return makes("adjusted") ? "adjusted" : makes("first-figure") ? "first-figure" : "unknown";
}

const isScore = (code: string): boolean => code.endsWith(".score");

function componentCause(score: Values, values: readonly Values[]): JumpCause {
  if (score.earlier === null && score.now !== null) return "first-figure";
  const component = score.code.slice(0, -"score".length);
  return countsCause(values.filter(({ code }) => code.startsWith(component) && code !== score.code));
}

/** `adjusted` when a count that only grows fell, or when all counts are known and stayed. */
function countsCause(counts: readonly Values[]): JumpCause {
  const fell = counts.some(
    ({ code, earlier, now }) => earlier !== null && now !== null && now < earlier && !MAY_FALL.has(code),
  );
  if (fell) return "adjusted";
  const stayed = counts.length > 0 && counts.every(({ earlier, now }) => earlier !== null && earlier === now);
  return stayed ? "adjusted" : "unknown";
}
