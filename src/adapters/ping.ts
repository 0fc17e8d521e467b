import axios from "axios";
import type { Alarm } from "../pipeline/context.ts";

const TIMEOUT_MS = 10_000;

/** Tells somebody outside. Gives why it was not taken, or null. The address is a secret and never part of the reason. */
export type Ping = (job: string) => Promise<string | null>;

/**
 * The dead man's switch: after each good run of a job its own address is asked, `…/collect`; who watches it is told when it stays
 * silent. A query in the address stays at its end.
 */
export function createPing(url: string): Ping {
  return (job) => {
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/+$/, "")}/${job}`;
    return ask(() => axios.get(address.href, OPTIONS));
  };
}

/** The second channel: a fault as JSON with a line to show as `text`. */
export function createAlarm(url: string): (alarm: Alarm) => Promise<string | null> {
  return (alarm) => {
    const text = `diemtin: ${alarm.job} (${alarm.day}): ${alarm.message}`.slice(0, MOST_LETTERS);
    return ask(() => axios.post(url, { text, ...alarm, message: alarm.message.slice(0, MOST_LETTERS) }, OPTIONS));
  };
}

const MOST_LETTERS = 4000;
const OPTIONS = {
  timeout: TIMEOUT_MS,
  maxRedirects: 0,
  maxContentLength: 100_000,
  validateStatus: () => true,
} as const;

async function ask(send: () => Promise<{ status: number }>): Promise<string | null> {
  try {
    const { status } = await send();
    return status >= 200 && status < 300 ? null : `it answered with status ${status}`;
  } catch (error) {
    // The library's message may repeat the address.
    if (axios.isAxiosError(error)) return `it did not answer (${error.code ?? "no reason given"})`;
    throw error;
  }
}
