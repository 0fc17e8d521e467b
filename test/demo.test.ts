import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNIT_BODIES } from "../src/sample/bodies.ts";
import { type Ended, filesBelow, freshFolder, runCli, sha256 } from "./support/cli.ts";
import { parseMail } from "./support/smtp.ts";

const DAYS = ["2026-10-09", "2026-10-12"];
const AUDIENCES = ["H21", ...UNIT_BODIES.map(({ code }) => code)];
const SECRET = "s3cret-word";

/** Everything the demo must not look at: each of these would end any other command. */
const MISLEADING = {
  DATABASE_URL: `postgres://me:${SECRET}@127.0.0.1:1/nowhere`,
  SMTP_URL: `smtp://me:${SECRET}@127.0.0.1:1`,
  PORTAL_URL: "http://127.0.0.1:1",
  DIEMTIN_CONFIG: "missing.yaml",
  HTTP_PROXY: "http://127.0.0.1:1",
  http_proxy: "http://127.0.0.1:1",
  PGHOST: "192.0.2.1",
  PGSSLMODE: "require",
  PGDATABASE: "nowhere",
  PGOPTIONS: "-c nonsense=1",
  TZ: "America/New_York",
};

describe("the demo, in an empty folder", () => {
  const folder = freshFolder("demo with spaces, dấu");
  const home = join(folder.path, "nhà");
  const env = { ...MISLEADING, DIEMTIN_HOME: home };
  const out = join(folder.path, "out");
  let first: Ended;
  let seconds: number;

  beforeAll(async () => {
    writeFileSync(join(folder.path, "diemtin.yaml"), "province: [broken\n");
    const started = performance.now();
    first = await runCli(["demo"], { cwd: folder.path, env });
    seconds = (performance.now() - started) / 1000;
  }, 180_000);
  afterAll(() => folder.remove());

  test("ends well, whatever variables and files lie about", () => {
    expect(first.stderr).not.toMatch(/failed|partial|Error/);
    expect(first.code).toBe(0);
    expect(first.stdout + first.stderr).not.toContain(SECRET);
    // 90 s on two free cores; other test files run beside this one.
    expect(seconds).toBeLessThan(150);
  });

  test("makes a PDF for every unit and the province on both days, one weekly, a mail per recipient and the page", () => {
    const made = [...filesBelow(out).keys()];
    const pdfs = DAYS.flatMap((day) => AUDIENCES.map((code) => `daily/${day}_${code}.pdf`));
    const weekly = ["ban-tin-766_#.pdf", "bao-cao-766_#.pdf", "bao-cao-766_#.docx", "phu-luc-766_#.xlsx"].map((name) =>
      name.replace("#", "2026-W41_H21"),
    );
    expect(AUDIENCES).toHaveLength(150);
    expect(made.filter((name) => !name.startsWith("mail/")).sort()).toEqual(
      ["index.html", ...weekly.map((name) => `weekly/${name}`), ...pdfs].sort(),
    );
    const mails = made.filter((name) => name.startsWith("mail/"));
    expect(mails.every((name) => name.endsWith(".eml"))).toBe(true);
    expect(mails).toHaveLength(2 * 150 + 2);
  });

  test("says in one line per bulletin what rose and what fell, and what it made", () => {
    const lines = first.stdout.split("\n");
    expect(lines.filter((line) => / điểm /.test(line))).toHaveLength(2 * 150 + 1);
    expect(lines).toContain("  H21.133 xã Kon Thơm: 51,88 điểm (-12,00), hạng 135/135");
    expect(first.stdout).toContain("daily/*.pdf, weekly/*.pdf, mail/*.eml, index.html");
    expect(first.stdout).not.toMatch(/@/);
    expect(first.stderr).toContain("MAIL DOES NOT REACH ANYBODY");
  });

  test("attaches to a mail the very PDF that lies in the folder", async () => {
    const mails = [...filesBelow(join(out, "mail")).keys()];
    const name = mails.find((file) => file.startsWith("2026-10-12_daily_H21.133_"));
    const mail = await parseMail(readFileSync(join(out, "mail", name ?? "missing")));
    const [pdf] = mail.attachments;
    expect(pdf?.filename).toBe("diem-tin-766_2026-10-12_H21.133.pdf");
    expect(sha256(new Uint8Array(pdf?.content as ArrayBuffer))).toBe(
      sha256(readFileSync(join(out, "daily/2026-10-12_H21.133.pdf"))),
    );
  });

  test("keeps its database below DIEMTIN_HOME/demo", () => {
    expect(readFileSync(join(home, "demo/pg/cluster/PG_VERSION"), "utf8")).toMatch(/^\d+/);
  });

  test("run again it says so, sends nothing and touches no file", async () => {
    const before = filesBelow(out);
    const again = await runCli(["demo"], { cwd: folder.path, env });
    expect(again.stderr).not.toContain("Error");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("already published");
    expect(filesBelow(out)).toEqual(before);
  });

  test("puts the PDFs and the page back when somebody has removed them, and sends no mail again", async () => {
    const before = filesBelow(out);
    rmSync(out, { recursive: true });
    const again = await runCli(["demo"], { cwd: folder.path, env });
    expect(again.code).toBe(0);
    const bytes = (files: ReadonlyMap<string, string>) =>
      [...files].filter(([name]) => !name.startsWith("mail/")).map(([name, found]) => [name, found.split(" ")[0]]);
    expect(bytes(filesBelow(out))).toEqual(bytes(before));
    expect([...filesBelow(out).keys()].some((name) => name.startsWith("mail/"))).toBe(false);
  });
});
