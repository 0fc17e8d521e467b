import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readManifest } from "../src/adapters/manifest.ts";
import { isHeadline } from "../src/domain/indicator.ts";
import type { Snapshot } from "../src/domain/snapshot.ts";
import { COUNTRY, PROVINCES } from "../src/domain/unit.ts";
import { SOURCES, sourceNamed } from "../src/sources/index.ts";
import { CAPTURE_NAMES, capture, capturedSnapshot, PRESENT } from "./sources/captures.ts";

type Case = { readonly name: string; readonly snapshot: Snapshot; readonly refused: boolean };

const fixtures = await readManifest(fileURLToPath(new URL("fixtures/manifest.json", import.meta.url)));
const CASES: readonly Case[] = [
  ...fixtures.map((snapshot) => ({
    name: `${snapshot.source} ${snapshot.scope}, made up`,
    snapshot,
    refused: false,
  })),
  ...(PRESENT ? CAPTURE_NAMES : []).map((name) => ({
    name: `${name}, real`,
    snapshot: capturedSnapshot(name),
    refused: capture(name).refused !== undefined,
  })),
];

test.each(SOURCES.map(({ name }) => name))(
  "source %s has answers of its own to be read here, of provinces and of units",
  (name) => {
    const scopes = fixtures.filter(({ source }) => source === name).map(({ scope }) => scope === PROVINCES);
    expect(new Set(scopes)).toEqual(new Set([true, false]));
  },
);

test.skipIf(!PRESENT)("real answers are read as well", () => {
  expect(CASES.filter(({ name }) => name.endsWith("real")).length).toBe(13);
});

describe.each(CASES)("$name", ({ snapshot, refused }) => {
  const source = sourceNamed(snapshot.source);
  const reading = source.read(snapshot);

  test("is read without an exception, and sound unless it is known not to be", () => {
    const incomplete = reading.findings.filter(({ severity }) => severity === "incomplete");
    expect(incomplete.length > 0).toBe(refused);
    if (!refused) expect(reading.sound).toEqual(snapshot.answers.map(() => true));
    expect(reading.units.length).toBeGreaterThan(3);
  });

  test("gives each figure once, in whole steps, within its maximum, in the source's own scheme", () => {
    const keys = reading.observations.map(({ unit, indicator, period }) => `${unit} ${indicator} ${period}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { indicator, value, answer } of reading.observations) {
      const [scheme, code = "", ...rest] = indicator.split(".");
      expect(scheme).toBe(source.scheme.id);
      expect(answer in snapshot.answers).toBe(true);
      if (value === null) continue;
      expect(Number.isSafeInteger(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(0);
      if (rest.length === 0 && isHeadline(code)) expect(value).toBeLessThanOrEqual(source.scheme.maxima[code]);
    }
  });

  test("names units in NFC, by unique codes, none the scope's own place, each with a total", () => {
    const codes = reading.units.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).not.toContain(COUNTRY);
    expect(codes).not.toContain(snapshot.scope);
    for (const { name, level } of reading.units) {
      expect(name).toBe(name.normalize("NFC").trim());
      expect(level === "province").toBe(snapshot.scope === PROVINCES);
    }
    const withFigure = new Set(reading.observations.map(({ unit }) => unit));
    expect(codes.filter((code) => !withFigure.has(code))).toEqual([]);
  });

  test("gives the same whatever the order of its answers", () => {
    const turned = source.read({ ...snapshot, answers: [...snapshot.answers].reverse() });
    const figures = (from: typeof reading) =>
      from.observations.map(({ unit, indicator, period, value }) => `${unit} ${indicator} ${period} ${value}`).sort();
    expect(figures(turned)).toEqual(figures(reading));
    expect([...turned.sound].reverse()).toEqual(reading.sound);
  });
});
