import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { correctionsBetween } from "../../src/domain/correction.ts";
import { blockTexts, type PrintedFigure } from "../../src/domain/edition.ts";
import { composeDailies } from "../../src/pipeline/compose-daily.ts";
import { composeWeeklies } from "../../src/pipeline/compose-weekly.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { publish } from "../../src/pipeline/publish.ts";
import { freshFolder, inTerminal, sha256 } from "../support/cli.ts";
import { freshDatabase } from "../support/database.ts";
import { head, momentOf, type Office, openOffice } from "../support/day.ts";
import { parseMail } from "../support/smtp.ts";
import { inspect } from "../templates/poppler.ts";

const UNIT = "H21.133";
const READER = "xa@example.vn";
const WRONG = `daily/2026-10-12/${UNIT}/r0`;
const RIGHT = `daily/2026-10-12/${UNIT}/r1`;
const WEEKLY = "weekly/2026-W41/H21/r0";
const REASON = "Số liệu đọc sai cột điểm";

let office: Office;
const folder = freshFolder("corrections");

beforeAll(async () => {
  office = await openOffice();
  await office.database.store.recipients.replace([head(UNIT, READER), head("H21", "lanh-dao@example.vn", ["weekly"])]);
  await office.run("collect", "2026-10-09 06:00");
  await issue("2026-10-09", UNIT);
  await office.run("collect", "2026-10-12 06:00");
  // An older reader had this one total wrong by 12 points when the issue was made.
  await office.database.knex.raw(
    `update observations set value = value + 1200
     where unit = ? and indicator = 'dvc2026.TOTAL' and period = '2026'
       and snapshot_id = (select max(id) from snapshots where scope = 'H21' and period = '2026')`,
    [UNIT],
  );
  await issue("2026-10-12", UNIT);
  await issue("2026-10-12", "H21.171");
  await office.during(momentOf("2026-10-12 06:30"), async (ctx) => {
    const at = { province: "H21", day: "2026-10-12", asOf: ctx.now(), nextIssue: "2026-10-19" };
    const { keys } = await publish(ctx, (await composeWeeklies(ctx, at)).editions);
    await deliver(ctx, keys);
  });
}, 120_000);
afterAll(async () => {
  await office.close();
  folder.remove();
});

/** Publishes and mails one unit's digest, as a morning does for all. */
async function issue(day: string, unit: string, nextIssue = "2026-10-13"): Promise<void> {
  await office.during(momentOf(`${day} 07:00`), async (ctx) => {
    const composed = await composeDailies(ctx, { province: "H21", day, asOf: ctx.now(), nextIssue, only: unit });
    const { keys, problems } = await publish(ctx, composed.editions);
    expect([keys.length, problems]).toEqual([1, []]);
    await deliver(ctx, keys);
  });
}

let minute = 0;
async function command(...words: string[]) {
  minute += 1;
  const env = {
    DATABASE_URL: office.database.url,
    DIEMTIN_CONFIG: new URL("../../diemtin.example.yaml", import.meta.url).pathname,
    DIEMTIN_HOME: join(office.out, "var"),
    DIEMTIN_OUT: folder.path,
    DIEMTIN_LOG: "silent",
    SMTP_URL: `smtp://127.0.0.1:${office.relay.port}?ignoreTLS=true`,
  };
  return inTerminal(words, {
    cwd: folder.path,
    env,
    now: new Date(momentOf("2026-10-12 09:00").getTime() + minute * 60_000),
  });
}
const editions = async () => (await office.database.store.editions.list()).map(({ id }) => id);
const edition = async (key: string) => {
  const found = await office.database.store.editions.find(key);
  if (found === null) throw new Error(`no edition ${key}`);
  return found;
};
const total = async (key: string) =>
  (await edition(key)).content.figures.find((figure) => figure.indicator === "TOTAL" && figure.unit === UNIT);
const listed = async () =>
  JSON.parse((await command("corrections", "list", "--json")).stdout) as Record<string, unknown>[];

