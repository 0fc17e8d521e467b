import { addressOf } from "../adapters/postgres/connect.ts";
import { describeError, FetchError, UsageError } from "../domain/errors.ts";
import { FAULTS, type Fault, parseFault } from "../sample/fault-plan.ts";
import { startSamplePortal } from "../sample/server.ts";
import { type Register, withDatabase } from "./terminal.ts";

/** `migrate` and `portal`: the ground everything stands on. */
export const registerBase: Register = (program, terminal) => {
  program
    .command("migrate")
    .description("bring the database to this version (every command does so too; forward only)")
    .action(async () => {
      const address = await withDatabase(terminal, async ({ knex }) => addressOf(knex));
      terminal.print(`database ${address} is up to date`);
    });
  program
    .command("portal")
    .description("serve the bundled sample portal on the loopback address, for trying things out")
    .option("--port <port>", "port on 127.0.0.1", "8766")
    .option("--fault <endpoint=fault...>", `answer wrongly on purpose: ${FAULTS.join(", ")}`)
    .action(async (options: { port: string; fault?: string[] }) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new UsageError(`--port: "${options.port}" is no port`);
      const faults: Record<string, Fault> = {};
      for (const text of options.fault ?? []) {
        const { endpoint, fault } = parseFault(text);
        faults[endpoint] = fault;
      }
      const portal = await startSamplePortal({ now: terminal.now, faults, port }).catch((error: unknown) => {
        throw new FetchError(
          `the sample portal cannot listen on 127.0.0.1:${port}: ${describeError(error)}; name another port with --port, or 0 for any`,
          { mayPass: true, stop: true, cause: error },
        );
      });
      terminal.print(`sample portal at ${portal.url} (made-up figures; units of H21 only); stop it with Ctrl+C`);
      terminal.print(`try: PORTAL_URL=${portal.url} DIEMTIN_CONFIG=diemtin.example.yaml npx diemtin run collect`);
    });
};
