import { afterEach, describe, expect, it } from "vitest";
import { chooseChannel } from "../../../src/adapters/channels/index.ts";
import { createPace } from "../../../src/adapters/channels/paced.ts";
import type { Outcome } from "../../../src/domain/delivery.ts";
import { refusal, startRelay, type TestRelay } from "../../support/smtp.ts";
import { sampleMessage } from "./message.ts";

const THROTTLED: Outcome = { state: "failed", reply: "452 4.5.3", mayPass: true, stop: false, refusal: "throttled" };
const ACCEPTED: Outcome = { state: "accepted", reply: "250" };
const relays: TestRelay[] = [];
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
});

/** A clock that only waiting moves. */
function clock() {
  let now = 0;
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(Math.round(ms));
    now += ms;
  };
  return { now: () => now, sleep, waits };
}

describe("the pace of a process", () => {
  it("is so many mails a second, shared by all who send", async () => {
    const [pace, time] = [createPace(5), clock()];
    for (let n = 0; n < 4; n += 1) await pace.turn(time);
    expect(time.waits).toEqual([200, 200, 200]);
    const still = { now: () => 10_000, waits: [] as number[], sleep: async (ms: number) => void still.waits.push(ms) };
    await Promise.all([pace.turn(still), pace.turn(still), pace.turn(still)]);
    expect(still.waits).toEqual([200, 400]);
  });

  it("has no limit at 0, until the relay asks for one", async () => {
    const [pace, time] = [createPace(0), clock()];
    for (let n = 0; n < 100; n += 1) await pace.turn(time);
    expect(time.waits).toEqual([]);
  });

  it("doubles from one second to thirty while the relay says too fast, and comes back when it takes mail again", async () => {
    const [pace, time] = [createPace(0), clock()];
    const gaps = Array.from({ length: 7 }, () => pace.told(time, THROTTLED));
    expect(gaps).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    await pace.turn(time);
    await pace.turn(time);
    expect(time.waits).toEqual([30_000, 30_000]);
    for (let n = 0; n < 60; n += 1) expect(pace.told(time, ACCEPTED)).toBeNull();
    await pace.turn(time);
    time.waits.splice(0);
    await pace.turn(time);
    expect(time.waits).toEqual([]);
  });

  it("is not changed by a refusal of another kind", async () => {
    const [pace, time] = [createPace(0), clock()];
    expect(pace.told(time, { ...THROTTLED, refusal: "transient" })).toBeNull();
    await pace.turn(time);
    await pace.turn(time);
    expect(time.waits).toEqual([]);
  });
});

describe("a relay that says too fast", () => {
  it("is left in peace for a second and then spoken to over another connection; two runs of one process keep one pace", async () => {
    let refusals = 1;
    const relay = await startRelay({
      hideSTARTTLS: true,
      onRcptTo: (_address, _session, done) => done(refusals-- > 0 ? refusal(452, "4.5.3 too many messages") : null),
    });
    relays.push(relay);
    const waits: number[] = [];
    const logged: unknown[] = [];
    const open = () =>
      chooseChannel({
        ...{ smtpUrl: `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`, directory: "", perSecond: 0 },
        ...{ log: (...facts) => logged.push(facts), sleep: async (ms) => void waits.push(ms) },
      });
    const [one, other] = [open(), open()];
    expect(await one.send(sampleMessage())).toMatchObject({ state: "failed", refusal: "throttled", mayPass: true });
    expect(await one.send(sampleMessage())).toMatchObject({ state: "accepted" });
    expect(await other.send(sampleMessage())).toMatchObject({ state: "accepted" });
    for (const channel of [one, other]) await channel.close();
    expect(relay.connections()).toBe(3);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeGreaterThan(500);
    expect(waits[1]).toBeGreaterThan(1500);
    expect(logged).toContainEqual(["relay-slowed-down", expect.objectContaining({ gapMs: 1000 })]);
  });
});
