import type { Action, Store } from "./store.ts";

/**
 * Notes who gave a command by hand, before its effect: also one that is cut off is on record. Arguments by name ("reason",
 * "for"); no secrets among them.
 */
export async function recordAction(store: Pick<Store, "actions">, action: Action): Promise<void> {
  await store.actions.record(action);
}
