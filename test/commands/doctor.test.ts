import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFor, findProvince } from "../../src/adapters/init-files.ts";
import { clockCheck } from "../../src/commands/doctor-machine.ts";
import { at, reading, settled, unit } from "../adapters/postgres/made-up.ts";
import { inTerminal } from "../support/cli.ts";
import { head, type Office, openOffice } from "../support/day.ts";
import { refusal, startRelay } from "../support/smtp.ts";

let office: Office;
let cwd: string;

type Found = { readonly what: string; readonly ok: boolean; readonly found: string; readonly todo?: string };

async function doctor(folder = cwd, more: Readonly<Record<string, string>> = {}) {
  const ended = await inTerminal(["doctor", "--json"], {
    cwd: folder,
    now: new Date("2026-11-20T10:00:00+07:00"),
    env: {
      DATABASE_URL: office.database.url,
      DIEMTIN_HOME: join(office.out, "var"),
      PORTAL_URL: office.portal.url,
      ...more,
    },
  });
  const found: readonly Found[] = JSON.parse(ended.stdout);
  const line = (what: string): Found | undefined => found.find((one) => one.what === what);
  return { ...ended, found, line };
}

beforeAll(async () => {
  office = await openOffice();
  cwd = join(office.out, "desk");
  mkdirSync(join(cwd, "bare"), { recursive: true });
  const text = configFor(findProvince("H21"))
    .replace(/^ {2}contact:$/m, "  contact: P")
    .replace(/^ {4}address:$/m, "    address: a@b.example");
  writeFileSync(join(cwd, "diemtin.yaml"), text);
  const { store } = office.database;
  await settled(store, { scope: "H21", takenAt: at("12") }, reading([unit("H21.101"), unit("H21.102")]));
  await store.recipients.replace([head("H21.101", "xa@example.vn")]);
}, 120_000);
afterAll(() => office.close());

test("looks at everything an administrator must know, and says what to do about what is wrong", async () => {
  const { code, found, line } = await doctor();
  expect(code).toBe(1);
  expect([...new Set(found.map(({ what }) => what))]).toEqual(
    [
      "configuration",
      "administrator",
      "class",
      "database",
      "clock",
      "installation",
      "go-live",
      "units",
      "recipients",
    ].concat(["calendar", "next issues", "disk", "fonts", "mail", "portal"]),
  );
  for (const { what, ok, todo } of found) if (!ok) expect(todo, what).toMatch(/\w/);
  expect(line("installation")).toMatchObject({ ok: true, found: expect.stringContaining("confirmed") });
  expect(line("recipients")?.found).toBe("1 recipients; 2 of 3 without one, H21 itself counted (H21, H21.102)");
  expect(line("calendar")).toMatchObject({ ok: true, found: expect.stringMatching(/^2026: \d+ days, 2027: NO day; /) });
  expect(line("calendar")?.todo).toContain("calendar import");
  expect(line("next issues")?.found).toBe(
    "weekly 2026-11-23 06:30, daily 2026-11-23 07:00, daily 2026-11-25 07:00, daily 2026-11-26 07:00, daily 2026-11-27 07:00",
  );
  expect(line("class")?.todo).toContain("class.source");
  expect(line("disk")?.found).toMatch(/^\d+\.\d GB free for /);
});

test("logs in at the relay as the first mail of a morning would, and sends nothing", async () => {
  const relay = await startRelay({
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === "right" ? done(null, { user: "u" }) : done(refusal(535, "bad credentials")),
  });
  const line = async (password: string) => {
    const url = `smtp://u:${password}@127.0.0.1:${relay.port}?ignoreTLS=true`;
    return (await doctor(cwd, { SMTP_URL: url })).line("mail");
  };
  expect(await line("right")).toEqual({ what: "mail", ok: true, found: "relay 127.0.0.1 answers and takes the login" });
  const refused = await line("s3cret");
  expect(refused).toMatchObject({ ok: false, found: expect.stringContaining("535 bad credentials") });
  expect(refused?.todo).toContain("SMTP_URL");
  expect(JSON.stringify(refused)).not.toContain("s3cret");
  await relay.close();
  expect((await line("right"))?.found).toContain("ECONNREFUSED");
  expect(relay.taken).toEqual([]);
});

test("says that a held installation sends nothing and how to confirm it", async () => {
  rmSync(join(office.out, "var", "installation"));
  expect((await doctor()).line("installation")).toMatchObject({
    ok: false,
    found: expect.stringMatching(/^HELD, nothing is sent: .*no file/),
    todo: expect.stringContaining('"diemtin installation confirm"'),
  });
});

test("without a province does not count readers of nobody's units", async () => {
  const { line } = await doctor(join(cwd, "bare"));
  expect(line("configuration")).toMatchObject({ ok: false, todo: expect.stringContaining("diemtin init") });
  expect(line("units")).toBeUndefined();
  expect(line("recipients")?.found).toContain("no province is configured");
});

test("a clock may differ by five minutes, not more", () => {
  const now = new Date("2026-11-20T10:00:00+07:00");
  const off = (seconds: number) => clockCheck("the portal's", new Date(now.getTime() + seconds * 1000), now);
  expect(off(1)).toEqual({ what: "clock", ok: true, found: "this machine's agrees with the portal's" });
  expect(off(-300)).toMatchObject({ ok: true, found: "this machine's is 300 s ahead of the portal's" });
  expect(off(301)).toMatchObject({
    ok: false,
    found: expect.stringContaining("301 s behind"),
    todo: expect.stringContaining("NTP"),
  });
  expect(clockCheck("the portal's", null, now)).toMatchObject({
    ok: true,
    todo: expect.stringContaining("timedatectl"),
  });
});
