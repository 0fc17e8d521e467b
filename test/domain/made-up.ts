import { type Headline, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { type RegisteredUnit, type View, viewOf } from "../../src/domain/view.ts";

/** A unit's figures by indicator code, in hundredths. */
export type Figures = Readonly<Partial<Record<Headline, number | null>>>;

export function registered(code: string, given: Partial<RegisteredUnit> = {}): RegisteredUnit {
  const level = /^H\d\d$/.test(code) ? "province" : Number(code.split(".")[1]) < 100 ? "agency" : "commune";
  return { code, name: `Đơn vị ${code}`, printName: null, level, standing: "confirmed", closedFrom: null, ...given };
}

type Shown = {
  readonly day?: string;
  readonly period?: string;
  readonly source?: string;
  readonly scope?: string;
  readonly scheme?: string;
  readonly register?: readonly RegisteredUnit[];
};

/** A view of made-up figures; every unit in it is registered unless a register is given. */
export function view(figures: Readonly<Record<string, Figures | number>>, shown: Shown = {}): View {
  const { day = "2026-10-09", period = "2026", source = "evaluation-api", scope = "H21", scheme = "dvc2026" } = shown;
  const observations = Object.entries(figures).flatMap(([unit, given]) =>
    Object.entries(typeof given === "number" ? { [TOTAL]: given } : given).map(
      ([code, value]): Observation => ({
        unit,
        indicator: `${scheme}.${code}`,
        period,
        value: value ?? null,
        answer: 0,
      }),
    ),
  );
  const snapshot = {
    id: `${source} ${day}`,
    source,
    scope,
    period,
    takenAt: new Date(`${day}T06:00:00+07:00`),
    complete: true,
  };
  return viewOf(snapshot, observations, shown.register ?? Object.keys(figures).map((code) => registered(code)));
}
