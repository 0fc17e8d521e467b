import { periodKey } from "../../src/domain/period.ts";
import { type RegisteredUnit, type View, viewOf } from "../../src/domain/view.ts";
import { sourceNamed } from "../../src/sources/index.ts";
import { capturedSnapshot } from "../sources/captures.ts";

/** A real answer beside the checkout, read by its source and arranged; every unit is taken as confirmed. */
export function capturedView(name: string): View {
  const snapshot = capturedSnapshot(name);
  const { observations, units } = sourceNamed(snapshot.source).read(snapshot);
  const register = units.map(
    (unit): RegisteredUnit => ({ ...unit, printName: null, standing: "confirmed", closedFrom: null }),
  );
  const { source, scope, takenAt } = snapshot;
  return viewOf(
    { id: name, source, scope, period: periodKey(snapshot.period), takenAt, complete: true },
    observations,
    register,
  );
}
