import { foldAddress, type Message } from "../domain/delivery.ts";
import { type Edition, editionKey } from "../domain/edition.ts";
import type { Store } from "./store.ts";

/** A header line has an end; more corrections of one issue than this nobody has seen. */
const MOST_REFERENCES = 8;

/**
 * What places a correction below the mails it corrects in the reader's mailbox: `In-Reply-To` and `References` with the Message-IDs
 * under which this address got, or may have got, the issue before. Empty for a first issue, and for a reader who got none of it.
 */
export async function threadHeaders(
  store: Pick<Store, "deliveries">,
  { edition, address }: { readonly edition: Edition; readonly address: string },
): Promise<Message["headers"]> {
  const before = Array.from({ length: edition.reissue }, (_, reissue) => editionKey({ ...edition, reissue }));
  if (before.length === 0) return {};
  const rows = (await store.deliveries.list(before)).filter(
    ({ recipient, state }) =>
      foldAddress(recipient) === foldAddress(address) && (state === "accepted" || state === "unknown"),
  );
  const ids = before.flatMap((key) => rows.filter((row) => row.edition === key).map(({ messageId }) => messageId));
  const replaced = ids.at(-1);
  return replaced === undefined ? {} : { "In-Reply-To": replaced, References: ids.slice(-MOST_REFERENCES).join(" ") };
}
