import type { Context } from "../pipeline/context.ts";
import { StopRequested } from "../pipeline/run.ts";

/**
 * The same context, but once `stopping` says so no new step begins: no question to the portal, no edition frozen, no delivery
 * claimed. What has begun is finished. Nothing is left claimed or half asked that a next worker would not go on with.
 */
export function stoppable(ctx: Context, stopping: () => boolean): Context {
  const check = (): void => {
    if (stopping()) throw new StopRequested("the process was asked to stop");
  };
  return {
    ...ctx,
    portal: {
      ask: async (source, request) => {
        check();
        return ctx.portal.ask(source, request);
      },
    },
    store: {
      ...ctx.store,
      editions: {
        ...ctx.store.editions,
        freeze: async (edition, files) => {
          check();
          return ctx.store.editions.freeze(edition, files);
        },
      },
      deliveries: {
        ...ctx.store.deliveries,
        claim: async (id, instance, at) => {
          check();
          return ctx.store.deliveries.claim(id, instance, at);
        },
      },
    },
  };
}
