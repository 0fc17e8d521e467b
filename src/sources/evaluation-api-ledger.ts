import { indicatorId } from "../domain/indicator.ts";
import type { Observation } from "../domain/observation.ts";
import { periodKey } from "../domain/period.ts";
import type { Finding, Snapshot } from "../domain/snapshot.ts";
import {
  COUNTRY,
  isProvinceCode,
  isUnitCode,
  type Level,
  normaliseCode,
  PROVINCES,
  type Unit,
} from "../domain/unit.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";
import { groupCover, sumsOff } from "./evaluation-api-agreement.ts";
import type { Notes } from "./findings.ts";
import { belongsToScope } from "./province-catalogue.ts";

/** A row as the portal identifies it. */
export type RowIdentity = {
  readonly id: string;
  /** The publisher's code as it stands in the row: text, null or absent; anything else is noted. */
  readonly code: unknown;
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
  /** Once all answers are read: holds them against each other, and drops rows nobody can name. */
  compare(soundEndpoints: readonly string[], findings: Finding[]): void;
  units(): readonly Unit[];
  observations(): readonly Observation[];
};

/** Opens the ledger of a snapshot. */
export function openLedger(snapshot: Snapshot): Ledger {
  const parent = snapshot.scope === PROVINCES ? COUNTRY : snapshot.scope;
  const ownPeriod = periodKey(snapshot.period);
  const byId = new Map<string, Unit>();
  const idByCode = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  const observations = new Map<string, Observation>();

  /** The code a row states, when it is one of ours; "refused" for a unit of another scope. */
  function stated({ code, id, name }: RowIdentity, notes: Notes): string | null {
    if (code === null || code === undefined || code === "") return null;
    const given = typeof code === "string" ? normaliseCode(code) : "";
    if (!isUnitCode(given)) {
      notes.remark("unit-code", `a unit code in no form we know; the unit is known as X-${id}`, { found: code });
      return null;
    }
    if (snapshot.scope === PROVINCES ? isProvinceCode(given) : belongsToScope(given, snapshot.scope, snapshot.period))
      return given;
    notes.incomplete("wrong-unit", `a unit that does not belong to ${snapshot.scope}`, { unit: given, found: name });
    return "refused";
  }

  function identify(row: RowIdentity, notes: Notes): string | null {
    const given = stated(row, notes);
    if (given === "refused") return null;
    const known = byId.get(row.id);
    if (known !== undefined && (given === null || given === known.code)) return known.code;
    const code = given ?? `X-${row.id}`;
    const otherId = idByCode.get(code);
    if (otherId !== undefined && otherId !== row.id) {
      notes.incomplete("duplicate-unit", "one unit code under two portal ids", { unit: code, found: row.id });
      return null;
    }
    if (known?.code.startsWith("X-") === true) return learnCode(known, code);
    if (known !== undefined) {
      notes.incomplete("unit-two-codes", `one portal id with two codes, ${known.code} before`, {
        unit: code,
        found: row.id,
      });
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

  /** Without a sound ranking nobody says whether a row without code is a unit: such rows are not kept. */
  function dropNameless(): void {
    for (const [id, unit] of [...byId]) if (unit.code.startsWith("X-")) byId.delete(id);
    for (const [key, { unit }] of [...observations]) if (unit.startsWith("X-")) observations.delete(key);
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
      if (!soundEndpoints.includes("service-results")) return dropNameless();
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
