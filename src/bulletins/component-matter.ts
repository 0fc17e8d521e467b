import { type ComponentState, dossiersForStep, upperQuartile } from "../domain/advice.ts";
import { divideRounded, formatCount, formatPoints, formatShare } from "../domain/figure.ts";
import type { Component, Group } from "../domain/indicator.ts";
import { activeUnits, type View } from "../domain/view.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { countsView } from "./daily-counts.ts";
import type { DailyInput } from "./daily-input.ts";
import { BLOCK_NAMES, formatMaximum } from "./wording.ts";

type State = ComponentState & {
  readonly component: Component;
  readonly score: number;
  readonly quartile: number | null;
};

/**
 * The component of a group with the most headroom below its block's upper quartile: what is done, what the best quarter reaches,
 * how many more make 0,1 point. Components that are blank, inherited from the province or 0 for the whole block are left out.
 */
export function componentMatter(input: DailyInput, group: Group): string | null {
  const view = countsView(input);
  if (view === null) return null;
  const [best] = EVALUATION_2026.components
    .filter((component) => component.group === group)
    .flatMap((component) => stateOf(input, view, component) ?? [])
    .sort((a, b) => headroom(b) - headroom(a));
  if (best === undefined || headroom(best) <= 0) return null;
  const { component, score, numerator, denominator, maximum, quartile } = best;
  const title = component.title.charAt(0).toLocaleUpperCase("vi") + component.title.slice(1);
  const share = denominator < input.settings.floors.dossiers ? "" : ` (${formatShare(numerator, denominator)})`;
  const quarter =
    quartile === null ? "" : `; 25% ${BLOCK_NAMES[input.unit.level]} dẫn đầu đạt từ ${formatPoints(quartile)} điểm`;
  const done = `${title}: ${formatCount(numerator)}/${formatCount(denominator)}${share}, đạt ${formatPoints(score)}/${formatMaximum(maximum)} điểm${quarter}.`;
  const step = denominator < input.settings.floors.dossiers ? "" : stepWords(best, score, component.counted);
  return `${done}${step}`;
}

/** To the quartile where the block's is known, otherwise to the maximum. */
function headroom({ score, maximum, quartile }: State): number {
  return (quartile ?? maximum) - score;
}

function stateOf(input: DailyInput, view: View, component: Component): State | null {
  const code = `${component.group}.${component.code}`;
  const of = (unit: string) => ({
    score: view.value(unit, `${code}.score`),
    numerator: view.value(unit, `${code}.numerator`),
    denominator: view.value(unit, `${code}.denominator`),
  });
  const own = of(input.unit.code);
  if (typeof own.score !== "number" || typeof own.numerator !== "number" || typeof own.denominator !== "number")
    return null;
  if (own.denominator === 0 || component.maximum === 0) return null;
  const block = activeUnits(view, input.unit.level).map(({ code: unit }) => of(unit));
  const everyone = block.length > 0 ? block : [...view.units.keys()].map(of);
  const scores = block.flatMap(({ score }) => score ?? []);
  const isInherited =
    block.length > 1 &&
    block.every(({ numerator, denominator }) => numerator === own.numerator && denominator === own.denominator);
  if (isInherited || everyone.every(({ score }) => score === 0 || score === null)) return null;
  const { numerator, denominator, score } = own;
  return {
    component,
    score,
    numerator,
    denominator,
    maximum: component.maximum,
    repairable: component.repairable,
    quartile: upperQuartile(scores),
  };
}

/** "Thêm 18 hồ sơ … thì tăng ít nhất 0,1 điểm": only where the score really is maximum × share, as the portal's own figures show. */
export function stepWords(state: ComponentState, score: number | null, what: string): string {
  if (score === null || state.denominator === 0) return "";
  if (Math.abs(divideRounded(state.maximum * state.numerator, state.denominator) - score) > 1) return "";
  const needed = dossiersForStep(state);
  return needed === null ? "" : ` Thêm ${formatCount(needed)} ${what} thì tăng ít nhất 0,1 điểm.`;
}
