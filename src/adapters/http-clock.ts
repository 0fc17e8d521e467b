import axios from "axios";
import { USER_AGENT } from "./http-exchange.ts";

const TIMEOUT_MS = 5000;

/**
 * Asks a server for nothing but its headers, and gives what its clock says; null when it answers without a readable date, "silent"
 * when it does not answer within five seconds.
 */
export async function serverClock(base: string): Promise<Date | null | "silent"> {
  try {
    const { headers } = await axios.head(base, {
      ...{ timeout: TIMEOUT_MS, signal: AbortSignal.timeout(TIMEOUT_MS), headers: { "User-Agent": USER_AGENT } },
      ...{ maxRedirects: 0, validateStatus: () => true },
    });
    const date = new Date(String(headers["date"] ?? ""));
    return Number.isNaN(date.getTime()) ? null : date;
  } catch (error) {
    if (axios.isAxiosError(error)) return "silent";
    throw error;
  }
}
