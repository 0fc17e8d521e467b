import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../src/adapters/chromium.ts";
import { buildProgram, everyCommand } from "../src/program.ts";
import { filesBelow, freshFolder, inTerminal, runCli, sha256 } from "./support/cli.ts";
import { type FreshDatabase, freshDatabase } from "./support/database.ts";
import { GROUP_ENDPOINTS, sampleData } from "./support/sample.ts";

const SECRET = "s3cret-word";
/** A server that is not there: whatever reaches for it fails, so these commands never got that far. */
const AWAY = { DATABASE_URL: `postgres://me:${SECRET}@127.0.0.1:1/nowhere` };

describe("every command", () => {
  const folder = freshFolder();
  afterAll(() => folder.remove());
  const program = buildProgram({
    ...{ env: {}, cwd: folder.path, now: () => new Date(0), sleep: () => Promise.resolve() },
    ...{ print: () => {}, progress: () => {}, exit: () => {} },
  });
  const names = everyCommand(program).map((command) => wordsOf(command));

  test("is found: the names others rely on", () => {
    expect(names.map((words) => words.join(" "))).toEqual(
      expect.arrayContaining(
        ["migrate", "run", "demo", "doctor", "import", "changes", "series", "preview", "snapshots list"].concat(
          ["snapshots show", "snapshots accept", "editions list", "editions show", "deliveries list", "runs list"],
          ["units list", "units confirm", "units export", "units import", "units close", "recipients import"],
        ),
      ),
    );
  });

  test.each(names.map((words) => [words.join(" ")]))("%s --help says how it is used and ends with 0", async (name) => {
    const said = await inTerminal([...name.split(" "), "--help"], { cwd: folder.path, env: AWAY });
    expect(said.code).toBe(0);
    expect(said.stdout).toContain(`Usage: diemtin ${name}`);
    expect(said.stderr).toBe("");
  });
});

