import type { Outcome } from "../../domain/delivery.ts";
import { concernsEverybody, type Fault, refusalOf } from "./smtp-refusal.ts";

/**
 * The outcome of a fault (RFC 5321 4.2.1, 4.2.5; RFC 1047 for a lost reply). A refusal by code is certain in every phase; silence
 * after the final dot is not, and is never tried again.
 *
 * `stop` marks a fault of the relay or of our settings, which every message would meet; it says nothing about the recipient, so
 * the message stays owed (`mayPass`) and goes out once the cause is mended.
 */
export function outcomeOf(fault: Fault): Outcome {
  const reply = `${fault.command}: ${fault.reply}`;
  if (fault.code === null && fault.phase === "sent")
    return { state: "unknown", reply: `no reply to the body; ${reply}` };
  if (fault.code !== null && (fault.code < 400 || fault.code > 599)) {
    // A reply that fits no place in the conversation: the two sides no longer mean the same message.
    if (fault.phase === "sent") return { state: "unknown", reply: `unexpected reply to the body; ${reply}` };
    return { state: "failed", reply, mayPass: true, stop: false, refusal: "transient" };
  }
  const stop = concernsEverybody(fault);
  const permanent = fault.refusedHere || (fault.code !== null && fault.code >= 500);
  return { state: "failed", reply, mayPass: stop || !permanent, stop, refusal: refusalOf(fault) };
}

/** A relay's words for the ledger: one line, at most 300 characters, without mail addresses or the given secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  let line = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  for (const secret of secrets) {
    line = withoutWord(line, secret);
    // Relays like to repeat the part before the "@" alone.
    if (secret.includes("@")) line = withoutWord(line, secret.slice(0, secret.lastIndexOf("@")));
  }
  line = line.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, "[redacted]");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function withoutWord(line: string, word: string): string {
  // Nearly no reply repeats it, and a pattern that knows the letters of all scripts takes a millisecond to be made.
  if (word.length < 3 || !line.toLowerCase().includes(word.toLowerCase())) return line;
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return line.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "giu"), "[redacted]");
}