describe("a figure printed wrongly", () => {
  test("is no correction as long as the database says the same", async () => {
    const { code, stdout } = await command("corrections", "list");
    expect([code, stdout]).toEqual([0, "every edition printed what its snapshots state now\n"]);
  });

  test("is refused a reissue while nothing differs, and nothing is made", async () => {
    const before = await editions();
    const { code, stderr } = await command("reissue", WRONG, "--reason", REASON, "--send");
    expect(code).toBe(2);
    expect(stderr).toContain("nothing to correct");
    expect(await editions()).toEqual(before);
  });

  test("is named after reading again: edition, unit, indicator, printed, now; ranks with it; right ones are not", async () => {
    const wrong = await total(WRONG);
    expect(JSON.parse((await command("reread", "--scope", "H21", "--json")).stdout).changed).toBe(1);
    const rows = await listed();
    const value = rows.find((row) => row["edition"] === WRONG && row["part"] === "value");
    expect(value).toMatchObject({
      ...{ unit: UNIT, indicator: "TOTAL", period: "2026" },
      printed: (wrong?.value ?? 0) / 100,
      now: ((wrong?.value ?? 0) - 1200) / 100,
    });
    expect(rows.find((row) => row["edition"] === WRONG && row["part"] === "rank")).toMatchObject({ now: 135 });
    expect(rows.filter((row) => row["edition"] === WEEKLY && row["part"] === "value")).toMatchObject([{ unit: UNIT }]);
    expect(rows.filter((row) => String(row["edition"]).startsWith("daily/2026-10-09"))).toEqual([]);
    expect(rows.filter((row) => row["edition"] === "daily/2026-10-12/H21.171/r0" && row["part"] === "value")).toEqual(
      [],
    );
  });
});

describe("reissue", () => {
  test("makes the next edition from the same snapshots, keeps the old one, and sends nothing by itself", async () => {
    const seen = office.relay.taken.length;
    const { code, stdout, stderr } = await command("reissue", WRONG, "--reason", REASON, "--as", "Trần Văn Mẫu");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`${RIGHT}: made; nothing sent (--send sends it)`);
    const [old, now] = [await edition(WRONG), await edition(RIGHT)];
    expect(now.snapshots).toEqual(old.snapshots);
    expect(now.baseline).toEqual(old.baseline);
    expect(now.baseline?.edition).toBe(`daily/2026-10-09/${UNIT}/r0`);
    expect([(await total(WRONG))?.value, (await total(RIGHT))?.value]).toEqual([6388, 5188]);
    expect((await command("verify", WRONG)).code).toBe(0);
    // Neither the hand nor the redelivery that runs every ten minutes sends it.
    await office.run("redeliver", "2026-10-12 09:30");
    expect(office.relay.taken.length).toBe(seen);
    expect((await office.database.store.actions.list()).at(-1)).toMatchObject({
      ...{ actor: "Trần Văn Mẫu", command: "reissue" },
      arguments: { edition: WRONG, reason: REASON },
    });
  });

  test("says what was wrong in subject, title, box and page", async () => {
    const { content } = await edition(RIGHT);
    expect(content.subject).toMatch(/^\[Đính chính\] \[766\] 51,88 điểm/u);
    expect(content.title).toContain("(đính chính 01)");
    const sentence =
      "Bản tin này thay bản tin ngày 12/10/2026. Số đúng: 51,88 điểm (đã in: 63,88 điểm). Lý do: Số liệu đọc sai cột điểm.";
    expect(content.lines[1]).toBe(sentence);
    expect(blockTexts(content.blocks).slice(0, 2)).toEqual(["Số liệu điều chỉnh (đính chính 01)", sentence]);
    const pdf = (await office.database.store.editions.files(RIGHT)).find(({ kind }) => kind === "pdf");
    const page = await inspect(pdf?.bytes ?? new Uint8Array(), "pdftotext", ["FILE", "-"]);
    const words = page.replace(/\s+/gu, " ");
    expect(words).toContain("Số liệu điều chỉnh (đính chính 01)");
    expect(words).toContain("(đã in: 63,88 điểm)");
  });

  test("is sent with --send, once; again, nothing leaves", async () => {
    const seen = office.relay.taken.length;
    const sent = await command("reissue", WRONG, "--reason", REASON, "--send");
    expect(sent.code, sent.stderr).toBe(0);
    expect(sent.stdout).toContain(`${RIGHT}: says all this already; 1 mails accepted`);
    const mails = office.relay.taken.slice(seen);
    expect(mails.map(({ to }) => to.join())).toEqual([READER]);
    const mail = await parseMail(mails[0]?.raw ?? Buffer.alloc(0));
    expect(mail.subject).toMatch(/^\[Đính chính\]/u);
    expect(mail.attachments[0]?.filename).toBe(`diem-tin-766_2026-10-12_${UNIT}_r1.pdf`);
    const owed = await office.database.store.deliveries.list([WRONG]);
    const replaced = owed.find(({ recipient }) => recipient === READER)?.messageId;
    expect([mail.inReplyTo, mail.references].flat()).toEqual([replaced, replaced]);
    expect(readFileSync(join(folder.path, "index.html"), "utf8")).toContain(`đính chính 01`);
    const again = await command("reissue", WRONG, "--reason", REASON, "--send");
    expect(again.stdout).toContain("0 mails accepted");
    expect(office.relay.taken.length).toBe(seen + 1);
    expect((await editions()).filter((id) => id.includes(UNIT) && id.includes("10-12"))).toEqual([WRONG, RIGHT]);
  });

  test("takes the wrong edition out of the post: a new reader gets none of it", async () => {
    const seen = office.relay.taken.length;
    const { recipients } = office.database.store;
    await recipients.replace([...(await recipients.list()), head(UNIT, "moi@example.vn")]);
    await office.during(momentOf("2026-10-12 10:00"), (ctx) => deliver(ctx, [WRONG]));
    expect(office.relay.taken.length).toBe(seen);
    await office.during(momentOf("2026-10-12 10:00"), (ctx) => deliver(ctx, [RIGHT]));
    expect(office.relay.taken.slice(seen).map(({ to }) => to.join())).toEqual(["moi@example.vn"]);
  });

  test("is the baseline of the next issue, and no correction is left for its unit", async () => {
    expect((await listed()).filter((row) => String(row["edition"]).includes(`2026-10-12/${UNIT}/`))).toEqual([]);
    await office.run("collect", "2026-10-13 06:00");
    await issue("2026-10-13", UNIT, "2026-10-14");
    const next = await edition(`daily/2026-10-13/${UNIT}/r0`);
    expect(next.baseline?.edition).toBe(RIGHT);
    expect((await total(next.id))?.before).toBe(5188);
  });

  test("of the weekly lists the unit in its box", async () => {
    const { code, stderr } = await command("reissue", WEEKLY, "--reason", REASON);
    expect(code, stderr).toBe(0);
    const { content } = await edition("weekly/2026-W41/H21/r1");
    const box = blockTexts(content.blocks).slice(0, 4).join("\n");
    expect(box).toContain("Bản tin này thay bản tin tuần 41 năm 2026.");
    expect(box).toContain("tổng điểm đã in 63,88 điểm, số đúng 51,88 điểm");
    expect(content.masthead.kind === "digest" ? [] : content.masthead.titles).toContain("(Đính chính 01)");
    expect(await listed()).toEqual(expect.not.arrayContaining([expect.objectContaining({ edition: WEEKLY })]));
  });

  test.each([
    ["daily/2026-10-12/H21.999/r0", REASON, "there is no edition"],
    [WRONG, "  ", "--reason"],
    [WRONG, "x".repeat(301), "--reason"],
  ])("refuses %s for the reason %j", async (key, reason, words) => {
    const before = await editions();
    const { code, stderr } = await command("reissue", key, "--reason", reason);
    expect([code, await editions()]).toEqual([2, before]);
    expect(stderr).toContain(words);
  });
});

