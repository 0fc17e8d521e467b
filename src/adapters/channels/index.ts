import type { Channel, Context } from "../../pipeline/context.ts";
import { createFolderChannel } from "./folder.ts";
import { createSmtpChannel } from "./smtp.ts";

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
}): Channel {
  if (options.smtpUrl === undefined || options.smtpUrl === null) return createFolderChannel(options);
  return createSmtpChannel({ url: options.smtpUrl, log: options.log });
}
