import { TOTAL } from "../domain/indicator.ts";
import type { Finding } from "../domain/snapshot.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { finding } from "./findings.ts";

/** Of the units in the ranking, the share a group answer must hold for the snapshot to be complete (Quảng Ninh: 68 of 71). */
const GROUP_COVER = 0.95;
/** Totals and groups come from different refreshes of the portal; beyond 0,05 points the unit is flagged. */
const REFRESH_TOLERANCE = 5;
/** When more than a tenth of the units are beyond it, the answers do not belong together. */
const REFRESH_SHARE = 0.1;

/** Units of the ranking that a group answer does not hold: each flagged; below 95 % the snapshot is incomplete. */
export function groupCover(endpoint: string, ranked: ReadonlySet<string>, group: ReadonlySet<string>): Finding[] {
  const missing = [...ranked].filter((code) => !group.has(code));
  const findings = missing.map((unit) =>
    finding({
      source: "evaluation-api",
      endpoint,
      severity: "remark",
      code: "unit-without-group",
      what: "a ranked unit is missing from this group",
      place: { unit },
    }),
  );
  const held = ranked.size - missing.length;
  if (held < ranked.size * GROUP_COVER) {
    const what = `a group answer holds ${held} of ${ranked.size} units, fewer than 95 %`;
    findings.push(
      finding({ source: "evaluation-api", endpoint, severity: "incomplete", code: "group-cover", what, place: {} }),
    );
  }
  for (const unit of group) {
    if (!ranked.has(unit))
      findings.push(
        finding({
          source: "evaluation-api",
          endpoint,
          severity: "remark",
          code: "unit-not-ranked",
          what: "a unit the ranking does not hold",
          place: { unit },
        }),
      );
  }
  return findings;
}

type Lookup = (unit: string, code: string) => number | null | undefined;

/** Flags units whose six groups do not add up to their total (answers of different refreshes). */
export function sumsOff(ranked: ReadonlySet<string>, value: Lookup): Finding[] {
  const findings: Finding[] = [];
  let compared = 0;
  let beyond = 0;
  for (const unit of ranked) {
    const total = value(unit, TOTAL);
    const groups = EVALUATION_2026.groups.map((group) => value(unit, group));
    if (typeof total !== "number" || groups.some((group) => typeof group !== "number")) continue;
    compared += 1;
    const sum = groups.reduce<number>((all, group) => all + (group ?? 0), 0);
    if (sum === total) continue;
    if (Math.abs(sum - total) > REFRESH_TOLERANCE) beyond += 1;
    const what = `the six groups add up to ${sum / 100}, the total says ${total / 100}`;
    findings.push(
      finding({ source: "evaluation-api", endpoint: null, severity: "remark", code: "sum-off", what, place: { unit } }),
    );
  }
  if (beyond > compared * REFRESH_SHARE) {
    const what = `${beyond} of ${compared} units have a total more than 0.05 off their groups: the answers belong to different refreshes`;
    findings.push(
      finding({
        source: "evaluation-api",
        endpoint: null,
        severity: "incomplete",
        code: "refreshes-differ",
        what,
        place: {},
      }),
    );
  }
  return findings;
}
