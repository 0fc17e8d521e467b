import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { buildProgram, everyCommand } from "../src/program.ts";

const ROOT = new URL("../", import.meta.url);
const IGNORED = () => undefined;
const PROGRAM = buildProgram({
  ...{ env: {}, cwd: "/", now: () => new Date(0), sleep: () => Promise.resolve() },
  ...{ print: IGNORED, progress: IGNORED, exit: IGNORED },
});
const GUIDES = readdirSync(new URL("docs", ROOT)).filter((name) => name.endsWith(".md"));

/** The code of a page: lines of fenced blocks, spans between backticks. */
function codeIn(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap((match) => match[1]?.split("\n") ?? []);
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, "");
  return [...blocks, ...[...prose.matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? "").replace(/\s+/g, " "))];
}

/** The command lines in a page, without what runs them and without comments. */
function commandLinesIn(markdown: string): readonly string[] {
  return codeIn(markdown).flatMap((code) => {
    const found = /(?:npx diemtin|dist\/src\/cli\.js)\s+(.*)$/.exec(code.replace(/\s#.*$/, ""));
    return found?.[1] === undefined ? [] : [found[1].trim()];
  });
}

/** What is wrong with a command line; null when the program has it. */
function mistakeIn(line: string): string | null {
  const words = line.split(/\s+/);
  let command: Command = PROGRAM;
  while (command.commands.length > 0) {
    const next = command.commands.find((each) => each.name() === words[0]);
    if (next === undefined) return `${line}: there is no command "${words[0] ?? ""}" of ${command.name()}`;
    command = next;
    words.shift();
  }
  const options = [...command.options, ...PROGRAM.options].map(({ long }) => long);
  const unknown = words.filter((word) => word.startsWith("--")).filter((word) => !options.includes(word));
  return unknown.length === 0 ? null : `${line}: no option ${unknown.join(", ")}`;
}

describe.each(GUIDES)("docs/%s", (name) => {
  const page = readFileSync(new URL(`docs/${name}`, ROOT), "utf8");

  test("names only commands and options the program has", () => {
    const lines = commandLinesIn(page);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.map(mistakeIn).filter((mistake) => mistake !== null)).toEqual([]);
  });

  test("writes options outside command lines only where some command has them", () => {
    const known = everyCommand(PROGRAM).flatMap(({ options }) => options.map(({ long }) => long));
    const alone = codeIn(page).filter((code) => /^--[a-z-]+$/.test(code));
    expect(alone.filter((option) => ![...known, "--as"].includes(option))).toEqual([]);
  });

  test("links only to pages that are there", () => {
    const links = [...page.matchAll(/\]\(([^)#]+)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(new URL(`docs/${link}`, ROOT)))).toEqual([]);
  });

  test("is one text in one Unicode form", () => {
    expect(page).toBe(page.normalize("NFC"));
    expect(page).not.toMatch(/[\u00ad\u200b]/);
  });
});

test("both guides are there, and the check of commands can fail", () => {
  expect(GUIDES).toEqual(["cai-dat.md", "van-hanh.md"]);
  expect(commandLinesIn("`npx diemtin fly` and\n```sh\nnode dist/src/cli.js units list   # diemtin\n```\n")).toEqual([
    "units list",
    "fly",
  ]);
  expect(mistakeIn("fly")).toContain("no command");
  expect(mistakeIn("units fly")).toContain("no command");
  expect(mistakeIn("units list --fly")).toContain("no option --fly");
  expect(mistakeIn("run collect --as chị")).toBeNull();
});
