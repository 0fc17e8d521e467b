import { describe, expect, it } from "vitest";
import { isLoopback, parseRelay } from "../../../src/adapters/channels/smtp-url.ts";
import { UsageError } from "../../../src/domain/errors.ts";

function mistakes(url: string): string {
  try {
    parseRelay(url);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "";
}

describe("the relay's URL", () => {
  it("requires TLS for every relay, from the first byte with smtps", () => {
    expect(parseRelay("smtp://mail.example.vn")).toEqual({ host: "mail.example.vn", port: 587, tls: "starttls" });
    expect(parseRelay("smtps://mail.example.vn")).toEqual({ host: "mail.example.vn", port: 465, tls: "implicit" });
    expect(parseRelay("smtp://mail.example.vn:2465?secure=true").tls).toBe("implicit");
    expect(parseRelay("smtp://localhost:1025").tls).toBe("starttls");
  });

  it("reads a user and a percent-encoded password", () => {
    expect(parseRelay("smtp://ban%40tin:p%40ss%2F%25@mail.example.vn:25/")).toMatchObject({
      user: "ban@tin",
      pass: "p@ss/%",
      port: 25,
    });
  });

  it.each(["localhost", "127.0.0.1", "127.9.8.7", "[::1]"])("lets a relay on this machine (%s) be plain", (host) => {
    expect(parseRelay(`smtp://${host}:1025?ignoreTLS=true`).tls).toBe("none");
  });

  it.each(["mail.example.vn", "127.0.0.1.example.vn", "10.0.0.5", "localhost.example.vn", "[2001:db8::1]", "0.0.0.0"])(
    "refuses plain mail to %s",
    (host) => {
      expect(mistakes(`smtp://${host}:25?ignoreTLS=true`)).toContain(
        "ignoreTLS=true is only for a relay on this machine",
      );
    },
  );

  it.each([
    ["smtp://mail.example.vn?rejectUnauthorized=false", "certificate is always checked"],
    ["smtps://mail.example.vn?tls.rejectUnauthorized=false", "certificate is always checked"],
    ["smtp://localhost?tls.rejectUnauthorized=0", "certificate is always checked"],
    ["smtp://mail.example.vn?requireTLS=false", "requireTLS=false is refused"],
    ["smtps://127.0.0.1?ignoreTLS=true", "contradicts"],
    ["smtp://mail.example.vn?debug=true", "not supported"],
    ["smtp://mail.example.vn?logger=true", "not supported"],
    ["smtp://mail.example.vn?ignoreTLS=yes", "true or false"],
    ["smtp://", "host name"],
    ["smtp://mail_.example.vn%20x", "host name"],
    ["http://mail.example.vn", "begin with smtp://"],
    ["mail.example.vn:587", "smtp"],
    ["smtp://user@mail.example.vn", "needs a password"],
    ["smtp://mail.example.vn/folder", "nothing may follow"],
  ])("refuses %s", (url, words) => {
    expect(mistakes(url)).toContain(words);
  });

  it.each([
    "http://ai:Bimat123@mail.example.vn",
    "smtp://ai:Bimat123@mail.example.vn:port",
    "smtp://ai:Bimat123@mail.example.vn?ignoreTLS=true",
    "smtp://ai:Bimat123@",
    "smtp://ai:?Bimat123=x@mail.example.vn",
    "smtp://ai:/Bimat123@mail.example.vn",
    "smtp://ai:Bimat123@mail.example.vn?Bimat123=Bimat123&requireTLS=Bimat123",
  ])("never shows the password of a wrong URL (%#)", (url) => {
    expect(mistakes(url)).not.toBe("");
    expect(mistakes(url)).not.toContain("Bimat123");
  });

  it("says every mistake at once", () => {
    expect(mistakes("smtp://mail.example.vn/x?ignoreTLS=true&debug=1").split("\n")).toHaveLength(3);
  });

  it("knows this machine by its addresses, not by how they begin", () => {
    expect(["localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"].map(isLoopback)).toEqual([true, true, true, true]);
    expect(["127.x.example", "128.0.0.1", "::2", "::ffff:10.0.0.1", ""].map(isLoopback)).toEqual(Array(5).fill(false));
  });
});
