import { posix } from "node:path";

/** The text of files by their path from the project's root. */
export type Files = Readonly<Record<string, string>>;
type Room = { readonly may: readonly string[]; readonly packages: readonly string[] | "any"; readonly nature: string };

const MAX_LINES = 299;
const PURE = "is pure: time, chance and the world come in as arguments";
/** The rooms of the house in the order of the imports: what each may import besides itself. */
const ROOMS: Readonly<Record<string, Room>> = {
  "src/domain": { may: [], packages: [], nature: PURE },
  "src/indicators": { may: ["src/domain"], packages: [], nature: PURE },
  "src/sources": { may: ["src/domain", "src/indicators"], packages: ["cheerio"], nature: PURE },
  "src/bulletins": { may: ["src/domain", "src/indicators"], packages: [], nature: PURE },
  templates: { may: ["src/domain", "src/indicators"], packages: ["d3-scale", "d3-shape"], nature: PURE },
  "src/pipeline": {
    may: ["src/domain", "src/indicators", "src/sources", "src/bulletins", "templates"],
    packages: ["node:crypto"],
    nature: "reaches the world only through its Context",
  },
  "src/adapters": {
    may: [
      "src/domain",
      "src/pipeline/context.ts",
      "src/pipeline/store.ts",
      "src/project-files.ts",
      "src/sources",
      "templates",
    ],
    packages: "any",
    nature:
      "knows the domain, the types in src/pipeline/context.ts and store.ts, what it reads and draws, not the stages",
  },
  "src/sample": {
    may: ["src/domain", "src/indicators", "src/sources/province-catalogue.ts", "src/project-files.ts"],
    packages: "any",
    nature: "stands for the publisher and knows nothing of those who read it",
  },
  "src/project-files.ts": { may: [], packages: "any", nature: "knows only the disk" },
  "src/config": { may: ["src/domain", "src/sources"], packages: "any", nature: "only reads what the operator has set" },
  jobs: {
    may: ["src/domain", "src/indicators", "src/sources", "src/bulletins", "src/pipeline"],
    packages: "any",
    nature: "says when and in which order; effects come with the Context",
  },
  src: { may: ["src", "jobs", "templates"], packages: "any", nature: "puts everything together" },
};
const PURE_ROOMS = ["src/domain", "src/indicators", "src/sources", "src/bulletins", "templates", "src/pipeline"];
const READS_ENVIRONMENT = ["src/config.ts", "src/cli.ts", "src/main.ts"];
const CLOCK_OR_CHANCE =
  /\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()|\bDate\.now\b|\bDate\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/;
const WORLD = /\bprocess\.|\bconsole\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(|\bimport\.meta\b/;
const VAGUE_NAME = /(?:^|\/)(?:utils?|helpers?|lib|types|common|misc|shared)\.ts$/;

/** Everything that breaks the house's rules, one sentence each: what is wrong and what to do. */
export function breaches(files: Files): readonly string[] {
  return [
    ...Object.entries(files).flatMap(([file, text]) => [...importBreaches(file, text), ...textBreaches(file, text)]),
    ...circles(files),
  ];
}

function importBreaches(file: string, text: string): readonly string[] {
  const name = roomOf(file);
  const room = ROOMS[name];
  if (room === undefined)
    return [`${file}: ${name} is no room of the house; use one of ${Object.keys(ROOMS).join(", ")}`];
  return importsOf(text)
    .filter((specifier) => !mayImport(room, name, specifier.startsWith(".") ? resolved(file, specifier) : specifier))
    .map(
      (specifier) =>
        `${name} ${room.nature}: ${file} may not import ${specifier.startsWith(".") ? resolved(file, specifier) : specifier}`,
    );
}

function mayImport(room: Room, name: string, target: string): boolean {
  if (!/^(?:src|jobs|templates)\//.test(target))
    return room.packages === "any" || room.packages.includes(packageOf(target));
  return name === "src" || [name, ...room.may].some((allowed) => allowed === target || allowed === roomOf(target));
}

function textBreaches(file: string, text: string): readonly string[] {
  const code = withoutComments(text);
  const pure = PURE_ROOMS.includes(roomOf(file));
  const lines = text.trimEnd().split("\n").length;
  const found = (pattern: RegExp) => pattern.exec(code)?.[0] ?? null;
  const clock = pure ? found(CLOCK_OR_CHANCE) : null;
  const world = pure ? found(WORLD) : null;
  const environment = READS_ENVIRONMENT.includes(file)
    ? null
    : found(/\bprocess\s*(?:\?\.|\.|\[\s*["'`])\s*env\b|["']node:process["']/);
  return [
    ...(clock === null
      ? []
      : [`${file}: "${clock}" makes a second run differ; take the instant or the choice as an argument`]),
    ...(world === null
      ? []
      : [`${file}: "${world}" touches the world; put it into an adapter and reach it through Context`]),
    ...(environment === null
      ? []
      : [`${file}: "${environment}" is read only in ${READS_ENVIRONMENT.join(", ")}; take the value as an argument`]),
    ...(lines <= MAX_LINES
      ? []
      : [`${file} has ${lines} lines, more than ${MAX_LINES}: give each of its parts a file of its own`]),
    ...(VAGUE_NAME.test(file) ? [`${file}: the name says nothing; name the file after the noun it holds`] : []),
  ];
}

function circles(files: Files): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0)
      found.push(`circular imports: ${[...way.slice(start), file].join(" → ")}; move what both need into a third file`);
    if (start >= 0 || done.has(file)) return;
    for (const specifier of importsOf(files[file] ?? "")) {
      if (specifier.startsWith(".")) visit(resolved(file, specifier), [...way, file]);
    }
    done.add(file);
  };
  for (const file of Object.keys(files)) visit(file, []);
  return found;
}

/** The room a file stands in: "src/domain", "templates", "src/config" for the configuration's files, "src" for what stands at the top of src. */
export function roomOf(file: string): string {
  const [top = "", folder = "", ...rest] = file.split("/");
  if (top !== "src") return top;
  if (file in ROOMS) return file;
  if (rest.length === 0) return /^config(?:-[a-z-]+)?\.ts$/.test(folder) ? "src/config" : "src";
  return folder === "commands" || folder === "serve" ? "src" : `src/${folder}`;
}

function resolved(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function packageOf(specifier: string): string {
  return specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : (specifier.split("/")[0] ?? specifier);
}

/** What a file imports, as written: statements, lazy imports and exports from elsewhere. */
export function importsOf(text: string): readonly string[] {
  const code = withoutComments(text);
  const statements = code.matchAll(/(?:^|[;}\n])\s*(?:import|export)\b(?:[^;"'`()]*?\bfrom)?\s*["']([^"']+)["']/g);
  const calls = code.matchAll(/\b(?:import|require|import\.meta\.resolve)\s*\(\s*["'`]([^"'`]+)["'`]/g);
  return [...statements, ...calls].flatMap((match) => match[1] ?? []);
}

/** Text literals are stepped over, so that "https://…" is not taken for a comment. */
function withoutComments(text: string): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith("/*") || found.startsWith("//") ? " " : found));
}
