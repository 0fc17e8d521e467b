import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  envelopeToken,
  linkToken,
  readEnvelopeToken,
  readLinkToken,
  unsubscribeUrl,
} from "../../src/pipeline/tokens.ts";

const KEY = new Uint8Array(32).fill(7);
const SECRET = "a secret of at least thirty-two characters";
const LINKS = { publicUrl: "https://766.example.vn/tin", secret: SECRET };

describe("the token of an envelope sender", () => {
  it("leads back to its delivery, also folded to capitals, and fits a local part", () => {
    const token = envelopeToken(KEY, "123456789012345678");
    expect(readEnvelopeToken(KEY, token.toUpperCase())).toBe("123456789012345678");
    expect(`bounce+${token}`).toMatch(/^[a-z0-9+-]{1,64}$/);
  });

  it("is worth nothing with another key, another delivery or any other letter", () => {
    const token = envelopeToken(KEY, "12");
    expect(readEnvelopeToken(new Uint8Array(32).fill(8), token)).toBeNull();
    expect(readEnvelopeToken(KEY, token.replace("12-", "13-"))).toBeNull();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."0123456789abcdef-"), (at, letter) => {
        const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
        expect(readEnvelopeToken(KEY, changed)).toBe(changed === token ? "12" : null);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => readEnvelopeToken(KEY, text) === null));
  });
});

describe("the link of a mail", () => {
  const mail = { delivery: "12", bulletin: "daily" } as const;

  it("names the delivery and the bulletin, and nobody", () => {
    expect(unsubscribeUrl(LINKS, mail)).toMatch(/^https:\/\/766\.example\.vn\/tin\/u\/12-daily-[0-9a-f]{24}$/);
    expect(readLinkToken(SECRET, linkToken(SECRET, mail))).toEqual(mail);
  });

  it("is not given to the committee, and a token for it is not taken", () => {
    expect(unsubscribeUrl(LINKS, { delivery: "12", bulletin: "weekly" })).toBeNull();
    expect(readLinkToken(SECRET, linkToken(SECRET, { delivery: "12", bulletin: "weekly" }))).toBeNull();
  });

  it("is worth nothing with another secret, nor as the token of an envelope", () => {
    const token = linkToken(SECRET, mail);
    expect(readLinkToken(`${SECRET}.`, token)).toBeNull();
    expect(readLinkToken(SECRET, token.replace("12-", "13-"))).toBeNull();
    expect(readLinkToken(SECRET, `${token}0`)).toBeNull();
    expect(readLinkToken(SECRET, envelopeToken(new TextEncoder().encode(SECRET), "12"))).toBeNull();
  });
});
