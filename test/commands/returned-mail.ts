/** A delivery report as one of the common servers words it. */
export type Report = {
  readonly by: "postfix" | "exim" | "exchange" | "gmail" | "sendmail";
  /** The token in the address the report comes back to; "" for a plain one. */
  readonly token: string;
  readonly status: string;
  readonly action: "failed" | "delayed";
  readonly messageId?: string;
};

const READER = "h21.01@example.vn";

/** Made up in the shape of each server: the field order, folding, boundaries and returned part differ. */
export function report({ by, token, status, action, messageId = "<2026@b.example>" }: Report): string {
  const bounce = token === "" ? "bounce@b.example" : `bounce+${token}@b.example`;
  const returned = `Return-Path: <${bounce}>\nFrom: a@b.example\nTo: ${READER}\nMessage-ID: ${messageId}\nSubject: =?utf-8?B?xJBp4buDbSB0aW4=?=\n`;
  const words = `550 ${status} <${READER}>: Recipient address rejected: User unknown`;
  const group = (fields: readonly string[]) => `${fields.join("\n")}\n`;
  const parts = (boundary: string, status2: string, last: { type: string; text: string }) =>
    `--${boundary}\nContent-Type: text/plain; charset=utf-8\n\nThis is the mail system. ${words}\n--${boundary}\nContent-Type: message/delivery-status\n\n${status2}\n--${boundary}\nContent-Type: ${last.type}\n\n${last.text}\n--${boundary}--\n`;
  const head = (from: string, to: string, boundary: string) =>
    `Return-Path: <>\nFrom: ${from}\nTo: ${to}\nDate: Mon, 12 Oct 2026 08:00:00 +0700\nSubject: Undelivered Mail\nMessage-ID: <n.${by}.${token}@mx.example>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary="${boundary}"\n\n`;
  const headers = { type: "text/rfc822-headers", text: returned };
  const whole = {
    type: "message/rfc822",
    text: `${returned}MIME-Version: 1.0\nContent-Type: text/plain\n\nLũy kế 59,17 điểm\n`,
  };
  if (by === "postfix") {
    const fields = `${group(["Reporting-MTA: dns; mx.b.example", "X-Postfix-Queue-ID: 4F1", "Arrival-Date: Mon, 12 Oct 2026 07:02:11 +0700 (+07)"])}\n${group([`Final-Recipient: rfc822; ${READER}`, `Original-Recipient: rfc822;${READER}`, `Action: ${action}`, `Status: ${status}`, "Remote-MTA: dns; mx.example.vn", `Diagnostic-Code: smtp; ${words.replace(": Recipient", ":\n    Recipient")}`])}`;
    return `${head("MAILER-DAEMON@mx.b.example (Mail Delivery System)", bounce, "4F1.1/mx")}${parts("4F1.1/mx", fields, whole)}`;
  }
  if (by === "exim") {
    const fields = `${group(["Reporting-MTA: dns; exim.example"])}\n${group([`Action: ${action}`, `Final-Recipient: rfc822;${READER}`, `Status: ${status}`, "Remote-MTA: dns; mx.example.vn", `Diagnostic-Code: smtp; ${words}`])}`;
    return `X-Failed-Recipients: ${READER}\n${head("Mail Delivery System <Mailer-Daemon@exim.example>", bounce, "1728-eximdsn-9")}${parts("1728-eximdsn-9", fields, headers)}`;
  }
  if (by === "exchange") {
    // Exchange writes CRLF, comments behind the status, and its own long diagnostics; the token stands in the returned mail alone.
    const fields = `${group(["Reporting-MTA: dns;HN1PR01.prod.outlook.com", "Received-From-MTA: dns;mx.b.example", "Arrival-Date: Mon, 12 Oct 2026 00:02:11 +0000"])}\n${group([`Final-Recipient: rfc822;${READER}`, `Action: ${action}`, `Status: ${status}`, `Diagnostic-Code: smtp;${words.replace("550", "550 5.1.10 RESOLVER.ADR.RecipientNotFound;")}`, "X-Display-Name: Nguoi Doc"])}`;
    const mail = `${head("postmaster@example.vn", "bounce@b.example", "_000_hn1")}${parts("_000_hn1", fields, whole)}`;
    return mail.replace(/\n/g, "\r\n");
  }
  if (by === "gmail") {
    const fields = `${group(["Reporting-MTA: dns; googlemail.com", "Received-From-MTA: dns; bantin766@b.example", "Arrival-Date: Sun, 11 Oct 2026 17:02:11 -0700 (PDT)", "X-Original-Message-ID: <x@b>"])}\n${group([`Final-Recipient: rfc822; ${READER}`, `Action: ${action}`, `Status: ${status}`, "Remote-MTA: dns; gmail-smtp-in.l.google.com. (142.250.0.1, the server for the domain.)", `Diagnostic-Code: smtp; ${words.replace(" <", "-5.1.1 The email account that you tried to reach does not exist.\n ")}`, "Last-Attempt-Date: Sun, 11 Oct 2026 17:02:12 -0700 (PDT)"])}`;
    return `Delivered-To: ${bounce}\n${head("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "a@b.example", "00000000000f")}${parts("00000000000f", fields, whole)}`;
  }
  const fields = `${group(["Reporting-MTA: dns; sendmail.example", "Received-From-MTA: DNS; mx.b.example", "Arrival-Date: Mon, 12 Oct 2026 07:02:11 +0700"])}\n${group([`Final-Recipient: RFC822; ${READER}`, `Action: ${action}`, `Status: ${status} (Bad destination mailbox address)`, "Remote-MTA: DNS; mx.example.vn", `Diagnostic-Code: SMTP; ${words}`, "Last-Attempt-Date: Mon, 12 Oct 2026 07:02:11 +0700"])}`;
  return `${head("Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>", `<${bounce.toUpperCase()}>`, "x9C.172/send")}${parts("x9C.172/send", fields, headers)}`;
}
