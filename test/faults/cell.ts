import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Recipient } from "../../src/domain/delivery.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { freezeEdition, mailContext } from "../pipeline/mail-context.ts";
import type { FreshDatabase } from "../support/database.ts";
import type { TestRelay } from "../support/smtp.ts";
import type { Crew } from "./crew.ts";
import { judge, type Verdict } from "./judge.ts";
import { type Line, openLine } from "./line.ts";
import type { Fault, Row } from "./plan.ts";

/** What cells that come one after the other share. */
export type Lane = { readonly database: FreshDatabase; readonly crew: Crew; readonly relays: Relays };
export type Relays = { readonly sound: TestRelay; readonly otherCertificate: TestRelay; readonly noLogin: TestRelay };

const DAY = "2026-10-12";
export const MORNING = instantAt(DAY, "07:00");
/** After a claim of the morning has run out, then after every wait between two tries. */
const LATER = [instantAt(DAY, "07:21"), instantAt(DAY, "08:30"), instantAt(DAY, "10:00")];

/**
 * Two units' editions, two readers each, one or two workers: the row's fault strikes, the first worker dies. The next run meets the fault
 * if the dead worker did not live to; those after it a sound relay.
 */
export async function runCell(lane: Lane, { fault, step }: Row, workers: 1 | 2): Promise<Verdict> {
  const { store } = lane.database;
  const keys = await editionsOf(lane);
  const before = lane.relays.sound.taken.length;
  const lines: Line[] = [];
  try {
    const crew = await Promise.all(Array.from({ length: workers }, () => lane.crew.take()));
    const errands = crew.map(async (worker, index) => {
      const dies = index === 0 ? step : null;
      const kill =
        dies?.line === undefined ? undefined : { at: dies.line, now: () => process.kill(worker.pid, "SIGKILL") };
      const line = await openLine({ relayPort: relayOf(lane.relays, fault).port, fault: fault.line, kill });
      lines.push(line);
      if (fault.refused) await line.close();
      const errand = {
        now: MORNING.toISOString(),
        deadlines: fault.deadlines,
        dies: dies?.ledger,
        work: { deliver: keys },
      };
      return { worker, errand: { smtpUrl: urlOf(fault, line.port), ...errand } };
    });
    const sent = await Promise.all(errands);
    const ends = await Promise.all(sent.map(({ worker, errand }) => worker.errand(errand)));
    const again: number[] = [];
    for (const [index, now] of LATER.entries()) {
      const url = index === 0 ? (sent[0]?.errand.smtpUrl ?? "") : plain(lane.relays.sound.port);
      again.push(await runAgain(lane, keys, { now, url, deadlines: index === 0 ? fault.deadlines : {} }));
    }
    const taken = lane.relays.sound.taken.slice(before).flatMap(({ to }) => to);
    return await judge({
      ...{ fault, step, workers, keys, taken, ends, again, database: lane.database },
      pids: crew.map(({ pid }) => pid),
      deliveries: await store.deliveries.list(keys),
    });
  } finally {
    await Promise.all(lines.map((line) => line.close()));
  }
}

let made = 0;

/** Freezes two editions of units nobody has used yet, with two readers each; nobody else is on the list. */
export async function editionsOf({ database: { store } }: Pick<Lane, "database">): Promise<string[]> {
  const audiences = [1, 2].map(() => `H21.${++made}`);
  await store.recipients.replace(audiences.flatMap((unit) => ["an", "binh"].map((name) => reader(name, unit))));
  const keys: string[] = [];
  for (const audience of audiences) keys.push(await freezeEdition(store, { audience }));
  return keys;
}

function reader(name: string, unit: string): Recipient {
  return { name, position: "", email: `${name}.${unit.toLowerCase()}@example.vn`, unit, bulletins: ["daily"] };
}

type Again = { readonly now: Date; readonly url: string; readonly deadlines: Fault["deadlines"] };

/** The next run of the timetable; gives how many mails it sent. */
async function runAgain({ database }: Lane, keys: readonly string[], { now, url, deadlines }: Again): Promise<number> {
  const channel = createSmtpChannel({ url, log: () => undefined, deadlines: deadlines ?? {} });
  const { ctx } = mailContext(database.store, channel);
  try {
    const occasion = { byHand: false, startedAt: now };
    return (await deliver({ ...ctx, instance: "again", now: () => now }, keys, { occasion })).accepted;
  } finally {
    await channel.close();
  }
}

export function plain(port: number): string {
  return `smtp://127.0.0.1:${port}?ignoreTLS=true`;
}

function relayOf(relays: Relays, { relay }: Fault): TestRelay {
  if (relay === "other-certificate") return relays.otherCertificate;
  return relay === "no-login" ? relays.noLogin : relays.sound;
}

function urlOf({ relay }: Fault, port: number): string {
  if (relay === "no-starttls") return `smtp://127.0.0.1:${port}`;
  if (relay === "other-certificate") return `smtp://127.0.0.1:${port}?servername=localhost`;
  return relay === "no-login" ? plain(port).replace("//", "//bantin:mat-khau@") : plain(port);
}
