import type { Channel, Context } from "../../pipeline/context.ts";
import { type DkimKey, dkimSigner } from "./dkim.ts";
import { createFolderChannel } from "./folder.ts";
import { createPace, type Pace, paced } from "./paced.ts";
import { createSmtpChannel } from "./smtp.ts";

/** By relay and rate: every run and piece of one process that speaks to a relay keeps to one pace. */
const PACES = new Map<string, Pace>();

/**
 * The channel mail goes through: the relay of SMTP_URL, or without one a folder (and the channel's warning says so).
 * @throws {UsageError} for an SMTP_URL that is wrong or unsafe.
 */
export function chooseChannel(options: {
  /** As configured; null or absent means a folder. */
  readonly smtpUrl?: string | null;
  /** Where `.eml` files go when there is no relay. */
  readonly directory: string;
  readonly log: Context["log"];
  /** What mail is signed with; absent: it is not. */
  readonly dkim?: DkimKey | undefined;
  /** The most mails a second this process hands to the relay; 0 or absent: no limit. A folder knows none. */
  readonly perSecond?: number | undefined;
  /** Waits between two mails. */
  readonly sleep?: Context["sleep"];
}): Channel {
  const { smtpUrl, directory, log, dkim, perSecond = 0, sleep = pause } = options;
  const signing = dkim === undefined ? {} : { sign: dkimSigner(dkim) };
  if (smtpUrl === undefined || smtpUrl === null) return createFolderChannel({ directory, ...signing });
  return paced(createSmtpChannel({ url: smtpUrl, log, ...signing }), {
    pace: paceOf(smtpUrl, perSecond),
    clock: { now: () => performance.now(), sleep },
    slowed: (gapMs) => log("relay-slowed-down", { warning: "the relay asked for fewer mails", gapMs }),
  });
}

function paceOf(smtpUrl: string, perSecond: number): Pace {
  const key = `${perSecond} ${smtpUrl}`;
  const pace = PACES.get(key) ?? createPace(perSecond);
  PACES.set(key, pace);
  return pace;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
