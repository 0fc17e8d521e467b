import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { breaches, type Files, importsOf, roomOf } from "./support/house-rules.ts";

function projectFiles(): Files {
  const root = new URL("../", import.meta.url);
  const paths = ["src", "jobs", "templates"].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).map((path) => posix.join(folder, path)),
  );
  const sources = paths.filter((path) => path.endsWith(".ts"));
  return Object.fromEntries(sources.map((path) => [path, readFileSync(new URL(path, root), "utf8")]));
}

describe("the house", () => {
  const files = projectFiles();

  test("is there to be looked at, every room with a file that imports", () => {
    for (const room of ["src/domain", "src/sources", "src/pipeline", "src/adapters", "src/config", "templates"]) {
      const inRoom = Object.entries(files).filter(([file]) => roomOf(file) === room);
      expect(
        inRoom.filter(([, text]) => importsOf(text).length > 0),
        room,
      ).not.toEqual([]);
    }
  });

  test("keeps its rules", () => {
    expect(breaches(files)).toEqual([]);
  });
});

describe("the check", () => {
  test.each<[string, Files, string]>([
    [
      "node in the domain",
      { "src/domain/bad.ts": 'import { readFile } from "node:fs";' },
      "src/domain is pure: time, chance and the world come in as arguments: src/domain/bad.ts may not import node:fs",
    ],
    [
      "a package in the domain",
      { "src/domain/bad.ts": 'import type {\n  z,\n} from "zod/v4";' },
      "may not import zod/v4",
    ],
    ["an import for its effect", { "src/domain/bad.ts": 'import "pg";' }, "may not import pg"],
    [
      "a lazy import",
      { "src/indicators/bad.ts": 'const x = await import("@scope/name/x");' },
      "may not import @scope/name/x",
    ],
    [
      "an export from elsewhere",
      { "src/domain/bad.ts": 'export { x } from "../indicators/x.ts";' },
      "may not import src/indicators/x.ts",
    ],
    [
      "a step sideways",
      { "src/sources/bad.ts": 'import { x } from "../bulletins/x.ts";' },
      "may not import src/bulletins/x.ts",
    ],
    [
      "templates reading a source",
      { "templates/pdf/bad.ts": 'import { x } from "../../src/sources/x.ts";' },
      "may not import src/sources/x.ts",
    ],
    [
      "the pipeline reaching for an adapter",
      { "src/pipeline/bad.ts": 'import { x } from "../adapters/x.ts";' },
      "may not import src/adapters/x.ts",
    ],
    [
      "an adapter calling a stage",
      { "src/adapters/bad.ts": 'import { x } from "../pipeline/collect.ts";' },
      "may not import src/pipeline/collect.ts",
    ],
    [
      "a job building its own world",
      { "jobs/bad.ts": 'import { x } from "../src/adapters/x.ts";' },
      "may not import src/adapters/x.ts",
    ],
    [
      "the domain reading its own package file",
      { "src/domain/bad.ts": 'import p from "../../package.json";' },
      "may not import package.json",
    ],
    ["a room nobody planned", { "src/services/bad.ts": "" }, "src/services is no room of the house"],
    ["the clock", { "src/pipeline/bad.ts": "const now = new Date( );" }, '"new Date( )" makes a second run differ'],
    ["the clock in milliseconds", { "templates/bad.ts": "const now = Date.now();" }, '"Date.now"'],
    ["chance", { "src/bulletins/bad.ts": "Math.random()" }, '"Math.random"'],
    ["a timer", { "src/pipeline/bad.ts": "setTimeout(go, 5)" }, '"setTimeout("'],
    [
      "the environment",
      { "src/adapters/bad.ts": "const a = process.env['A'];" },
      '"process.env" is read only in src/config.ts',
    ],
    ["the environment by another door", { "jobs/bad.ts": 'import { env } from "node:process";' }, "is read only in"],
    ["a file too long", { "src/adapters/bad.ts": "x\n".repeat(300) }, "has 300 lines, more than 299"],
    ["a name that says nothing", { "src/domain/utils.ts": "" }, "the name says nothing"],
    [
      "a circle",
      { "src/domain/a.ts": 'import { b } from "./b.ts";', "src/domain/b.ts": 'import type { a } from "./a.ts";' },
      "circular imports: src/domain/a.ts → src/domain/b.ts → src/domain/a.ts",
    ],
  ])("sees %s", (_name, files, message) => {
    expect(breaches(files)).toEqual([expect.stringContaining(message)]);
  });

  test.each<[string, Files]>([
    ["a named exception", { "src/sources/good.ts": 'import * as cheerio from "cheerio";' }],
    [
      "the direction of the arrows",
      { "src/pipeline/good.ts": 'import { x } from "../domain/x.ts";\nimport { y } from "../bulletins/y.ts";' },
    ],
    [
      "types of the context in an adapter",
      { "src/adapters/good.ts": 'import type { Context } from "../pipeline/context.ts";\nimport pg from "pg";' },
    ],
    [
      "the command line putting things together",
      {
        "src/commands/good.ts":
          'import { x } from "../adapters/x.ts";\nimport { y } from "../../jobs/y.ts";\nimport { z } from "../config.ts";',
      },
    ],
    [
      "words about the clock",
      {
        "src/domain/good.ts":
          '// never new Date() nor process.env\nconst a = "https://x"; /* Date.now() */\nconst b = new Date(0);',
      },
    ],
    ["the environment where it belongs", { "src/cli.ts": "readConfig({ env: process.env })" }],
    [
      "two ways to one file",
      {
        "src/domain/a.ts": 'import "./b.ts";\nimport "./c.ts";',
        "src/domain/b.ts": 'import "./c.ts";',
        "src/domain/c.ts": "",
      },
    ],
  ])("lets %s pass", (_name, files) => {
    expect(breaches(files)).toEqual([]);
  });
});
