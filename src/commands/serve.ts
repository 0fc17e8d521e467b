import { readConfig } from "../config.ts";
import { startService } from "../main.ts";
import type { Register } from "./terminal.ts";

/** `serve`: the resident process. The first SIGTERM or SIGINT finishes the step at hand, a second one ends at once. */
export const registerServe: Register = (program, terminal) => {
  program
    .command("serve")
    .description("run the timetable until stopped (any number of machines over one database)")
    .action(async () => {
      const service = await startService(readConfig(terminal), terminal);
      const signal = await new Promise<NodeJS.Signals>((resolve) => {
        for (const name of SIGNALS) process.once(name, resolve);
      });
      terminal.progress(`${signal}: finishing the step at hand, at most a minute; a second signal ends at once`);
      for (const name of SIGNALS) process.once(name, () => process.exit(1));
      await service.stop();
      terminal.progress("stopped");
      // What a cut-off step still holds open must not keep the process.
      process.exit(0);
    });
};

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
