import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { portalAt, serve } from "../support/portal.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server on the bare socket, for answers HTTP libraries do not give. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function served(listener: Parameters<typeof serve>[0]): Promise<string> {
  const server = await serve(listener);
  closers.push(server.close);
  return server.url;
}

const HEAD = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n";
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("the deadline of one try covers", () => {
  const limits = { timeoutMs: 80 };

  it("waiting for headers", async () => {
    const url = await rawServer(() => undefined);
    const answer = await portalAt(url, limits).ask();
    expect(answer).toMatchObject({
      status: null,
      fault: "timeout: no whole answer within 80 ms (0 bytes received)",
    });
  });

  it("a body that stalls, keeping what came", async () => {
    const url = await rawServer((socket) => socket.write(`${HEAD}content-length: 100\r\n\r\n{"code":"OK"`));
    const answer = await portalAt(url, limits).ask();
    expect(answer).toMatchObject({
      status: 201,
      fault: "timeout: no whole answer within 80 ms (12 bytes received)",
    });
    expect(text(answer.body)).toBe('{"code":"OK"');
  });

  it("a compressed body that stalls", async () => {
    const url = await rawServer((socket) => {
      socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: 500\r\n\r\n`);
      socket.write(gzipSync("x".repeat(500)).subarray(0, 15));
    });
    expect((await portalAt(url, limits).ask()).fault).toMatch(/^timeout: /);
  });

  it("a trickle that never pauses for long", async () => {
    const url = await rawServer((socket) => {
      socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
      const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write("1")), 10);
      closers.push(() => clearInterval(drip));
    });
    const started = performance.now();
    const { ask } = portalAt(url, limits);
    const answer = await ask();
    expect(answer.fault).toMatch(/^timeout: /);
    expect(answer.body.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("a broken transfer is named, and what came of it is kept:", () => {
  it("half a body", async () => {
    const url = await rawServer((socket) => socket.end(`${HEAD}content-length: 100\r\n\r\n{"code":`));
    const answer = await portalAt(url).ask();
    expect(answer.fault).toBe("half-body: connection closed after 8 of 100 bytes");
    expect(text(answer.body)).toBe('{"code":');
  });

  it("half a chunked body", async () => {
    const url = await rawServer((socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n`));
    expect((await portalAt(url).ask()).fault).toBe("half-body: connection closed after 5 bytes");
  });

  it("half a gzip whose length was honest", async () => {
    const half = gzipSync("y".repeat(5_000)).subarray(0, 20);
    const url = await served((_, response) => response.writeHead(201, { "content-encoding": "gzip" }).end(half));
    expect((await portalAt(url).ask()).fault).toMatch(/^half-body: /);
  });

  it("bytes that are not the gzip they claim to be", async () => {
    const url = await served((_, response) => response.writeHead(201, { "content-encoding": "gzip" }).end("plain"));
    expect((await portalAt(url).ask()).fault).toMatch(/^encoding: Z_DATA_ERROR/);
  });

  it("a compression nobody asked for", async () => {
    const url = await served((_, response) => response.writeHead(201, { "content-encoding": "zz" }).end("bytes"));
    const answer = await portalAt(url).ask();
    expect(answer.fault).toBe('encoding: unknown content-encoding "zz"');
    expect(text(answer.body)).toBe("bytes");
  });

  it("half a block page, which is still a refusal", async () => {
    const url = await rawServer((socket) => socket.end(`${HEAD}content-length: 900\r\n\r\n<html>`));
    expect((await portalAt(url).ask()).fault).toBe("blocked: HTML page instead of JSON (201 Created)");
  });

  it("a reset before any answer, tried three times", async () => {
    let connections = 0;
    const url = await rawServer((socket) => {
      connections += 1;
      socket.resetAndDestroy();
    });
    const answer = await portalAt(url).ask();
    expect(answer).toMatchObject({ status: null, fault: expect.stringMatching(/^reset: ECONNRESET/) });
    expect(connections).toBe(3);
  });

  it("nobody listening", async () => {
    const url = await served(() => undefined);
    await closers.pop()?.();
    expect((await portalAt(url).ask()).fault).toMatch(/^connect: ECONNREFUSED/);
  });

  it("something that does not speak HTTP", async () => {
    const url = await rawServer((socket) => socket.end("220 mail ready\r\n"));
    expect((await portalAt(url).ask()).fault).toMatch(/^protocol: HPE_/);
  });
});

describe("the size limit", () => {
  it("ends an endless body and keeps the bytes up to it", async () => {
    let sent = 0;
    const url = await served((_, response) => {
      response.writeHead(201, { "content-type": "application/json" });
      const block = Buffer.alloc(65_536, 0x5b);
      const pump = () => {
        while (sent < 50_000_000 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) return void response.once("drain", pump);
        }
        response.end();
      };
      pump();
    });
    const answer = await portalAt(url, { maxBytes: 100_001 }).ask();
    expect(answer.fault).toBe("too-large: more than 100001 bytes");
    expect(answer.body).toHaveLength(100_001);
    expect(sent).toBeLessThan(20_000_000);
  });

  it("counts what a small zip unfolds to", async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const url = await served((_, response) => response.writeHead(201, { "content-encoding": "gzip" }).end(bomb));
    const answer = await portalAt(url, { maxBytes: 200_000 }).ask();
    expect(answer.fault).toBe("too-large: more than 200000 bytes");
    expect(answer.body).toHaveLength(200_000);
  });

  it("lets a body of exactly that size pass", async () => {
    const url = await served((_, response) => response.writeHead(201).end("[]".repeat(50)));
    expect((await portalAt(url, { maxBytes: 100 }).ask()).fault).toBeUndefined();
  });
});

describe("where a question may go", () => {
  it("not where a redirect points", async () => {
    let visited = 0;
    const target = await served((_, response) => {
      visited += 1;
      response.end("{}");
    });
    const url = await served((_, response) =>
      response.writeHead(302, { location: `${target}/login?token=secret` }).end(),
    );
    const answer = await portalAt(url).ask();
    expect(answer.fault).toBe(`redirect: 302 Found to ${new URL(target).host}, not followed`);
    expect(visited).toBe(0);
  });

  it("through HTTPS_PROXY for https elsewhere; never for plain http or loopback", async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end();
    });
    proxy.on("connect", (request, socket) => {
      seen.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    closers.push(() => void proxy.close());
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
    const before = names.map((name) => [name, process.env[name]] as const);
    closers.push(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    for (const name of names) process.env[name] = name.toLowerCase() === "no_proxy" ? "" : address;
    const url = await served((_, response) => response.end("{}"));
    expect((await portalAt(url).ask()).fault).toBeUndefined();
    await portalAt("https://127.0.0.1:9/").ask();
    await portalAt("https://localhost:9/").ask();
    expect(seen).toEqual([]);
    expect((await portalAt("https://portal.invalid").ask()).fault).toBeDefined();
    expect(new Set(seen)).toEqual(new Set(["CONNECT portal.invalid:443"]));
  });

  it("nowhere without an address", async () => {
    await expect(portalAt("ftp://x").ask()).rejects.toMatchObject({ name: "FetchError", stop: true });
    await expect(portalAt("http://x").portal.ask("unknown", {} as never)).rejects.toThrow(/unknown: no address/);
  });
});
