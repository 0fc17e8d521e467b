import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../../src/adapters/channels/smtp-outcome.ts";
import type { Fault } from "../../../src/adapters/channels/smtp-refusal.ts";
import type { Refusal } from "../../../src/domain/delivery.ts";

/** Verb, class, whether the run stops, and the words of a relay. */
type Row = readonly [verb: string, refusal: Refusal, stops: "stops" | "", reply: string];

const [RCPT, MAIL, BODY, AUTH, OPEN, TLS] = ["RCPT TO", "MAIL FROM", "sent", "AUTH PLAIN", "CONN", "STARTTLS"];

function faultOf(verb: string, reply: string): Fault {
  const code = /^\d{3}(?=[ -])/.exec(reply);
  const phase = verb === BODY ? "sent" : [RCPT, MAIL].includes(verb) ? "envelope" : "opening";
  const command = verb === BODY ? "DATA" : verb;
  return { phase, command, code: code === null ? null : Number(code[0]), reply, refusedHere: false };
}

const REPLIES: Readonly<Record<string, readonly Row[]>> = {
  Postfix: [
    [RCPT, "address", "", "550 5.1.1 <[redacted]>: Recipient address rejected: User unknown in local recipient table"],
    [RCPT, "address", "", "550 5.1.1 <[redacted]>: Recipient address rejected: undeliverable address: host said: 550"],
    [RCPT, "address", "", "550 <[redacted]>: Recipient address rejected: User unknown in virtual alias table"],
    [RCPT, "address", "", "550 5.1.2 <[redacted]>: Recipient address rejected: Domain not found"],
    [RCPT, "transient", "", "450 4.1.2 <[redacted]>: Recipient address rejected: Domain not found"],
    [
      RCPT,
      "transient",
      "",
      "450 4.2.0 <[redacted]>: Recipient address rejected: Greylisted, see http://postgrey.example",
    ],
    [
      RCPT,
      "transient",
      "",
      "450 4.1.1 <[redacted]>: Recipient address rejected: unverified address: Address lookup failed",
    ],
    [RCPT, "transient", "", "451 4.3.0 <[redacted]>: Temporary lookup failure"],
    [BODY, "transient", "", "451 4.3.0 Error: queue file write error"],
    [BODY, "transient", "", "452 4.3.1 Insufficient system storage"],
    [RCPT, "throttled", "", "452 4.5.3 Error: too many recipients"],
    [RCPT, "throttled", "", "450 4.7.1 Error: too much mail from 192.0.2.7"],
    [OPEN, "throttled", "stops", "421 4.7.0 mx.example Error: too many connections from 192.0.2.7"],
    [RCPT, "policy", "", "554 5.7.1 <[redacted]>: Relay access denied"],
    [RCPT, "policy", "", "554 5.7.1 <[redacted]>: Recipient address rejected: Access denied"],
    [RCPT, "policy", "", "554 <[redacted]>: Recipient address rejected: Access denied"],
    [RCPT, "policy", "", "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org"],
    [RCPT, "configuration", "stops", "554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied"],
    [RCPT, "configuration", "stops", "553 5.7.1 <[redacted]>: Sender address rejected: not owned by user bantin"],
    [RCPT, "configuration", "stops", "550 5.1.0 <[redacted]>: Sender address rejected: User unknown in local table"],
    [RCPT, "configuration", "stops", "504 5.5.2 <may>: Helo command rejected: need fully-qualified hostname"],
    [RCPT, "transient", "", "450 4.1.8 <[redacted]>: Sender address rejected: Domain not found"],
    [MAIL, "configuration", "stops", "550 5.1.8 <[redacted]>: Sender address rejected: Domain not found"],
    [MAIL, "configuration", "stops", "530 5.7.0 Must issue a STARTTLS command first"],
    [MAIL, "message", "", "552 5.3.4 Message size exceeds fixed limit"],
    [AUTH, "configuration", "stops", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6"],
    [
      AUTH,
      "transient",
      "stops",
      "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
    ],
  ],
  Exim: [
    [RCPT, "address", "", "550 Unrouteable address"],
    [RCPT, "address", "", "550 No such user here"],
    [RCPT, "address", "", "550 No Such User Here"],
    [RCPT, "address", "", "550 Unknown user"],
    [RCPT, "policy", "", "550 relay not permitted"],
    [RCPT, "configuration", "stops", "550-Verification failed for <[redacted]> 550 Sender verify failed"],
    [RCPT, "transient", "", "451 Temporary local problem - please try later"],
    [OPEN, "throttled", "stops", "421 mx.example: Too many concurrent SMTP connections; please try again later."],
    [BODY, "policy", "", "550 This message scored 12.3 spam points."],
    [MAIL, "message", "", "552 Message size exceeds maximum permitted"],
    [BODY, "mailbox", "", "552 Mailbox quota exceeded"],
    [AUTH, "configuration", "stops", "535 Incorrect authentication data"],
  ],
  Exchange: [
    [RCPT, "address", "", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"],
    [RCPT, "address", "", "550 5.1.1 User unknown"],
    [RCPT, "message", "", "550 5.4.1 Recipient address rejected: Access denied. [mx.example]"],
    [RCPT, "policy", "", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"],
    [BODY, "configuration", "stops", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"],
    [BODY, "configuration", "stops", "554 5.2.252 SendAsDenied; not allowed to send as; STOREDRV.Submission.Exception"],
    [
      BODY,
      "policy",
      "",
      "550 5.1.90 Your message can't be sent because you've reached your daily limit for recipients",
    ],
    [BODY, "mailbox", "", "552 5.2.2 Submission quota exceeded"],
    [BODY, "message", "", "552 5.3.4 Message size exceeds fixed maximum message size"],
    [BODY, "message", "", "552 5.2.3 Message too large for this recipient"],
    [MAIL, "throttled", "", "421 4.4.2 Message submission rate for this client has exceeded the configured limit"],
    [OPEN, "throttled", "stops", "421 4.3.2 The maximum number of concurrent connections has exceeded a limit"],
    [MAIL, "transient", "", "451 4.7.0 Temporary server error. Please try again later. PRX2"],
    [MAIL, "configuration", "stops", "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail"],
    [AUTH, "configuration", "stops", "535 5.7.3 Authentication unsuccessful"],
    [MAIL, "configuration", "stops", "538 5.7.11 Encryption required for requested authentication mechanism"],
  ],
  Gmail: [
    [RCPT, "address", "", "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 gsmtp"],
    [RCPT, "address", "", "550 5.2.1 The email account that you tried to reach is disabled. gsmtp"],
    [RCPT, "mailbox", "", "552-5.2.2 The email account that you tried to reach is over quota. gsmtp"],
    [RCPT, "mailbox", "", "452-4.2.2 The email account that you tried to reach is over quota. gsmtp"],
    [
      RCPT,
      "throttled",
      "",
      "450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
    ],
    [OPEN, "transient", "stops", "421 4.7.0 Try again later, closing connection. gsmtp"],
    [BODY, "throttled", "", "421-4.7.28 Gmail has detected an unusual rate of mail originating from your SPF domain"],
    [BODY, "policy", "", "550-5.7.26 Your email has been blocked because the sender is unauthenticated."],
    [BODY, "policy", "", "552-5.7.0 This message was blocked because its content presents a potential security issue."],
    [BODY, "policy", "", "550 5.4.5 Daily user sending limit exceeded. gsmtp"],
    [AUTH, "configuration", "stops", "534-5.7.9 Application-specific password required."],
    [AUTH, "configuration", "stops", "535-5.7.8 Username and Password not accepted."],
  ],
  Zimbra: [
    [RCPT, "address", "", "550 5.1.1 <[redacted]>: Recipient address rejected: tinh.example.vn"],
    [BODY, "policy", "", "554 5.7.0 Reject, id=12345-01 - spam"],
    [BODY, "mailbox", "", "452 4.2.2 Over quota"],
    [BODY, "mailbox", "", "552 5.2.2 Over quota"],
    [OPEN, "transient", "stops", "421 4.3.2 Service shutting down"],
  ],
  "sendmail, qmail and others": [
    [RCPT, "address", "", "550 5.1.1 <[redacted]>... User unknown"],
    [RCPT, "address", "", "550 5.1.2 <[redacted]>... Host unknown (Name server: example: host not found)"],
    [RCPT, "address", "", "553 5.1.3 <[redacted]>... Hostname required"],
    [RCPT, "policy", "", "550 5.7.1 <[redacted]>... Relaying denied"],
    [RCPT, "transient", "", "452 4.4.5 Insufficient disk space; try again later"],
    [MAIL, "configuration", "stops", "553 5.1.8 <[redacted]>... Domain of sender address does not exist"],
    [MAIL, "transient", "", "451 4.1.8 Domain of sender address does not resolve"],
    [BODY, "policy", "", "554 5.0.0 Service unavailable"],
    [RCPT, "address", "", "550 sorry, no mailbox here by that name. (#5.1.1)"],
    [RCPT, "policy", "", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
    [RCPT, "address", "", "554 delivery error: dd This user doesn't have an account here"],
    [RCPT, "address", "", "550 Requested action not taken: mailbox unavailable"],
    [RCPT, "policy", "", "550 Mailbox unavailable or access denied"],
    [RCPT, "address", "", "553 Requested action not taken: mailbox name not allowed"],
    [RCPT, "mailbox", "", "552 Requested mail action aborted: exceeded storage allocation"],
    [BODY, "policy", "", "554 Transaction failed"],
    [RCPT, "message", "", "550 Requested action not taken"],
    [RCPT, "transient", "", "451 Requested action aborted: local error in processing"],
  ],
  "this machine's own words": [
    [TLS, "configuration", "stops", "Error upgrading connection with STARTTLS: 502 5.5.1 Not implemented"],
    [TLS, "configuration", "stops", "454 4.7.0 TLS not available due to local problem"],
    [OPEN, "configuration", "stops", "Hostname/IP does not match certificate's altnames: Host: localhost."],
    [OPEN, "configuration", "stops", "certificate has expired"],
    [OPEN, "configuration", "stops", "unable to verify the first certificate"],
    [OPEN, "configuration", "stops", "tls_validate_record_header:wrong version number"],
    [OPEN, "transient", "stops", "getaddrinfo ENOTFOUND mail.tinh.example.vn"],
    [OPEN, "transient", "stops", "connect ECONNREFUSED 192.0.2.7:587"],
  ],
};

describe("what a relay's words mean", () => {
  const rows = Object.entries(REPLIES).flatMap(([relay, found]) => found.map((row) => [relay, ...row] as const));

  it.each(rows)("%s at %s: %s %s: %s", (_relay, verb, refusal, stops, reply) => {
    const outcome = outcomeOf(faultOf(verb, reply));
    expect(outcome).toMatchObject({ state: "failed", refusal, stop: stops === "stops" });
    // What every message would meet says nothing about its recipient: it stays owed.
    const passes = stops === "stops" || !/^5/.test(reply);
    expect(outcome).toMatchObject({ mayPass: passes });
  });

  it("gives up an address only for a permanent refusal of it", () => {
    expect(
      rows
        .filter(([, , refusal]) => refusal === "address")
        .every(([, verb, , , reply]) => verb === RCPT && /^5/.test(reply)),
    ).toBe(true);
  });

  it("a message larger than the relay announced is refused for itself", () => {
    const fault = { ...faultOf(MAIL, "Message size larger than allowed"), refusedHere: true };
    expect(outcomeOf(fault)).toMatchObject({ refusal: "message", mayPass: false, stop: false });
  });
});
