import type { PgBoss } from "pg-boss";
import { jsonText } from "./postgres/sql.ts";

/** Who does pieces in this process. */
export type PieceWorker = {
  /** False: pieces of this name are left to other processes for now. */
  may(name: string): Promise<boolean>;
  /**
   * Gives what is to be told to whoever queued the piece; `before` is true when another worker had begun it and fell silent.
   * Throwing gives the piece back to the queue.
   */
  work(name: string, data: unknown, before: boolean): Promise<object>;
  /** Nothing of this name is queued, or the process stops. */
  idle(name: string): Promise<void>;
};

/** How often a loop looks for pieces and shows that it lives, and where it says what went wrong. */
export type LoopHaste = {
  readonly heartbeatSeconds: number;
  readonly pollSeconds: number;
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
};

/** Does pieces of one name. `wake`: there may be one now. */
export type Loop = { wake(): void; stop(): Promise<void> };
type LoopOptions = LoopHaste & { readonly name: string; readonly queue: string; readonly worker: PieceWorker };

/** Does pieces as long as there are any, then looks again after the pause or when woken. */
export function startLoop(boss: PgBoss, options: LoopOptions): Loop {
  const { name, worker, log } = options;
  let stopping = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.pollSeconds * 1000);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const turn = async (): Promise<boolean> => {
    try {
      if (await doNext(boss, options)) return true;
      await worker.idle(name);
    } catch (error) {
      log("piece-queue", { piece: name, error });
    }
    return false;
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      woken = false;
      if (!(await turn()) && !stopping && !woken) await rest();
    }
    await worker.idle(name).catch((error: unknown) => log("piece-queue", { piece: name, error }));
  };
  const wake = () => {
    woken = true;
    rouse();
  };
  const running = run();
  return {
    wake,
    stop() {
      stopping = true;
      wake();
      return running;
    },
  };
}

/** Fetches a piece and has it done; false when there is none for this process. */
async function doNext(boss: PgBoss, { name, queue, worker, heartbeatSeconds, log }: LoopOptions): Promise<boolean> {
  if (!(await worker.may(name))) return false;
  const [piece] = await boss.fetch<unknown>(queue, { includeMetadata: true });
  if (piece === undefined) return false;
  const touch = () => void boss.touch(queue, piece.id).catch((error: unknown) => log("piece-queue", { error }));
  const beat = setInterval(touch, (heartbeatSeconds * 1000) / 3);
  try {
    const output = await worker.work(name, piece.data, piece.retryCount > 0);
    await boss.complete(queue, piece.id, storable(output));
  } catch (error) {
    log("piece-given-back", { piece: name, id: piece.id, error });
    await boss.fail(queue, piece.id, storable({ message: String(error) }));
  } finally {
    clearInterval(beat);
  }
  return true;
}

/** As JSON that a column takes. */
export function storable(value: object): object {
  return JSON.parse(jsonText(value));
}
