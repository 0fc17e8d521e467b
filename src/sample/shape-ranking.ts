import { divideRounded } from "../domain/figure.ts";
import { GROUPS } from "../domain/indicator.ts";
import { fingerprint } from "./random.ts";
import { share } from "./scoring.ts";
import type { Row, View } from "./view.ts";

/** The answer of service-results: everybody's total; the groups only nationally, as the portal does. */
export function rankingOf(view: View): Record<string, unknown> {
  const { place, scores } = view;
  let total = 0;
  for (const group of GROUPS) total += scores[group];
  const lastYear = lastYearOf(place?.code ?? "VN");
  return {
    overview: {
      departmentName: place?.name ?? "Cả nước",
      departmentCode: place?.code ?? null,
      totalScore: total / 100,
      totalMaxScore: 100,
      ratio: total / 100,
    },
    growthPercent: share(10_000, total - lastYear, lastYear) / 100,
    radar: radarOf(view),
    donuts: donutsOf(view),
    evaluation: ranked(view.rows).map((row) => (place === null ? provinceRow(row) : unitRow(row))),
    monthlyChart: view.months.map((month, index) => ({
      month: monthName(index),
      averageScore: month === null ? null : month.total / 100,
    })),
    dossierChart: view.months.map((month, index) => {
      const onTime = month === null || month.received === 0 ? null : share(10_000, month.onTime, month.received);
      return {
        month: monthName(index),
        onTimePct: onTime === null ? null : onTime / 100,
        overduePct: onTime === null ? null : (10_000 - onTime) / 100,
      };
    }),
  };
}

/** "01" … "12". */
export function monthName(index: number): string {
  return String(index + 1).padStart(2, "0");
}

/** Highest total first; equal totals in an order that follows no code. */
function ranked(rows: readonly Row[]): readonly Row[] {
  const luck = new Map(rows.map((row) => [row, fingerprint(`order/${row.body.code}`)]));
  return [...rows].sort((a, b) => b.figures.total - a.figures.total || (luck.get(a) ?? 0) - (luck.get(b) ?? 0));
}

function provinceRow({ body, figures }: Row): Record<string, unknown> {
  return {
    ...identityOf({ body, figures }),
    totalScore: figures.total / 100,
    ratio: figures.total / 100,
    scoreDelta: (figures.total - lastYearOf(body.code)) / 100,
    groupScores: Object.fromEntries(GROUPS.map((group) => [group, figures.groups[group] / 100])),
  };
}

function unitRow({ body, figures }: Row): Record<string, unknown> {
  return {
    ...identityOf({ body, figures }),
    totalScore: figures.total / 100,
    ratio: figures.total / 100,
    scoreDelta: null,
    childGroup: body.level === "agency" ? "AGENCY" : "COMMUNE",
  };
}

function identityOf({ body }: Row): Record<string, unknown> {
  return { departmentId: body.departmentId, departmentName: body.name, departmentCode: body.code };
}

/** Five axes: the portal shows CLGQ and TTTT together, their ratio being the mean of both. */
function radarOf({ scores }: View): unknown[] {
  const axis = (code: string, name: string, [points, maximum]: readonly [number, number]) => ({
    code,
    name,
    score: points / 100,
    maxScore: maximum,
    ratio: divideRounded(points * 100, maximum) / 100,
  });
  const online = divideRounded((scores.CLGQ * 10 + scores.TTTT * 12) * 10, 24);
  return [
    axis("CKMB", "Công khai, minh bạch", [scores.CKMB, 18]),
    axis("TDGQ", "Tiến độ giải quyết", [scores.TDGQ, 20]),
    {
      ...axis("ONLINE_SERVICE", "Dịch vụ trực tuyến", [scores.CLGQ + scores.TTTT, 22]),
      ratio: online / 100,
    },
    axis("MDHL", "Mức độ hài lòng", [scores.MDHL, 18]),
    axis("MDSH", "Số hóa hồ sơ", [scores.MDSH, 22]),
  ];
}

function donutsOf({ parent }: View): Record<string, unknown> {
  const { online, received } = parent.counts;
  const { full, partial, none } = parent.procedures;
  const slices = (parts: readonly (readonly [string, string, number])[]) => {
    let all = 0;
    for (const [, , value] of parts) all += value;
    return parts.map(([code, name, value]) => ({ code, name, value, percent: share(10_000, value, all) / 100 }));
  };
  return {
    onlineDossier: slices([
      ["ONLINE", "Trực tuyến", online],
      ["OTHER", "Trực tiếp, bưu chính", received - online],
    ]),
    onlineProvision: slices([
      ["FULL", "Toàn trình", full],
      ["PARTIAL", "Một phần", partial],
      ["NONE", "Chưa cung cấp", none],
    ]),
  };
}

/** The base of the portal's own "growth": last year's value, which is not ours to print. */
function lastYearOf(code: string): number {
  return 4400 + (fingerprint(`last year/${code}`) % 1400);
}
