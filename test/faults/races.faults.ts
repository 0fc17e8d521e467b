import { afterAll, beforeAll, expect, test } from "vitest";
import { instantAt } from "../../src/domain/calendar.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { startRelay, type TestRelay } from "../support/smtp.ts";
import { editionsOf, MORNING, plain } from "./cell.ts";
import { buildWorker, type Crew, openCrew, removeWorker } from "./crew.ts";
import { openLine } from "./line.ts";
import type { Errand } from "./worker.ts";

let database: FreshDatabase;
let relay: TestRelay;
let crew: Crew;
/** What happens in the world when the relay is asked to take mail for somebody: between the claim and DATA. */
let meanwhile: (address: string) => Promise<unknown> = async () => undefined;

beforeAll(async () => {
  database = await freshDatabase();
  relay = await startRelay({
    ...{ hideSTARTTLS: true, hidePIPELINING: true },
    onRcptTo: ({ address }, _session, done) => void meanwhile(address).then(() => done(), done),
  });
  crew = openCrew(await buildWorker(), { databaseUrl: database.url, ahead: 2 });
}, 120_000);
afterAll(async () => {
  await crew.close();
  await removeWorker();
  await relay.close();
  await database.drop();
}, 60_000);

type Work = Errand["work"];

function errand(work: Work, options: Partial<Errand> = {}): Errand {
  return { smtpUrl: plain(relay.port), now: MORNING.toISOString(), work, ...options };
}

/** Has the same or different work done by as many processes at once. */
async function atOnce(...works: Work[]) {
  const workers = await Promise.all(works.map(() => crew.take()));
  return Promise.all(workers.map((worker, index) => worker.errand(errand(works[index] ?? { deliver: [] }))));
}

async function states(keys: readonly string[]): Promise<string[]> {
  return (await database.store.deliveries.list(keys)).map(({ purpose, state }) => `${purpose} ${state}`);
}

/** Mails per address since a mark. */
function takenSince(mark: number): number[] {
  const addresses = relay.taken.slice(mark).flatMap(({ to }) => to);
  return [...new Set(addresses)].map((address) => addresses.filter((one) => one === address).length);
}

/** Editions whose first mail nobody knows the outcome of. */
async function withUnknown(): Promise<{ readonly keys: string[]; readonly id: string }> {
  const keys = await editionsOf({ database });
  const line = await openLine({ relayPort: relay.port, fault: { at: "reply", kind: "drop" } });
  const worker = await crew.take();
  await worker.errand(errand({ deliver: keys }, { smtpUrl: plain(line.port) }));
  await line.close();
  const unknown = (await database.store.deliveries.list(keys)).filter(({ state }) => state === "unknown");
  expect(unknown).toHaveLength(1);
  return { keys, id: unknown[0]?.id ?? "" };
}

test("two processes settle the same unknown mail: one word counts, and it is sent again at most once", async () => {
  for (const [one, two] of [
    ["resend", "resend"],
    ["sent", "resend"],
  ] as const) {
    const { keys, id } = await withUnknown();
    const mark = relay.taken.length;
    const ends = await atOnce({ resolve: id, as: one }, { resolve: id, as: two });
    expect(ends.filter((end) => typeof end === "object" && "error" in end)).toHaveLength(1);
    expect(relay.taken.length - mark).toBeLessThanOrEqual(1);
    expect(await states(keys)).toEqual(Array(4).fill("normal accepted"));
  }
});

test("two processes send an edition once more: each mail is a row of its own, and no row is sent twice", async () => {
  const keys = await editionsOf({ database });
  await atOnce({ deliver: keys });
  const mark = relay.taken.length;
  const [edition = ""] = keys;
  const recipient = (await database.store.deliveries.list(keys))[0]?.id ?? "";
  await atOnce({ resend: edition, recipient }, { resend: edition, recipient });
  const again = (await states(keys)).filter((state) => state.startsWith("resend"));
  expect(new Set(again).size).toBe(again.length);
  expect(relay.taken.length - mark).toBe(again.length);
  expect(again.every((state) => state.endsWith("accepted"))).toBe(true);
});

