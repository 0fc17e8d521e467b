import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Paper, paperPath } from "../src/domain/edition.ts";
import { sha256 } from "./support/cli.ts";
import { ADMIN, head, type Office, openOffice } from "./support/day.ts";
import { parseMail, type Taken } from "./support/smtp.ts";

const TWO_UNITS = "hai-don-vi@example.vn";
const LEADER = "lanh-dao@example.vn";
const COMMITTEE = "ban-chi-dao@example.vn";
const LATECOMER = "den-sau@example.vn";
const WEEKLY_PAPERS = ["pdf", "bao-cao-pdf", "bao-cao-docx", "appendix-xlsx"] as const;
const HEADS = [
  head("H21.05", TWO_UNITS),
  head("H21.133", TWO_UNITS),
  head("H21.171", "xa-bau-que@example.vn"),
  head("H21", LEADER, ["daily", "weekly"]),
  head("H21", COMMITTEE, ["weekly"]),
];

describe("a province's days, from the portal's answers to the mailboxes", { timeout: 180_000 }, () => {
  let office: Office;
  const seen = () => office.relay.taken.length;
  /** The mails since a count, as "address subject". */
  const since = async (count: number) =>
    Promise.all(office.relay.taken.slice(count).map(async (mail) => ({ mail, parsed: await parseMail(mail.raw) })));
  const edition = async (key: string) => {
    const found = await office.database.store.editions.find(key);
    if (found === null) throw new Error(`no edition ${key}`);
    return found;
  };

  beforeAll(async () => {
    office = await openOffice();
    await office.database.store.recipients.replace(HEADS);
    const first = await office.run("collect", "2026-10-05 06:00");
    expect(first.lines).toEqual(["H21: 14 agencies, 135 communes, wards and special zones"]);
    await office.run("collect", "2026-10-09 06:00");
  });
  afterAll(() => office.close());

  test("the first digest has nothing to compare with and says so; each recipient gets one mail per unit", async () => {
    const report = await office.run("publish-daily", "2026-10-09 07:00");
    expect(report.problems).toEqual([]);
    expect(report.state).toBe("done");
    expect(report.result).toContain("150 editions made");
    expect(report.result).toContain("no recipient: 146");
    const mails = await since(0);
    expect(mails.map(({ mail }) => mail.to.join()).sort()).toEqual(
      [LEADER, TWO_UNITS, TWO_UNITS, "xa-bau-que@example.vn"].sort(),
    );
    for (const { parsed } of mails) expect(parsed.text).toContain("chưa có kỳ trước để so sánh");
    expect((await edition("daily/2026-10-09/H21.133/r0")).baseline).toBeNull();
  });

  test("a head of two units gets both units' digests, each with its own stored PDF", async () => {
    const mails = (await since(0)).filter(({ mail }) => mail.to.includes(TWO_UNITS));
    const names = mails.map(({ parsed }) => parsed.attachments[0]?.filename).sort();
    expect(names).toEqual(["diem-tin-766_2026-10-09_H21.05.pdf", "diem-tin-766_2026-10-09_H21.133.pdf"]);
    for (const { mail, parsed } of mails) {
      const unit = /_(H21\.\d+)\.pdf$/.exec(parsed.attachments[0]?.filename ?? "")?.[1] ?? "";
      await expectStoredPapers(mail, `daily/2026-10-09/${unit}/r0`);
    }
  });

  test("the same job again publishes and sends nothing", async () => {
    const count = seen();
    const report = await office.run("publish-daily", "2026-10-09 07:05");
    expect([report.state, report.good]).toEqual(["skipped", true]);
    expect(report.result).toContain("already published (150 editions), nothing sent");
    expect(seen()).toBe(count);
  });

  test("a recipient added afterwards gets the mail, nobody else a second one", async () => {
    const count = seen();
    await office.database.store.recipients.replace([...HEADS, head("H21.05", LATECOMER)]);
    expect((await office.run("publish-daily", "2026-10-09 08:00")).result).toContain("1 mails accepted");
    expect((await since(count)).map(({ mail }) => mail.to.join())).toEqual([LATECOMER]);
  });

  test("one address twice for one unit is refused; written otherwise the next time, it is the same recipient", async () => {
    const count = seen();
    const { recipients } = office.database.store;
    const shouted = head("H21.05", LATECOMER.toUpperCase());
    await expect(recipients.replace([...HEADS, head("H21.05", LATECOMER), shouted])).rejects.toThrow("recipient 7");
    await recipients.replace([...HEADS, shouted]);
    await office.run("publish-daily", "2026-10-09 08:05");
    expect(seen()).toBe(count);
    await recipients.replace(HEADS);
  });

  test("the weekly goes to who asked for it, compared with the Monday before", async () => {
    await office.run("collect", "2026-10-12 06:00");
    const count = seen();
    const report = await office.run("publish-weekly", "2026-10-12 06:30");
    expect([report.state, report.problems]).toEqual(["done", []]);
    const mails = await since(count);
    expect(mails.map(({ mail }) => mail.to.join()).sort()).toEqual([COMMITTEE, LEADER]);
    for (const { mail } of mails) await expectStoredPapers(mail, "weekly/2026-W41/H21/r0", [...WEEKLY_PAPERS]);
    for (const { mail } of mails) expect(mail.raw.length).toBeLessThan(1_500_000);
    expect((await edition("weekly/2026-W41/H21/r0")).baseline?.day).toBe("2026-10-05");
  });

  test("the next digest is compared with the last published one, whatever was collected in between", async () => {
    const count = seen();
    await office.run("publish-daily", "2026-10-12 07:00");
    const last = await edition("daily/2026-10-09/H21.133/r0");
    const now = await edition("daily/2026-10-12/H21.133/r0");
    expect(now.baseline).toMatchObject({ edition: "daily/2026-10-09/H21.133/r0", day: "2026-10-09" });
    expect(last.snapshots).toEqual(expect.arrayContaining([...(now.baseline?.snapshots ?? ["none"])]));
    const mails = await since(count);
    const fallen = mails.find(({ parsed }) => parsed.attachments[0]?.filename?.includes("H21.133"));
    expect(fallen?.parsed.subject).toMatch(/51,88 điểm \([-−]12,00\)/);
  });

  test("a day without a refresh gives the three-line mail without PDF, in one message each", async () => {
    await office.run("collect", "2026-10-13 06:00", { figuresOf: "2026-10-12" });
    const count = seen();
    const report = await office.run("publish-daily", "2026-10-13 07:00");
    expect([report.state, report.problems]).toEqual(["done", []]);
    const mails = await since(count);
    expect(mails).toHaveLength(4);
    for (const { parsed } of mails) {
      expect(parsed.attachments).toEqual([]);
      expect(parsed.text).toContain("không thay đổi so với bản tin trước (thứ Hai, 12/10)");
      expect(parsed.text).toContain("Cổng chưa cập nhật số liệu mới kể từ 06:00 ngày 12/10/2026.");
    }
    expect((await edition("daily/2026-10-13/H21.133/r0")).content.pages).toBe(false);
  });

  test("that mail counts as an edition and is the next one's baseline", async () => {
    await office.run("collect", "2026-10-14 06:00");
    await office.run("publish-daily", "2026-10-14 07:00");
    const now = await edition("daily/2026-10-14/H21.133/r0");
    expect(now.baseline).toMatchObject({ edition: "daily/2026-10-13/H21.133/r0", day: "2026-10-13" });
    expect(now.content.pages).toBe(true);
  });

  test("over all these days no recipient got an edition twice, and nothing went to the administrator", async () => {
    const mails = await since(0);
    const keys = mails.map(({ mail, parsed }) => `${mail.to.join()} ${parsed.messageId}`);
    expect(keys.length).toBeGreaterThan(15);
    expect(new Set(keys).size).toBe(keys.length);
    expect(mails.some(({ mail }) => mail.to.includes(ADMIN))).toBe(false);
    const deliveries = await office.database.store.deliveries.list();
    expect(deliveries).toHaveLength(mails.length);
    expect(new Set(deliveries.map(({ state }) => state))).toEqual(new Set(["accepted"]));
  });

  test("the page names the day's units that nobody receives, and no address", () => {
    const page = readFileSync(join(office.out, "index.html"), "utf8");
    expect(page).toContain("H21.01");
    expect(page).not.toContain("@");
  });

  /** What is attached is, paper by paper, what is stored and what lies in the folder; a picture shown in the text is no paper. */
  async function expectStoredPapers(mail: Taken, key: string, papers: readonly Paper[] = ["pdf"]): Promise<void> {
    const { attachments: parts } = await parseMail(mail.raw);
    const attachments = parts.filter(({ disposition }) => disposition === "attachment");
    for (const part of parts) if (!attachments.includes(part)) expect(part.mimeType).toBe("image/png");
    const stored = await office.database.store.editions.files(key);
    const made = await edition(key);
    const sums = attachments.map(({ content }) => sha256(new Uint8Array(content as ArrayBuffer)));
    expect(sums).toEqual(papers.map((paper) => stored.find(({ kind }) => kind === paper)?.sha256));
    expect(sums).toEqual(papers.map((paper) => sha256(readFileSync(join(office.out, paperPath(made, paper))))));
    for (const { filename } of attachments) expect(filename).toMatch(/^[\x21-\x7e]+$/);
  }
});
