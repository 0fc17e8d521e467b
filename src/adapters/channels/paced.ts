import type { Outcome } from "../../domain/delivery.ts";
import type { Channel } from "../../pipeline/context.ts";

/** How long a relay that said "too fast" is spared between two mails, and the most that grows to. Milliseconds. */
const FIRST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 30_000;
/** So many mails taken one after the other halve the gap again. */
const CALM_MAILS = 10;

/** Monotonic milliseconds, and a wait. */
export type PaceClock = { now(): number; sleep(milliseconds: number): Promise<void> };

/** The pace at which one process speaks to one relay, whichever runs it has open. */
export type Pace = {
  /** Resolves when the next mail may go; each call takes a place of its own. */
  turn(clock: PaceClock): Promise<void>;
  /** Hears what became of a mail. Gives the gap in milliseconds when a relay was too fast for us and it has grown, else null. */
  told(clock: Pick<PaceClock, "now">, outcome: Outcome): number | null;
};

/** Makes a pace of at most so many mails a second; 0 is no limit until the relay asks for one. */
export function createPace(perSecond: number): Pace {
  const usual = perSecond === 0 ? 0 : 1000 / perSecond;
  let [next, gap, calm] = [Number.NEGATIVE_INFINITY, 0, 0];
  return {
    async turn(clock) {
      const now = clock.now();
      const at = Math.max(now, next);
      next = at + Math.max(usual, gap);
      if (at > now) await clock.sleep(at - now);
    },
    told(clock, outcome) {
      if (outcome.state === "failed" && outcome.refusal === "throttled") {
        gap = gap === 0 ? FIRST_GAP_MS : Math.min(2 * gap, LONGEST_GAP_MS);
        next = Math.max(next, clock.now() + gap);
        calm = 0;
        return gap;
      }
      calm = outcome.state === "accepted" ? calm + 1 : 0;
      if (calm < CALM_MAILS) return null;
      calm = 0;
      gap = gap / 2 < FIRST_GAP_MS ? 0 : gap / 2;
      return null;
    },
  };
}

/** A channel that hands over no faster than its pace. Whatever renews the connection after a refusal is the channel's own. */
export function paced(
  channel: Channel,
  by: { readonly pace: Pace; readonly clock: PaceClock; slowed(gapMs: number): void },
): Channel {
  return {
    ...channel,
    async send(message) {
      await by.pace.turn(by.clock);
      const outcome = await channel.send(message);
      const gap = by.pace.told(by.clock, outcome);
      if (gap !== null) by.slowed(gap);
      return outcome;
    },
  };
}
