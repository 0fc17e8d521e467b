import { indicatorId, TOTAL } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import { periodKey } from "../domain/period.ts";
import type { Finding, Snapshot } from "../domain/snapshot.ts";
import { COUNTRY, isUnitCode, type Level, normaliseCode, PROVINCES, type Unit } from "../domain/unit.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { finding, type Notes } from "./findings.ts";

/** A row as the portal identifies it. */
export type RowIdentity = {
  readonly id: string;
  readonly code: string | null;
  readonly name: string;
  readonly level: Level;
};

/** Everything read from one snapshot so far: who the rows are, what they say, which endpoint spoke of whom. */
export type Ledger = {
  readonly scope: string;
  readonly year: number;
  /** The scope's own place: the province's code, or VN. Its figures are kept, but it is no unit of the scope. */
  readonly parent: string;
  /** The code a row is known by across the answers; notes contradictions and gives null. Parents are not registered. */
  identify(row: RowIdentity, notes: Notes): string | null;
  /** True the first time an endpoint speaks of a unit. */
  member(endpoint: string, code: string): boolean;
  put(figure: {
    unit: string;
    code: string;
    value: number | null;
    answer: number;
    period?: string;
    flag?: string;
  }): void;
  compare(soundEndpoints: readonly string[], findings: Finding[]): void;
  units(): readonly Unit[];
  observations(): readonly Observation[];
};

/** Of the units in the ranking, the share a group answer must hold for the snapshot to be complete (Quảng Ninh: 68 of 71). */
const GROUP_COVER = 0.95;
/** Totals and groups come from different refreshes of the portal; beyond 0,05 points the unit is flagged. */
const REFRESH_TOLERANCE = 5;
/** When more than a tenth of the units are beyond it, the answers do not belong together. */
const REFRESH_SHARE = 0.1;

/** Opens the ledger of a snapshot. */
export function openLedger(snapshot: Snapshot): Ledger {
  const parent = snapshot.scope === PROVINCES ? COUNTRY : snapshot.scope;
  const ownPeriod = periodKey(snapshot.period);
  const byId = new Map<string, Unit>();
  const idByCode = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  const observations = new Map<string, Observation>();

  function identify(row: RowIdentity, notes: Notes): string | null {
    const known = byId.get(row.id);
    const given = row.code === null ? null : normaliseCode(row.code);
    if (given !== null && !isUnitCode(given)) {
      notes.incomplete("unit-code", "a unit code we cannot read", { found: row.code });
      return null;
    }
    if (given !== null && snapshot.scope !== PROVINCES && !given.startsWith(`${snapshot.scope}.`)) {
      notes.incomplete("wrong-unit", `a unit that does not belong to ${snapshot.scope}`, {
        unit: given,
        found: row.name,
      });
      return null;
    }
    if (known !== undefined) {
      if (given === null || given === known.code) return known.code;
      if (known.code.startsWith("X-")) return learnCode(known, given);
      notes.incomplete("unit-two-codes", `one portal id with two codes, ${known.code} before`, {
        unit: given,
        found: row.id,
      });
      return null;
    }
    const code = given ?? `X-${row.id}`;
    const otherId = idByCode.get(code);
    if (otherId !== undefined && otherId !== row.id) {
      notes.incomplete("duplicate-unit", "one unit code under two portal ids", { unit: code, found: row.id });
      return null;
    }
    idByCode.set(code, row.id);
    const province = snapshot.scope === PROVINCES ? {} : { parent: snapshot.scope };
    byId.set(row.id, { code, name: row.name, level: row.level, portalId: row.id, ...province });
    return code;
  }

  /** A later answer names the code of a row known so far by its portal id only. */
  function learnCode(known: Unit, code: string): string {
    byId.set(known.portalId ?? "", { ...known, code });
    idByCode.set(code, known.portalId ?? "");
    for (const codes of members.values()) if (codes.delete(known.code)) codes.add(code);
    for (const [key, observation] of [...observations]) {
      if (observation.unit !== known.code) continue;
      observations.delete(key);
      observations.set(keyOf({ ...observation, unit: code }), { ...observation, unit: code });
    }
    return code;
  }

  function member(endpoint: string, code: string): boolean {
    const codes = members.get(endpoint) ?? new Set<string>();
    members.set(endpoint, codes);
    if (codes.has(code)) return false;
    codes.add(code);
    return true;
  }

  function put(figure: Parameters<Ledger["put"]>[0]): void {
    const observation: Observation = {
      unit: figure.unit,
      indicator: indicatorId(EVALUATION_2026, figure.code),
      period: figure.period ?? ownPeriod,
      value: figure.value,
      answer: figure.answer,
      ...(figure.flag === undefined ? {} : { flag: figure.flag }),
    };
    // Said twice: the scope's own groups come from the ranking's radar and again from the group answers. The first stays.
    if (!observations.has(keyOf(observation))) observations.set(keyOf(observation), observation);
  }

  return {
    scope: snapshot.scope,
    year: snapshot.period.year,
    parent,
    identify,
    member,
    put,
    compare: (soundEndpoints, findings) => {
      const ranked = members.get("service-results") ?? new Set();
      if (!soundEndpoints.includes("service-results") || ranked.size === 0) return;
      for (const endpoint of soundEndpoints) {
        if (endpoint !== "service-results")
          findings.push(...groupCover(endpoint, ranked, members.get(endpoint) ?? new Set()));
      }
      findings.push(
        ...sumsOff(
          ranked,
          (unit, code) => observations.get(`${unit}|${indicatorId(EVALUATION_2026, code)}|${ownPeriod}`)?.value,
        ),
      );
    },
    units: () => [...byId.values()].filter((unit) => unit.code !== parent),
    observations: () => [...observations.values()],
  };
}

function keyOf(observation: Observation): string {
  return `${observation.unit}|${observation.indicator}|${observation.period}`;
}

/** Units of the ranking that a group answer does not hold: each flagged; below 95 % the snapshot is incomplete. */
function groupCover(endpoint: string, ranked: ReadonlySet<string>, group: ReadonlySet<string>): Finding[] {
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
function sumsOff(ranked: ReadonlySet<string>, value: Lookup): Finding[] {
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
