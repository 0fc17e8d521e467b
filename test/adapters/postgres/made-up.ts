import type { Observation } from "../../../src/domain/observation.ts";
import type { Answer, Snapshot } from "../../../src/domain/snapshot.ts";
import type { Unit } from "../../../src/domain/unit.ts";
import type { Settled, Store } from "../../../src/pipeline/store.ts";

/** A moment of a made-up October. */
export function at(day: string, time = "06:00"): Date {
  return new Date(`2026-10-${day}T${time}:00+07:00`);
}

export function answer(endpoint: string, body: string, given: Partial<Answer> = {}): Answer {
  return {
    endpoint,
    request: { endpoint, method: "POST", path: `/${endpoint}`, headers: { accept: "application/json" }, body: "{}" },
    status: 201,
    headers: { "content-type": "application/json" },
    body: Buffer.from(body),
    receivedAt: at("09"),
    ...given,
  };
}

export function unit(code: string, name = `UBND xã ${code}`, given: Partial<Unit> = {}): Unit {
  return { code, name, level: "commune", ...given };
}

export function figure(code: string, value: number | null, given: Partial<Observation> = {}): Observation {
  return { unit: code, indicator: "dvc2026.TOTAL", period: "2026", value, answer: 0, ...given };
}

export function reading(units: readonly Unit[], given: Partial<Settled> = {}): Settled {
  const observations = units.map((one, index) => figure(one.code, 8_000 + index));
  return { complete: true, findings: [], sound: [true], observations, units, fingerprint: null, ...given };
}

type Visit = Partial<Omit<Snapshot, "answers">> & { readonly recordedAt?: Date };

/** Opens a snapshot with one archived answer. */
export async function visit(store: Store, { recordedAt = at("20"), ...given }: Visit): Promise<string> {
  const head = {
    source: "evaluation-api",
    scope: "H21",
    period: { kind: "year", year: 2026 },
    takenAt: at("09"),
    ...given,
  } as const;
  const { id } = await store.snapshots.open(head, recordedAt);
  await store.snapshots.archive(id, 0, answer("service-results", `{"scope":"${head.scope}"}`));
  return id;
}

/** Opens a snapshot and settles it with a reading. */
export async function settled(store: Store, given: Visit, read: Settled): Promise<string> {
  const id = await visit(store, given);
  await store.snapshots.settle(id, read);
  return id;
}
