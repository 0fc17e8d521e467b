import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Settings, WeeklyApproval } from "../../src/domain/settings.ts";
import { inTerminal, sha256 } from "../support/cli.ts";
import { head, type Office, openOffice } from "../support/day.ts";
import { parseMail } from "../support/smtp.ts";

const APPROVER = "chanh-van-phong@example.vn";
const READER = "ban-chi-dao@example.vn";
let office: Office;
let weekly: Settings["weekly"];

/** The office with another approval; its settings are read anew for every run. */
function asks(approval: WeeklyApproval, approvers: readonly string[] = [APPROVER]): void {
  weekly = { masthead: "nd30", deadline: "06:45", whenNoData: "last_complete", report: null, approval, approvers };
  const text = approval.kind === "auto" ? `auto_at ${approval.at}` : approval.kind;
  writeFileSync(
    join(office.out, "diemtin.yaml"),
    `province: H21\nissuer: {superior: [A], name: [B], line: C, in_text: D, place: Gia Lai, contact: E}\nmail: {from: {name: F, address: bantin@example.vn}}\nweekly: {approval: ${text}, approvers: ${JSON.stringify(approvers)}}\n`,
  );
}
const run: Office["run"] = (name, at, options = {}) =>
  office.run(name, at, { ...options, change: (ctx) => ({ ...ctx, settings: { ...ctx.settings, weekly } }) });
const cli = (at: string, ...words: string[]) =>
  inTerminal(words, {
    cwd: office.out,
    env: {
      DATABASE_URL: office.database.url,
      DIEMTIN_HOME: join(office.out, "var"),
      SMTP_URL: `smtp://127.0.0.1:${office.relay.port}?ignoreTLS=true`,
      USER: "chanh-van-phong",
    },
    now: new Date(`${at.replace(" ", "T")}:00+07:00`),
  });
let seen = 0;
/** Mails to somebody since the last question about anybody. */
async function mailsTo(address: string) {
  const taken = office.relay.taken.slice(seen).filter(({ to }) => to.includes(address));
  return Promise.all(taken.map(({ raw }) => parseMail(raw)));
}
const pdfOf = (mail: Awaited<ReturnType<typeof parseMail>> | undefined) =>
  sha256(new Uint8Array(mail?.attachments[0]?.content as ArrayBuffer));

beforeAll(async () => {
  office = await openOffice();
  await office.database.store.recipients.replace([head("H21", READER, ["weekly"])]);
  await office.run("collect", "2026-10-09 06:00");
}, 120_000);
afterAll(() => office.close());
afterEach(() => {
  seen = office.relay.taken.length;
});

test("on the last working day of the week the approvers see a draft, once, and nobody else", async () => {
  asks({ kind: "required" });
  const preview = await run("preview-weekly", "2026-10-09 15:00");
  expect([preview.state, preview.result]).toEqual([
    "done",
    "preview of 2026-W41: 1 of 1 mails accepted, 0 sent before",
  ]);
  const [mail] = await mailsTo(APPROVER);
  expect(mail?.subject).toMatch(/^\[Dự thảo\] \[766\] Tuần 41/);
  expect(mail?.text).toContain("DỰ THẢO bản tin tuần, lập từ số liệu đến 15:00 ngày 09/10/2026");
  expect(mail?.attachments.map(({ mimeType }) => mimeType)).toContain("application/pdf");
  expect((await run("preview-weekly", "2026-10-09 15:10")).state).toBe("skipped");
  expect(office.relay.taken.slice(seen)).toHaveLength(1);
  expect(await office.database.store.editions.list()).toEqual([]);
});

