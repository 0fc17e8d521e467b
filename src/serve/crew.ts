import type { PieceOf, PieceQueue, DonePiece as QueuedDone, WithdrawnPiece } from "../adapters/piece-queue.ts";
import type { Context } from "../pipeline/context.ts";
import { type Batch, type Crew, type DonePiece, type PieceName, type Pieces, stopsAll } from "../pipeline/crew.ts";
import { StopRequested } from "../pipeline/run.ts";
import { notedOutcome } from "./noted.ts";
import { readGiven, readPiece, readWork } from "./piece-reading.ts";

/** How often a run looks for what came of its pieces. */
const LOOK_MS = 100;

/** What the run that queues pieces needs. */
export type CrewDesk = {
  readonly pieces: PieceQueue;
  /** The program's version. */
  readonly program: string;
  stopping(): boolean;
};

/** A run as its crew knows it: the tick, and what an earlier attempt at it has left. */
export type CrewOf = PieceOf & { readonly earlier: readonly QueuedDone[] };

/**
 * Takes up the pieces of a run whose process has died: withdraws those nobody is doing, since the run composes anew and asks for
 * what is missing, waits for those being done, and gives all that were; also mails whose worker died before it could tell of them.
 */
export async function takeUp(desk: CrewDesk, of: PieceOf, ctx: Pick<Context, "sleep" | "store">): Promise<CrewOf> {
  const untold: QueuedDone[] = [];
  for (;;) {
    // Again each time: a piece whose worker has died as well goes back into the queue.
    for (const piece of await desk.pieces.withdraw(of)) untold.push(...(await untoldMail(desk, piece, ctx)));
    const { active, done } = await desk.pieces.left(of);
    if (active === 0) return { ...of, earlier: [...done, ...untold] };
    if (desk.stopping()) throw new StopRequested("the process was asked to stop");
    await ctx.sleep(LOOK_MS);
  }
}

async function untoldMail(
  desk: CrewDesk,
  { name, data, begun }: WithdrawnPiece,
  ctx: Pick<Context, "store">,
): Promise<readonly QueuedDone[]> {
  if (!begun || name !== "deliver") return [];
  const { delivery } = readWork(name, readPiece(name, data, desk.program).work);
  const gives = await notedOutcome(ctx, delivery);
  return gives === null ? [] : [{ name, data, output: { gives } }];
}

/**
 * The crew of one run: its pieces go into the queue, every living process works on them, this one too, and the run waits for what
 * comes of them. Visits to the portal are handed out one by one by the jobs, and only one run of a job lives, so that no two
 * processes ask it at once. The first error a worker met ends the run as its own would.
 */
export function crewOf(desk: CrewDesk, of: CrewOf, ctx: Pick<Context, "now" | "sleep" | "settings">): Crew {
  let visited = false;
  return {
    earlier: (name) =>
      of.earlier.filter((piece) => piece.name === name).flatMap((piece) => readDone(desk, name, piece)),
    async share(batch) {
      // The next visit may be another process's, which knows nothing of the pause the portal is owed.
      if (batch.name === "collect-scope" && visited) await ctx.sleep(ctx.settings.portal.pauseMs);
      visited ||= batch.name === "collect-scope";
      const works = batch.works.map((work) => ({ program: desk.program, queuedAt: ctx.now(), work }));
      if (works.length === 0) return [];
      const ids = await desk.pieces.add(batch.name, of, works);
      try {
        return await waitFor(desk, { batch, ids, sleep: ctx.sleep });
      } catch (error) {
        // Asked to stop, the run leaves its pieces to whoever is alive.
        if (!(error instanceof StopRequested)) await desk.pieces.withdraw(of);
        throw error;
      }
    },
  };
}

type Awaited<N extends PieceName> = {
  readonly batch: Batch<N>;
  readonly ids: readonly string[];
  readonly sleep: Context["sleep"];
};

async function waitFor<N extends PieceName>(desk: CrewDesk, { batch, ids, sleep }: Awaited<N>) {
  const given = new Map<string, Pieces[N]["gives"] | null>();
  let withdrawn = 0;
  for (;;) {
    const open = ids.filter((id) => !given.has(id));
    for (const [id, end] of await desk.pieces.ended(batch.name, open)) {
      if (end.state === "given-up")
        throw new Error(`a ${batch.name} piece was given up: ${JSON.stringify(end.output)}`);
      if (end.state === "withdrawn") withdrawn += 1;
      given.set(id, end.state === "withdrawn" ? null : readGiven(batch.name, end.output));
      batch.told?.(given.size);
    }
    if (given.size === ids.length) break;
    if (desk.stopping()) throw new StopRequested("the process was asked to stop");
    await sleep(LOOK_MS);
  }
  const outcomes = ids.map((id) => given.get(id) ?? null);
  // But for a stop, only a process that has taken this one for dead takes its pieces back.
  if (withdrawn > 0 && !outcomes.some(stopsAll))
    throw new Error(`pieces of this run (${batch.name}) were withdrawn: another process has taken it up`);
  return outcomes;
}

/** Nothing for a piece whose worker met an error: this run will meet it too, or do without. */
function readDone<N extends PieceName>(desk: CrewDesk, name: N, { data, output }: QueuedDone): DonePiece<N>[] {
  if (typeof output === "object" && output !== null && "error" in output) return [];
  const { work } = readPiece(name, data, desk.program);
  return [{ work: readWork(name, work), gives: readGiven(name, output) }];
}
