import { createHash } from "node:crypto";
import type { PrintedFigure } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import { GROUPS, indicatorCode, isHeadline, TOTAL } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import type { Answer } from "../domain/snapshot.ts";
import { componentRules, RANK_RULE, type Rule, ruleOf } from "../indicators/rules-2026.ts";
import type { Context } from "./context.ts";
import type { StoredSnapshot } from "./store.ts";

export type ExplainQuestion = {
  readonly edition: string;
  /** Absent: the unit the edition speaks to. */
  readonly unit: string | null;
  /** Absent: every printed indicator. */
  readonly indicator: string | null;
};

/** A count or score behind a figure, as the same snapshot states it. Scores in hundredths. */
export type Behind = {
  readonly code: string;
  readonly value: number | null;
  readonly flag: string | null;
  /** The rule of a component's score. */
  readonly rule: Rule | null;
};

/** A printed figure with everything it rests on, down to the archived bytes. */
export type Explained = {
  readonly figure: PrintedFigure;
  readonly rule: Rule;
  readonly rankRule: Rule;
  /** What the snapshot states now; null is the portal's blank, absent when today's reader finds nothing. */
  readonly stored: { readonly value: number | null } | null;
  readonly behind: readonly Behind[];
  readonly snapshot: StoredSnapshot;
  /** The answer that says so; null when nothing is stored. */
  readonly answer: ExplainedAnswer | null;
};

export type ExplainedAnswer = {
  readonly ordinal: number;
  readonly endpoint: string;
  readonly status: number | null;
  readonly receivedAt: Date;
  readonly bytes: number;
  /** Of the archived bytes, computed now. */
  readonly sha256: string;
};

type Loaded = {
  readonly snapshot: StoredSnapshot;
  readonly observations: readonly Observation[];
  readonly answers: readonly Answer[];
};

/**
 * Leads printed figures back: rule, counts, snapshot, answer, sha256 of the archived bytes. Throws UsageError when there is no such
 * edition, or none of its figures is asked for; ReadError when archived bytes are spoilt.
 */
export async function explain(ctx: Pick<Context, "store">, question: ExplainQuestion): Promise<readonly Explained[]> {
  const edition = await ctx.store.editions.find(question.edition);
  if (edition === null)
    throw new UsageError(`there is no edition ${question.edition}; "diemtin editions list" shows them`);
  const unit = question.unit ?? edition.audience;
  const figures = edition.content.figures.filter(
    (figure) => figure.unit === unit && (question.indicator === null || figure.indicator === question.indicator),
  );
  if (figures.length === 0) throw new UsageError(nothing(question, unit, edition.content.figures));
  const loaded = new Map<string, Loaded>();
  const explained: Explained[] = [];
  for (const figure of figures) {
    const known = loaded.get(figure.snapshot) ?? (await load(ctx, figure.snapshot));
    loaded.set(figure.snapshot, known);
    explained.push(explainOne(figure, known));
  }
  return explained;
}

function nothing({ edition, indicator }: ExplainQuestion, unit: string, figures: readonly PrintedFigure[]): string {
  const units = [...new Set(figures.map((figure) => figure.unit))];
  const shown = units.length > 10 ? `${units.slice(0, 10).join(", ")}, …` : units.join(", ");
  return `${edition} prints no ${indicator ?? "figure"} of ${unit}; it prints figures of ${shown}`;
}

async function load(ctx: Pick<Context, "store">, id: string): Promise<Loaded> {
  const snapshot = await ctx.store.snapshots.find(id);
  if (snapshot === null) throw new Error(`a printed figure names snapshot ${id}, which is not there`);
  const observations = await ctx.store.observations.of(id, { all: true });
  return { snapshot, observations, answers: await ctx.store.snapshots.answers(id) };
}

function explainOne(figure: PrintedFigure, { snapshot, observations, answers }: Loaded): Explained {
  const { indicator } = figure;
  if (!isHeadline(indicator)) throw new Error(`a printed figure has the unknown indicator ${indicator}`);
  const own = observations.filter(({ unit, period }) => unit === figure.unit && period === figure.period);
  const said = own.find((row) => indicatorCode(row.indicator) === indicator);
  const components = new Map(componentRules(indicator).map((one) => [`${indicator}.${one.code}.score`, one.rule]));
  const belongs = (code: string) =>
    indicator === TOTAL ? GROUPS.some((group) => group === code) : code.startsWith(`${indicator}.`);
  const behind = own
    .map((row) => ({ code: indicatorCode(row.indicator), row }))
    .filter(({ code }) => belongs(code))
    .map(({ code, row }) => ({
      ...{ code, value: row.value, flag: row.flag ?? null },
      rule: components.get(code) ?? null,
    }));
  const answer = said === undefined ? undefined : answers[said.answer];
  return {
    figure,
    rule: ruleOf(indicator),
    rankRule: RANK_RULE,
    stored: said === undefined ? null : { value: said.value },
    behind,
    snapshot,
    answer: answer === undefined || said === undefined ? null : answerOf(answer, said.answer),
  };
}

function answerOf({ endpoint, status, receivedAt, body }: Answer, ordinal: number): ExplainedAnswer {
  const sha256 = createHash("sha256").update(body).digest("hex");
  return { ordinal, endpoint, status, receivedAt, bytes: body.byteLength, sha256 };
}
