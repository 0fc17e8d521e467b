import { resolve } from "node:path";
import { createLog } from "../adapters/log.ts";
import { readManifest } from "../adapters/manifest.ts";
import { recordAction } from "../pipeline/actions.ts";
import { importSnapshots } from "../pipeline/import.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

/** `import MANIFEST`: archives stored answers as snapshots and reads them. */
export const registerImport: Register = (program, terminal) => {
  program
    .command("import")
    .argument("<manifest>", "a JSON file that lists snapshots and their answer files")
    .description("archive stored portal answers as snapshots and read them (exit 3 if one is incomplete)")
    .option("--json", "print one JSON document")
    .action(async (path: string, options: { json?: boolean }) => {
      const snapshots = await readManifest(resolve(terminal.cwd, path));
      const imported = await withDatabase(terminal, async ({ store }, config) => {
        await recordAction(store, {
          actor: actorOf(terminal, program),
          command: "import",
          arguments: { manifest: path, snapshots: snapshots.length },
          at: terminal.now(),
        });
        return importSnapshots(
          {
            store,
            settings: config.settings,
            now: terminal.now,
            progress: terminal.progress,
            log: createLog({ level: config.logLevel }),
          },
          snapshots,
        );
      });
      const rows = imported.map(({ snapshot, existed }) => ({
        id: snapshot.id,
        source: snapshot.source,
        scope: snapshot.scope,
        period: snapshot.period,
        takenAt: snapshot.takenAt.toISOString(),
        complete: snapshot.complete,
        existed,
        observations: snapshot.observations,
        findings: snapshot.findings,
      }));
      if (options.json === true) printJson(terminal, { snapshots: rows });
      else {
        for (const row of rows) {
          const state = `${row.complete ? "complete" : "INCOMPLETE"}${row.existed ? ", archived before" : ""}`;
          terminal.print(
            `snapshot ${row.id}  ${row.source} ${row.scope} ${row.period} ${row.takenAt}  ${state}, ${row.observations} observations, ${row.findings.length} findings`,
          );
          for (const finding of row.findings.slice(0, 10)) terminal.print(`  ${finding.severity}: ${finding.message}`);
          if (row.findings.length > 10) terminal.print(`  … and ${row.findings.length - 10} more (--json shows all)`);
        }
      }
      terminal.exit(rows.every(({ complete }) => complete) ? 0 : 3);
    });
};
