import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishDaily } from "../../jobs/publish-daily.ts";
import { publishWeekly } from "../../jobs/publish-weekly.ts";
import { dayOf } from "../../src/domain/calendar.ts";
import { blockTexts, type Edition } from "../../src/domain/edition.ts";
import { nextWorkingDay } from "../../src/domain/working-calendar.ts";
import { composeDailies } from "../../src/pipeline/compose-daily.ts";
import { composeWeeklies } from "../../src/pipeline/compose-weekly.ts";
import { openCalendar } from "../../src/pipeline/publish-policy.ts";
import { runJob } from "../../src/pipeline/run.ts";
import { ADMIN, head, momentOf, type Office, openOffice } from "../support/day.ts";
import { parseMail } from "../support/smtp.ts";

const UNIT = "H21.101";

/** A tick of the clock: it may wait for figures until the deadline. */
const tick = (at: string) => ({ day: dayOf(momentOf(at)), asOf: momentOf(at), send: true, slot: momentOf(at) });

describe("the days a bulletin comes out on", () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ settings: { periods: ["year"] } });
  });
  afterAll(() => office.close());

  const ticked = (job: typeof publishDaily, at: string) =>
    office.during(momentOf(at), (ctx) => runJob(ctx, job, tick(at)));

  test("a missing year is told to the administrator once, and the run stays what it is", async () => {
    const before = office.relay.taken.length;
    for (const at of ["2026-11-01 07:00", "2026-11-07 07:00"]) {
      const report = await ticked(publishDaily, at);
      expect(report.state).toBe("skipped");
      expect(report.problems.map(({ cause, severity }) => [cause, severity])).toEqual([
        ["calendar/missing-year/2027", "warning"],
      ]);
    }
    const mails = office.relay.taken.slice(before);
    expect(mails.map(({ to }) => to.join())).toEqual([ADMIN]);
    expect((await parseMail(mails[0]?.raw ?? new Uint8Array())).subject).toContain("chưa có lịch nghỉ của năm");
    expect((await ticked(publishDaily, "2026-10-31 07:00")).problems).toEqual([]);
  });

  test("on a holiday nothing is published, by the clock or by hand, and the run says why", async () => {
    const expected = { state: "skipped", result: "no daily today: 2026-11-24 is a holiday (Ngày Văn hóa Việt Nam)" };
    expect(await ticked(publishDaily, "2026-11-24 07:00")).toMatchObject(expected);
    expect(await office.run("publish-daily", "2026-11-24 09:00")).toMatchObject(expected);
    expect(await office.run("publish-daily", "2026-11-25 09:00", { day: "2026-11-24", send: true })).toMatchObject(
      expected,
    );
    expect(await office.database.store.editions.list()).toEqual([]);
  });

  test("on a plain Sunday the clock publishes nothing, but a person may", async () => {
    expect((await ticked(publishDaily, "2026-10-11 07:00")).result).toContain("2026-10-11 is a Sunday");
    const byHand = await office.run("publish-daily", "2026-10-11 07:00");
    expect([byHand.state, byHand.problems[0]?.cause]).toEqual(["failed", "compose/no-data/H21"]);
  });

  test("a weekly of a week that is off names the one that covers it too", async () => {
    const report = await ticked(publishWeekly, "2026-02-16 06:30");
    expect([report.state, report.good]).toEqual(["skipped", true]);
    expect(report.result).toContain("its whole week: the weekly of 2026-02-23 covers it too");
    expect((await ticked(publishWeekly, "2026-10-13 06:30")).result).toContain("is issued on 2026-10-12");
  });

  test("before the deadline the clock's job waits for complete figures, and says for which", async () => {
    const before = office.relay.taken.length;
    const report = await ticked(publishDaily, "2026-08-22 07:00");
    expect(report).toMatchObject({ state: "skipped", problems: [], good: false });
    expect(report.waiting).toContain("waits until 08:30 for complete figures of 2026-08-22 (provinces and H21)");
    expect(await ticked(publishDaily, "2026-08-22 08:29")).toMatchObject({ state: "skipped" });
    expect(office.relay.taken).toHaveLength(before);
  });

  test("at the deadline without any figures the job fails and says what to do", async () => {
    const report = await ticked(publishDaily, "2026-08-22 08:30");
    expect([report.state, report.waiting]).toEqual(["failed", null]);
    expect(report.problems[0]?.message).toContain("no sound service-results");
  });
});

