import { resolve } from "node:path";
import { createOutput } from "../adapters/output.ts";
import { RELEASABLE } from "../domain/completeness.ts";
import { isPaper, type Paper, paperPath } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import { recordAction } from "../pipeline/actions.ts";
import type { Store } from "../pipeline/store.ts";
import { actorOf } from "./actor.ts";
import { printJson, type Register, type Terminal, withDatabase } from "./terminal.ts";

type Row = Readonly<Record<string, unknown>>;

/** `snapshots|editions … list`, `show` and `accept`: what the database remembers. */
export const registerLedgers: Register = (program, terminal) => {
  const snapshots = program.command("snapshots").description("what the publisher said");
  list(snapshots.command("list").description("every snapshot: complete or not, findings"), terminal, async (store) =>
    (await store.snapshots.list()).map((row) => ({ ...row })),
  );
  snapshots
    .command("show")
    .argument("<id>")
    .description("write the stored answers, byte for byte")
    .requiredOption("--out <dir>", "where the answers go")
    .action((id: string, options: { out: string }) => showSnapshot(terminal, id, options.out));
  snapshots
    .command("accept")
    .argument("<id>")
    .description("release a guard by hand: from now on the snapshot counts as complete")
    .requiredOption("--reason <text>", "why, kept with the snapshot")
    .action((id: string, options: { reason: string }) =>
      accept(terminal, id, { reason: options.reason, actor: actorOf(terminal, program) }),
    );
  const editions = program.command("editions").description("what we said");
  list(editions.command("list").description("every edition and what it says in one line"), terminal, async (store) =>
    (await store.editions.list()).map((row) => ({ ...row })),
  );
  editions
    .command("show")
    .argument("<id>", 'an edition\'s id, "daily/2026-10-12/H21.17/r0"')
    .description("write the stored files, byte for byte")
    .requiredOption("--out <dir>", "where the files go")
    .action((id: string, options: { out: string }) => showEdition(terminal, id, options.out));
};

/** Puts `--json` and the printing of rows on a list command. */
export function list(
  command: ReturnType<Parameters<Register>[0]["command"]>,
  terminal: Terminal,
  rowsOf: (store: Store) => Promise<readonly Row[]>,
): void {
  command.option("--json", "print one JSON document").action(async (options: { json?: boolean }) => {
    const rows = await withDatabase(terminal, ({ store }) => rowsOf(store));
    if (options.json === true) return printJson(terminal, rows);
    for (const row of rows)
      terminal.print(
        Object.entries(row)
          .filter(([key]) => key !== "findings")
          .map(([key, value]) => `${key}=${cell(value)}`)
          .join("  "),
      );
    if (rows.length === 0) terminal.progress("nothing yet");
  });
}

function cell(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function showSnapshot(terminal: Terminal, id: string, directory: string): Promise<void> {
  const out = createOutput(resolve(terminal.cwd, directory));
  const names = await withDatabase(terminal, async ({ store }) => {
    const answers = (await found(store, id)) === null ? [] : await store.snapshots.answers(id);
    const written: string[] = [];
    for (const [index, answer] of answers.entries()) {
      const name = `${id}_${index}_${answer.endpoint}${answer.body[0] === 60 ? ".html" : ".json"}`;
      await out.write(name, answer.body);
      written.push(`${name}  ${answer.body.length} bytes${answer.fault === undefined ? "" : `  ${answer.fault}`}`);
    }
    return written;
  });
  for (const name of names) terminal.print(name);
}

async function found(store: Store, id: string) {
  const snapshot = /^\d{1,15}$/.test(id) ? await store.snapshots.find(id) : null;
  if (snapshot === null) throw new UsageError(`there is no snapshot ${id}; "diemtin snapshots list" shows them`);
  return snapshot;
}

/** Only doubts can be released; an answer that could not be read stays unread. */
async function accept(terminal: Terminal, id: string, by: { reason: string; actor: string }): Promise<void> {
  const { reason, actor } = by;
  if (reason.trim() === "") throw new UsageError("--reason: say why, it is kept with the snapshot");
  await withDatabase(terminal, async ({ store }) => {
    const snapshot = await found(store, id);
    const beyond = snapshot.findings.filter(({ code, severity }) => severity === "incomplete" && !RELEASABLE.has(code));
    if (beyond.length > 0)
      throw new UsageError(
        `snapshot ${id} cannot be accepted: ${beyond[0]?.message ?? ""}; only ${[...RELEASABLE].join(", ")} can be released by hand`,
      );
    await recordAction(store, { actor, command: "snapshots accept", arguments: { id, reason }, at: terminal.now() });
    await store.snapshots.accept(id, reason.normalize("NFC"), actor);
    terminal.print(`snapshot ${id} is accepted as complete: ${reason}`);
  });
}

async function showEdition(terminal: Terminal, id: string, directory: string): Promise<void> {
  const out = createOutput(resolve(terminal.cwd, directory));
  const written = await withDatabase(terminal, async ({ store }) => {
    const edition = await store.editions.find(id);
    if (edition === null) throw new UsageError(`there is no edition ${id}; "diemtin editions list" shows them`);
    const files = await store.editions.files(id);
    const nameOf = (kind: Paper) => paperPath(edition, kind).replace(/^.*\//, "");
    const extensions = { html: "html", text: "txt", png: "png" } as const;
    const names: string[] = [];
    for (const file of files) {
      const { kind } = file;
      const name = isPaper(kind) ? nameOf(kind) : nameOf("pdf").replace(/pdf$/, extensions[kind]);
      await out.write(name, file.bytes);
      names.push(`${name}  ${file.bytes.length} bytes  sha256 ${file.sha256}`);
    }
    return names;
  });
  for (const name of written) terminal.print(name);
}
