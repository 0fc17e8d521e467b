import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENVIRONMENT_VARIABLES } from "../src/config-environment.ts";
import { CONFIG_KEYS } from "../src/config-schema.ts";

const ROOT = new URL("../", import.meta.url);
/** Made while the product runs or is installed, so absent from a fresh clone. */
const MADE_LATER = /^(?:out|var|dist|node_modules|coverage)\//;
/** Names whose second part shows that a file is meant, even where the folder is misspelt. */
const FILE_NAME = /\.(?:ts|mjs|json|ya?ml|md|sql|html|css|sh|ttf|csv)$/;

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
    const jobs = readdirSync(new URL("jobs", ROOT)).filter((file) => /^(?!index\.)[a-z-]+\.ts$/.test(file));
    expect(
      untold(
        jobs.map((file) => file.replace(".ts", "")),
        mentions,
      ),
    ).toEqual([]);
  });

  // The commands of src/cli.ts belong here: expect(untold(names, mentions)).toEqual([]).

  test("names only paths that exist", () => {
    const paths = pathsIn(readme, readdirSync(ROOT));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
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
