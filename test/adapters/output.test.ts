import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOutput } from "../../src/adapters/output.ts";
import { SendError } from "../../src/domain/errors.ts";

const LONG_AGO = new Date("2020-01-01T00:00:00Z");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "diemtin-output-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the output directory", () => {
  test("is made when needed, with the folders of the file, and nothing else is left in them", async () => {
    await createOutput(join(root, "new")).write("daily/2026-10-12_H21.pdf", Uint8Array.of(1, 2, 3));
    expect([...readFileSync(join(root, "new/daily/2026-10-12_H21.pdf"))]).toEqual([1, 2, 3]);
    expect(readdirSync(join(root, "new/daily"))).toEqual(["2026-10-12_H21.pdf"]);
  });

  test("a file that already holds the bytes keeps its time; other bytes replace it", async () => {
    const out = createOutput(root);
    const file = join(root, "index.html");
    await out.write("index.html", "một");
    utimesSync(file, LONG_AGO, LONG_AGO);
    const inode = statSync(file).ino;
    await out.write("index.html", Buffer.from("một"));
    expect(statSync(file)).toMatchObject({ mtime: LONG_AGO, ino: inode });
    await out.write("index.html", "hai");
    expect(readFileSync(file, "utf8")).toBe("hai");
    expect(statSync(file).mtimeMs).toBeGreaterThan(LONG_AGO.getTime());
  });

  test("two writers of one file leave one whole text", async () => {
    const out = createOutput(root);
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(texts.map((text) => out.write("page.html", text)));
    expect(texts).toContain(readFileSync(join(root, "page.html"), "utf8"));
    expect(readdirSync(root)).toEqual(["page.html"]);
  });

  test.each(["../beside.txt", "/tmp/absolute.txt", "a/../../beside.txt", "", ".", "nul\0.txt"])(
    "%j is refused",
    async (path) => {
      const failure = await createOutput(join(root, "out"))
        .write(path, "x")
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SendError);
      expect(String(failure)).toContain("output directory");
      expect(readdirSync(root)).toEqual([]);
    },
  );

  test("a link that leads out of the directory is not followed", async () => {
    mkdirSync(join(root, "out"));
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, "out", "mail"));
    await expect(createOutput(join(root, "out")).write("mail/x.eml", "x")).rejects.toThrow("output directory");
    expect(readdirSync(join(root, "elsewhere"))).toEqual([]);
  });

  test("names that only look like a way out are fine", async () => {
    await createOutput(root).write("..week/…41.txt", "x");
    expect(existsSync(join(root, "..week/…41.txt"))).toBe(true);
  });

  test("a fault of the disk carries the path, leaves no temporary file and does not pass by itself", async () => {
    mkdirSync(join(root, "index.html", "occupied"), { recursive: true });
    const failure = await createOutput(root)
      .write("index.html", "x")
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SendError);
    expect(failure).toMatchObject({ mayPass: false, message: expect.stringContaining(join(root, "index.html")) });
    expect(readdirSync(root)).toEqual(["index.html"]);
  });
});
