import { createServer } from "node:net";
import { expect, test } from "vitest";
import { connect } from "../../../src/adapters/postgres/connect.ts";
import { UsageError } from "../../../src/domain/errors.ts";

/** A port nobody listens on: opened once and closed again. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

test("an unreachable server is named by host, port and database, with what to do, and never with the password", async () => {
  const port = await closedPort();
  const failure = await connect({ databaseUrl: `postgres://clerk:s3cret@127.0.0.1:${port}/scores` }).catch(
    (error) => error,
  );
  expect(failure).toMatchObject({ name: "DatabaseError", mayPass: true });
  expect(failure.message).toContain(`database 127.0.0.1:${port}/scores is away: `);
  expect(failure.message).toContain("ECONNREFUSED");
  expect(failure.message).toContain("Start the server or correct DATABASE_URL");
  expect(failure.message).not.toMatch(/s3cret|clerk/);
});

test("a name with several addresses that all refuse still gives one sentence", async () => {
  const port = await closedPort();
  const failure = await connect({ databaseUrl: `postgres://localhost:${port}/scores` }).catch((error) => error);
  expect(failure.message).toMatch(new RegExp(`database localhost:${port}/scores is away: .*ECONNREFUSED`));
});

test("a server that closes the connection without a word is away too", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address !== "string" ? address.port : 0;
  await expect(connect({ databaseUrl: `postgres://127.0.0.1:${port}/scores` })).rejects.toThrow(
    new RegExp(`database 127\\.0\\.0\\.1:${port}/scores is away: Connection terminated`),
  );
  await new Promise((resolve) => server.close(resolve));
});

test("an address that is none is wrong use, and is not repeated", async () => {
  for (const databaseUrl of ["mysql://root:s3cret@x/y", "s3cret", "postgres://u:s3cret@host:port/x"]) {
    const failure = await connect({ databaseUrl }).catch((error) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toMatch(/^DATABASE_URL .*postgres:\/\/user:password@host:5432\/database$/);
    expect(failure.message).not.toContain("s3cret");
  }
});