test("without figures by the deadline a bulletin is skipped where the configuration says so, and the administrator is told once", async () => {
  const base = await openOffice();
  const { daily, weekly } = await base.during(momentOf("2026-10-12 06:00"), async (ctx) => ctx.settings);
  await base.close();
  const office = await openOffice({
    settings: { daily: { ...daily, whenNoData: "skip" }, weekly: { ...weekly, whenNoData: "skip" } },
  });
  const at = (job: typeof publishDaily, when: string) =>
    office.during(momentOf(when), (ctx) => runJob(ctx, job, tick(when)));
  const skipped = await at(publishDaily, "2026-10-12 08:30");
  const result = "no daily of 2026-10-12: no sound figures by 08:30, and daily.when_no_data is skip";
  expect(skipped).toMatchObject({ state: "skipped", result, waiting: null, good: false });
  expect(await at(publishWeekly, "2026-10-12 06:45")).toMatchObject({
    state: "skipped",
    result: expect.stringContaining("weekly.when_no_data is skip"),
  });
  expect((await at(publishDaily, "2026-10-13 08:30")).state).toBe("skipped");
  const causes = ["compose/no-data/H21", "compose/no-data/provinces", "compose/no-data/weekly"];
  expect((await office.database.knex("alerts").pluck("cause")).sort()).toEqual(causes.map((cause) => `${cause}#`));
  expect(office.relay.taken.map(({ to }) => to.join())).toEqual([ADMIN, ADMIN, ADMIN]);
  expect((await office.database.store.runs.list({ newest: 1 })).map(({ state }) => state)).toEqual(["skipped"]);
  await office.close();
});

describe("what is said where an ordinary comparison ends", () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ settings: { periods: ["year"] } });
    for (const day of ["2026-02-09", "2026-02-13", "2026-02-23"]) await office.run("collect", `${day} 06:00`);
  });
  afterAll(() => office.close());

  const daily = (at: string, older = false) =>
    office.during(momentOf(at), async (ctx) => {
      const day = dayOf(ctx.now());
      const nextIssue = nextWorkingDay(await openCalendar(ctx), day);
      return composeDailies(ctx, { province: "H21", day, asOf: ctx.now(), nextIssue, older, only: UNIT });
    });
  const weekly = (at: string, older = false) =>
    office.during(momentOf(at), (ctx) =>
      composeWeeklies(ctx, { province: "H21", day: dayOf(ctx.now()), asOf: ctx.now(), nextIssue: "2026-03-02", older }),
    );
  const freeze = async (composed: { readonly editions: readonly Edition[] }): Promise<Edition> => {
    const [edition] = composed.editions;
    if (edition === undefined) throw new Error("nothing was composed");
    await office.database.store.editions.freeze(edition, []);
    return edition;
  };
  const wordsOf = ({ content }: Edition) =>
    [content.subject, ...content.lines, ...blockTexts(content.blocks)].join("\n");

  test("the last digest before Tết names the first one after it", async () => {
    const edition = await freeze(await daily("2026-02-13 07:00"));
    expect(wordsOf(edition)).toContain("Bản tin tiếp theo: thứ Hai, 23/02/2026.");
  });

  test("the first digest after Tết names the last one and the days between", async () => {
    const edition = await freeze(await daily("2026-02-23 07:00"));
    expect(edition.baseline?.day).toBe("2026-02-13");
    expect(wordsOf(edition)).toContain("so với bản tin trước (thứ Sáu, 13/02; 10 ngày)");
    expect(wordsOf(edition)).toContain("so với bản tin thứ Sáu 13/02 (10 ngày)");
  });

  test("the weekly after Tết covers both weeks and says so", async () => {
    const edition = await freeze(await weekly("2026-02-23 06:45"));
    expect([edition.issue, edition.baseline?.day]).toEqual(["2026-W08", "2026-02-09"]);
    expect(edition.content.title).toContain("Tuần 7 và Tuần 8, từ ngày 09/02/2026 đến ngày 22/02/2026");
    expect(wordsOf(edition)).toContain("so với bản tin trước (09/02)");
    expect(wordsOf(edition)).toContain("So với 09/02");
    expect(wordsOf(edition)).not.toMatch(/so với tuần trước/i);
  });

  test("without figures of the day the last complete ones are printed with their date, and no change is claimed", async () => {
    expect((await daily("2026-02-24 08:30")).editions).toEqual([]);
    const composed = await daily("2026-02-24 08:30", true);
    expect(composed.problems.map(({ severity }) => severity)).toEqual(["partial", "partial"]);
    const edition = await freeze(composed);
    const words = wordsOf(edition);
    expect(words).toContain(
      "Hôm nay chưa lấy được số liệu mới từ Cổng; bản tin dùng số liệu lúc 06:00 ngày 23/02/2026.",
    );
    expect(words).toContain("(số liệu ngày 23/02)");
    expect(words).not.toMatch(/Cổng chưa cập nhật|không thay đổi|so với bản tin|Bản tin đầu tiên/);
    expect(edition.baseline).toBeNull();
  });

  test("a weekly without newer figures than the one before is not published", async () => {
    const composed = await weekly("2026-03-02 06:45", true);
    expect(composed.editions).toEqual([]);
    expect(composed.problems[0]).toMatchObject({ cause: "compose/no-data/weekly", severity: "failed" });
  });

  test("a weekly on older figures than today's says of when they are", async () => {
    await office.run("collect", "2026-02-28 06:00");
    const edition = await freeze(await weekly("2026-03-02 06:45", true));
    expect(edition.issue).toBe("2026-W09");
    expect(edition.content.lines[0]).toContain("bản tin dùng số liệu lúc 06:00 ngày 28/02/2026");
  });

  test("nothing is compared across New Year, in the digest and in the weekly of week 53", async () => {
    for (const day of ["2026-12-31", "2027-01-04"]) await office.run("collect", `${day} 06:00`);
    await freeze(await daily("2026-12-31 07:00"));
    const phrase = "không so sánh do bắt đầu kỳ tính mới (từ ngày 01/01/2027)";
    const digest = await freeze(await daily("2027-01-04 07:00"));
    const week = await freeze(await weekly("2027-01-04 06:45"));
    for (const edition of [digest, week]) {
      expect(wordsOf(edition)).toContain(phrase);
      expect(wordsOf(edition)).not.toMatch(/Bản tin đầu tiên|lũy kế năm 2026|giảm \d/i);
      expect(edition.baseline).toBeNull();
    }
    expect([week.issue, week.content.title]).toEqual([
      "2026-W53",
      expect.stringContaining("Tuần 53, từ ngày 28/12/2026"),
    ]);
  });
});

