import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Config, readConfig, requireProvince } from "../src/config.ts";
import { cronMistake } from "../src/config-cron.ts";
import { checkConfigText } from "../src/config-file.ts";
import { configPaths } from "../src/config-schema.ts";
import { UsageError } from "../src/domain/errors.ts";
import { SOURCES } from "../src/sources/index.ts";

const EXAMPLE = readFileSync(new URL("../diemtin.example.yaml", import.meta.url), "utf8");
const GIA_LAI = [
  "province: H21",
  "issuer:",
  "  superior: [UBND TỈNH GIA LAI]",
  "  name: [VĂN PHÒNG]",
  "  line: VĂN PHÒNG UBND TỈNH GIA LAI",
  "  in_text: Văn phòng UBND tỉnh",
  "  place: Gia Lai",
  "  contact: Phòng Kiểm soát thủ tục hành chính",
  "mail: {from: {name: Bản tin 766, address: bantin@gialai.example}}",
  "",
].join("\n");

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "diemtin-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(text: string | Uint8Array, name = "diemtin.yaml"): string {
  writeFileSync(join(cwd, name), text);
  return join(cwd, name);
}

function mistakes(text: string | Uint8Array, env: Record<string, string> = {}): readonly string[] {
  write(text);
  return refusal(() => readConfig({ env, cwd })).mistakes;
}

