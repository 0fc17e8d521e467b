import type { Channel } from "../../pipeline/context.ts";

/**
 * A channel that sends only while nothing holds it: whatever would be sent, alerts too, comes back as failed, certainly not sent, and
 * ends the round. Asked before every message, since a database can be restored under a running process.
 */
export function holdable(channel: Channel, held: () => Promise<string | null>): Channel {
  return {
    name: channel.name,
    ...(channel.warning === undefined ? {} : { warning: channel.warning }),
    held,
    async send(message) {
      const reason = await held();
      return reason === null ? channel.send(message) : { state: "failed", reply: reason, mayPass: true, stop: true };
    },
    close: () => channel.close(),
  };
}
