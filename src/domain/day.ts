import type { Day } from "./calendar.ts";
import type { DeliveryState } from "./delivery.ts";
import type { RunState } from "./run.ts";

/** What the administrator's page says of a day. No addresses: units and counts only. */
export type DayState = {
  readonly province: string;
  /** A warning that heads everything printed ("SỐ LIỆU MẪU …"); absent: none. */
  readonly notice?: string;
  readonly day: Day;
  /** The scopes' latest complete snapshots of the running year. */
  readonly data: readonly { readonly scope: string; readonly takenAt: Date | null }[];
  readonly runs: readonly {
    readonly job: string;
    readonly scheduledFor: string;
    readonly startedAt: Date;
    readonly state: RunState;
    readonly problems: readonly string[];
  }[];
  readonly editions: readonly {
    readonly id: string;
    readonly unit: string;
    readonly summary: string;
    readonly pdf: string | null;
    readonly states: readonly DeliveryState[];
  }[];
};
