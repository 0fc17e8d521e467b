// A worker of the matrix: a process that waits on a database, is handed rounds of sending one after the other, and dies where it is
// told to. It has the ledger, the channel and the deliver stage of the real program, and nothing else, so that it starts quickly.
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import type { Deadlines } from "../../src/adapters/channels/smtp-fault.ts";
import { connect } from "../../src/adapters/postgres/connect.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { resend, resolveUnknown } from "../../src/pipeline/resend.ts";
import type { Store } from "../../src/pipeline/store.ts";
import { mailContext } from "../pipeline/mail-context.ts";
import type { LedgerPlace } from "./plan.ts";

/** What a worker is to do, as it travels. */
export type Errand = {
  readonly smtpUrl: string;
  /** The clock of the round. */
  readonly now: string;
  readonly deadlines?: Partial<Deadlines> | undefined;
  readonly dies?: LedgerPlace | undefined;
  readonly work:
    | { readonly deliver: readonly string[] }
    | { readonly resolve: string; readonly as: "sent" | "resend" }
    | { readonly resend: string; readonly recipient: string };
};
/** What came of it: the stage's own answer, or the words of an error. */
export type Answer = { readonly gives: unknown } | { readonly error: string };

const PATIENT: Deadlines = { connectMs: 20_000, helloMs: 20_000, bodyMs: 20_000, replyMs: 20_000 };

async function serve(databaseUrl: string): Promise<void> {
  const { store } = await open(databaseUrl);
  process.on("message", (errand: Errand) => {
    run(store, errand).then(
      (gives) => process.send?.({ gives } satisfies Answer),
      (error: unknown) => process.send?.({ error: String(error) } satisfies Answer),
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}

async function open(databaseUrl: string): Promise<{ readonly store: Store }> {
  return { store: createStore(await connect({ databaseUrl })) };
}

async function run(store: Store, { smtpUrl, now, deadlines, dies, work }: Errand): Promise<unknown> {
  const patience = { ...PATIENT, ...deadlines };
  const channel = createSmtpChannel({ url: smtpUrl, log: () => undefined, deadlines: patience });
  const at = new Date(now);
  const { ctx: base } = mailContext(dies === undefined ? store : dyingAt(store, dies), channel);
  const ctx = { ...base, now: () => at, instance: `worker:${process.pid}` };
  try {
    if ("deliver" in work) return await deliver(ctx, work.deliver, { occasion: { byHand: false, startedAt: at } });
    if ("resolve" in work) return await resolveUnknown(ctx, { id: work.resolve, as: work.as, actor: "an" });
    return await resend(ctx, { edition: work.resend, recipient: work.recipient, reason: "mất thư", actor: "an" });
  } finally {
    await channel.close();
  }
}

/** The store of a process that kills itself right before or after the nth effective call. Nothing runs after SIGKILL, no `finally`. */
function dyingAt(store: Store, { method, when, nth }: LedgerPlace): Store {
  let calls = 0;
  const { deliveries } = store;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (when === "before" && ++calls === nth) process.kill(process.pid, "SIGKILL");
    const given = await work();
    if (when === "after" && given !== false && ++calls === nth) process.kill(process.pid, "SIGKILL");
    return given;
  };
  const watched: Pick<Store["deliveries"], LedgerPlace["method"]> = {
    owe: (...given) => (method === "owe" ? call(() => deliveries.owe(...given)) : deliveries.owe(...given)),
    claim: (...given) => (method === "claim" ? call(() => deliveries.claim(...given)) : deliveries.claim(...given)),
    handOver: (...given) =>
      method === "handOver" ? call(() => deliveries.handOver(...given)) : deliveries.handOver(...given),
    finish: (...given) => (method === "finish" ? call(() => deliveries.finish(...given)) : deliveries.finish(...given)),
  };
  return { ...store, deliveries: { ...deliveries, ...watched } };
}

await serve(process.argv[2] ?? "");
