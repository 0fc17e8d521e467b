import type { ChildProcess } from "node:child_process";
import { Readable, Writable } from "node:stream";

/** A conversation with a browser over its debugging pipe. */
export type DevTools = {
  /** Asks one thing and gives the result. Throws when the browser refuses it or has gone. */
  ask(
    method: string,
    given: Readonly<Record<string, unknown>>,
    session?: string,
  ): Promise<Readonly<Record<string, unknown>>>;
};

type Waiting = {
  readonly method: string;
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
};

type Reply = { readonly id?: number; readonly result?: Record<string, unknown>; readonly error?: { message: string } };

/** Opens the conversation with a process started with `--remote-debugging-pipe`: it reads from its file 3 and writes to 4. */
export function openDevTools(child: ChildProcess): DevTools {
  const [, , , toBrowser, fromBrowser] = child.stdio;
  if (!(toBrowser instanceof Writable) || !(fromBrowser instanceof Readable))
    throw new TypeError("a browser is started with pipes as its files 3 and 4");
  const waiting = new Map<number, Waiting>();
  const give = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  let gone: Error | null = null;
  const leave = (error: Error) => {
    gone ??= error;
    give(gone);
  };
  child.on("error", leave);
  child.on("close", (code, signal) => leave(new Error(`it ended with ${signal ?? code}`)));
  toBrowser.on("error", leave);
  readMessages(fromBrowser, (text) => {
    const reply = JSON.parse(text) as Reply;
    const asked = reply.id === undefined ? undefined : waiting.get(reply.id);
    if (asked === undefined || reply.id === undefined) return;
    waiting.delete(reply.id);
    if (reply.error === undefined) asked.resolve(reply.result ?? {});
    else asked.reject(new Error(`${asked.method}: ${reply.error.message}`));
  });
  let last = 0;
  return {
    ask: (method, given, session) =>
      new Promise((resolve, reject) => {
        if (gone !== null) return reject(gone);
        last += 1;
        waiting.set(last, { method, resolve, reject });
        const message = { id: last, method, params: given, ...(session === undefined ? {} : { sessionId: session }) };
        toBrowser.write(`${JSON.stringify(message)}\0`);
      }),
  };
}

/** Messages are JSON with a NUL behind each; one may come in several pieces. */
function readMessages(stream: Readable, take: (text: string) => void): void {
  let open: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let at = rest.indexOf(0); at !== -1; at = rest.indexOf(0)) {
      take(Buffer.concat([...open, rest.subarray(0, at)]).toString("utf8"));
      open = [];
      rest = rest.subarray(at + 1);
    }
    if (rest.length > 0) open.push(rest);
  });
}
