import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { JOBS } from "../jobs/index.ts";
import { ENVIRONMENT_VARIABLES } from "../src/config-environment.ts";
import { CONFIG_KEYS } from "../src/config-schema.ts";
import { buildProgram, everyCommand } from "../src/program.ts";

const ROOT = new URL("../", import.meta.url);
/** Made while the product runs or is installed, so absent from a fresh clone. */
const MADE_LATER = /^(?:out|var|dist|node_modules|coverage)\//;
/** Names whose second part shows that a file is meant, even where the folder is misspelt. */
const FILE_NAME = /\.(?:ts|mjs|json|ya?ml|md|sql|html|css|sh|ttf|csv)$/;

const IGNORED = () => undefined;

/** Every command a person can type, "units confirm", with its options, "--all". */
function commandLines(): readonly {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
}[] {
  const world = {
    now: () => new Date(0),
    sleep: () => Promise.resolve(),
    print: IGNORED,
    progress: IGNORED,
    exit: IGNORED,
  };
  const program = buildProgram({ env: {}, cwd: "/", ...world });
  return everyCommand(program)
    .filter(({ commands }) => commands.length === 0)
    .map((command) => ({
      name: command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`,
      description: command.description(),
      options: command.options.map(({ long, flags }) => long ?? flags),
    }));
}

/** Paths in `backticks` and in links, as written relative to the project; patterns, placeholders and outside paths left out. */
function pathsIn(markdown: string, topLevel: readonly string[]): readonly string[] {
  const prose = markdown.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
  const ticked = [...prose.matchAll(/`([^`\s]+)`/g)].flatMap((match) => match[1] ?? []);
  const linked = [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].flatMap((match) => match[1] ?? []);
  const isPath = (text: string) =>
    /^[\w.][\w./@-]*$/u.test(text) &&
    !text.startsWith("../") &&
    !MADE_LATER.test(text) &&
    (text.endsWith(".md") ||
      (text.includes("/") && (FILE_NAME.test(text) || topLevel.includes(text.split("/")[0] ?? ""))));
  return [...new Set([...ticked.filter(isPath), ...linked.filter((text) => /^[\w.][\w./-]*$/.test(text))])];
}

/**
 * The paths of the block marked `tree`: a line at the margin names a path from the project's root, an indented one names files
 * in the last folder at the margin; several names are separated by one space, the words about them by two.
 */
function treeIn(markdown: string): readonly string[] {
  const block = /^```tree\n([\s\S]*?)^```/m.exec(markdown)?.[1] ?? "";
  let folder = "";
  return block.split("\n").flatMap((line) => {
    const names = (line.trim().split(/ {2,}/)[0] ?? "").split(" ").filter((name) => name !== "");
    const [first = ""] = names;
    if (line.startsWith(" ")) return names.map((name) => `${folder}${name}`);
    if (first.endsWith("/")) folder = first;
    return names;
  });
}

/** What is written as code: the lines of fenced blocks and the words between backticks. */
function codeIn(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^\1/gm)].flatMap(
    (match) => match[2]?.split("\n") ?? [],
  );
  const prose = markdown.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
  return [...blocks, ...[...prose.matchAll(/`([^`\n]+)`/g)].flatMap((match) => match[1] ?? [])];
}

/** True when a name stands as a word of its own in code. */
function mentions(markdown: string, name: string): boolean {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return codeIn(markdown).some((code) => word.test(code));
}

/** True when a configuration key stands at the start of a line or span: "floors:", "floors.noise", "floors". */
function tellsOfKey(markdown: string, key: string): boolean {
  return codeIn(markdown).some((code) => new RegExp(`^(?:# ?)?${key}(?:[.:]|$)`).test(code));
}

function runsScript(markdown: string, script: string): boolean {
  return new RegExp(`\\bnpm (?:run )?${script}(?![\\w-])`).test(markdown) || mentions(markdown, script);
}

describe("README.md", () => {
  const readme = existsSync(new URL("README.md", ROOT)) ? readFileSync(new URL("README.md", ROOT), "utf8") : "";

  /** The names README.md has to mention and does not. */
  function untold(names: readonly string[], told: (markdown: string, name: string) => boolean): readonly string[] {
    expect(names).not.toEqual([]);
    return names.filter((name) => !told(readme, name));
  }

  test("tells of every environment variable", () => {
    expect(untold(ENVIRONMENT_VARIABLES, mentions)).toEqual([]);
  });

  test("tells of every key at the top of the configuration", () => {
    expect(untold(CONFIG_KEYS, tellsOfKey)).toEqual([]);
  });

  test("tells of every npm script", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
    expect(untold(Object.keys(scripts), runsScript)).toEqual([]);
  });

  test("tells of every job", () => {
    expect(
      untold(
        JOBS.map(({ name }) => name),
        mentions,
      ),
    ).toEqual([]);
  });

  test("tells of every command and every option", () => {
    const commands = commandLines();
    const names = commands.map(({ name }) => name);
    expect(untold(names, mentions)).toEqual([]);
    expect(untold([...new Set(commands.flatMap(({ options }) => options))], mentions)).toEqual([]);
  });

  test("names only paths that exist", () => {
    const paths = pathsIn(readme, readdirSync(ROOT));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});

describe("the command line", () => {
  test("says of every command what it does", () => {
    const commands = commandLines();
    expect(commands.map(({ name }) => name)).toContain("units confirm");
    expect(commands.filter(({ description }) => description === "")).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  const page = readFileSync(new URL("ARCHITECTURE.md", ROOT), "utf8");

  test("names only files and folders that exist", () => {
    const paths = treeIn(page);
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
    expect(pathsIn(page, readdirSync(ROOT)).filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });

  test("has a line for every folder of the program", () => {
    const folders = ["src", "jobs", "templates"].flatMap((top) =>
      readdirSync(new URL(top, ROOT), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath }) => `${parentPath.slice(ROOT.pathname.length)}/`),
    );
    const unnamed = [...new Set(folders)].filter((folder) => !treeIn(page).some((path) => path.startsWith(folder)));
    expect(folders).toContain("src/domain/");
    expect(unnamed).toEqual([]);
  });

  test("names every table of the database, and no other", () => {
    const sql = readdirSync(new URL("migrations", ROOT)).map((file) =>
      readFileSync(new URL(`migrations/${file}`, ROOT), "utf8"),
    );
    const made = [...sql.join("\n").matchAll(/^create table (\w+)/gm)].map((match) => match[1]);
    const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(made).toContain("snapshots");
    expect(told.toSorted()).toEqual(made.toSorted());
  });
});

describe("the check of README.md", () => {
  test("finds paths in backticks and links, and no patterns, placeholders, outside or later paths", () => {
    const markdown =
      "See `src/config.ts`, `scr/main.ts`, `ARCHITECTURE.md`, `jobs/`, [how](docs/cai-dat.md#a), [web](https://x.vn).\n" +
      "Not `out/index.html`, `src/<name>.ts`, `src/*.ts`, `application/pdf`, `../shared/x.md`, `npm test`, `/etc/x.md`.\n" +
      "```\n`src/in-a-block.ts`\n```\n";
    expect(pathsIn(markdown, ["src", "jobs"])).toEqual([
      "src/config.ts",
      "scr/main.ts",
      "ARCHITECTURE.md",
      "jobs/",
      "docs/cai-dat.md",
    ]);
  });

  test("reads a tree by its margin", () => {
    const markdown = "```tree\nREADME.md  words\nsrc/domain/   PURE. words\n  unit.ts run.ts  words: a b.ts\n```\n";
    expect(treeIn(markdown)).toEqual(["README.md", "src/domain/", "src/domain/unit.ts", "src/domain/run.ts"]);
    expect(treeIn("```\nREADME.md\n```\n")).toEqual([]);
  });

  test("takes a name for mentioned only as code", () => {
    for (const told of ["`daily`", "the key `daily.when`", "```yaml\ndaily:\n  x: 1\n```\n", "`run daily now`"]) {
      expect(mentions(told, "daily"), told).toBe(true);
    }
    for (const untold of ["daily news", "`publish-daily`", "`daily-news`", "`dailyx`", "`a` daily `b`", ""]) {
      expect(mentions(untold, "daily"), untold).toBe(false);
    }
    expect(tellsOfKey("see `mail.from.name`", "mail")).toBe(true);
    expect(tellsOfKey("see `out/mail/x.eml`", "mail")).toBe(false);
    expect(runsScript("npm run demo-all", "demo")).toBe(false);
    expect(runsScript("npm ci && npm run demo", "demo")).toBe(true);
    expect(runsScript("npm test", "test")).toBe(true);
  });
});
