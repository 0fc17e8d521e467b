import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readNotice } from "../../src/adapters/bounce-mail.ts";
import { configFor, findProvince } from "../../src/adapters/init-files.ts";
import { envelopeToken } from "../../src/pipeline/tokens.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { ADMIN, head, momentOf, type Office, openOffice } from "../support/day.ts";
import { type Report, report } from "./returned-mail.ts";
import { startMailbox } from "./scripted-imap.ts";

let office: Office;
let cwd: string;
let tokens: readonly string[] = [];
const UNITS = ["H21.01", "H21.02", "H21.03", "H21.04", "H21.05", "H21.06"];
const DAYS = ["2026-10-12", "2026-10-13", "2026-10-14"];

const bounces = async (source: string, env: Record<string, string> = {}) => {
  const home = { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var"), USER: "chị Mẫu" };
  const smtp = `smtp://127.0.0.1:${office.relay.port}?ignoreTLS=true`;
  const ended = await inTerminal(["bounces", "read", ...(source === "" ? [] : [source]), "--json"], {
    ...{ cwd, now: momentOf("2026-10-14 09:00"), env: { ...home, SMTP_URL: smtp, ...env } },
  });
  return { ...ended, read: ended.stdout === "" ? null : JSON.parse(ended.stdout) };
};
const put = (name: string, text: string | Uint8Array) => {
  writeFileSync(join(cwd, "inbox", name), text);
};
const told = () => office.relay.taken.filter((mail) => JSON.stringify(mail).includes(ADMIN)).length;

beforeAll(async () => {
  office = await openOffice();
  cwd = join(office.out, "desk");
  mkdirSync(join(cwd, "inbox"), { recursive: true });
  const text = configFor(findProvince("H21"))
    .replace(/^ {2}contact:$/m, "  contact: P")
    .replace(/^ {4}address:$/m, `    address: a@b.example\n  admin: ${ADMIN}`);
  writeFileSync(join(cwd, "diemtin.yaml"), text);
}, 120_000);
afterAll(() => office.close());

beforeEach(async () => {
  const { knex, store } = office.database;
  await knex.raw("truncate bounces, suppressions, pauses, delivery_attempts, deliveries restart identity cascade");
  await knex.raw("delete from alerts");
  await store.recipients.replace(UNITS.map((unit) => head(unit, `${unit.toLowerCase()}@example.vn`)));
  for (const issue of DAYS)
    for (const unit of UNITS) {
      const key = await freezeEdition(store, { audience: unit, issue });
      await store.deliveries.owe(key, head(unit, `${unit.toLowerCase()}@example.vn`), {
        messageId: `<${issue}.${unit}@b.example>`,
      });
    }
  await knex.raw("update deliveries set state = 'accepted', attempts = 1, reply = '250 ok'");
  const envelope = await store.bounces.envelopeKey();
  tokens = (await store.deliveries.list()).map(({ id }) => envelopeToken(envelope, id));
  await knex.raw("select 1");
});

const state = async (id: number) => (await office.database.store.deliveries.list())[id - 1]?.state;
const standing = async (unit: string) =>
  (await office.database.store.recipients.listed("2026-10-14")).find((one) => one.unit === unit)?.state;

describe("a notice that carries our token", () => {
  test.each<[Report["by"]]>([["postfix"], ["exim"], ["exchange"], ["gmail"], ["sendmail"]])(
    "of %s marks the mail, suppresses the address, and tells the administrator once",
    async (by) => {
      const before = told();
      put("1.eml", report({ by, token: tokens[0] ?? "", status: "5.1.1", action: "failed" }));
      const { code, read, stdout } = await bounces("inbox/1.eml");
      expect([code, read.mails]).toEqual([
        0,
        [expect.objectContaining({ result: "bounced", delivery: "1", status: "5.1.1", suppressed: true })],
      ]);
      expect(stdout).not.toContain("h21.01@example.vn");
      expect([await state(1), await standing("H21.01"), told() - before]).toEqual(["bounced", "suppressed", 1]);
      expect((await bounces("inbox/1.eml")).read.mails).toMatchObject([{ result: "again" }]);
      expect(told() - before).toBe(1);
      const [stored] = (await office.database.knex.raw("select reply from bounces")).rows;
      expect(stored.reply).toContain("5.1.1");
      expect(stored.reply).not.toContain("@");
    },
  );

  test("of a delay is noted and changes nothing; three editions of trouble are told once", async () => {
    const before = told();
    const soft = (delivery: number, action: "delayed" | "failed") =>
      report({ by: "postfix", token: tokens[delivery - 1] ?? "", status: "4.2.2", action });
    const files = [soft(1, "delayed"), soft(1, "delayed").replace("<n", "<m"), soft(7, "failed")];
    const mbox = files.map((mail) => `From MAILER-DAEMON Mon Oct 12 08:00:00 2026\n${mail}`).join("\n");
    put("box.mbox", mbox);
    expect((await bounces("inbox/box.mbox")).read.counts).toMatchObject({ bounced: 1, delayed: 2 });
    expect([await state(1), await state(7), await standing("H21.01"), told() - before]).toEqual([
      "accepted",
      "bounced",
      "live",
      0,
    ]);
    put("third.eml", soft(13, "failed"));
    await bounces("inbox/third.eml");
    await office.run("redeliver", "2026-10-14 09:10");
    expect([told() - before, await standing("H21.01")]).toEqual([1, "live"]);
  });
});

describe("what carries no token of ours", () => {
  test("suppresses nobody: forged, another database's, or only a known Message-ID", async () => {
    const before = told();
    const [first = "", second = ""] = tokens;
    const forged = second.replace(/^\d+/, "1");
    const other = envelopeToken(new Uint8Array(32), "1");
    const names = [forged, other, "1-ffffffffffffffffffffffff", ""];
    for (const [index, token] of names.entries()) {
      const messageId = index === 3 ? "<2026-10-12.H21.01@b.example>" : "<x@y>";
      put("x.eml", report({ by: "postfix", token, status: "5.1.1", action: "failed", messageId }));
      expect((await bounces("inbox/x.eml")).read.mails).toMatchObject([
        { result: "unmatched", delivery: index === 3 ? "1" : null, suppressed: false },
      ]);
    }
    put(
      "two.eml",
      report({ by: "postfix", token: first, status: "5.1.1", action: "failed" }).replace(
        "To: ",
        `Delivered-To: bounce+${second}@b.example\nTo: `,
      ),
    );
    expect((await bounces("inbox/two.eml")).read.mails).toMatchObject([{ result: "unmatched" }]);
    expect([await state(1), await standing("H21.01"), told() - before]).toEqual(["accepted", "live", 0]);
  });

  test("is listed and leaves everything as it was: answers, receipts, successes, rubbish, broken and huge reports", async () => {
    const token = tokens[0] ?? "";
    const good = report({ by: "postfix", token, status: "5.1.1", action: "failed" });
    const mails: Readonly<Record<string, string | Uint8Array>> = {
      autoreply: `To: bounce+${token}@b.example\nMessage-ID: <a@b>\nAuto-Submitted: auto-replied\nSubject: Vắng mặt\n\n5.1.1 tôi đi vắng\n`,
      empty: "",
      rubbish: Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256),
      success: good.replace("Action: failed", "Action: delivered").replace("Status: 5.1.1", "Status: 2.0.0"),
      odds: good.replace("Action: failed", "Action: delayed"),
      noStatus: good.replace(/^Status: .*\n/m, ""),
      noField: good.replace(/^Action: .*$/m, "Action failed, sorry"),
      deep: `${Array.from({ length: 60 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join("")}x`,
      huge: Buffer.concat([Buffer.from(good), Buffer.alloc(11 * 1024 * 1024, 120)]),
    };
    for (const [name, mail] of Object.entries(mails)) {
      const notice = await readNotice(typeof mail === "string" ? Buffer.from(mail) : mail);
      expect([name, notice.report, notice.why !== ""]).toEqual([name, null, true]);
    }
    put("auto.eml", mails["autoreply"] ?? "");
    expect((await bounces("inbox/auto.eml")).read.mails).toMatchObject([{ result: "no-bounce", delivery: null }]);
    expect([await state(1), await standing("H21.01")]).toEqual(["accepted", "live"]);
    expect((await bounces("")).stderr).toContain("or set IMAP_URL");
    expect((await bounces("missing")).code).toBe(2);
  });
});