describe("a held weekly", () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ settings: { periods: ["year"] } });
    await office.database.store.recipients.replace([head("H21", "ban-chi-dao@example.vn", ["weekly"])]);
    await office.run("collect", "2026-10-12 06:00");
  });
  afterAll(() => office.close());

  const mails = () => office.relay.taken.filter(({ to }) => !to.includes(ADMIN));
  const issued = { bulletin: "weekly", issue: "2026-W41" } as const;

  test("is made, delivered by no job, and delivered once when it is released", async () => {
    const { holds, editions } = office.database.store;
    await holds.place({ ...issued, reason: "chờ ý kiến", by: "kstthc", at: momentOf("2026-10-12 06:10") });
    const report = await office.run("publish-weekly", "2026-10-12 06:30");
    expect(report.state).toBe("skipped");
    expect(report.result).toMatch(/^held by kstthc: chờ ý kiến \(/);
    const frozen = await editions.files("weekly/2026-W41/H21/r0");
    expect(frozen.map(({ kind }) => kind)).toContain("pdf");
    await office.run("redeliver", "2026-10-12 06:40");
    expect(mails()).toEqual([]);
    expect(await holds.release(issued, "kstthc", momentOf("2026-10-12 06:45"))).toBe(true);
    expect((await office.run("redeliver", "2026-10-12 06:50")).result).toContain("1 mails accepted");
    expect((await office.run("publish-weekly", "2026-10-12 06:55")).result).toContain("already published");
    expect(mails()).toHaveLength(1);
    expect(await editions.files("weekly/2026-W41/H21/r0")).toEqual(frozen);
  });

  test("of an earlier day is published again by hand only with --send, and mailed only then", async () => {
    const count = mails().length;
    const late = [head("H21", "den-sau@example.vn", ["weekly"])];
    await office.database.store.recipients.replace(late);
    await office.run("publish-weekly", "2026-10-14 09:00", { day: "2026-10-12" });
    expect(mails()).toHaveLength(count);
    await office.run("publish-weekly", "2026-10-14 09:05", { day: "2026-10-12", send: true });
    expect(mails()).toHaveLength(count + 1);
  });

  test("whose run failed or was skipped does not block the issue: a later day of the week makes it", async () => {
    expect((await office.run("publish-weekly", "2026-10-20 06:30")).state).toBe("failed");
    await office.run("collect", "2026-10-21 06:00");
    expect((await office.run("publish-weekly", "2026-10-21 07:00")).state).toBe("done");
    const second = await office.database.store.editions.find("weekly/2026-W42/H21/r0");
    expect(blockTexts(second?.content.blocks ?? []).join("\n")).toMatch(/cao nhất: .*; 02 tuần liên tiếp\)/u);
  });
});