function refusal(action: () => Config | unknown): UsageError {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("without a file", () => {
  test("the defaults hold, with no province and no secrets", () => {
    const config = readConfig({ env: {}, cwd });
    expect(config).toMatchObject({
      province: null,
      file: null,
      databaseUrl: null,
      smtpUrl: null,
      home: join(cwd, "var"),
      out: join(cwd, "out"),
      logLevel: "warn",
    });
    expect(config.settings).toMatchObject({
      periods: ["year", "quarter", "month"],
      floors: { noise: 5, headline: 50, large: 100, ranks: 3, dossiers: 30 },
      portal: { pauseMs: 1000, timeoutMs: 60_000, maxBytes: 50 * 1024 * 1024 },
      schedule: { "publish-weekly": "30 6 * * *" },
      classes: { source: null },
    });
    expect(config.settings.classes.bounds.map((bound) => bound.from)).toEqual([9000, 8000, 7000, 5000, 0]);
  });

  test("a command that needs a province says so and what to write where", () => {
    const error = refusal(() => requireProvince(readConfig({ env: {}, cwd })));
    expect(error.message).toContain("this command needs a province");
    expect(error.message).toContain("province: H21");
    expect(error.message).toContain("diemtin.yaml");
  });

  test("a file named in DIEMTIN_CONFIG that is not there is an error with its path", () => {
    const error = refusal(() => readConfig({ env: { DIEMTIN_CONFIG: "away.yaml" }, cwd }));
    expect(error.mistakes).toEqual([expect.stringContaining(join(cwd, "away.yaml"))]);
  });

  test("every source that is asked over the network has an address, the portal's own unless PORTAL_URL names another", () => {
    const asked = SOURCES.filter((source) => source.defaultBase !== null);
    expect(asked.length).toBeGreaterThan(0);
    const real = readConfig({ env: {}, cwd }).bases;
    expect(real).toEqual(Object.fromEntries(asked.map((source) => [source.name, source.defaultBase])));
    const local = readConfig({ env: { PORTAL_URL: "http://127.0.0.1:8080/" }, cwd }).bases;
    expect(local).toEqual(Object.fromEntries(asked.map((source) => [source.name, "http://127.0.0.1:8080"])));
  });
});

describe("a file that names a province", () => {
  test("is read into settings, text in NFC with plain spaces", () => {
    const path = write(GIA_LAI.replace("Gia Lai\n", "Gia\u00a0Lai\n").normalize("NFD"));
    const config = readConfig({ env: {}, cwd });
    expect(config.file).toBe(path);
    expect(requireProvince(config).province).toBe("H21");
    expect(config.settings.issuer.place).toBe("Gia Lai");
    expect(config.settings.issuer.superior).toEqual(["UBND TỈNH GIA LAI".normalize("NFC")]);
    expect(config.settings.mail.from.address).toBe("bantin@gialai.example");
  });

  test("must say who issues, who answers and who sends", () => {
    expect(mistakes("province: H21\n").map((line) => line.split(":")[1])).toEqual(
      ["superior", "name", "line", "in_text", "place", "contact"]
        .map((key) => ` issuer.${key}`)
        .concat(" mail.from.name", " mail.from.address"),
    );
  });

  test("points become whole hundredths, those too that binary fractions only come near", () => {
    write("floors: {noise: 0.29, headline: 0.57, large: 1.15}\nclass: {bounds: {Tốt: 80.55, Khá: 70.1}}\n");
    const { floors, classes } = readConfig({ env: {}, cwd }).settings;
    expect([floors.noise, floors.headline, floors.large]).toEqual([29, 57, 115]);
    expect(classes.bounds).toEqual([
      { name: "Tốt", from: 8055 },
      { name: "Khá", from: 7010 },
    ]);
  });

  test("DIEMTIN_CONFIG wins over diemtin.yaml", () => {
    write("province: H99\n");
    write(GIA_LAI, "other.yaml");
    expect(readConfig({ env: { DIEMTIN_CONFIG: "other.yaml" }, cwd }).province).toBe("H21");
  });
});

describe("mistakes", () => {
  test("are all told at once, each with its path and what was found, those of the environment too", () => {
    const wrong = `${GIA_LAI}schedule: {collect: "0 6 * *"}\ntime_zone: UTC\nflors: {}\nperiods: [month, week]\nfloors: {noise: 0.055, ranks: 1.5}\n`;
    const lines = mistakes(wrong, { SMTP_URL: "ftp://relay" });
    expect(lines).toHaveLength(7);
    expect(lines).toContain(
      'diemtin.yaml: schedule.collect: "0 6 * *" is not a cron line of five fields (minute hour day month weekday)',
    );
    expect(lines).toContain('diemtin.yaml: time_zone: "UTC" is not "Asia/Ho_Chi_Minh"');
    expect(lines).toContain("diemtin.yaml: floors.noise: 0.055 has more than two decimals");
    expect(lines).toContain("diemtin.yaml: floors.ranks: 1.5 is not a whole number");
    expect(lines).toContain('diemtin.yaml: periods.1: "week" is not "year", "quarter", "month"');
    expect(lines.find((line) => line.includes("flors"))).toMatch(
      /is no key of this file \(known here: province, .*floors/,
    );
    expect(lines.find((line) => line.startsWith("SMTP_URL: "))).toBeDefined();
  });

  test.each([
    ["province: h21", 'province: "h21" is not a province\'s H-code'],
    ["province: 21", "province: 21 is not text"],
    ["province:", "province: is empty"],
    ["issuer: Gia Lai", 'issuer: "Gia Lai" is not a group of keys'],
    ["- province", " is not a group of keys"],
    ["periods: [month]", 'lacks "year"'],
    ["periods: [year, year]", "names a period twice"],
    ["class: {bounds: {Tốt: 80, Xuất sắc: 90}}", "does not fall strictly"],
    ["class: {bounds: {Tốt: 80, Khá: 80}}", "does not fall strictly"],
    ["class: {bounds: {Tốt: 100.5}}", "class.bounds.Tốt: 100.5 is above 100"],
    ["class: {bounds: {}}", "names no class"],
    ["floors: {noise: 2}", "does not rise"],
    ["floors: {noise: .nan}", "floors.noise: "],
    ['issuer: {contact: "a\\nb"}', "holds a line break"],
    ['mail: {from: {name: "Bản tin\\u202e766"}}', "invisible character"],
    ["mail: {admin: quantri@gialai}", "is not a mail address"],
    ["mail: {admin: 'a@x.vn, b@x.vn'}", "is not a mail address"],
    [`issuer: {contact: ${"a".repeat(201)}}`, "issuer.contact: has more than 200 characters"],
    ["portal: {pause_ms: -1}", "portal.pause_ms: -1 is below 0"],
    ["where_to_look: {ABCD: x}", "where_to_look.ABCD: is no key of this file (known here: CKMB,"],
  ])("%s", (text, message) => {
    expect(mistakes(`${text}\n`).join("\n")).toContain(message);
  });

  test.each([
    ["a key twice", "province: H21\nprovince: H22\n", "line 2"],
    [
      "a key twice in two spellings",
      `class: {bounds: {${"Tốt".normalize("NFC")}: 80, ${"Tốt".normalize("NFD")}: 70}}\n`,
      "twice",
    ],
    ["a tag", "province: !!binary SDIx\n", "tag"],
    ["two documents", "province: H21\n---\nprovince: H22\n", "multiple docs"],
    ["bytes that are not UTF-8", Uint8Array.of(0x70, 0xff, 0xfe), "not valid"],
    ["more than a megabyte", `# ${"x".repeat(1_000_001)}\n`, "the limit is 1000000"],
    ["a deep nest", `${"[".repeat(100)}${"]".repeat(100)}\n`, "nested deeper"],
    ["a very deep nest", `${"[".repeat(20_000)}\n`, "diemtin.yaml"],
  ])("%s is refused", (_name, text, message) => {
    expect(mistakes(text).join("\n")).toContain(message);
  });

  test("a bomb of aliases is refused before it is expanded", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inside = level === 0 ? "x, x" : Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ");
      return `k${level}: &a${level} [${inside}]`;
    });
    expect(mistakes(`${levels.join("\n")}\n`).join("\n")).toMatch(/alias/i);
  });

  test("a folder in the place of the file is named", () => {
    mkdirSync(join(cwd, "diemtin.yaml"));
    expect(refusal(() => readConfig({ env: {}, cwd })).message).toContain("diemtin.yaml: cannot be read");
  });
});