describe("wrong use ends with 2, says what is wrong, and reaches neither database nor disk", () => {
  const folder = freshFolder();
  beforeAll(() => {
    writeFileSync(join(folder.path, "rubbish.json"), "{");
    writeFileSync(join(folder.path, "empty.json"), '{"snapshots":[]}');
    writeFileSync(join(folder.path, "wrong.json"), JSON.stringify(WRONG_MANIFEST));
    writeFileSync(join(folder.path, "twice.json"), JSON.stringify({ snapshots: [GOOD_ENTRY, GOOD_ENTRY] }));
  });
  afterAll(() => folder.remove());

  test.each([
    ["nonsense", /unknown command 'nonsense'/],
    ["run", /missing required argument 'job'/],
    ["run nonsense", /no job is called "nonsense"; there are: collect/],
    ["run publish-daily --for 2026-02-30", /--for: "2026-02-30" is no day; write YYYY-MM-DD/],
    ["run publish-daily --for yesterday", /"yesterday" is no day/],
    ["run publish-daily --for 2999-01-01", /2999-01-01 has not come yet/],
    ["run collect --for 2026-10-01", /the portal gives no past day's state/],
    ["run publish-daily --nonsense", /unknown option '--nonsense'/],
    ["run collect", /needs a province: write "province: H21"/],
    ["preview daily", /required option '--out <dir>'/],
    ["preview monthly --out x", /"monthly" is no bulletin/],
    ["preview weekly --unit H21.01 --out x", /--unit: the weekly is about the province/],
    ["preview weekly --all --out x", /--all: the weekly is about the province/],
    ["preview daily --all --unit H21.01 --out x", /--all and --unit: name one of them/],
    ["changes --scope provinces", /required option/],
    ["changes --scope H2x --period 2026 --from 2026-10-01 --to 2026-10-02", /--scope: "H2x" is no scope/],
    [
      "changes --scope provinces --period 2026-13 --from 2026-10-01 --to 2026-10-02",
      /--period: "2026-13" is no period/,
    ],
    ["changes --scope provinces --period 2026 --from noon --to 2026-10-02", /--from: "noon" is no instant/],
    ["changes --scope provinces --period 2026 --from 2026-10-03 --to 2026-10-02", /--from lies after --to/],
    ["changes --scope provinces --period 2026 --from 2026-10-01 --to 2026-10-02 --source x", /no source|"x"/],
    ["series --unit 17 --indicator TOTAL --period 2026", /--unit: "17" is no unit code/],
    ["series --unit H21 --indicator SUM --period 2026", /--indicator: "SUM" is none of/],
    ["series --unit H21 --indicator TOTAL --period 2026 --json --csv", /exclude each other/],
    ["import missing.json", /cannot be read as a manifest/],
    ["import rubbish.json", /cannot be read as a manifest/],
    ["import .", /is no file/],
    ["import empty.json", /no snapshots/],
    ["import twice.json", /stands twice/],
    ["recipients import missing.csv", /missing\.csv: cannot be read/],
    ["recipients import .", /is no file/],
    ["units import missing.csv", /missing\.csv/],
    ["units confirm", /name unit codes, or say --all/],
    ["units close H21.01", /required option '--from <date>'/],
    ["units close H21.01 --from soon", /--from: "soon" is no day/],
    ["deliveries resolve 1", /required option '--as <word>'/],
    ["deliveries resolve 1 --as lost", /write sent or resend/],
    ["deliveries resolve 1 --as sent", /needs a province: write "province: H21"/],
    ["--as An deliveries resolve 1 --as resend", /needs a province: write "province: H21"/],
    ["portal --port 70000", /--port: "70000" is no port/],
    ["portal --fault all=magic", /is no fault/],
    ["snapshots accept 1 --reason=", /--reason: say why/],
  ])("%s", async (line, message) => {
    const before = filesBelow(folder.path);
    const said = await inTerminal(line.split(" "), { cwd: folder.path, env: AWAY });
    expect(said.stderr).toMatch(message);
    expect(said.code).toBe(2);
    expect(said.stdout).toBe("");
    expect(said.stderr).not.toMatch(/\n {4}at /);
    expect(filesBelow(folder.path)).toEqual(before);
  });

  test("a manifest is told all its mistakes at once, each with its place", async () => {
    const said = await inTerminal(["import", "wrong.json"], { cwd: folder.path, env: AWAY });
    expect(said.code).toBe(2);
    for (const place of ["0.source", "0.period", "0.scope", "0.answers.0.file", "1.answers.0.endpoint"])
      expect(said.stderr).toMatch(new RegExp(`snapshots\\.${place}`));
  });

  test("a configuration is told all its mistakes at once, each with its path", async () => {
    const own = freshFolder();
    writeFileSync(join(own.path, "diemtin.yaml"), "province: X\nfoo: 1\nperiods: [week]\nfloors: {noise: -1}\n");
    const said = await inTerminal(["units", "list"], { cwd: own.path, env: AWAY });
    own.remove();
    expect(said.code).toBe(2);
    for (const path of ["province", "foo", "periods.0", "floors.noise", "issuer.name"])
      expect(said.stderr).toContain(`diemtin.yaml: ${path}: `);
  });

  test("variables are told too, without their values", async () => {
    const env = {
      DATABASE_URL: `mysql://me:${SECRET}@x/y`,
      SMTP_URL: SECRET,
      PORTAL_URL: "ftp://x",
      DIEMTIN_LOG: "loud",
    };
    const said = await inTerminal(["migrate"], { cwd: folder.path, env });
    expect(said.code).toBe(2);
    for (const name of Object.keys(env)) expect(said.stderr).toContain(`${name}: `);
    expect(said.stderr).not.toContain(SECRET);
  });
});

describe("the commands at work", () => {
  let database: FreshDatabase;
  const folder = freshFolder("process");
  const env = () => ({ DATABASE_URL: database.url });
  /** A process of its own: where what else might reach stdout matters. */
  const process = (...words: string[]) => runCli(words, { cwd: folder.path, env: env() });
  /** The same program inside this process, which is quick. */
  const cli = (...words: string[]) => inTerminal(words, { cwd: folder.path, env: env() });

  beforeAll(async () => {
    database = await freshDatabase();
    writeAnswers(folder.path);
  });
  afterAll(async () => {
    await database.drop();
    folder.remove();
  });

  test("migrate names the database it prepared and hides nothing else on stdout", async () => {
    const said = await process("migrate");
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/^database .* is up to date\n$/);
  });

  test("a database that is away ends it with 1, naming host and port, never the password", async () => {
    const said = await runCli(["units", "list", "--json"], { cwd: folder.path, env: AWAY });
    expect(said.code).toBe(1);
    expect(said.stdout).toBe("");
    expect(said.stderr).toContain("127.0.0.1:1/nowhere is away");
    expect(said.stderr).not.toContain(SECRET);
    expect(said.stderr).not.toMatch(/\n {4}at /);
  });

  test("import prints one document and ends with 3 when a snapshot is incomplete", async () => {
    const said = await process("import", "manifest.json", "--json");
    expect(said.code).toBe(3);
    const { snapshots } = JSON.parse(said.stdout) as { snapshots: { complete: boolean; findings: unknown[] }[] };
    expect(snapshots.map(({ complete }) => complete)).toEqual([true, true, true, false]);
    expect(snapshots[3]?.findings.length).toBeGreaterThan(0);
  });

  test("the same import again changes nothing; other bytes under the same key are refused", async () => {
    const again = await cli("import", "manifest.json", "--json");
    const { snapshots } = JSON.parse(again.stdout) as { snapshots: { existed: boolean }[] };
    expect(snapshots.every(({ existed }) => existed)).toBe(true);
    writeFileSync(join(folder.path, "day9.json"), `${readFileSync(join(folder.path, "day9.json"), "utf8")} `);
    const other = await cli("import", "manifest.json");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("archived already with other bytes");
    writeAnswers(folder.path);
    expect((await database.store.snapshots.list()).length).toBe(4);
  });

  test("changes gives the moves between two moments, right to the hundredth", async () => {
    const words = ["changes", "--scope", "provinces", "--period", "2026", "--json"];
    const said = await cli(...words, "--from", "2026-10-09", "--to", "2026-10-12T06:00:00+07:00");
    expect(said.code).toBe(0);
    const found = JSON.parse(said.stdout) as Document;
    const total = found.changes.find(({ unit, indicator }) => unit === "H21" && indicator === "TOTAL");
    const [before, after] = [scoreOn("2026-10-09"), scoreOn("2026-10-12")];
    expect(total).toMatchObject({ before, after, delta: Math.round((after - before) * 100) / 100, kind: "moved" });
    expect(found.summary.TOTAL.up + found.summary.TOTAL.down + found.summary.TOTAL.same).toBe(34);
    expect(found.notices.map(({ kind }) => kind)).not.toContain("incomplete");
  });

  test("changes with one snapshot on both sides says that there is nothing to compare, and ends with 0", async () => {
    const words = ["changes", "--scope", "provinces", "--period", "2026", "--json"];
    const said = await cli(...words, "--from", "2026-10-09", "--to", "2026-10-10");
    expect(said.code).toBe(0);
    expect((JSON.parse(said.stdout) as Document).notices.map(({ kind }) => kind)).toEqual(["no-comparison"]);
  });

  test("changes steps over an incomplete snapshot unless it may take it, and then says so", async () => {
    const words = ["changes", "--scope", "provinces", "--period", "2026", "--json", "--from", "2026-10-09"];
    const strict = await cli(...words, "--to", "2026-10-13");
    expect((JSON.parse(strict.stdout) as Document).to.takenAt).toBe("2026-10-11T23:00:00.000Z");
    const loose = await cli(...words, "--to", "2026-10-13", "--allow-incomplete");
    const found = JSON.parse(loose.stdout) as Document;
    expect([loose.code, found.to.incomplete]).toEqual([0, true]);
    expect(found.notices.map(({ kind }) => kind)).toContain("incomplete");
  });

  test("series gives a unit's points as JSON and as CSV", async () => {
    const words = ["series", "--unit", "H21", "--indicator", "TOTAL", "--period", "2026"];
    const csv = await cli(...words, "--csv");
    expect(
      csv.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(",").at(-1)),
    ).toEqual(["value", ...["2026-10-09", "2026-10-12"].map((day) => scoreOn(day).toFixed(2))]);
    const json = JSON.parse((await cli(...words, "--json")).stdout) as { points: { value: number }[] };
    expect(json.points.map(({ value }) => value)).toEqual([scoreOn("2026-10-09"), scoreOn("2026-10-12")]);
  });

  test("snapshots show writes the very bytes that were imported", async () => {
    const [first] = await database.store.snapshots.list();
    const said = await cli("snapshots", "show", first?.id ?? "", "--out", "shown");
    expect(said.code).toBe(0);
    const [name = ""] = readdirSync(join(folder.path, "shown"));
    expect(sha256(readFileSync(join(folder.path, "shown", name)))).toBe(
      sha256(readFileSync(join(folder.path, "day9.json"))),
    );
  });

  test("preview draws what would go out, and records and sends nothing", async () => {
    writeConfig(folder.path);
    const before = await rowCounts(database);
    const said = await process(
      "preview",
      "daily",
      "--unit",
      "H21.05",
      "--for",
      "2026-10-12",
      "--out",
      "look",
      "--json",
    );
    expect(said.stderr).not.toContain("Error");
    expect(said.code).toBe(0);
    const { files } = JSON.parse(said.stdout) as { files: { file: string; sha256: string }[] };
    const photograph = (await findChromium(null)) === null ? [] : ["mail.png"];
    expect(files.map(({ file }) => file.split("/").at(-1)).sort()).toEqual([
      ...["digest.pdf", "mail.html"],
      ...photograph,
      "mail.txt",
    ]);
    expect(said.stderr.includes("mail.png is not made: no Chromium is installed")).toBe(photograph.length === 0);
    for (const { file, sha256: told } of files) expect(sha256(readFileSync(file))).toBe(told);
    expect(await rowCounts(database)).toEqual(before);
    expect(readdirSync(folder.path)).not.toContain("out");
  });

  test("preview --all draws every unit's digest and an index that leads to each of its files", async () => {
    const said = await cli("preview", "daily", "--all", "--for", "2026-10-12", "--out", "all");
    expect(said.stderr).not.toContain("Error");
    expect([said.code, said.stdout]).toEqual([
      0,
      `${join(folder.path, "all", "index.html")}  150 of 150 editions drawn\n`,
    ]);
    const page = readFileSync(join(folder.path, "all", "index.html"), "utf8");
    const links = [...page.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(links).toHaveLength(450);
    expect(links.filter((link) => !existsSync(join(folder.path, "all", link)))).toEqual([]);
    expect(page).toContain("<b>SỞ THỦY LỢI VÀ NƯỚC SẠCH</b> (H21.05)<br>[766] ");
  });

  test("preview without a browser says so and draws the rest; a browser that gives no picture makes it a part", async () => {
    const at = ["preview", "daily", "--unit", "H21.05", "--for", "2026-10-12", "--out", "bare"];
    const cli = (path: string) =>
      inTerminal(at, { cwd: folder.path, env: { DATABASE_URL: database.url, CHROMIUM_PATH: path } });
    const none = await cli("/no/browser");
    expect([none.code, none.stdout.match(/bare\/[a-z.]+/g)]).toEqual([
      0,
      ["bare/digest.pdf", "bare/mail.html", "bare/mail.txt"],
    ]);
    expect(none.stderr).toContain(
      "CHROMIUM_PATH: /no/browser is no program that can be run; install the package chromium",
    );
    const broken = await cli("/bin/false");
    expect(broken.code).toBe(3);
    expect(broken.stderr).toMatch(/^mail\.png is not made: \/bin\/false made no picture .*CHROMIUM_PATH$/m);
  });

  test("preview of a unit or a day that has no figures says which", async () => {
    const unit = await cli("preview", "daily", "--unit", "H21.999", "--for", "2026-10-12", "--out", "none");
    expect([unit.code, unit.stdout]).toEqual([2, ""]);
    expect(unit.stderr).toContain("there is no unit H21.999");
    const day = await cli("preview", "daily", "--for", "2026-10-11", "--out", "none");
    expect(day.code).toBe(1);
    expect(day.stderr).toContain("11/10/2026");
  });

  test("a list of recipients with a wrong line leaves the list as it was", async () => {
    const good = "name,position,email,unit,bulletins\nA,B,a@example.vn,H21.05,daily\n";
    writeFileSync(join(folder.path, "good.csv"), good);
    writeFileSync(join(folder.path, "bad.csv"), `${good}C,D,no address,H99.1,monthly\n`);
    expect((await cli("recipients", "import", "good.csv")).stdout).toContain("1 recipients imported");
    const said = await cli("recipients", "import", "bad.csv");
    expect(said.code).toBe(2);
    for (const word of ["line 3: email", "line 3: unit", "line 3: bulletins"]) expect(said.stderr).toContain(word);
    expect(await database.store.recipients.list()).toHaveLength(1);
  });

  test("a table that cannot be written is told in one line", async () => {
    mkdirSync(join(folder.path, "units.csv"));
    const said = await process("units", "export", "--out", "units.csv");
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/^diemtin: cannot write .*units\.csv: .*\n$/);
  });

  test("a home directory that cannot be made is told with what to do", async () => {
    writeFileSync(join(folder.path, "a-file"), "");
    const said = await runCli(["migrate"], { cwd: folder.path, env: { DIEMTIN_HOME: "a-file/home" } });
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/a-file\/home.*DIEMTIN_HOME/);
    expect(said.stderr).not.toMatch(/\n {4}at /);
  });

  test("a mail relay's password is never shown, whatever is wrong with the relay", async () => {
    const SMTP_URL = `smtp://me:${SECRET}@127.0.0.1:1`;
    const said = await runCli(["doctor"], {
      cwd: folder.path,
      env: { ...env(), SMTP_URL, PORTAL_URL: "http://127.0.0.1:1" },
    });
    expect(said.code).toBe(1);
    expect(said.stdout).toContain("127.0.0.1");
    expect(said.stdout + said.stderr).not.toContain(SECRET);
  });

  test.each(["America/New_York", ""])("says the same in the time zone %j", async (TZ) => {
    const words = [
      "changes",
      "--scope",
      "provinces",
      "--period",
      "2026",
      "--json",
      "--from",
      "2026-10-09",
      "--to",
      "2026-10-12",
    ];
    const there = await runCli(words, { cwd: folder.path, env: { ...env(), TZ } });
    expect(there.stdout).toBe((await cli(...words)).stdout);
  });
});

