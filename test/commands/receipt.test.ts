import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { ADMIN, head, type Office, openOffice } from "../support/day.ts";
import { parseMail } from "../support/smtp.ts";

const DAY = "2026-10-12";
let office: Office;

const cli = (...words: string[]) =>
  inTerminal(words, {
    cwd: office.out,
    env: {
      DATABASE_URL: office.database.url,
      DIEMTIN_HOME: join(office.out, "var"),
      SMTP_URL: `smtp://127.0.0.1:${office.relay.port}?ignoreTLS=true`,
      PORTAL_URL: office.portal.url,
      USER: "quan-tri",
    },
    now: new Date(`${DAY}T12:30:00+07:00`),
  });
const receipts = async () => {
  const mails = await Promise.all(office.relay.taken.map(({ raw }) => parseMail(raw)));
  return mails.filter(({ subject }) => subject?.includes("Phiếu gửi"));
};

beforeAll(async () => {
  office = await openOffice();
  writeFileSync(
    join(office.out, "diemtin.yaml"),
    `province: H21\nissuer: {superior: [A], name: [B], line: C, in_text: D, place: Gia Lai, contact: E}\nmail: {from: {name: F, address: bantin@example.vn}, admin: ${ADMIN}, allowed_domains: [tinh.example]}\n`,
  );
  await office.database.store.recipients.replace([
    head("H21", "lanh-dao@example.vn"),
    head("H21.101", "xa@example.vn"),
  ]);
  await office.run("collect", `${DAY} 06:00`);
}, 120_000);
afterAll(() => office.close());

test("a working day without any mail is told by the receipt, by an alert and by the second channel", async () => {
  const told: string[] = [];
  const run = (at: string) =>
    office.run("receipt", at, {
      change: (ctx) => ({
        ...ctx,
        alarm: async ({ cause }) => {
          told.push(cause);
          return null;
        },
      }),
    });
  const silent = await run("2026-10-09 12:10");
  expect([silent.state, silent.problems.map(({ cause }) => cause)]).toEqual(["failed", ["receipt/no-mail"]]);
  expect((await receipts()).map(({ subject }) => subject)).toEqual([
    expect.stringContaining("Phiếu gửi ngày 09/10/2026: KHÔNG CÓ THƯ NÀO ĐƯỢC GỬI"),
  ]);
  await run("2026-10-09 12:20");
  expect(told).toEqual(["receipt/no-mail"]);
  expect(await receipts()).toHaveLength(1);
});

test("a receipt counts the day's mail, names nobody, leaves once, and can be printed again", async () => {
  for (const audience of ["H21", "H21.101"]) await freezeEdition(office.database.store, { audience });
  await office.run("redeliver", `${DAY} 07:20`);
  const sent = await office.run("receipt", `${DAY} 12:10`);
  expect([sent.state, sent.result]).toEqual(["done", `the receipt of ${DAY} is sent`]);
  expect((await office.run("receipt", `${DAY} 12:20`)).state).toBe("skipped");
  const [, mail, more] = await receipts();
  expect(more).toBeUndefined();
  expect(mail?.subject).toBe("[766] Phiếu gửi ngày 12/10/2026: 2 đã nhận, 0 hỏng, 0 chưa rõ");
  expect(mail?.text).toContain("Điểm tin ngày 2026-10-12: 2 ấn bản, 0 có điểm thay đổi; thư: 2 đã nhận.");
  expect(mail?.text).toMatch(/Không ai nhận: 148 đơn vị \(H21.01, /);
  expect(mail?.text).toContain("Số kế tiếp: điểm tin ngày 13/10/2026, bản tin tuần 19/10/2026.");
  expect(mail?.text).not.toContain("@");
  const printed = await cli("receipt", "--for", DAY);
  expect([printed.code, printed.stdout.trim()]).toEqual([0, mail?.text?.trim()]);
  const document = JSON.parse((await cli("receipt", "--for", DAY, "--json")).stdout);
  expect(document).toMatchObject({ issues: [{ bulletin: "daily", editions: 2, states: { accepted: 2 } }], off: null });
});

test("an issue nobody receives at all is a fault, once, with what to do", async () => {
  const report = await office.run("publish-weekly", `${DAY} 07:00`);
  expect([report.state, report.problems.map(({ cause }) => cause)]).toEqual(["failed", ["deliver/nobody"]]);
  expect(report.problems[0]?.message).toContain("nobody receives the weekly of 2026-10-12");
});

test("send-test sends one edition as it would look to one address, and no row says so; others are refused", async () => {
  const [before, rows] = [office.relay.taken.length, (await office.database.store.deliveries.list()).length];
  const ended = await cli("send-test", "--to", "Thu@tinh.example", "--bulletin", "daily", "--unit", "H21.101");
  expect([ended.code, ended.stdout]).toEqual([
    0,
    expect.stringMatching(/^daily\/2026-10-12\/H21.101\/r0 sent as a test: /),
  ]);
  expect((await cli("send-test", "--to", ADMIN, "--bulletin", "weekly")).code).toBe(0);
  const taken = office.relay.taken.slice(before);
  expect(taken.flatMap(({ to }) => to)).toEqual(["Thu@tinh.example", ADMIN]);
  const [mail] = await Promise.all(taken.map(({ raw }) => parseMail(raw)));
  expect(mail?.subject).toMatch(/^\[THỬ\] \[766\] /);
  expect(mail?.attachments.map(({ mimeType }) => mimeType)).toContain("application/pdf");
  expect(await office.database.store.deliveries.list()).toHaveLength(rows);
  expect((await office.database.store.actions.list()).at(-2)).toMatchObject({
    command: "send-test",
    arguments: { bulletin: "daily", unit: "H21.101", for: DAY },
  });
  for (const [to, message] of [
    ["ai-do@noi-khac.example", /allowed_domains/],
    ["khong-phai", /no mail address/],
  ] as const) {
    const refused = await cli("send-test", "--to", to, "--bulletin", "daily");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(message)]);
  }
  expect(office.relay.taken).toHaveLength(before + 2);
});
