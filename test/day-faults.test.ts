import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays, dayOf } from "../src/domain/calendar.ts";
import type { Edition, PrintedFigure } from "../src/domain/edition.ts";
import { GROUPS, isHeadline, TOTAL } from "../src/domain/indicator.ts";
import { composeDailies } from "../src/pipeline/compose-daily.ts";
import { bodyOf } from "../src/sample/bodies.ts";
import { FAULTS, type Fault, isWireFault } from "../src/sample/fault-plan.ts";
import { ADMIN, momentOf, type Office, openOffice } from "./support/day.ts";
import { GROUP_ENDPOINTS, GROUP_OF, rowsOf, sampleData, scoreOf } from "./support/sample.ts";
import { parseMail } from "./support/smtp.ts";

const GOOD_DAY = "2026-10-05";
const DAY = "2026-10-06";
/** Neither the first nor the last of any list: faults spoil those. */
const UNIT = "H21.05";
const QUICK = { periods: ["year"], portal: { pauseMs: 0, timeoutMs: 400, maxBytes: 3_000_000 } } as const;

/** What the figures of one unit must be to be let through: the issue keeps both sides of a difference and flags the unit. */
const FLAGGED_ONLY: readonly Fault[] = ["extra-unit"];
const FLAGGED_IN_A_GROUP: readonly Fault[] = ["extra-unit", "missing-unit", "sum-off"];
/** Of the wire's faults, which all end in "no usable answer", a few stand for the rest: each costs a second. */
const LIKE_THE_RANKING: readonly Fault[] = FAULTS.filter(
  (fault) => isWireFault(fault) && !["hang", "half-body", "html-200", "status-503"].includes(fault),
);
/** In a tree this is a key that nobody reads. */
const UNREAD_IN_A_GROUP: readonly Fault[] = ["unknown-group"];
/** The national ranking says nowhere which day or period it counts; only figures seen before betray it. */
const SILENT_IN_THE_RANKING: readonly Fault[] = ["stale", "wrong-period"];

