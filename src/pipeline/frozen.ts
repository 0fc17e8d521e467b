import type { Edition } from "../domain/edition.ts";
import type { EditionFile, Store } from "./store.ts";

/** A frozen edition with its stored files. */
export type Frozen = { readonly edition: Edition; readonly files: readonly EditionFile[] };

/** The mails of one edition leave one after the other; a few editions are at work at once. */
const MOST_KEPT = 4;

const KEPT = new WeakMap<Store["editions"], Map<string, Frozen>>();

/**
 * An edition and its files, read once for all its mails: what is frozen never changes. The last few are kept, as long as the store is.
 * Throws when there is no such edition.
 */
export async function frozenEdition({ editions }: Pick<Store, "editions">, key: string): Promise<Frozen> {
  const kept = KEPT.get(editions) ?? new Map<string, Frozen>();
  KEPT.set(editions, kept);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const edition = await editions.find(key);
  if (edition === null) throw new Error(`deliver: there is no edition ${key}`);
  const frozen = { edition, files: await editions.files(key) };
  kept.set(key, frozen);
  for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest);
  return frozen;
}
