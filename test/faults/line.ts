import { once } from "node:events";
import net from "node:net";
import type { LineFault, LinePlace } from "./plan.ts";

/** A line between one worker and a relay. */
export type Line = { readonly port: number; close(): Promise<void> };

export type LineOptions = {
  readonly relayPort: number;
  /** Strikes once. */
  readonly fault?: LineFault | undefined;
  /** Where the worker is killed, and how: nothing it has said from there on reaches the relay, nothing the relay says reaches it. */
  readonly kill?: { readonly at: LinePlace; now(): void } | undefined;
};

/** Opens a line. Whoever it kills is killed the first time the place is reached; a fault at the same place comes after it. */
export async function openLine(options: LineOptions): Promise<Line> {
  const sockets = new Set<net.Socket>();
  let fault = options.fault;
  let kill = options.kill;
  /** What is to happen at a place, once. */
  const at = (place: LinePlace): "kill" | LineFault["kind"] | null => {
    if (kill?.at === place) {
      kill.now();
      kill = undefined;
      return "kill";
    }
    if (fault?.at !== place) return null;
    const { kind } = fault;
    fault = undefined;
    return kind;
  };
  const server = net.createServer((client) => {
    const relay = net.connect(options.relayPort, "127.0.0.1");
    for (const socket of [client, relay]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        client.destroy();
        relay.destroy();
      });
    }
    carry(client, relay, at);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Carries bytes both ways; the relay is its own witness of what it took. */
function carry(
  client: net.Socket,
  relay: net.Socket,
  at: (place: LinePlace) => "kill" | LineFault["kind"] | null,
): void {
  let mode: "lines" | "body" | "replying" | "stuck" = "lines";
  let end = "";
  /** True when the conversation goes no further. */
  const strikes = (place: LinePlace): boolean => {
    const what = at(place);
    if (what === null) return false;
    mode = "stuck";
    if (what === "kill" || what === "drop") client.destroy();
    else if (typeof what === "object") client.write(`${what.reply}\r\n`);
    return true;
  };
  if (strikes("connect")) return;
  relay.on("data", (chunk: Buffer) => {
    if (mode === "stuck") return;
    if (mode === "replying") {
      mode = "lines";
      if (strikes("reply")) return;
    } else if (/^354/m.test(chunk.toString("latin1"))) mode = "body";
    client.write(chunk);
  });
  client.on("data", (chunk: Buffer) => {
    if (mode === "stuck") return;
    const text = chunk.toString("latin1");
    if (mode === "lines") {
      const place = placeOf(text);
      if (place !== null && strikes(place)) return;
    } else if (mode === "body") {
      if (end === "" && strikes("body")) return void relay.write(chunk.subarray(0, chunk.length / 2));
      end = (end + text).slice(-5);
      if (end === "\r\n.\r\n") {
        end = "";
        if (strikes("dot")) return;
        mode = "replying";
      }
    }
    relay.write(chunk);
  });
}

const VERBS: Readonly<Record<string, LinePlace>> = {
  ...{ EHLO: "ehlo", STARTTLS: "starttls", MAIL: "mail", RCPT: "rcpt", DATA: "data" },
};

function placeOf(line: string): LinePlace | null {
  return VERBS[line.trim().split(/[ :]/)[0]?.toUpperCase() ?? ""] ?? null;
}