describe("explain", () => {
  test("leads a figure to rule, counts, snapshot, answer and the sha256 of the archived bytes", async () => {
    const { code, stdout } = await command("explain", RIGHT, "--indicator", "MDHL", "--json");
    const [found] = JSON.parse(stdout);
    expect([code, found.unit, found.indicator, found.stored.value]).toEqual([0, UNIT, "MDHL", found.printed]);
    const codes = found.behind.map(({ code: name }: { code: string }) => name);
    expect(codes).toContain("MDHL.PETITION_PROCESSING_ON_TIME.numerator");
    const score = found.behind.find(
      ({ code: name }: { code: string }) => name === "MDHL.PETITION_PROCESSING_ON_TIME.score",
    );
    expect(score.rule.formula).toBe("6 without any petition, otherwise 6 × numerator / denominator");
    const answers = await office.database.store.snapshots.answers(found.snapshot.id);
    const answer = answers[found.answer.ordinal];
    expect(found.answer.endpoint).toBe("handling-satisfaction");
    expect([found.answer.sha256, found.answer.bytes]).toEqual([
      sha256(answer?.body ?? new Uint8Array()),
      answer?.body.length,
    ]);
  });

  test("says when what is stored is otherwise than printed, and prints the chain for a person", async () => {
    const { stdout } = await command("explain", WRONG, "--indicator", "TOTAL");
    expect(stdout).toContain("printed 63,88");
    expect(stdout).toContain("stored  51,88  OTHERWISE THAN PRINTED");
    expect(stdout).toMatch(/answer 0 of service-results, status 201, received .*, \d+ bytes/);
    expect(stdout).toMatch(/sha256 {2}[0-9a-f]{64}/);
  });

  test("refuses what the edition does not print", async () => {
    expect((await command("explain", RIGHT, "--unit", "H21.01")).stderr).toContain("prints no figure of H21.01");
    expect((await command("explain", RIGHT, "--indicator", "ABC")).code).toBe(2);
  });
});

