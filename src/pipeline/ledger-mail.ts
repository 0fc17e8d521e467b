import type { Message } from "../domain/delivery.ts";
import type { Edition } from "../domain/edition.ts";
import type { Context } from "./context.ts";
import { composeMessage } from "./message.ts";
import type { EditionFile, Store, StoredDelivery } from "./store.ts";
import { threadHeaders } from "./thread.ts";

/** A row of the ledger, and the frozen edition it speaks of with its stored files. */
export type LedgerMail = {
  readonly row: StoredDelivery & { readonly name: string };
  readonly edition: Edition;
  readonly files: readonly EditionFile[];
};

const KEYS = new WeakMap<Store["bounces"], Uint8Array>();

/** The database's own, which never changes: asked for once, not for each mail. */
async function keyOf(bounces: Store["bounces"]): Promise<Uint8Array> {
  const key = KEYS.get(bounces) ?? (await bounces.envelopeKey());
  KEYS.set(bounces, key);
  return key;
}

/**
 * Gathers what a delivery's mail needs beside its edition: its envelope sender, the reader's link, the mails it corrects. Gives a
 * function that composes it, so that whatever asks the database has ended before the row is claimed.
 * @throws {SendError} from that function when one of the edition's files is missing.
 */
export async function ledgerMail(
  ctx: Pick<Context, "store" | "settings" | "links">,
  { row, edition, files }: LedgerMail,
): Promise<() => Message> {
  const { settings, links } = ctx;
  const { id, name, purpose, messageId, unit, recipient: email } = row;
  const envelopeKey = settings.mail.bounceAddress === undefined ? undefined : await keyOf(ctx.store.bounces);
  const thread = await threadHeaders(ctx.store, { edition, address: email });
  const recipient = { name, position: "", email, unit, bulletins: [edition.bulletin] };
  return () => {
    const message = composeMessage({ edition, files, recipient, settings, purpose, delivery: id, links, envelopeKey });
    // The id the row was owed under stays, also when the sender's domain has changed since.
    return { ...message, messageId, headers: { ...message.headers, ...thread } };
  };
}
