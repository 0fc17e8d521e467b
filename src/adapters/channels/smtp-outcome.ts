import type { Outcome, Refusal } from "../../domain/delivery.ts";

/** What went wrong with one message, and where it stood by our own count, not by the library's. */
export type Fault = {
  /**
   * `opening`: no session yet. `envelope`: before the relay asked for the body. `body`: the relay asked for it and the final
   * dot was not handed over. `sent`: the final dot may have left this machine.
   */
  readonly phase: "opening" | "envelope" | "body" | "sent";
  /** The verb that was being answered, when known: "MAIL FROM", "RCPT TO", "DATA", "AUTH PLAIN" … */
  readonly command: string;
  /** The relay's reply code; null when it said nothing. */
  readonly code: number | null;
  /** The relay's words, or what happened instead of them. Redacted. */
  readonly reply: string;
  /** This side refused the message before saying anything (larger than the relay announced). */
  readonly refusedHere: boolean;
};

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
  return { state: "failed", reply, mayPass: stop || !permanent, stop, refusal: refusalOf(fault, stop) };
}

/** RFC 3463: class, subject and detail of an enhanced status code in a reply; "4.5.3" is too many recipients or messages. */
const ENHANCED = /(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;
const TOO_FAST = /\b(rate|too (?:many|fast)|throttl|slow down|exceeded)/i;
const NO_SUCH_USER =
  /\b(?:user|mailbox|recipient|address)\b.{0,40}\b(?:unknown|not found|does ?n.?t exist|unavailable|rejected)|\bno such (?:user|mailbox|recipient|address)|\bunknown (?:user|mailbox|recipient|address)/i;

/** The classes of `Refusal`; what a reply does not say is a matter of this one message. */
function refusalOf(fault: Fault, stop: boolean): Refusal {
  const { code, reply } = fault;
  if (fault.refusedHere) return "message";
  if (stop) return isSetUp(fault) ? "configuration" : "transient";
  if (code === null) return "transient";
  const [, , subject = "", detail = ""] = ENHANCED.exec(reply) ?? [];
  const status = `${subject}.${detail}`;
  if (code < 500) return status === "5.3" || TOO_FAST.test(reply) ? "throttled" : "transient";
  if (["1.1", "1.2", "1.3", "1.6", "1.10"].includes(status)) return "address";
  if (status === "2.2" || code === 552) return status === "3.4" ? "message" : "mailbox";
  if (subject === "7") return "policy";
  if (subject !== "") return "message";
  if (fault.command === "RCPT TO" && (code === 553 || NO_SUCH_USER.test(reply))) return "address";
  return code === 554 && fault.phase !== "envelope" ? "policy" : "message";
}

/** Login, certificate, sender: a person must change something, unlike a relay that is down. */
function isSetUp({ phase, code, reply, command }: Fault): boolean {
  if (phase !== "opening") return true;
  return (code !== null && code >= 500) || command.startsWith("AUTH") || /certificate|self.signed|TLS|SSL/i.test(reply);
}

function concernsEverybody(fault: Fault): boolean {
  if (fault.phase === "opening") return true;
  // 530 "authentication required", 535 "bad credentials", 538 "encryption required" may also answer MAIL.
  if (fault.code !== null && [530, 534, 535, 538].includes(fault.code)) return true;
  // The sender is the same in every message. 552 and 523 speak of the message's size.
  return fault.command === "MAIL FROM" && fault.code !== null && fault.code >= 500 && ![552, 523].includes(fault.code);
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
  if (word.length < 3) return line;
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return line.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "giu"), "[redacted]");
}