type Document = {
  readonly to: { takenAt: string; incomplete?: true };
  readonly changes: readonly { unit: string; indicator: string; kind: string }[];
  readonly summary: { TOTAL: { up: number; down: number; same: number } };
  readonly notices: readonly { kind: string }[];
};

const GOOD_ENTRY = {
  source: "evaluation-api",
  period: "2026",
  scope: "provinces",
  takenAt: "2026-10-09T06:00:00+07:00",
  answers: [{ endpoint: "service-results", file: "empty.json" }],
};
const WRONG_MANIFEST = {
  snapshots: [
    {
      source: "x",
      period: "2026-13",
      scope: "H2x",
      takenAt: "2026-10-09T06:00:00Z",
      answers: [{ endpoint: "y", file: "z" }],
    },
    { ...GOOD_ENTRY, answers: [{ endpoint: "y", file: "z" }] },
  ],
};

function wordsOf(command: Command): string[] {
  const above = command.parent instanceof Command && command.parent.parent !== null ? wordsOf(command.parent) : [];
  return [...above, command.name()];
}

/** The sample's answers of two days as files: provinces twice, the units once, and a list cut short. */
function writeAnswers(folder: string): void {
  const write = (name: string, data: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify({ code: "OK", data, message: "OK" }));
  write("day9.json", sampleData("service-results", "provinces", "2026", "2026-10-09"));
  const day12 = sampleData("service-results", "provinces", "2026", "2026-10-12");
  write("day12.json", day12);
  write("short.json", { ...day12, evaluation: (day12["evaluation"] as unknown[]).slice(0, 30) });
  const endpoints = ["service-results", ...GROUP_ENDPOINTS] as const;
  for (const endpoint of endpoints) write(`units-${endpoint}.json`, sampleData(endpoint, "H21", "2026", "2026-10-12"));
  const snapshot = (scope: string, takenAt: string, answers: readonly (readonly [string, string])[]) => ({
    ...{ source: "evaluation-api", period: "2026", scope, takenAt },
    answers: answers.map(([endpoint, file]) => ({ endpoint, file })),
  });
  const units = endpoints.map((endpoint) => [endpoint, `units-${endpoint}.json`] as const);
  const snapshots = [
    snapshot("provinces", "2026-10-09T06:00:00+07:00", [["service-results", "day9.json"]]),
    snapshot("provinces", "2026-10-12T06:00:00+07:00", [["service-results", "day12.json"]]),
    snapshot("H21", "2026-10-12T06:00:00+07:00", units),
    snapshot("provinces", "2026-10-13T06:00:00+07:00", [["service-results", "short.json"]]),
  ];
  // As a spreadsheet or Notepad saves it: with a byte order mark.
  writeFileSync(join(folder, "manifest.json"), `\ufeff${JSON.stringify({ snapshots })}`);
}

function writeConfig(folder: string): void {
  const example = readFileSync(new URL("../diemtin.example.yaml", import.meta.url));
  writeFileSync(join(folder, "diemtin.yaml"), example);
}

/** H21's total among the provinces on a day, points. */
function scoreOn(day: string): number {
  const rows = sampleData("service-results", "provinces", "2026", day)["evaluation"] as Record<string, unknown>[];
  return Number(rows.find(({ departmentName }) => String(departmentName).includes("Gia Lai"))?.["totalScore"]);
}

async function rowCounts({ knex }: FreshDatabase): Promise<Record<string, number>> {
  const tables = [
    "snapshots",
    "observations",
    "editions",
    "edition_files",
    "deliveries",
    "runs",
    "alerts",
    "recipients",
  ];
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = Number((await knex(table).count({ n: "*" }))[0]?.["n"]);
  return counts;
}