test("required: asked once, sent only after approval, and what is sent is what was approved, byte for byte", async () => {
  await run("collect", "2026-10-12 06:00");
  const waits = await run("publish-weekly", "2026-10-12 06:30");
  expect([waits.state, waits.result]).toEqual(["skipped", expect.stringContaining("waits for approval")]);
  expect(waits.result).toContain('"diemtin approve weekly --for 2026-W41"');
  await run("publish-weekly", "2026-10-12 06:40");
  await run("redeliver", "2026-10-12 06:50");
  const asked = await mailsTo(APPROVER);
  expect(asked.map(({ subject }) => subject?.slice(0, 11))).toEqual(["[Chờ duyệt]"]);
  expect(asked[0]?.text).toContain(pdfOf(asked[0]));
  expect(await mailsTo(READER)).toEqual([]);
  expect((await cli("2026-10-12 06:55", "status")).stdout).toMatch(/draft \d+ of 2026-10-12 06:30 waits/);

  // Newer figures: what was shown can no longer be agreed to.
  await run("collect", "2026-10-12 08:00");
  const late = await cli("2026-10-12 08:10", "approve", "weekly", "--for", "2026-W41");
  expect([late.code, late.stderr]).toEqual([2, expect.stringMatching(/newer complete figures.*Nothing was approved/s)]);
  await run("publish-weekly", "2026-10-12 08:20");
  const again = (await mailsTo(APPROVER)).at(-1);
  expect(await mailsTo(APPROVER)).toHaveLength(2);

  // So can what the standing body has commented on since.
  writeFileSync(join(office.out, "note.txt"), "Đề nghị các xã rà soát hồ sơ quá hạn.\n\nTrân trọng.\n");
  const noted = await cli("2026-10-12 08:25", "note", "set", "note.txt");
  expect([noted.code, noted.stdout]).toEqual([
    0,
    expect.stringContaining("weekly 2026-W41 has a note of 49 characters"),
  ]);
  expect((await cli("2026-10-12 08:26", "approve", "weekly", "--for", "2026-10-12")).stderr).toContain("comment");
  await run("publish-weekly", "2026-10-12 08:27");
  const third = (await mailsTo(APPROVER)).at(-1);
  expect(third?.text).toContain("chờ duyệt".toLocaleUpperCase("vi"));
  expect(pdfOf(third)).not.toBe(pdfOf(again));
  expect(await mailsTo(READER)).toEqual([]);

  const approved = await cli("2026-10-12 08:30", "approve", "weekly", "--for", "2026-10-14", "--as", "Chánh Văn phòng");
  expect(approved.stderr).not.toContain("Error");
  expect(approved.stdout).toContain("is approved by Chánh Văn phòng");
  expect(approved.stdout).toContain("1 mails accepted");
  const got = await mailsTo(READER);
  expect(got.map(pdfOf)).toEqual([pdfOf(third)]);
  await run("redeliver", "2026-10-12 08:40");
  await run("publish-weekly", "2026-10-12 08:50");
  expect(await mailsTo(READER)).toHaveLength(1);
  const key = "weekly/2026-W41/H21/r0";
  expect((await cli("2026-10-12 09:00", "explain", key, "--unit", "H21")).stdout).toMatch(
    new RegExp(`approved 2026-10-12T01:30:00.000Z by Chánh Văn phòng, PDF sha256 ${pdfOf(got[0])}`),
  );
  expect((await cli("2026-10-12 09:00", "approve", "weekly", "--for", "2026-W41")).stderr).toContain(
    "nothing was changed",
  );
  expect((await cli("2026-10-12 09:00", "note", "set", "note.txt", "--for", "2026-10-12")).stderr).toContain(
    "published",
  );
  const edition = await office.database.store.editions.find(key);
  expect(JSON.stringify(edition?.content.blocks)).toContain("(nếu có): Đề nghị các xã rà soát hồ sơ quá hạn.");
});

test("auto_at: it waits for its hour, leaves then as shown, and not while somebody holds it", async () => {
  asks({ kind: "auto", at: "06:45" });
  await run("collect", "2026-10-19 06:00");
  const waits = await run("publish-weekly", "2026-10-19 06:30");
  expect([waits.state, waits.result]).toEqual(["skipped", expect.stringContaining("leaves on 2026-10-19 at 06:45")]);
  const [asked] = await mailsTo(APPROVER);
  expect(asked?.text).toContain("tự gửi lúc 06:45 ngày 19/10/2026");
  await cli("2026-10-19 06:40", "hold", "weekly", "--for", "2026-10-19", "--reason", "chờ ý kiến");
  expect((await run("publish-weekly", "2026-10-19 06:45")).result).toContain("held by chanh-van-phong: chờ ý kiến");
  await run("redeliver", "2026-10-19 06:50");
  expect(await mailsTo(READER)).toEqual([]);
  await cli("2026-10-19 07:00", "release", "weekly", "--for", "2026-10-19");
  expect((await run("redeliver", "2026-10-19 07:10")).result).toContain("1 mails accepted");
  expect((await mailsTo(READER)).map(pdfOf)).toEqual([pdfOf(asked)]);
  expect((await cli("2026-10-19 07:20", "status")).stdout).toContain("by weekly.approval: auto_at 06:45");
});

test("a held issue is not sent although it is approved", async () => {
  asks({ kind: "required" });
  await run("collect", "2026-10-26 06:00");
  await run("publish-weekly", "2026-10-26 06:30");
  await cli("2026-10-26 06:40", "hold", "weekly", "--for", "2026-10-26", "--reason", "chờ");
  expect((await cli("2026-10-26 06:41", "approve", "weekly", "--for", "2026-10-26")).stdout).toContain("held by");
  await run("redeliver", "2026-10-26 06:50");
  expect(await mailsTo(READER)).toEqual([]);
  await cli("2026-10-26 07:00", "release", "weekly", "--for", "2026-10-26");
  await run("redeliver", "2026-10-26 07:10");
  expect(await mailsTo(READER)).toHaveLength(1);
});

test("what cannot be printed in a note is refused with its place, and required needs approvers", async () => {
  writeFileSync(join(office.out, "bad.txt"), "một\nhai \u{1f600}\n");
  const bad = await cli("2026-10-27 08:00", "note", "set", "bad.txt");
  expect([bad.code, bad.stderr]).toEqual([
    2,
    expect.stringContaining("line 2, column 5: no font has a glyph for U+1F600"),
  ]);
  writeFileSync(join(office.out, "long.txt"), "a".repeat(1_001));
  expect((await cli("2026-10-27 08:00", "note", "set", "long.txt")).stderr).toContain("at most 1000");
  expect((await cli("2026-10-27 08:00", "note", "set", "note.txt")).stdout).toContain("weekly 2026-W44");
  expect((await cli("2026-10-27 08:00", "note", "show")).stdout).toContain("Trân trọng.");
  await cli("2026-10-27 08:00", "note", "clear");
  expect((await cli("2026-10-27 08:00", "note", "show", "--json")).stdout).toContain('"note": null');
  asks({ kind: "required" }, []);
  const ended = await cli("2026-10-27 08:00", "status");
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("weekly.approvers")]);
});
