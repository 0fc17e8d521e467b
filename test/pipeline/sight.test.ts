import { afterEach, beforeEach, expect, test } from "vitest";
import type { Sight } from "../../src/domain/board.ts";
import { HEADLINES } from "../../src/domain/indicator.ts";
import { openSights } from "../../src/pipeline/sight.ts";
import { answerOf, provinceAnswers, unitsOf } from "../sources/made-up.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { readingDesk, taken } from "./answers-context.ts";

let database: FreshDatabase;
let desk: ReturnType<typeof readingDesk>;
beforeEach(async () => {
  database = await freshDatabase();
  desk = readingDesk(database);
});
afterEach(() => database.drop());

/** Quảng Ninh's seven answers; `grown` moves everybody's figures so that no snapshot repeats another. */
function answers(grown: number, dead: readonly string[] = []) {
  const units = unitsOf("H49", 16, 54).map((unit) => ({
    ...unit,
    scores: { ...unit.scores, TDGQ: unit.scores.TDGQ + grown },
  }));
  const gone = (endpoint: string) => () => answerOf(endpoint, "", { status: null, fault: "timeout" });
  return provinceAnswers("H49", units, Object.fromEntries(dead.map((endpoint) => [endpoint, gone(endpoint)])));
}
const snapshot = (day: string, time: string, given: ReturnType<typeof answers>) => {
  const takenAt = new Date(`2026-10-${day}T${time}:00+07:00`);
  return {
    ...taken(day, given, { scope: "H49", takenAt }),
    answers: given.map((answer) => ({ ...answer, receivedAt: takenAt })),
  };
};
const figures = (sight: Sight | null) =>
  [...(sight?.view.units.keys() ?? [])].sort().map((unit) => HEADLINES.map((code) => sight?.view.value(unit, code)));
const question = { scope: "H49", period: "2026", asOf: new Date("2026-10-20T00:00:00Z") };

test("a complete snapshot of the day is not given up for a later one with a dead group", async () => {
  const whole = await desk.take(snapshot("09", "06:00", answers(1)));
  await desk.take(snapshot("09", "09:00", answers(2, ["transparency"])));
  const sight = await desk.sight({ ...question, onDay: "2026-10-09" });
  expect([sight?.snapshots, sight?.dated.size]).toEqual([[whole.id], 0]);
});

test("a day without any snapshot has no sight, even when the day before was whole", async () => {
  await desk.take(snapshot("09", "23:59", answers(1)));
  expect(await desk.sight({ ...question, onDay: "2026-10-10" })).toBeNull();
  expect((await desk.sight({ ...question, onDay: "2026-10-09" }))?.view.units.size).toBe(70);
});

test("nothing taken after the instant is seen", async () => {
  const first = await desk.take(snapshot("09", "06:00", answers(1)));
  await desk.take(snapshot("09", "08:00", answers(2)));
  const sight = await desk.sight({ ...question, asOf: new Date("2026-10-09T07:00:00+07:00") });
  expect(sight?.snapshots).toEqual([first.id]);
});

test("two dead groups come from the last complete snapshot, not from an incomplete one between", async () => {
  const whole = await desk.take(snapshot("07", "06:00", answers(1)));
  await desk.take(snapshot("08", "06:00", answers(2, ["transparency"])));
  const now = await desk.take(snapshot("09", "06:00", answers(3, ["transparency", "dvc-progress-tree"])));
  const sight = await desk.sight({ ...question, onDay: "2026-10-09" });
  expect(sight?.snapshots).toEqual([now.id, whole.id]);
  expect([...(sight?.dated.keys() ?? [])].sort()).toEqual(["CKMB", "TDGQ"]);
  const scores = unitsOf("H49", 16, 54)[0]?.scores;
  expect(sight?.view.value("H49.1", "TDGQ")).toBe((scores?.TDGQ ?? 0) + 1);
  expect(sight?.view.value("H49.1", "TOTAL")).toBe(Object.values(scores ?? {}).reduce((a, b) => a + b, 3));
});

test("what an edition was made from shows the same figures again, whatever came since", async () => {
  await desk.take(snapshot("08", "06:00", answers(1)));
  await desk.take(snapshot("09", "06:00", answers(2, ["dossier-digitized"])));
  const printed = await desk.sight({ ...question, onDay: "2026-10-09" });
  await desk.take(snapshot("10", "06:00", answers(3)));
  const again = await openSights(desk.ctx, "evaluation-api").of(
    [...(printed?.snapshots ?? [])].reverse(),
    "H49",
    "2026",
  );
  expect(figures(again)).toEqual(figures(printed));
  expect([...(again?.dated ?? [])]).toEqual([...(printed?.dated ?? [])]);
  expect(again?.view.snapshot.takenAt).toEqual(printed?.view.snapshot.takenAt);
  expect(await openSights(desk.ctx, "evaluation-api").of(printed?.snapshots ?? [], "H21", "2026")).toBeNull();
  expect(await openSights(desk.ctx, "evaluation-api").of(printed?.snapshots ?? [], "H49", "2026-10")).toBeNull();
});
