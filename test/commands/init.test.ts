import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { configFor, findProvince } from "../../src/adapters/init-files.ts";
import { readConfig } from "../../src/config.ts";
import { checkConfigText } from "../../src/config-file.ts";
import { UsageError } from "../../src/domain/errors.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";
import { freshFolder, inTerminal } from "../support/cli.ts";

const folder = freshFolder("init");
afterAll(() => folder.remove());
const file = join(folder.path, "diemtin.yaml");
const init = (...words: readonly string[]) => inTerminal(["init", ...words], { cwd: folder.path });
const filled = (text: string) =>
  text
    .replace(/^ {2}contact:$/m, "  contact: Phòng KSTTHC")
    .replace(/^ {4}address:$/m, "    address: bantin@h49.example");

test("writes a file that is refused for exactly the two fields to fill, and read once they are filled", async () => {
  const ended = await init("--province", "Gia Lai");
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  expect(ended.stdout).toContain("fill in issuer.contact and mail.from.address now, and mail.admin");
  const text = readFileSync(file, "utf8");
  let told: readonly string[] = [];
  try {
    readConfig({ env: {}, cwd: folder.path });
  } catch (error) {
    if (error instanceof UsageError) told = error.mistakes;
  }
  expect(told).toEqual(["diemtin.yaml: issuer.contact: is empty", "diemtin.yaml: mail.from.address: is empty"]);
  expect(text.split("\n")[0]).toMatch(/^# Written on \d{4}-\d\d-\d\d by .+\.$/);
  writeFileSync(file, filled(text));
  const { settings, province } = readConfig({ env: {}, cwd: folder.path });
  expect(province).toBe("H21");
  expect(settings.issuer).toMatchObject({
    superior: ["UBND TỈNH GIA LAI"],
    inText: "Văn phòng UBND tỉnh",
    place: "Gia Lai",
  });
  expect(settings.mail.admin).toBeUndefined();
});

test("makes such a file for each of the 34 provinces, by code and by name, with or without marks", () => {
  expect(PROVINCES_CATALOGUE).toHaveLength(34);
  for (const province of PROVINCES_CATALOGUE) {
    expect(checkConfigText(Buffer.from(filled(configFor(province)))), province.name).toMatchObject({ ok: true });
    const place = province.name.replace(/^UBND (tỉnh|thành phố) /i, "");
    const unmarked = place.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toUpperCase();
    for (const words of [province.code.toLowerCase(), place, `tỉnh ${place}`, unmarked, province.name])
      expect(findProvince(words).code, words).toBe(province.code);
  }
  expect(configFor(findProvince("Hà Nội"))).toContain("line: VĂN PHÒNG UBND THÀNH PHỐ HÀ NỘI");
  expect(configFor(findProvince("Hà Nội"))).not.toMatch(/^[^#]*Gia Lai/im);
});

test("replaces a configuration only with --force, and .env never", async () => {
  writeFileSync(file, "mine\n");
  writeFileSync(join(folder.path, ".env"), "SMTP_URL=smtp://secret\n");
  const refused = await init("--province", "H49");
  expect([refused.code, refused.stderr, readFileSync(file, "utf8")]).toEqual([
    2,
    expect.stringContaining("--force"),
    "mine\n",
  ]);
  const forced = await init("--province", "H49", "--force");
  expect([forced.code, forced.stdout]).toEqual([0, expect.stringContaining(".env exists and stays")]);
  expect(readFileSync(file, "utf8")).toContain("province: H49");
  expect(readFileSync(join(folder.path, ".env"), "utf8")).toBe("SMTP_URL=smtp://secret\n");
});

test("writes a .env that only its owner reads and that sets nothing", async () => {
  const fresh = freshFolder("init-env");
  await inTerminal(["init", "--province", "H21"], { cwd: fresh.path });
  const path = join(fresh.path, ".env");
  expect(statSync(path).mode & 0o077).toBe(0);
  const text = readFileSync(path, "utf8");
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  expect(text).toMatch(/^# DATABASE_URL=[\s\S]*^# SMTP_URL=/m);
  fresh.remove();
});

test("names the provinces when there is no such one", async () => {
  const ended = await init("--province", "Quảng Nam");
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/none of the 34 provinces: .*Gia Lai \(H21\)/)]);
});