test("somebody pauses, is suppressed or leaves between the claim and DATA: two workers send nothing to them, and the rest once", async () => {
  const { store } = database;
  const acts: Readonly<Record<string, (address: string) => Promise<unknown>>> = {
    pause: (address) =>
      store.people.pause({
        address,
        bulletin: null,
        until: null,
        origin: "admin",
        reason: "nghỉ",
        by: "an",
        at: MORNING,
      }),
    suppress: (address) =>
      store.people.suppress({ address, cause: "bounced", reply: "5.1.1", delivery: null, at: MORNING }),
    leave: async () => store.recipients.replace([]),
  };
  for (const [name, act] of Object.entries(acts)) {
    const keys = await editionsOf({ database });
    const mark = relay.taken.length;
    meanwhile = (address) => (address.startsWith("an.") || name === "leave" ? act(address) : Promise.resolve());
    await atOnce({ deliver: keys }, { deliver: keys });
    meanwhile = async () => undefined;
    const suppressed = name === "leave" ? 4 : 2;
    expect(
      (await states(keys)).filter((state) => state === "normal suppressed"),
      name,
    ).toHaveLength(suppressed);
    expect(takenSince(mark), name).toEqual(Array(4 - suppressed).fill(1));
  }
});

test("an issue held between the claim and DATA stays owed, and leaves once when it is released", async () => {
  const keys = await editionsOf({ database });
  const mark = relay.taken.length;
  const held = database.knex.raw.bind(database.knex);
  meanwhile = () =>
    held(`insert into holds (bulletin, issue, reason, held_by, held_at)
      select 'daily', '2026-10-12', 'x', 'an', now() where not exists (select from holds where released_at is null)`);
  await atOnce({ deliver: keys }, { deliver: keys });
  meanwhile = async () => undefined;
  expect(relay.taken.length).toBe(mark);
  expect(new Set(await states(keys))).toEqual(new Set(["normal queued"]));
  await database.knex.raw("delete from holds");
  await atOnce({ deliver: keys }, { deliver: keys });
  expect(takenSince(mark)).toEqual([1, 1, 1, 1]);
});

test("a reissue that replaces an edition while it is being sent: nobody gets either of them twice, and a later run sends only the new one", async () => {
  const keys = await editionsOf({ database });
  const audience = keys[0]?.split("/")[2] ?? "";
  const mark = relay.taken.length;
  let made: Promise<string> | null = null;
  meanwhile = () => {
    made ??= freezeEdition(database.store, { audience, reissue: 1 });
    return made;
  };
  await atOnce({ deliver: keys }, { deliver: keys });
  meanwhile = async () => undefined;
  const all = [...keys, await (made ?? Promise.resolve(""))];
  await atOnce({ deliver: all }, { deliver: all });
  const ids = relay.taken.slice(mark).map(({ raw }) => /^message-id: (.*)$/im.exec(raw.toString("latin1"))?.[1]);
  expect(new Set(ids).size).toBe(ids.length);
  const current = await database.store.deliveries.list([all[2] ?? ""]);
  expect(current.map(({ state }) => state)).toEqual(["accepted", "accepted"]);
});

test("a worker stopped for longer than its claim lasts wakes up: its mail has gone out once, by the other", async () => {
  const keys = await editionsOf({ database });
  const mark = relay.taken.length;
  const worker = await crew.take();
  let asked: () => void = () => undefined;
  const claimed = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let wake: () => void = () => undefined;
  const slept = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let first = true;
  meanwhile = async () => {
    if (!first) return;
    first = false;
    process.kill(worker.pid, "SIGSTOP");
    asked();
    await slept;
  };
  const late = worker.errand(errand({ deliver: keys }));
  await claimed;
  const other = await crew.take();
  await other.errand(errand({ deliver: keys }, { now: instantAt("2026-10-12", "07:21").toISOString() }));
  expect(await states(keys)).toEqual(Array(4).fill("normal accepted"));
  wake();
  process.kill(worker.pid, "SIGCONT");
  await late;
  meanwhile = async () => undefined;
  expect(takenSince(mark)).toEqual([1, 1, 1, 1]);
  expect(await states(keys)).toEqual(Array(4).fill("normal accepted"));
});
