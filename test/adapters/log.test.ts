import { describe, expect, test } from "vitest";
import { createLog, redact } from "../../src/adapters/log.ts";

describe("the log", () => {
  const logged = (event: string, facts?: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const lines: string[] = [];
    createLog({ level: "info", write: (line) => lines.push(line) })(event, facts);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    return JSON.parse(lines[0] ?? "");
  };

  test("is one JSON line per event whose facts cannot shadow the line's own keys", () => {
    const line = logged("collect", { snapshot: "17", level: "own", time: new Date(0), bytes: Uint8Array.of(1) });
    expect(line).toMatchObject({
      level: "info",
      event: "collect",
      facts: { snapshot: "17", level: "own", time: "1970-01-01T00:00:00.000Z", bytes: "[1 bytes]" },
    });
  });

  test("an error has the level error, with the texts of its causes and without the accounts and addresses in them", () => {
    const cause = new Error("connect postgres://u:p@ss:w0rd@db:5432/x");
    const text = JSON.stringify(
      logged("deliver", { error: new Error("550 an.nguyen@gialai.example unknown", { cause }) }),
    );
    expect(text).toContain('"level":"error"');
    expect(text).toContain("550 [address] unknown");
    expect(text).toContain("postgres://[hidden]@db:5432/x");
    expect(text).not.toMatch(/nguyen|p@ss|w0rd|ss:/);
  });

  test("facts named like a secret or a mailbox are hidden, at any depth, in keys and after line breaks", () => {
    const text = JSON.stringify(
      logged("x", {
        password: "hunter2",
        a: [{ smtpPassword: "hunter2", to: "b@x.vn" }],
        "c@x.vn": 1,
        reply: "\nd@x.vn",
      }),
    );
    expect(text).not.toMatch(/hunter2|[a-d]@x/);
    expect(text).toContain("\\n[address]");
  });

  test("circles and very long texts are cut", () => {
    const circle: Record<string, unknown> = { text: "x".repeat(100_000) };
    circle["self"] = circle;
    expect(JSON.stringify(logged("x", circle)).length).toBeLessThan(40_000);
  });

  test("a level above the event's keeps it silent", () => {
    const lines: string[] = [];
    const log = createLog({ level: "error", write: (line) => lines.push(line) });
    log("quiet");
    log("loud", { error: "broken" });
    expect(lines).toHaveLength(1);
  });

  test.each([
    ["smtp://user@gialai.example:secret@relay:587", "smtp://[hidden]@relay:587"],
    ["https://host/path?password=x&a=1", "https://host/path?password=[hidden]&a=1"],
    ["<An.Nguyễn@x.vn>, b+c@localhost", "<[address]>, [address]"],
    ["snapshot 17 of H21.17", "snapshot 17 of H21.17"],
  ])("%s becomes %s", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });
});
