import type { PieceWorker } from "../adapters/piece-loop.ts";
import type { PieceQueue } from "../adapters/piece-queue.ts";
import { dayOf } from "../domain/calendar.ts";
import { collectScope } from "../pipeline/collect.ts";
import type { Context } from "../pipeline/context.ts";
import { type PieceName, type Pieces, stopsAll } from "../pipeline/crew.ts";
import { makeEdition } from "../pipeline/publish.ts";
import { StopRequested } from "../pipeline/run.ts";
import { sendOne } from "../pipeline/send-one.ts";
import type { Desk } from "./desk.ts";
import { notedOutcome } from "./noted.ts";
import { packed, readPiece, readWork, type TakenPiece } from "./piece-reading.ts";
import { stoppable } from "./stoppable.ts";

/** Every name of a piece. */
export const PIECE_NAMES = ["collect-scope", "render-edition", "deliver"] as const satisfies readonly PieceName[];

/** A piece queued so long ago is done also when its day has ended meanwhile. */
const LATE_MS = 15 * 60_000;
/** A context no piece has used for so long is closed, with its relay's connection. */
const KEPT_MS = 10_000;

/** What the workers of pieces need of their process. */
export type Bench = Pick<Desk, "ticks" | "now" | "log"> & {
  readonly pieces: PieceQueue;
  readonly program: string;
  stopping(): boolean;
  /** Why this machine may send nothing now; null when it may. */
  held(): Promise<string | null>;
  /** Opens a context on the process's database. */
  open(): { readonly ctx: Context; close(): Promise<void> };
};

type Doers = {
  readonly [N in PieceName]: (ctx: Context, work: Pieces[N]["work"], before: boolean) => Promise<Pieces[N]["gives"]>;
};

const DOERS: Doers = {
  "collect-scope": collectScope,
  "render-edition": (ctx, { edition }) => makeEdition(ctx, edition),
  deliver: async (ctx, { delivery }, before) => {
    const outcome = await sendOne(ctx, delivery);
    return outcome === null && before ? notedOutcome(ctx, delivery) : outcome;
  },
};

/**
 * Does pieces of whatever run, each name with a context of its own that lasts as long as pieces of one run come. Nothing is begun
 * of a run that has ended, nor on the day after; an unconfirmed machine leaves mail to others.
 */
export function pieceWorker(bench: Bench): PieceWorker {
  const hands = new Map<string, Hand>();
  return {
    may: async (name) => name !== "deliver" || (await bench.held()) === null,
    async work(name, data, before) {
      const known = PIECE_NAMES.find((piece) => piece === name);
      if (known === undefined) throw new Error(`this process knows no piece "${name}"`);
      const piece = readPiece(known, data, bench.program);
      if (!(await isWanted(bench, piece))) return packed(new Error("not begun: its run has ended"));
      const hand = await handFor(bench, hands, { name, run: `${piece.job} ${piece.slot.toISOString()}` });
      try {
        return { gives: await doPiece(bench, hand.ctx, { name: known, piece, before }) };
      } catch (error) {
        if (error instanceof StopRequested) throw error;
        return packed(error);
      }
    },
    async idle(name) {
      const hand = hands.get(name);
      if (hand === undefined) return;
      if (!bench.stopping() && Math.abs(bench.now().getTime() - hand.usedAt) < KEPT_MS) return;
      hands.delete(name);
      await hand.close();
    },
  };
}

type Hand = { readonly run: string; readonly ctx: Context; usedAt: number; close(): Promise<void> };

async function handFor(bench: Bench, hands: Map<string, Hand>, { name, run }: { name: string; run: string }) {
  const kept = hands.get(name);
  if (kept?.run === run) {
    kept.usedAt = bench.now().getTime();
    return kept;
  }
  hands.delete(name);
  await kept?.close();
  const { ctx, close } = bench.open();
  // A visit is many questions, and none is begun any more; a page and a mail are one step, which is finished.
  const own = name === "collect-scope" ? stoppable(ctx, () => bench.stopping()) : ctx;
  const hand: Hand = { run, ctx: own, close, usedAt: bench.now().getTime() };
  hands.set(name, hand);
  return hand;
}

async function doPiece<N extends PieceName>(
  bench: Bench,
  ctx: Context,
  { name, piece, before }: { name: N; piece: TakenPiece; before: boolean },
): Promise<Pieces[N]["gives"]> {
  const gives = await DOERS[name](ctx, readWork(name, piece.work), before);
  // At once, not when the run hears of it: in between every other mail would knock at the same closed door.
  if (stopsAll(gives)) {
    const { length: withdrawn } = await bench.pieces.withdraw(piece, name);
    bench.log("pieces-withdrawn", { piece: name, job: piece.job, slot: piece.slot, withdrawn });
  }
  return gives;
}

/** While its run's tick is open; on its own day, or shortly after it when the day ended in mid-run. */
async function isWanted(bench: Bench, { job, slot, queuedAt }: TakenPiece): Promise<boolean> {
  const now = bench.now();
  if (dayOf(now) !== dayOf(queuedAt) && Math.abs(now.getTime() - queuedAt.getTime()) > LATE_MS) return false;
  const open = await bench.ticks.open(job);
  return open.some((tick) => tick.state === "running" && tick.slot.getTime() === slot.getTime());
}
