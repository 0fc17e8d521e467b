import type { Day } from "../domain/calendar.ts";
import { type Period, periodEnd, periodKey } from "../domain/period.ts";
import { PROVINCE_BODIES, SAMPLE_PROVINCE, type SampleBody, UNIT_BODIES } from "./bodies.ts";
import { characterOf } from "./character.ts";
import { NOTHING, plus } from "./counts.ts";
import { type Figures, score } from "./scoring.ts";
import { countsOf } from "./timeline.ts";
import type { Procedures } from "./traits.ts";

/** Every body's figures for a period as the portal shows them on a day. */
export type Board = {
  readonly units: ReadonlyMap<string, Figures>;
  readonly provinces: ReadonlyMap<string, Figures>;
};

const BOARDS = new Map<string, Board>();
/** Twelve months, four quarters and a year for a few days: more is not worth keeping. */
const KEPT = 80;

/** The board of a period on a day. The sample province is the sum of its units, so its own answer and the national one agree. */
export function boardOf(period: Period, seenOn: Day): Board {
  const end = periodEnd(period);
  // A closed month or quarter no longer changes; a year may be restated after its end.
  const shown = period.kind !== "year" && seenOn > end ? end : seenOn;
  const key = `${periodKey(period)}@${shown}`;
  const known = BOARDS.get(key);
  if (known !== undefined) return known;
  const board = makeBoard(period, shown);
  if (BOARDS.size >= KEPT) BOARDS.clear();
  BOARDS.set(key, board);
  return board;
}

/** The sum of several bodies, scored as one. */
export function together(parts: Iterable<Figures>): Figures {
  let counts = NOTHING;
  let procedures: Procedures | null = null;
  for (const part of parts) {
    counts = plus(counts, part.counts);
    procedures = procedures === null ? part.procedures : addProcedures(procedures, part.procedures);
  }
  if (procedures === null) throw new RangeError("nothing to add up");
  return score(counts, procedures);
}

function makeBoard(period: Period, seenOn: Day): Board {
  const figuresOf = (body: SampleBody): [string, Figures] => [
    body.code,
    score(countsOf(body, period, seenOn), characterOf(body).procedures),
  ];
  const units = new Map(UNIT_BODIES.map(figuresOf));
  const provinces = new Map(
    PROVINCE_BODIES.map((body): [string, Figures] =>
      body.code === SAMPLE_PROVINCE ? [body.code, together(units.values())] : figuresOf(body),
    ),
  );
  return { units, provinces };
}

function addProcedures(a: Procedures, b: Procedures): Procedures {
  return {
    full: a.full + b.full,
    partial: a.partial + b.partial,
    none: a.none + b.none,
    withFee: a.withFee + b.withFee,
    paidOnline: a.paidOnline + b.paidOnline,
    paidDossier: a.paidDossier + b.paidDossier,
    all: a.all + b.all,
    connected: a.connected + b.connected,
  };
}
