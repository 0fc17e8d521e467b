import type { Refusal } from "../../domain/delivery.ts";

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

/** RFC 3463: class, subject and detail of an enhanced status code in a reply. qmail writes it at the end: "(#5.1.1)". */
const ENHANCED = /(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;

/** What relays say without, or against, an enhanced code. Each word here stands in a reply some relay really gives. */
const WORDS = {
  /** Postfix refuses a sender or this machine only when the recipient is named, with the recipient's verb. */
  ourselves:
    /\bsender(?: address)? (?:rejected|denied|verify|not allowed)|\bsender verif\w* failed|\bverification failed for\b|\bclient host rejected|\bhelo command rejected|\bsend ?as ?denied|\bpermissions? to send as\b|\bauthenticat(?:ion|e) (?:is )?required|\bmust (?:be )?authenticated?|\bnot (?:logged in|authenticated)|\bstarttls (?:is )?required|\bmust issue a starttls/i,
  tooFast:
    /\brate\b|\b(?:too (?:many|much|fast|frequent)|concurrent|throttl\w*|slow down)\b|\b(?:limit|quota)\b.{0,30}\b(?:exceeded|reached)|\bexceeded\b.{0,30}\blimit/i,
  full: /\b(?:over ?quota|quota exceeded|mailbox (?:is )?full|full mailbox|exceeded storage)|\bmailbox\b.{0,30}\b(?:exceed|full)/i,
  tooLarge: /\b(?:message|mail|data)\b.{0,25}\b(?:size|too (?:large|big|long)|exceeds)|\btoo (?:large|big)\b/i,
  unwanted:
    /\b(?:spam\w*|junk\w*|virus|block(?:ed|list\w*)?|black ?list\w*|blocked using|reputation|polic(?:y|ies)|dmarc|spf|dkim|unsolicited|relay\w*|content reject\w*|daily limit|sending (?:limit|quota)|dns|ptr)\b/i,
  noSuchUser:
    /\b(?:user|mailbox|recipient|address|account)\b.{0,50}\b(?:unknown|not found|disabled|invalid|(?:does(?: not|n.?t)|did not) (?:exist|have))|\b(?:no such|no|unknown|invalid|nonexistent|non-existent) (?:user|mailbox|recipient|address|person)\b|\bmailbox unavailable\b|\bunrouteable address|\bundeliverable address|\bhost unknown/i,
  denied: /\bdenied\b/i,
} as const;

/** X.1.1 no such mailbox, X.1.2 no such system, X.1.3 no address, X.1.6 moved, X.1.10 null MX, X.2.1 disabled. */
const ADDRESS = ["1.1", "1.2", "1.3", "1.6", "1.10", "2.1"];

/**
 * The class of a refusal, for what happens next. A status code is believed before words, a verb before both: what answers MAIL is
 * about us. Nobody's address is given up on a doubt: what a reply does not say is a matter of this one message.
 */
export function refusalOf(fault: Fault): Refusal {
  const { code, reply } = fault;
  if (fault.refusedHere) return "message";
  if (concernsEverybody(fault)) return refusalOfEverybody(fault);
  if (code === null || code < 400 || code > 599) return "transient";
  const [, , subject = "", detail = ""] = ENHANCED.exec(reply) ?? [];
  const status = `${subject}.${detail}`;
  if (status === "2.2") return "mailbox";
  if (code < 500) return passing(status, reply);
  if (subject === "") return byWords(fault);
  if (status === "4.5" || /daily limit/i.test(reply)) return "policy";
  if (ADDRESS.includes(status)) return "address";
  if (subject === "7") return "policy";
  if (subject === "0") return byWords(fault);
  return "message";
}

function passing(status: string, reply: string): Refusal {
  if (WORDS.full.test(reply)) return "mailbox";
  return status === "5.3" || WORDS.tooFast.test(reply) ? "throttled" : "transient";
}

function byWords({ code, command, reply, phase }: Fault): Refusal {
  if (WORDS.full.test(reply)) return "mailbox";
  if (code === 552) return WORDS.unwanted.test(reply) ? "policy" : WORDS.tooLarge.test(reply) ? "message" : "mailbox";
  if (WORDS.tooLarge.test(reply)) return "message";
  if (WORDS.unwanted.test(reply)) return "policy";
  const isAboutAddress = code === 551 || code === 553 || WORDS.noSuchUser.test(reply);
  if (command === "RCPT TO" && isAboutAddress && !WORDS.denied.test(reply)) return "address";
  return WORDS.denied.test(reply) || (code === 554 && phase !== "envelope") ? "policy" : "message";
}

/** Login, certificate, sender: a person must change something, unlike a relay that is down or busy. */
function refusalOfEverybody({ phase, code, reply, command }: Fault): Refusal {
  if (phase !== "opening") return "configuration";
  if (code !== null && code >= 500) return "configuration";
  // RFC 4954 6: 454 says that the relay cannot look a login up now. STARTTLS has a 454 of its own, which an operator must see.
  if (code !== null && command.startsWith("AUTH")) return "transient";
  if (code !== null && WORDS.tooFast.test(reply)) return "throttled";
  return command.startsWith("AUTH") || /certificate|self.signed|\bTLS\b|STARTTLS|\bSSL\b|wrong version/i.test(reply)
    ? "configuration"
    : "transient";
}

/** True for a fault of the relay, of the line or of our settings, which every message would meet. */
export function concernsEverybody(fault: Fault): boolean {
  const { phase, code, command, reply } = fault;
  if (phase === "opening") return true;
  // 530 "authentication required", 535 "bad credentials", 538 "encryption required" may also answer MAIL.
  if (code === null || code < 500 || code > 599) return false;
  if ([530, 534, 535, 538].includes(code) || WORDS.ourselves.test(reply)) return true;
  // The sender is the same in every message. 552, 523 and X.3.4 speak of the message's size.
  return command === "MAIL FROM" && ![552, 523].includes(code) && !reply.includes("5.3.4");
}
