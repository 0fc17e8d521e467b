import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { dkimSigner } from "../../../src/adapters/channels/dkim.ts";
import { rawMail } from "../../../src/adapters/channels/raw-mail.ts";
import { createSmtpChannel } from "../../../src/adapters/channels/smtp.ts";
import { startRelay } from "../../support/smtp.ts";
import { sampleMessage } from "./message.ts";

type Verified = {
  readonly results: readonly {
    readonly status: { readonly result: string };
    readonly signingHeaders?: { readonly keys: string };
  }[];
};
type Verify = (
  mail: Buffer,
  options: { resolver: (name: string, type: string) => Promise<string[][]> },
) => Promise<Verified>;
const { dkimVerify } = createRequire(import.meta.url)("mailauth/lib/dkim/verify") as { dkimVerify: Verify };

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const sign = dkimSigner({ domain: "tinh.example.vn", selector: "bt2026", privateKey });
const MESSAGE = sampleMessage({
  headers: {
    ...{ "Auto-Submitted": "auto-generated", "List-Id": "Ban tin ngay 766 <ban-tin-ngay.766.tinh.example.vn>" },
    "List-Unsubscribe":
      "<https://766.tinh.example.vn/u/1-daily-0123>, <mailto:kstthc@tinh.example.vn?subject=Ng%E1%BB%ABng>",
    ...{ "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", References: "<a@tinh.example.vn>" },
    "In-Reply-To": "<a@tinh.example.vn>",
  },
});

async function verdict(mail: Buffer): Promise<{ result: string; signed: readonly string[] }> {
  const asked: string[] = [];
  const resolver = async (name: string, type: string) => {
    asked.push(`${type} ${name}`);
    return [[`v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`]];
  };
  const { results } = await dkimVerify(mail, { resolver });
  expect(asked.filter((one) => !one.includes("_dmarc"))).toEqual(["TXT bt2026._domainkey.tinh.example.vn"]);
  expect(results).toHaveLength(1);
  const [one] = results;
  return { result: one?.status.result ?? "", signed: one?.signingHeaders?.keys.toLowerCase().split(/\s*:\s*/) ?? [] };
}

function changed(mail: Buffer, from: string, to: string): Buffer {
  const text = mail.toString("latin1");
  expect(text.split(from)).toHaveLength(2);
  return Buffer.from(text.replace(from, to), "latin1");
}

describe("a signed mail", () => {
  it("is found good by a library other than the signer, as a relay took it, over every header a reader's program acts on", async () => {
    const relay = await startRelay({ hideSTARTTLS: true });
    const channel = createSmtpChannel({
      url: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`,
      log: () => undefined,
      sign,
    });
    await channel.send(MESSAGE);
    await channel.close();
    await relay.close();
    const { result, signed } = await verdict(relay.taken[0]?.raw ?? Buffer.alloc(0));
    expect(result).toBe("pass");
    expect([...signed].sort()).toEqual(
      [
        ...["from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to", "list-id"],
        ...["list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "references", "in-reply-to"],
      ].sort(),
    );
  });

  it("has the same bytes each time", async () => {
    expect((await rawMail(MESSAGE, sign)).equals(await rawMail(MESSAGE, sign))).toBe(true);
  });

  it.each([
    ["List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click"],
    ["/u/1-daily-0123", "/u/2-daily-0123"],
    ["Auto-Submitted: auto-generated", "Auto-Submitted: no"],
    ["<ban-tin-ngay.766", "<ban-tin-tuan.766"],
  ])("is no longer good once %s is changed on the way", async (from, to) => {
    const { result } = await verdict(changed(await rawMail(MESSAGE, sign), from, to));
    expect(result).toBe("fail");
  });

  it("is not sent unsigned when the key will not sign", async () => {
    const broken = dkimSigner({ domain: "tinh.example.vn", selector: "bt2026", privateKey: "no key" });
    await expect(rawMail(MESSAGE, broken)).rejects.toThrow("DIEMTIN_DKIM_KEY");
  });
});
