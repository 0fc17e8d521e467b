import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recipient } from "../src/domain/delivery.ts";
import type { Context } from "../src/pipeline/context.ts";
import { UNIT_BODIES } from "../src/sample/bodies.ts";
import { ADMIN, head, type Office, openOffice } from "./support/day.ts";
import { faultyLine, parseMail, refusal, startRelay } from "./support/smtp.ts";

const UNITS = UNIT_BODIES.slice(0, 12).map(({ code }) => code);
const HEADS: readonly Recipient[] = UNITS.map((unit) => head(unit, `${unit.toLowerCase()}@example.vn`));

/** Working days' mishaps; the figures never change, so that all days but the first give mails without PDF and are quick. */
describe("mishaps of a publishing day", { timeout: 180_000 }, () => {
  let office: Office;
  let port: number | null = null;
  let refused = "";
  const mails = () => office.relay.taken.filter(({ to }) => !to.includes(ADMIN));
  const toAdmin = () => office.relay.taken.filter(({ to }) => to.includes(ADMIN));
  const since = (count: number) => mails().slice(count);
  const collect = (day: string) => office.run("collect", `${day} 06:00`, { figuresOf: "2026-10-06" });
  const states = async (day: string) =>
    (await office.database.store.deliveries.list(UNITS.map((unit) => `daily/${day}/${unit}/r0`))).map(
      ({ state }) => state,
    );

  beforeAll(async () => {
    const relay = await startRelay({
      onRcptTo: ({ address }, _session, done) =>
        done(address === refused ? refusal(550, `5.1.1 <${address}> no such user`) : null),
    });
    office = await openOffice({
      relay,
      settings: { periods: ["year"], portal: { pauseMs: 0, timeoutMs: 5_000, maxBytes: 3_000_000 } },
      port: () => port,
    });
    await office.database.store.recipients.replace(HEADS);
    await collect("2026-10-06");
  });
  afterAll(() => office.close());

  test("a folder that cannot be written costs no mail, is one problem and one mail to the administrator", async () => {
    writeFileSync(join(office.out, "daily"), "a file where the folder should be");
    const report = await office.run("publish-daily", "2026-10-06 07:00");
    expect(report.state).toBe("partial");
    expect(report.problems.map(({ cause }) => cause)).toEqual(["output/pdf"]);
    expect(report.problems[0]?.message).toContain(join(office.out, "daily"));
    expect(mails()).toHaveLength(HEADS.length);
    expect(toAdmin()).toHaveLength(1);
  });

  test("as soon as it can, the next run writes the stored PDFs and sends nothing", async () => {
    rmSync(join(office.out, "daily"));
    const report = await office.run("publish-daily", "2026-10-06 07:10");
    expect(report.state).toBe("skipped");
    expect(readdirSync(join(office.out, "daily"))).toHaveLength(150);
    expect(mails()).toHaveLength(HEADS.length);
  });

  test("a page that cannot be written is told and leaves the run's work done", async () => {
    rmSync(join(office.out, "index.html"));
    mkdirSync(join(office.out, "index.html"));
    const report = await office.run("publish-daily", "2026-10-06 07:20");
    expect(report.state).toBe("partial");
    expect(report.problems[0]?.message).toContain("index.html");
    rmSync(join(office.out, "index.html"), { recursive: true });
  });

  test("units without a recipient are named in the result and on the page", async () => {
    const report = await office.run("publish-daily", "2026-10-06 07:30");
    expect(report.result).toContain("already published");
    const page = readFileSync(join(office.out, "index.html"), "utf8");
    expect(page).toContain("không có người nhận");
    for (const { code } of UNIT_BODIES.slice(12)) expect(page).toContain(code);
  });

  test.each([
    ["while editions are frozen", "2026-10-07", dying("freeze", 70)],
    ["while debts are written down", "2026-10-08", dying("owe", 5)],
    ["before a message is claimed", "2026-10-09", dying("claim", 4)],
  ])("a run that dies %s is finished by the next one: no mail twice, none lost", async (_, day, change) => {
    await collect(day);
    const count = mails().length;
    await expect(office.run("publish-daily", `${day} 07:00`, { change })).rejects.toThrow("pulled the plug");
    const [run] = (await office.database.store.runs.list()).slice(-1);
    expect(run?.state).toBe("failed");
    expect(toAdmin().length).toBeGreaterThan(1);
    await office.run("publish-daily", `${day} 07:05`);
    const got = since(count).map(({ to }) => to.join());
    expect(got.sort()).toEqual(HEADS.map(({ email }) => email).sort());
    expect(new Set(await states(day))).toEqual(new Set(["accepted"]));
    expect((await office.database.store.editions.list()).filter(({ issue }) => issue === day)).toHaveLength(150);
  });

  test("redeliver finishes it too, when the job itself is not run again that day", async () => {
    const day = "2026-10-12";
    await collect(day);
    const count = mails().length;
    await expect(office.run("publish-daily", `${day} 07:00`, { change: dying("owe", 1) })).rejects.toThrow("plug");
    expect((await office.run("redeliver", `${day} 07:10`)).result).toContain("12 mails accepted");
    expect((await office.run("redeliver", `${day} 07:20`)).state).toBe("skipped");
    expect(since(count)).toHaveLength(HEADS.length);
  });

  test("a run that died between a message and its note leaves that one unknown, told once, never sent again", async () => {
    const day = "2026-10-13";
    await collect(day);
    const count = mails().length;
    await expect(office.run("publish-daily", `${day} 07:00`, { change: dying("finish", 3) })).rejects.toThrow("plug");
    await office.run("publish-daily", `${day} 07:05`);
    expect(since(count)).toHaveLength(HEADS.length);
    const later = await office.run("redeliver", `${day} 07:30`);
    expect(later.state).toBe("partial");
    expect(later.problems[0]?.message).toContain("1 deliveries were being sent when their process ended");
    await office.run("publish-daily", `${day} 08:00`);
    expect(since(count)).toHaveLength(HEADS.length);
    expect((await states(day)).filter((state) => state === "unknown")).toHaveLength(1);
  });

  test("a relay that is down fails the run; everything stays owed and redeliver sends it when the relay is back", async () => {
    const day = "2026-10-14";
    await collect(day);
    const count = mails().length;
    port = 1;
    const down = await office.run("publish-daily", `${day} 07:00`);
    port = null;
    expect(down.state).toBe("failed");
    expect(down.problems.map(({ message }) => message).join()).toContain('"diemtin run redeliver"');
    expect(since(count)).toEqual([]);
    const back = await office.run("redeliver", `${day} 07:10`);
    expect(back.result).toContain("12 mails accepted");
    expect(since(count)).toHaveLength(HEADS.length);
  });

  test("no reply after a message was handed over: unknown, told, and never sent again by itself", async () => {
    const day = "2026-10-15";
    await collect(day);
    const count = mails().length;
    const line = await faultyLine(office.relay.port, { at: "reply", kind: "drop", times: 1 });
    port = line.port;
    const report = await office.run("publish-daily", `${day} 07:00`);
    port = null;
    await line.close();
    expect(report.state).toBe("partial");
    expect(report.problems.map(({ cause }) => cause)).toContain("deliver/unknown/daily/2026-10-15");
    expect((await states(day)).filter((state) => state === "unknown")).toHaveLength(1);
    await office.run("publish-daily", `${day} 07:30`);
    await office.run("redeliver", `${day} 08:00`);
    const ids = await Promise.all(since(count).map(async ({ raw }) => (await parseMail(raw)).messageId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(HEADS.length);
  });

  test("a refused address is told without being named, and is not tried again", async () => {
    const day = "2026-10-16";
    await collect(day);
    refused = "h21.01@example.vn";
    const report = await office.run("publish-daily", `${day} 07:00`);
    refused = "";
    expect(report.state).toBe("partial");
    expect(readFileSync(join(office.out, "index.html"), "utf8")).not.toContain("@");
    expect((await states(day)).filter((state) => state === "failed")).toHaveLength(1);
    expect((await office.run("redeliver", `${day} 07:10`)).state).toBe("skipped");
    expect((await states(day)).filter((state) => state === "failed")).toHaveLength(1);
  });

  test("a past day is published without mail, and redeliver does not send it either; --send does", async () => {
    const day = "2026-10-19";
    await collect(day);
    const count = mails().length;
    const past = await office.run("publish-daily", "2026-10-20 09:00", { day });
    expect(past.state).toBe("done");
    expect(past.result).toContain("nothing sent (a past day; --send sends)");
    await office.run("redeliver", "2026-10-20 09:10");
    expect((await office.run("redeliver", "2026-10-20 09:15", { day })).result).toContain("nothing sent");
    expect(since(count)).toEqual([]);
    await office.run("publish-daily", "2026-10-20 09:20", { day, send: true });
    // All but the address that does not exist, which gets nothing any more since the test before.
    expect(since(count)).toHaveLength(HEADS.length - 1);
  });

  test("an error of the alert itself leaves no run open", async () => {
    const broken = (ctx: Context): Context => ({
      ...ctx,
      channel: { ...ctx.channel, send: () => Promise.reject(new Error("a bug in the channel")) },
    });
    await expect(office.run("publish-daily", "2026-10-21 07:00", { change: broken })).rejects.toThrow(
      "a bug in the channel",
    );
    const [run] = (await office.database.store.runs.list()).slice(-1);
    expect(run).toMatchObject({ state: "failed", job: "publish-daily" });
    expect(run?.problems[0]?.message).toContain("no sound service-results");
  });
});

/** A context whose process "dies" at the nth call of one step of the store, before that step is done. */
function dying(step: "freeze" | "owe" | "claim" | "finish", nth: number): (ctx: Context) => Context {
  let calls = 0;
  const plug = <A extends readonly unknown[], R>(real: (...words: A) => Promise<R>) => {
    return (...words: A): Promise<R> => {
      calls += 1;
      if (calls >= nth) throw new Error("somebody pulled the plug");
      return real(...words);
    };
  };
  return (ctx) => {
    const { editions, deliveries } = ctx.store;
    const store =
      step === "freeze"
        ? { ...ctx.store, editions: { ...editions, freeze: plug(editions.freeze) } }
        : { ...ctx.store, deliveries: { ...deliveries, [step]: plug<never[], unknown>(deliveries[step] as never) } };
    return { ...ctx, store };
  };
}
