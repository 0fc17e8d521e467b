import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { inTerminal } from "../support/cli.ts";
import { ADMIN, head, type Office, openOffice } from "../support/day.ts";
import { parseMail } from "../support/smtp.ts";

const DAY = "2026-10-12";
let office: Office;

/** The office's command line; no relay is named, since go-live needs none. */
const cli = (...words: string[]) =>
  inTerminal(words, {
    cwd: office.out,
    env: { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var"), USER: "chanh-van-phong" },
    now: new Date(`${DAY}T07:30:00+07:00`),
  });
let rehearsed = 0;
const mails = () => office.relay.taken.filter(({ to }) => to.join() !== ADMIN).slice(rehearsed);
const told = () => office.relay.taken.filter(({ to }) => to.join() === ADMIN);

beforeAll(async () => {
  office = await openOffice({ live: false });
  writeFileSync(
    join(office.out, "diemtin.yaml"),
    "province: H21\nissuer: {superior: [A], name: [B], line: C, in_text: D, place: Gia Lai, contact: E}\nmail: {from: {name: F, address: bantin@example.vn}}\n",
  );
  const recipients = [head("H21", "Lanh-Dao@example.vn", ["daily", "weekly"]), head("H21.101", "xa@example.vn")];
  await office.database.store.recipients.replace([...recipients, head("H21.101", "lanh-dao@example.vn")]);
});
afterAll(() => office.close());

test("before go-live issues are made and kept, nobody gets or is owed one, and every run says so and how to go on", async () => {
  await office.run("collect", `${DAY} 06:00`);
  const report = await office.run("publish-weekly", `${DAY} 07:00`);
  expect([report.state, report.good]).toEqual(["partial", false]);
  expect(report.result).toContain("1 editions made, 0 already published, nothing sent: go-live is not confirmed");
  expect(report.problems.map(({ cause }) => cause)).toEqual(["go-live/unconfirmed"]);
  expect(report.problems[0]?.message).toContain('"npx diemtin go-live --confirm H21"');
  expect(office.said.join("\n")).toContain("NOTHING WAS SENT");
  for (const audience of ["H21", "H21.101"]) await freezeEdition(office.database.store, { audience });
  expect((await office.run("redeliver", `${DAY} 07:20`)).state).toBe("partial");
  const issued = { bulletin: "weekly", issue: "2026-W41", by: "a", at: new Date(0) } as const;
  await office.database.store.holds.place({ ...issued, reason: "b" });
  const held = await office.run("publish-weekly", `${DAY} 07:30`);
  expect([held.state, held.result, held.good]).toEqual(["skipped", expect.stringMatching(/^held by a: b/), false]);
  expect(await office.database.store.holds.release(issued, "a", new Date(1))).toBe(true);
  expect(mails()).toEqual([]);
  expect(await office.database.store.deliveries.list()).toEqual([]);
  expect(told()).toHaveLength(1);
  expect((await parseMail(told()[0]?.raw ?? Buffer.of())).subject).toContain("chưa xác nhận phát hành");
  expect((await cli("status")).stdout).toContain("NOT LIVE");
});

test("a rehearsal works before go-live: each edition once to the one mailbox, and nobody counts as served", async () => {
  const change: NonNullable<Parameters<Office["run"]>[2]>["change"] = (ctx) => {
    const mail = { ...ctx.settings.mail, rehearsalTo: "Chay-Thu@example.vn" };
    return { ...ctx, settings: { ...ctx.settings, mail } };
  };
  const report = await office.run("redeliver", `${DAY} 07:25`, { change });
  expect([report.state, report.result]).toEqual(["done", expect.stringContaining("rehearsal: 3 mails accepted")]);
  expect((await office.run("redeliver", `${DAY} 07:26`, { change })).state).toBe("skipped");
  const sent = mails().splice(0);
  expect(sent.flatMap(({ to }) => to)).toEqual(Array.from({ length: 3 }, () => "Chay-Thu@example.vn"));
  const read = await Promise.all(sent.map(({ raw }) => parseMail(raw)));
  const own = read.find(({ subject }) => subject?.includes("H21.101"));
  expect(own?.subject).toMatch(/^\[CHẠY THỬ\] \[766\]/);
  expect(own?.text).toContain("lẽ ra gửi đến 2 người nhận của H21.101 (H21.101)");
  expect(read.map(({ text }) => text).join()).not.toContain("@example.vn");
  expect(await office.database.store.deliveries.list()).toEqual([]);
  rehearsed = sent.length;
});

test("go-live shows who will get what; another word and nobody at the terminal change nothing", async () => {
  const plan = JSON.parse((await cli("go-live", "--json")).stdout);
  expect(plan).toMatchObject({
    province: "H21",
    live: null,
    bulletins: [
      { bulletin: "daily", people: 2, editions: 150, firstIssue: DAY },
      { bulletin: "weekly", people: 1, editions: 1, withoutReader: [], firstIssue: "2026-10-19" },
    ],
  });
  expect(plan.bulletins[0].withoutReader).toHaveLength(148);
  for (const [words, message] of [
    [["--confirm", "H49"], /"H49" is not H21; nothing was changed/],
    [[], /repeat the command with --confirm H21/],
  ] as const) {
    const ended = await cli("go-live", ...words);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(ended.stdout).toMatch(/daily +2 people, 150 editions[\s\S]*NOBODY would get that of 148: H21.01/);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain("@");
  }
  expect(await office.database.store.goLives.find("H21")).toBeNull();
});

test("confirmed, it is on record, and the next run sends what is not past its deadline, and no backlog", async () => {
  const ended = await cli("go-live", "--confirm", "h21", "--as", "Chánh Văn phòng");
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("H21 is live, by Chánh Văn phòng")]);
  expect((await office.database.store.actions.list()).at(-1)).toMatchObject({
    actor: "Chánh Văn phòng",
    command: "go-live",
    arguments: { province: "H21", dailyPeople: 2, weeklyPeople: 1 },
  });
  // Two days later all of it is a backlog; on its own morning it leaves.
  expect((await office.run("redeliver", "2026-10-14 07:40")).state).toBe("skipped");
  expect(mails()).toEqual([]);
  expect((await office.run("redeliver", `${DAY} 07:40`)).result).toContain("4 mails accepted");
  expect((await office.run("redeliver", `${DAY} 07:50`)).state).toBe("skipped");
  expect(mails()).toHaveLength(4);
  expect((await cli("go-live")).stdout).toContain("by Chánh Văn phòng; nothing was changed");
  expect((await cli("status")).stdout).not.toContain("NOT LIVE");
});
