import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import { chooseChannel } from "../../src/adapters/channels/index.ts";
import type { Database } from "../../src/context.ts";
import type { Recipient } from "../../src/domain/delivery.ts";
import { type Edition, editionKey } from "../../src/domain/edition.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { Context } from "../../src/pipeline/context.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import type { EditionFile } from "../../src/pipeline/store.ts";
import { SAMPLE_SETTINGS } from "../../src/sample/setup.ts";

const MAILS = 1_000;
/** As many editions as a province has units, so that each is read by several people. */
const EDITIONS = 135;
const PDF_BYTES = 200 * 1024;
const ISSUE = "2026-10-20";

/** Mails a second. `pool`: nodemailer's own, composing the same mails over so many connections and noting nothing. */
export type MeasuredMail = {
  readonly mails: number;
  readonly ledger: number;
  readonly pool: { readonly one: number; readonly five: number };
};

/** The deliver stage, ledger and all, beside nodemailer's bare pool; both to one relay in a process of its own. */
export async function measureMail(database: Database, settings: Settings): Promise<MeasuredMail> {
  const relay = fork(fileURLToPath(new URL("mail-relay-process.ts", import.meta.url)), [], {
    execArgv: ["--import", "tsx"],
  });
  try {
    const [{ port }] = (await once(relay, "message")) as [{ port: number }];
    const pdf = pdfBytes();
    const keys = await prepare(database, pdf);
    const one = await timed(relay, () => pooled(port, pdf, 1));
    const ledger = await timed(relay, () => delivered(database, settings, { port, keys }));
    const five = await timed(relay, () => pooled(port, pdf, 5));
    return { mails: MAILS, ledger, pool: { one, five } };
  } finally {
    relay.kill();
  }
}

/** Runs it, asks the relay how many it took, and gives mails a second. */
async function timed(relay: ChildProcess, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const told = once(relay, "message") as Promise<[{ taken: number }]>;
  relay.send("taken?");
  const [{ taken }] = await told;
  if (taken !== MAILS) throw new Error(`the relay took ${taken} mails of ${MAILS}`);
  return MAILS / seconds;
}

async function delivered(database: Database, settings: Settings, to: { port: number; keys: readonly string[] }) {
  const channel = chooseChannel({
    ...{ smtpUrl: `smtp://127.0.0.1:${to.port}?ignoreTLS=true`, directory: "", log: () => undefined, perSecond: 0 },
  });
  const unused = (): never => {
    throw new Error("the bench does not use this");
  };
  const ctx: Context = {
    now: () => new Date("2026-10-20T00:20:00.000Z"),
    sleep: () => Promise.resolve(),
    instance: "bench:1",
    settings: {
      ...settings,
      ...SAMPLE_SETTINGS,
      mail: { ...SAMPLE_SETTINGS.mail, bounceAddress: "bounce@tinh.example" },
    },
    portal: { ask: unused },
    store: database.store,
    press: { pdf: unused, html: unused, text: unused, picture: unused, day: unused, office: unused },
    channel,
    out: { write: unused, directory: "out" },
    links: { publicUrl: "https://766.tinh.example", secret: "s".repeat(32) },
    log: () => undefined,
    progress: () => undefined,
  };
  const { accepted } = await deliver(ctx, to.keys);
  await channel.close();
  if (accepted !== MAILS) throw new Error(`${accepted} mails of ${MAILS} were taken`);
}

async function pooled(port: number, pdf: Uint8Array, maxConnections: number): Promise<void> {
  const pool = createTransport({
    pool: true,
    maxConnections,
    host: "127.0.0.1",
    port,
    ignoreTLS: true,
    maxMessages: MAILS,
  });
  const sends = Array.from({ length: MAILS }, (_, n) =>
    pool.sendMail({
      from: { name: "Bản tin 766", address: "bantin@tinh.example" },
      to: { name: `Nguyễn Văn ${n}`, address: `nguoi.${n}@tinh.example` },
      subject: `[766] 20/10: đơn vị ${n % EDITIONS} 59,17 điểm`,
      ...{ text: textOf(n % EDITIONS), html: htmlOf(n % EDITIONS) },
      attachments: [{ filename: "diem-tin.pdf", contentType: "application/pdf", content: Buffer.from(pdf) }],
    }),
  );
  await Promise.all(sends);
  pool.close();
}

/** One issue of as many editions, and readers enough for all mails. Gives the editions' keys. */
async function prepare({ store }: Database, pdf: Uint8Array): Promise<readonly string[]> {
  const province = SAMPLE_SETTINGS.province;
  await store.goLives.confirm({ province, at: new Date(0), by: "the bench" });
  const people = Array.from({ length: MAILS }, (_, n): Recipient => {
    const person = { name: `Nguyễn Văn ${n}`, position: "Giám đốc", email: `nguoi.${n}@tinh.example` };
    return { ...person, unit: unitOf(province, n % EDITIONS), bulletins: ["daily"] };
  });
  await store.recipients.replace(people);
  const keys: string[] = [];
  for (let n = 0; n < EDITIONS; n += 1) {
    const edition = editionOf(unitOf(province, n));
    const file = (kind: EditionFile["kind"], bytes: Uint8Array): EditionFile => {
      return { kind, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
    };
    const words = (text: string) => new TextEncoder().encode(text);
    await store.editions.freeze(edition, [
      file("text", words(textOf(n))),
      file("html", words(htmlOf(n))),
      file("pdf", pdf),
    ]);
    keys.push(editionKey(edition));
  }
  return keys;
}

function editionOf(audience: string): Edition {
  return {
    ...{ bulletin: "daily", audience, issue: ISSUE, reissue: 0, snapshots: [], baseline: null },
    ...{ asOf: new Date("2026-10-19T23:00:00.000Z"), composedAt: new Date("2026-10-20T00:15:00.000Z") },
    content: {
      ...{ subject: `[766] 20/10: ${audience} 59,17 điểm`, lines: [], summary: "", title: "ĐIỂM TIN", pages: true },
      ...{ masthead: { kind: "digest", left: "", right: "", unit: audience }, blocks: [], figures: [] },
    },
  };
}

function unitOf(province: string, n: number): string {
  return `${province}.${n + 101}`;
}

function textOf(n: number): string {
  return `Lũy kế của đơn vị ${n}: 59,17 điểm. `.repeat(40);
}

function htmlOf(n: number): string {
  return `<p>Lũy kế của đơn vị ${n}: 59,17 điểm</p>`.repeat(200);
}

/** Bytes no encoding makes smaller or larger than a PDF's. */
function pdfBytes(): Uint8Array {
  return Uint8Array.from({ length: PDF_BYTES }, (_, at) => (at * 31 + (at >> 8)) % 256);
}