describe("the portal's faults", () => {
  let office: Office;
  let minutes = 0;

  beforeAll(async () => {
    office = await openOffice({ settings: QUICK });
    await office.run("collect", `${GOOD_DAY} 06:00`);
  });
  afterAll(() => office.close());

  /** Collects with a fault, a minute after the last time, and composes what would be published then. */
  async function live(endpoint: string, fault: Fault) {
    minutes += 1;
    const at = `${DAY} ${String(6 + Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    const report = await office.run("collect", at, { faults: { [endpoint]: fault } });
    const compose = (only: string) =>
      office.during(momentOf(at), (ctx) =>
        composeDailies(ctx, { province: "H21", day: DAY, asOf: ctx.now(), nextIssue: addDays(DAY, 1), only }),
      );
    // A group's answer has no part in the province's digest.
    const readers = endpoint === "service-results" ? [UNIT, "H21"] : [UNIT];
    const editions: Edition[] = [];
    for (const reader of readers) editions.push(...(await compose(reader)).editions);
    return {
      report,
      unit: editions.filter(({ audience }) => audience === UNIT),
      province: editions.filter(({ audience }) => audience === "H21"),
    };
  }

  test.each(FAULTS)(
    "%s of the ranking is named with place and value, and nothing is printed from it",
    async (fault) => {
      const { report, unit, province } = await live("service-results", fault);
      if (FLAGGED_ONLY.includes(fault)) expect(report.state).toBe("done");
      else {
        expect(["partial", "failed"]).toContain(report.state);
        for (const { message } of report.problems) expect(message).toMatch(/evaluation-api (provinces|H21) 2026: /);
        expect(report.problems.map(({ message }) => message).join()).toMatch(/service-results|scope|groups/);
      }
      for (const edition of unit) expectTrue(edition);
      if (!SILENT_IN_THE_RANKING.includes(fault)) for (const edition of province) expectTrue(edition);
      expect(unit.length + province.length).toBeLessThanOrEqual(2);
    },
  );

  test.each(
    FAULTS.map(
      (fault, index) => [fault, GROUP_ENDPOINTS[(index + 5) % GROUP_ENDPOINTS.length] ?? "transparency"] as const,
    ).filter(([fault]) => !LIKE_THE_RANKING.includes(fault)),
  )("%s of %s leaves totals and ranks in print, the group true or dated", async (fault, endpoint) => {
    const { report, unit } = await live(endpoint, fault);
    const [edition] = unit;
    if (FLAGGED_IN_A_GROUP.includes(fault)) expect(report.state).toBe("done");
    else if (!UNREAD_IN_A_GROUP.includes(fault)) {
      expect(report.state).toBe("partial");
      expect(report.problems.map(({ message }) => message).join()).toMatch(new RegExp(`${endpoint}|groups|unit`));
    }
    expect(edition).toBeDefined();
    if (edition !== undefined) expectTrue(edition);
  });

  /** Every figure printed for the year is what the portal truly shows today, or, where its words say so, on the last good day. */
  function expectTrue({ audience, content }: Edition): void {
    const printed = content.figures.filter(
      ({ period, indicator, unit }) => period === "2026" && unit === audience && isHeadline(codeOf(indicator)),
    );
    expect(printed.length).toBeGreaterThan(0);
    for (const figure of printed) {
      const [now, then] = [truthOf(figure, DAY), truthOf(figure, GOOD_DAY)];
      expect([now, then], `${figure.unit} ${figure.indicator}`).toContain(figure.value);
      if (codeOf(figure.indicator) === TOTAL) expect(figure.value).toBe(now);
      if (figure.value !== null) expect(figure.value).toBeGreaterThan(0);
    }
  }
});

describe("the last good data and the administrator", () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ settings: QUICK });
    await office.run("collect", `${GOOD_DAY} 06:00`);
  });
  afterAll(() => office.close());

  const toAdmin = () => office.relay.taken.filter(({ to }) => to.includes(ADMIN));

  test("a faulty day publishes nothing, fails, and leaves the complete snapshot in use", async () => {
    await office.run("collect", `${DAY} 06:00`, { faults: { all: "html-200" } });
    const report = await office.run("publish-daily", `${DAY} 07:00`);
    expect(report.state).toBe("failed");
    expect(report.problems[0]?.message).toContain("no sound service-results");
    expect(await office.database.store.editions.list()).toEqual([]);
    for (const scope of ["provinces", "H21"]) {
      const latest = await office.database.store.snapshots.latest({
        source: "evaluation-api",
        scope,
        period: "2026",
        asOf: momentOf(`${DAY} 07:00`),
      });
      expect(dayOf(latest?.takenAt ?? new Date(0))).toBe(GOOD_DAY);
    }
  });

  test("the administrator hears of each cause once, in words that name place and value", async () => {
    const before = toAdmin().length;
    expect(before).toBeGreaterThanOrEqual(2);
    await office.run("collect", `${DAY} 08:00`, { faults: { all: "html-200" } });
    await office.run("publish-daily", `${DAY} 08:05`);
    expect(toAdmin()).toHaveLength(before);
    const texts = await Promise.all(toAdmin().map(async ({ raw }) => (await parseMail(raw)).text ?? ""));
    expect(texts.join()).toContain("HTML page instead of JSON");
    expect(texts.join()).toContain("npx diemtin");
  });

  test("after a good run the same cause is told again", async () => {
    const before = toAdmin().length;
    expect((await office.run("collect", `${DAY} 09:00`)).state).toBe("done");
    await office.run("collect", `${DAY} 09:05`, { faults: { all: "html-200" } });
    expect(toAdmin()).toHaveLength(before + 2); // the answer that was refused, and those that were not asked any more
  });

  test("a group whose answer failed is dated in the digest, with totals and ranks of today", async () => {
    const day = "2026-10-07";
    await office.run("collect", `${day} 06:00`, { faults: { "dossier-digitized": "status-503" } });
    const composed = await office.during(momentOf(`${day} 07:00`), (ctx) =>
      composeDailies(ctx, { province: "H21", day, asOf: ctx.now(), nextIssue: "2026-10-08", only: UNIT }),
    );
    const [edition] = composed.editions;
    const figure = (code: string) =>
      edition?.content.figures.find(
        ({ unit, period, indicator }) => unit === UNIT && period === "2026" && codeOf(indicator) === code,
      );
    expect(figure(TOTAL)?.value).toBe(truthOf({ unit: UNIT, indicator: TOTAL }, day));
    expect(figure(TOTAL)?.rank).toBeGreaterThan(0);
    const words = JSON.stringify(edition?.content.blocks);
    expect(words).toMatch(/0?6\/10/);
    expect(edition?.snapshots.length).toBeGreaterThanOrEqual(2);
  });
});

/** The score the sample portal truly has for a body on a day, hundredths. */
function truthOf({ unit, indicator }: Pick<PrintedFigure, "unit" | "indicator">, day: string): number {
  const code = codeOf(indicator);
  const endpoint = GROUP_ENDPOINTS.find((name) => GROUP_OF[name] === code);
  const isProvince = unit === "H21";
  const data = sampleData(
    isProvince || endpoint === undefined ? "service-results" : endpoint,
    isProvince ? "provinces" : "H21",
    "2026",
    day,
  );
  const row = rowsOf(data).find(({ departmentId }) => departmentId === bodyOf(unit).departmentId);
  if (row === undefined) throw new Error(`the sample has no ${unit}`);
  if (!isProvince || code === TOTAL) return scoreOf(row);
  return Math.round(Number((row["groupScores"] as Record<string, unknown>)[code]) * 100);
}

function codeOf(indicator: string): string {
  const code = indicator.split(".").at(-1) ?? "";
  return [TOTAL, ...GROUPS].find((known) => known === code) ?? code;
}
