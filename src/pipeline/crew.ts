import type { Outcome } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { Problem } from "../domain/run.ts";

/** A visit as it travels: the names of source and period; `since`: a complete snapshot taken from then on needs no second one. */
export type ScopeWork = {
  readonly source: string;
  readonly scope: string;
  readonly period: string;
  readonly since: Date | null;
};

/** What came of a visit, in words and as the run's problem; `stopped`: the source is to be asked nothing more in this run, and why. */
export type VisitReport = {
  readonly outcome: string;
  readonly problem: Problem | null;
  readonly stopped: string | null;
};

/** What came of rendering: the frozen edition's key, or why it cannot be laid out. */
export type Made = { readonly key: string } | { readonly refused: string };

/** The pieces the work of a run is cut into: what each is handed and what it gives. A delivery gives null when another worker holds it. */
export type Pieces = {
  readonly "collect-scope": { readonly work: ScopeWork; readonly gives: VisitReport };
  readonly "render-edition": { readonly work: { readonly edition: Edition }; readonly gives: Made };
  readonly deliver: { readonly work: { readonly delivery: string }; readonly gives: Outcome | null };
};
export type PieceName = keyof Pieces;

/** Pieces of one name. `one` does a piece in this process; `told` hears how many have ended, after each. */
export type Batch<N extends PieceName> = {
  readonly name: N;
  readonly works: readonly Pieces[N]["work"][];
  one(work: Pieces[N]["work"]): Promise<Pieces[N]["gives"]>;
  told?(ended: number): void;
};

/** A piece that was done, and what came of it. */
export type DonePiece<N extends PieceName> = { readonly work: Pieces[N]["work"]; readonly gives: Pieces[N]["gives"] };

/** Others who may do the pieces of a run. */
export type Crew = {
  /** What came of each, in the order given; null for one that a stop has withdrawn. */
  share<N extends PieceName>(batch: Batch<N>): Promise<readonly (Pieces[N]["gives"] | null)[]>;
  /** Pieces of this run that were done for a process that died before it could tell what came of them, in the order they ended. */
  earlier<N extends PieceName>(name: N): readonly DonePiece<N>[];
};

/** Has pieces done: by the crew of the context, or one after the other in this process. A stop leaves the rest undone. */
export async function share<N extends PieceName>(
  ctx: { readonly crew?: Crew },
  batch: Batch<N>,
): Promise<readonly (Pieces[N]["gives"] | null)[]> {
  if (ctx.crew !== undefined) return ctx.crew.share(batch);
  const given: (Pieces[N]["gives"] | null)[] = batch.works.map(() => null);
  for (const [place, work] of batch.works.entries()) {
    const gives = await batch.one(work);
    given[place] = gives;
    batch.told?.(place + 1);
    if (stopsAll(gives)) break;
  }
  return given;
}

/** True when what came of a piece says that the others need not be tried: the whole relay is unusable. */
export function stopsAll(gives: Pieces[PieceName]["gives"]): boolean {
  return gives !== null && "state" in gives && gives.state === "failed" && gives.stop;
}