describe("secrets", () => {
  test.each([
    "smtp: smtps://u:hunter2@relay",
    "mail: {password: hunter2}",
    "mail: {smtp_url: hunter2}",
    "database_url: postgres://u:hunter2@db/x",
    "portal: {token: hunter2}",
    "issuer: {contact: 'https://u:hunter2@host/'}",
  ])("%s is refused with the hint to use the environment, and is not repeated", (text) => {
    const lines = mistakes(`${text}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("environment");
    expect(lines[0]).not.toContain("hunter2");
  });

  test.each([
    ["DATABASE_URL", "mysql://u:hunter2@db/x"],
    ["DATABASE_URL", "hunter2"],
    ["SMTP_URL", "http://u:hunter2@relay"],
    ["SMTP_URL", "smtp://"],
    ["PORTAL_URL", "https://u:hunter2@host"],
    ["PORTAL_URL", "ftp://host"],
  ])("a wrong %s is refused without showing it", (name, value) => {
    const error = refusal(() => readConfig({ env: { [name]: value }, cwd }));
    expect(error.message).toMatch(new RegExp(`^${name}: `));
    expect(error.message).not.toContain("hunter2");
  });

  test.each([
    "postgres://me@/db?host=/tmp/pg",
    "postgres://me@%2Ftmp%2Fpg:5432/db",
    "postgresql://me:p%40ss@db.example:5432/x?sslmode=verify-full",
  ])("right addresses pass as they are (%s), and a variable set to nothing counts as not set", (DATABASE_URL) => {
    const env = { DATABASE_URL, SMTP_URL: "smtp://127.0.0.1:1025?ignoreTLS=true" };
    expect(readConfig({ env, cwd })).toMatchObject({ databaseUrl: env.DATABASE_URL, smtpUrl: env.SMTP_URL });
    expect(readConfig({ env: { SMTP_URL: "", DATABASE_URL: " " }, cwd })).toMatchObject({
      databaseUrl: null,
      smtpUrl: null,
    });
  });

  test("directories become absolute and the log's level is one of the known", () => {
    const config = readConfig({ env: { DIEMTIN_HOME: "state", DIEMTIN_OUT: "/srv/out", DIEMTIN_LOG: "debug" }, cwd });
    expect(config).toMatchObject({ home: join(cwd, "state"), out: "/srv/out", logLevel: "debug" });
    expect(refusal(() => readConfig({ env: { DIEMTIN_LOG: "loud" }, cwd })).message).toContain("silent, error, warn");
  });
});

describe("the key mail is signed with", () => {
  const pem = (type: "rsa" | "ed25519", bits = 2048) => {
    const made = type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: bits }) : generateKeyPairSync("ed25519");
    return made.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  };
  const GOOD = pem("rsa");
  const signed = (domain: string) => GIA_LAI.replace("mail: {", `mail: {dkim: {domain: ${domain}, selector: bt2026}, `);

  test("comes on one line or on many, and with the name it is published under", () => {
    write(signed("GiaLai.example"));
    for (const DIEMTIN_DKIM_KEY of [GOOD, GOOD.replaceAll("\n", "\\n")]) {
      const { dkimKey, settings } = readConfig({ env: { DIEMTIN_DKIM_KEY }, cwd });
      expect([dkimKey, settings.mail.dkim]).toEqual([GOOD, { domain: "gialai.example", selector: "bt2026" }]);
    }
  });

  test.each([
    ["no key", "-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----", "is not a private key"],
    ["of another kind", pem("ed25519"), "another kind than RSA"],
    ["too short", pem("rsa", 512), "512 bits"],
    ["missing", "", "mail.dkim: mail is signed with the key in DIEMTIN_DKIM_KEY, which is not set"],
  ])("a key that is %s is told, not shown", (_what, DIEMTIN_DKIM_KEY, words) => {
    const told = mistakes(signed("gialai.example"), { DIEMTIN_DKIM_KEY }).join("\n");
    expect(told).toContain(words);
    expect(told).not.toMatch(/SECRET|BEGIN|[A-Za-z0-9+/]{40}/);
  });

  test("must have a use, and speak for the sender's domain", () => {
    expect(mistakes(GIA_LAI, { DIEMTIN_DKIM_KEY: GOOD })).toEqual([expect.stringContaining("mail.dkim is not")]);
    expect(mistakes(signed("khac.example"), { DIEMTIN_DKIM_KEY: GOOD })).toEqual([
      expect.stringContaining("mail.dkim.domain: mail is sent from gialai.example"),
    ]);
  });
});

test("the address of what comes back leaves room for a token", () => {
  const bouncing = (address: string) => GIA_LAI.replace("mail: {", `mail: {bounce_address: ${address}, `);
  write(bouncing(`${"b".repeat(20)}@gialai.example`));
  expect(readConfig({ env: {}, cwd }).settings.mail.bounceAddress).toBe(`${"b".repeat(20)}@gialai.example`);
  expect(mistakes(bouncing(`${"b".repeat(21)}@gialai.example`))).toEqual([
    expect.stringContaining("mail.bounce_address"),
  ]);
});

describe("diemtin.example.yaml", () => {
  const uncommented = EXAMPLE.replace(/^( *)# ([a-z_]+: \S)/gm, "$1$2")
    .replace(/^# (fonts:)$/m, "$1")
    .replace(/^# {3}(\w+: \w+\.ttf)$/gm, "  $1");

  test("parses as it stands and with its commented keys", () => {
    expect(checkConfigText(Buffer.from(EXAMPLE))).toMatchObject({ ok: true });
    expect(uncommented).not.toBe(EXAMPLE);
    expect(checkConfigText(Buffer.from(uncommented))).toMatchObject({ ok: true });
  });

  test("shows every key there is, and the defaults where it may", () => {
    const read = checkConfigText(Buffer.from(uncommented));
    if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
    expect(configPaths().length).toBeGreaterThan(40);
    for (const path of configPaths()) {
      expect(
        path.split(".").reduce<unknown>((value, key) => Reflect.get(Object(value), key), read.file),
        path,
      ).toBeDefined();
      expect(uncommented, path).toMatch(new RegExp(`^ *${path.split(".").at(-1)}:`, "m"));
    }
    const { province: _, issuer: _issuer, mail: _mail, where_to_look: _look, fonts: _fonts, ...shown } = read.file;
    expect(shown).toEqual(Object.fromEntries(Object.keys(shown).map((key) => [key, Reflect.get(defaults(), key)])));
  });

  function defaults(): object {
    const read = checkConfigText(Buffer.from("{}"));
    if (!read.ok) throw new Error("the empty file is wrong");
    return read.file;
  }
});

describe("a cron line", () => {
  test.each(["* * * * *", "0 6 * * 1-5", "*/10 0,12 1 1 7", "5-55/5 * * * *"])("%s is right", (line) => {
    expect(cronMistake(line)).toBeNull();
  });
  test.each([
    ["", "five fields"],
    ["0 6 * * * *", "five fields"],
    ["60 6 * * *", 'minute "60"'],
    ["0 24 * * *", 'hour "24"'],
    ["0 6 0 * *", 'day of month "0"'],
    ["0 6 * 13 *", 'month "13"'],
    ["0 6 * * MON", 'day of week "MON"'],
    ["*/0 * * * *", 'minute "*/0"'],
    ["30-10 * * * *", 'minute "30-10"'],
    ["1,,2 * * * *", 'minute "1,,2"'],
  ])("%j is refused and the field named", (line, part) => {
    expect(cronMistake(line)).toContain(part);
  });
});