test("a mailbox is read once: a report is marked as seen, what is not ours stays unseen, the account is never shown", async () => {
  const mail = report({ by: "gmail", token: tokens[0] ?? "", status: "5.1.1", action: "failed" });
  const mailbox = await startMailbox(
    [mail, "To: a@b.example\nSubject: hỏi\n\nChào\n"].map((one) => one.replace(/\r?\n/g, "\r\n")),
  );
  const url = (account: string) => `imap://${account}@127.0.0.1:${mailbox.port}/INBOX`;
  const first = await bounces("", { IMAP_URL: url("post:p%40ss%20wort") });
  expect([first.code, first.read?.counts, first.stderr.includes("p@ss")]).toEqual([
    0,
    expect.objectContaining({ bounced: 1, "no-bounce": 1 }),
    false,
  ]);
  expect([...mailbox.seen]).toEqual([1]);
  expect((await bounces(url("post:p%40ss%20wort"))).read.counts).toMatchObject({
    bounced: 0,
    again: 0,
    "no-bounce": 1,
  });
  expect(await state(1)).toBe("bounced");
  const wrong = await bounces("", { IMAP_URL: url("post:geheim99") });
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("cannot be read")]);
  expect(wrong.stderr).not.toMatch(/geheim99|p@ss wort/);
  const noted = JSON.stringify(await office.database.store.actions.list());
  expect(noted).not.toMatch(/p%40ss|geheim|@127/);
  await mailbox.close();
});
