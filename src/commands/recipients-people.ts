import { resolve } from "node:path";
import type { Command } from "commander";
import { redact } from "../adapters/log.ts";
import { writeSecret } from "../adapters/output.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { UsageError } from "../domain/errors.ts";
import { recordAction } from "../pipeline/actions.ts";
import { isMailAddress } from "../pipeline/recipients.ts";
import type { Store } from "../pipeline/store.ts";
import { actorOf } from "./actor.ts";
import { readDay, type Terminal, withDatabase } from "./terminal.ts";

/** `recipients pause|resume|export|erase`: one person, by address. On record stands a keyed hash in the address's place. */
export function registerRecipientsPeople(recipients: Command, program: Command, terminal: Terminal): void {
  const record = async (store: Store, command: string, facts: { address: string; more?: Record<string, unknown> }) => {
    const act = { by: actorOf(terminal, program), at: terminal.now() };
    const person = await store.people.reference(facts.address);
    await recordAction(store, { actor: act.by, command, arguments: { person, ...facts.more }, at: act.at });
    return act;
  };
  recipients
    .command("pause")
    .argument("<address>")
    .requiredOption("--reason <text>", "why, for whoever looks at the list later")
    .option("--until <date>", "the last day of the pause; without it until recipients resume")
    .description("send a person nothing for now; their place on the list stays")
    .action(async (address: string, options: { reason: string; until?: string }) => {
      checkAddress(address);
      const today = dayOf(terminal.now());
      const until = options.until === undefined ? null : lastDay(options.until, today);
      const reason = readReason(options.reason);
      await withDatabase(terminal, async ({ store }) => {
        await refuseUnlisted(store, address, today);
        const act = await record(store, "recipients pause", { address, more: { until, reason } });
        await store.people.pause({ ...{ address, bulletin: null, until, reason }, origin: "admin", ...act });
      });
      const end = until === null ? 'until "diemtin recipients resume"' : `until ${until}, that day included`;
      terminal.print(`paused ${end}: nothing is sent to this person, what is still owed neither`);
    });
  recipients
    .command("resume")
    .argument("<address>")
    .description("end a person's pauses, their own too, and try a suppressed address again")
    .action(async (address: string) => {
      checkAddress(address);
      const ended = await withDatabase(terminal, async ({ store }) => {
        const act = await record(store, "recipients resume", { address });
        return store.people.resume({ address, ...act });
      });
      terminal.print(`${ended.pauses} pauses ended, ${ended.suppressions} suppressions lifted`);
    });
  recipients
    .command("export")
    .argument("<address>")
    .requiredOption("--out <file>", "a JSON file; it holds personal data")
    .description("write everything that is held about one person")
    .action(async (address: string, options: { out: string }) => {
      checkAddress(address);
      const path = resolve(terminal.cwd, options.out);
      const held = await withDatabase(terminal, async ({ store }) => {
        await record(store, "recipients export", { address });
        return store.people.held(address);
      });
      if (held === null) return terminal.print("nothing is held about this address; no file was written");
      const document = { address, exportedAt: terminal.now(), ...held };
      await writeSecret(path, `${JSON.stringify(document, null, 2)}\n`);
      const counts = Object.entries(held).map(([table, rows]) => `${rows.length} ${table}`);
      terminal.print(`${path}: ${counts.join(", ")}`);
    });
  recipients
    .command("erase")
    .argument("<address>")
    .requiredOption("--reason <text>", "why, without personal data: it stays")
    .description("take a person's address out of every row; a keyed hash keeps a second mail and a silent return away")
    .action(async (address: string, options: { reason: string }) => {
      checkAddress(address);
      const reason = readReason(options.reason);
      const erased = await withDatabase(terminal, async ({ store }) => {
        const act = await record(store, "recipients erase", { address, more: { reason } });
        return store.people.erase({ address, reason, ...act });
      });
      if (erased === null) return terminal.print("nothing is held about this address; nothing was changed");
      terminal.print(
        `erased: ${erased.recipients} rows of the list, ${erased.deliveries} deliveries without the address`,
      );
      terminal.progress(
        "backups made before now, mails in out/mail and the relay's own logs still hold it: keep them for as long as your rules say and no longer",
      );
    });
}

function checkAddress(address: string): void {
  if (!isMailAddress(address)) throw new UsageError("the address is not a mail address: name@domain.vn");
}

function lastDay(text: string, today: Day): Day {
  const day = readDay(text, "--until");
  if (day < today) throw new UsageError(`--until: ${day} is over; the pause would have no day`);
  return day;
}

/** A reason stays for years; an address in it would too. */
function readReason(text: string): string {
  const reason = redact(text.normalize("NFC").replace(/\s+/g, " ").trim());
  if (reason === "" || reason.length > 300) throw new UsageError("--reason: say why, in at most 300 letters");
  return reason;
}

async function refuseUnlisted(store: Store, address: string, today: Day): Promise<void> {
  const listed = (await store.recipients.listed(today)).some(
    ({ email }) => email.toLowerCase() === address.trim().toLowerCase(),
  );
  if (!listed) throw new UsageError('this address is not on the list; "diemtin recipients list" shows who is');
}
