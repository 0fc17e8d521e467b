import { ensurePostgres } from "../../../src/adapters/postgres/embedded.ts";

/**
 * A process of its own for tests: starts or adopts the server of the folder given, says what it did, and with "stay" as a second
 * word keeps its connection until its input ends.
 */
const [, , dataDir = "", stay] = process.argv;
const said: string[] = [];
const server = await ensurePostgres({ dataDir, log: (event) => said.push(event), settings: { fsync: "off" } });
console.log(JSON.stringify({ said, connection: server.connection }));
if (stay === "stay") for await (const _ of process.stdin) break;
