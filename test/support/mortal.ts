import pg from "pg";
import type { Context } from "../../src/pipeline/context.ts";

/** One life of a run that may end in the middle. */
export type Life = {
  /** Every effect so far: "insert into runs", "in delete from observations", "commit delete from observations", "ask", "send", "write". */
  readonly effects: readonly string[];
  /** Resolves when the run has died. */
  readonly death: Promise<"died">;
  /** From here on effects of a context are counted; give it to what a run may change of its context. */
  begin(ctx: Context): Context;
  /** Statements are not watched any more. */
  end(): void;
};

/** Statements that change something, and the ends of transactions. */
const CHANGES = /^\s*(insert|update|delete|copy|commit|with\s+ended)/i;

type Query = (this: pg.Client, ...words: unknown[]) => unknown;
const realQuery = pg.Client.prototype.query as Query;

/**
 * A run that dies before its nth effect as after kill -9: nothing it began goes on, no error is caught, no `finally` runs, and its
 * connections break, so that the server rolls back what was open. Without a number it lives and its effects are counted.
 * A process of its own costs two seconds each time, so those that are really killed are few.
 */
export function mortal(diesBefore: number | null): Life {
  const effects: string[] = [];
  const clients = new Set<pg.Client>();
  let living = false;
  let dead = false;
  let die: (how: "died") => void = () => undefined;
  const death = new Promise<"died">((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => undefined);
  /** False when this effect does not happen any more. */
  const happens = (effect: string): boolean => {
    if (dead) return false;
    effects.push(effect);
    if (effects.length !== diesBefore) return true;
    dead = true;
    living = false;
    for (const client of clients) breakOff(client);
    die("died");
    return false;
  };
  /** The first change of each open transaction; what follows until its end is one with it. */
  const open = new Map<pg.Client, string>();
  const effectOf = (text: string, client: pg.Client): string | null => {
    if (/^\s*begin/i.test(text)) open.set(client, "");
    if (!CHANGES.test(text)) return null;
    const first = open.get(client);
    if (first === undefined) return shapeOf(text);
    if (first === "") open.set(client, shapeOf(text));
    if (!/^\s*commit/i.test(text)) return `in ${first === "" ? shapeOf(text) : first}`;
    open.delete(client);
    return first === "" ? null : `commit ${first}`;
  };
  const patched: Query = function (...words) {
    if (!living && !clients.has(this)) return Reflect.apply(realQuery, this, words);
    clients.add(this);
    const text = textOf(words[0]);
    const effect = effectOf(text, this);
    // Nobody is ever called back; a stream for COPY is never read.
    if (dead || (effect !== null && !happens(effect))) return /^\s*copy/i.test(text) ? words[0] : never;
    return Reflect.apply(realQuery, this, words);
  };
  return {
    effects,
    death,
    begin(ctx) {
      living = true;
      Reflect.set(pg.Client.prototype, "query", patched);
      return {
        ...ctx,
        portal: {
          ask: (source, request) => (happens("ask") ? ctx.portal.ask(source, request) : never),
        },
        channel: { ...ctx.channel, send: (message) => (happens("send") ? ctx.channel.send(message) : never) },
        out: {
          ...ctx.out,
          write: (path, bytes) => (happens("write") ? ctx.out.write(path, bytes) : never),
        },
      };
    },
    end() {
      living = false;
      // What died has no connection left and waits for ever.
      Reflect.set(pg.Client.prototype, "query", realQuery);
    },
  };
}

/** Where a life may end: before the middle one of each kind of effect, and before the first and the last of all. */
export function places(effects: readonly string[]): readonly number[] {
  const chosen = new Set([1, effects.length]);
  for (const kind of new Set(effects)) {
    const all = effects.flatMap((effect, index) => (effect === kind ? [index + 1] : []));
    chosen.add(all[Math.floor(all.length / 2)] ?? 1);
  }
  return [...chosen].toSorted((a, b) => a - b);
}

function breakOff(client: pg.Client): void {
  const { stream } = (client as unknown as { connection: { stream: import("node:net").Socket } }).connection;
  // Nobody is told: a killed process hears nothing either.
  stream.removeAllListeners();
  stream.on("error", () => undefined);
  stream.destroy();
}

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  if (typeof statement !== "object" || statement === null || !("text" in statement)) return "";
  return String(statement.text);
}

function shapeOf(text: string): string {
  return text.trim().split(/\s+/).slice(0, 3).join(" ");
}
