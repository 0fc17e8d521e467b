import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "../../src/adapters/make-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "diemtin-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("makes what is missing, leaves what is there, and says at once where nothing can be made", () => {
  const deep = join(folder, "a", "b", "c");
  makeFolder(deep, 0o700);
  makeFolder(deep);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(folder, "file", "below"))).toThrow("ENOTDIR");
  // A folder that exists and knows of nobody's below it: Node's own way never comes back from there.
  expect(() => makeFolder("/proc/nothing/below")).toThrow("ENOENT");
  expect(() => makeFolder("/proc/nothing")).toThrow("ENOENT");
});
