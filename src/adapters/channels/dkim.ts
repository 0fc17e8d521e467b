import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";
import { SendError } from "../../domain/errors.ts";

/** What mail is signed with: the domain and selector under which the public key is found, and the private one in PEM. */
export type DkimKey = { readonly domain: string; readonly selector: string; readonly privateKey: string };

/** The bytes of a mail, signed. The same bytes always get the same signature. */
export type Signer = (raw: Buffer) => Promise<Buffer>;

/** RFC 8058 4 wants List-Unsubscribe and its -Post among them; the library's own list lacks that and Auto-Submitted. */
const SIGNED = [
  ...["from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to"],
  ...["list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "references", "in-reply-to"],
].join(":");

/** Signs mails by RFC 6376 (rsa-sha256, relaxed). Throws a SendError rather than give a mail without its signature. */
export function dkimSigner({ domain, selector, privateKey }: DkimKey): Signer {
  const dkim = new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED });
  return async (raw) => {
    const signed = await buffer(dkim.sign(raw));
    // The library leaves the signature out when the key will not sign.
    if (signed.subarray(0, 15).toString("latin1") === "DKIM-Signature:") return signed;
    throw new SendError("a mail could not be signed with the key in DIEMTIN_DKIM_KEY", { mayPass: true });
  };
}