describe("verify", () => {
  test("finds every byte as frozen in a database restored into another home too", async () => {
    const place = join(folder.path, "backup");
    expect((await command("backup", place)).code).toBe(0);
    const copy = await freshDatabase({ live: false });
    const env = { DATABASE_URL: copy.url, DIEMTIN_HOME: join(folder.path, "home"), DIEMTIN_LOG: "silent" };
    const there = (...words: string[]) => inTerminal(words, { cwd: folder.path, env });
    expect((await there("restore", place)).code).toBe(0);
    const { code, stdout } = await there("verify", "--all", "--json");
    expect([code, JSON.parse(stdout).editions, JSON.parse(stdout).mismatches]).toEqual([
      0,
      (await editions()).length,
      [],
    ]);
    await copy.drop();
  });

  test("finds every stored byte as frozen, and a flipped one by name", async () => {
    const whole = await command("verify", "--all");
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining("every byte as frozen")]);
    const { knex } = office.database;
    await knex.raw("alter table edition_files disable trigger edition_files_are_facts");
    await knex.raw("alter table edition_files drop constraint edition_files_check");
    await knex.raw(
      `update edition_files set bytes = set_byte(bytes, 1000, get_byte(bytes, 1000) # 1) where edition = ? and kind = 'pdf'`,
      [RIGHT],
    );
    // Someone who also writes the sha256 anew is found by the words.
    await knex.raw(
      `update edition_files set bytes = bytes || '\\x20'::bytea, sha256 = encode(sha256(bytes || '\\x20'::bytea), 'hex')
       where edition = ? and kind = 'text'`,
      [WRONG],
    );
    const { code, stdout } = await command("verify", "--all", "--json");
    expect(code).toBe(1);
    expect(
      JSON.parse(stdout).mismatches.map(({ edition: key, file, kind }: Record<string, string>) => [key, file, kind]),
    ).toEqual([
      [WRONG, "text", "rendered"],
      [RIGHT, "pdf", "stored"],
    ]);
    expect((await command("verify", RIGHT)).stdout).toContain(`${RIGHT}, pdf: the stored bytes have sha256`);
  });

  test("tells damage from a newer program's drawing: intact bytes, another program, exit 3", async () => {
    const { knex } = office.database;
    await knex.raw("alter table editions disable trigger editions_are_facts");
    await knex.raw("update editions set program = 'diemtin 0.0.9+0123456789, Node 20.0.0' where key = ?", [WRONG]);
    const { code, stdout } = await command("verify", WRONG, "--json");
    const found = JSON.parse(stdout);
    expect([code, found.mismatches.map(({ kind }: { kind: string }) => kind)]).toEqual([3, ["redrawn"]]);
    expect(found.mismatches[0].message).toMatch(/made by diemtin 0\.0\.9\+0123456789, Node 20\.0\.0; this is diemtin/);
    expect(found.verdicts).toMatchObject([{ edition: WRONG, intact: true, sameToday: false }]);
    expect((await command("verify", WRONG)).stdout).toContain("1 editions are intact, and today's program draws");
  });

  test("wants one edition or all, and one that is there", async () => {
    expect((await command("verify")).code).toBe(2);
    expect((await command("verify", RIGHT, "--all")).code).toBe(2);
    expect((await command("verify", "daily/2026-10-12/H21.999/r0")).code).toBe(2);
  });
});

test("what a figure was compared with is corrected too, and a figure only one side has", () => {
  const figure = (given: Partial<PrintedFigure>): PrintedFigure => ({
    ...{ unit: UNIT, indicator: "TOTAL", period: "2026", value: 1, before: 2, rank: 3, rankBefore: 4, snapshot: "1" },
    ...given,
  });
  const parts = (a: PrintedFigure[], b: PrintedFigure[]) =>
    correctionsBetween(a, b).map(({ part, printed, now }) => [part, printed, now]);
  expect(parts([figure({})], [figure({ snapshot: "2", net: 5 })])).toEqual([]);
  expect(parts([figure({})], [figure({ before: 9, rankBefore: null })])).toEqual([
    ["before", 2, 9],
    ["rankBefore", 4, null],
  ]);
  expect(parts([figure({ before: null, rank: null, rankBefore: null })], [])).toEqual([["value", 1, null]]);
  expect(parts([], [figure({ value: 0, before: null, rank: null, rankBefore: null })])).toEqual([["value", null, 0]]);
});
