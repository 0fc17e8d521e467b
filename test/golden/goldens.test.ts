import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readManifest } from "../../src/adapters/manifest.ts";
import { detectChanges } from "../../src/domain/change.ts";
import { formatPoints, formatSigned } from "../../src/domain/figure.ts";
import { periodKey } from "../../src/domain/period.ts";
import type { Standing } from "../../src/domain/ranking.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { registered, view } from "../domain/made-up.ts";
import { matchesGolden } from "../support/golden.ts";

const points = (value: number | null) => (value === null ? "–" : formatPoints(value));
const place = (standing: Standing | null) =>
  standing === null ? "–" : `${standing.sharing > 1 ? "=" : ""}${standing.rank}/${standing.of}`;

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => Array.from(row[column] ?? "").length))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}

test("changes of a made-up province between two days", () => {
  const register = [
    registered("H21.1", { name: "Sở Thứ Nhất - tỉnh Gia Lai" }),
    registered("H21.2", { name: "Sở Thứ Hai - tỉnh Gia Lai" }),
    registered("H21.3", { name: "Sở Thứ Ba - tỉnh Gia Lai" }),
    registered("H21.101", { name: "UBND xã Đất Cao" }),
    registered("H21.102", { name: "UBND Phường Bến Nước" }),
    registered("H21.103", { name: "UBND xã Gió Lộng" }),
    registered("H21.104", { name: "UBND xã Mới Lập", standing: "waiting" }),
    registered("H21.105", { name: "UBND xã Đã Nhập", closedFrom: "2026-10-10", mergedInto: "H21.106" }),
    registered("H21.106", { name: "UBND xã Nhận Về" }),
    registered("H21.107", { name: "UBND xã Thiếu Nhóm" }),
    registered("H21.108", { name: "UBND xã Chưa Có Điểm" }),
  ];
  const before = view(
    {
      "H21.1": { TOTAL: 7000, CKMB: 1200, TDGQ: 1800 },
      "H21.2": { TOTAL: 6800, CKMB: 1200, TDGQ: 1700 },
      "H21.3": { TOTAL: 6800, CKMB: 1100, TDGQ: 1750 },
      "H21.101": { TOTAL: 7118, CKMB: 1300, TDGQ: 1900 },
      "H21.102": { TOTAL: 6002, CKMB: 1000, TDGQ: 1500 },
      "H21.103": { TOTAL: 6000, CKMB: 1000, TDGQ: 1500 },
      "H21.105": { TOTAL: 5000, CKMB: 900, TDGQ: 1000 },
      "H21.106": { TOTAL: 5100, CKMB: 900, TDGQ: 1100 },
      "H21.107": { TOTAL: 9000, CKMB: 1800 },
      "H21.108": { TOTAL: null, CKMB: null, TDGQ: null },
    },
    { day: "2026-10-09", register },
  );
  const after = view(
    {
      "H21.1": { TOTAL: 7000, CKMB: 1200, TDGQ: 1800 },
      "H21.2": { TOTAL: 6810, CKMB: 1210, TDGQ: 1700 },
      "H21.3": { TOTAL: 6800, CKMB: 1100, TDGQ: 1750 },
      "H21.101": { TOTAL: 5917, CKMB: 1300, TDGQ: 699 },
      "H21.102": { TOTAL: 6004, CKMB: 1000, TDGQ: 1502 },
      "H21.103": { TOTAL: 6004, CKMB: 1000, TDGQ: 1504 },
      "H21.104": { TOTAL: 6500, CKMB: 1000, TDGQ: 1000 },
      "H21.106": { TOTAL: 5050, CKMB: 900, TDGQ: 1050 },
      "H21.107": { TOTAL: 9000, CKMB: 1800 },
      "H21.108": { TOTAL: 4000, CKMB: 800, TDGQ: 900 },
    },
    { day: "2026-10-12", register },
  );
  const rows = detectChanges(before, after).map((change) => [
    change.unit,
    change.name,
    change.indicator,
    change.kind,
    points(change.before),
    points(change.after),
    change.delta === null ? "–" : formatSigned(change.delta),
    place(change.standingBefore),
    place(change.standingAfter),
    change.standingAfter?.above == null ? "–" : `${change.standingAfter.above.name} +${points(change.standingAfter.above.gap)}`,
  ]);
  expect(rows.length).toBeGreaterThan(30);
  matchesGolden("changes.txt", table([["unit", "name", "indicator", "kind", "09/10", "12/10", "change", "rank", "rank", "above"], ...rows]));
});

test("what each source's reader makes of its made-up answers", async () => {
  const snapshots = await readManifest(fileURLToPath(new URL("../fixtures/manifest.json", import.meta.url)));
  const parts = snapshots.map((snapshot) => {
    const { units, observations, findings } = sourceNamed(snapshot.source).read(snapshot);
    const shown = units.filter((_, index) => index < 6);
    const codes = ["TOTAL", "CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH", "ONLINE_SERVICE"];
    const value = (unit: string, code: string) => {
      const row = observations.find((one) => one.unit === unit && one.indicator.endsWith(`.${code}`) && one.indicator.split(".").length === 2);
      return row === undefined ? "" : points(row.value);
    };
    const rows = shown.map((unit) => [unit.code, unit.level, unit.name, ...codes.map((code) => value(unit.code, code))]);
    const counts = `${units.length} units, ${observations.length} observations, ${findings.length} findings`;
    return `${snapshot.source} ${snapshot.scope} ${periodKey(snapshot.period)}: ${counts}\n${table([["code", "level", "name", ...codes], ...rows])}`;
  });
  expect(parts).toHaveLength(6);
  matchesGolden("readings.txt", parts.join("\n"));
});
