import type { SampleBody } from "./bodies.ts";
import { between, sequence } from "./random.ts";
import { OVERRIDES } from "./story.ts";
import type { Character, Procedures } from "./traits.ts";

/** A body's character; the same for ever. Some have one written for them by the story. */
export function characterOf(body: SampleBody): Character {
  const override = OVERRIDES[body.code] ?? {};
  const draw = sequence(`character/${override.twinOf ?? body.code}`);
  const share = (low: number, high: number) => between(draw, low, high);
  const size = body.level === "province" ? 120 : 1;
  const drawn: Character = {
    rate: size * 3 * 12 ** draw(),
    petitionRate:
      body.level === "province"
        ? share(0.8, 2.5)
        : draw() < (body.level === "agency" ? 0.5 : 0.2)
          ? share(0.02, 0.08)
          : 0,
    updateChance: body.level === "province" ? 0.7 : 0.12,
    onTime: share(0.8, 1.02),
    online: share(0.84, 1.02),
    synced: share(0.9, 1.05),
    obliged: share(0.3, 0.6),
    paid: share(0.65, 0.98),
    satisfied: share(0.68, 0.95),
    electronic: share(0.55, 0.85),
    digitised: share(0.05, 0.4),
    reused: share(0, 0.35),
    citizen: share(0.35, 0.85),
    petitionsOnTime: share(0.55, 0.95),
    petitionsSatisfied: share(0.35, 0.75),
    publishes: body.level === "commune" ? 0 : size === 1 ? Math.round(share(4, 16)) : Math.round(share(60, 140)),
    publishedOnTime: share(0.3, 0.75),
    processingDays: share(2, 9),
    procedures: proceduresOf(body),
  };
  return { ...drawn, ...override.character };
}

function proceduresOf(body: SampleBody): Procedures {
  const draw = sequence(`procedures/${OVERRIDES[body.code]?.twinOf ?? body.code}`);
  const whole = (low: number, high: number) => Math.round(between(draw, low, high));
  const all =
    body.level === "province" ? whole(1200, 1700) : body.level === "agency" ? whole(40, 120) : whole(330, 390);
  const withFee = Math.max(4, Math.round(all * 0.12));
  const paidOnline = Math.round(withFee * between(draw, 0.15, 0.6));
  return {
    full: Math.round(all * between(draw, 0.3, 0.7)),
    partial: Math.round(all * between(draw, 0.1, 0.28)),
    none: whole(1, 3),
    withFee,
    paidOnline,
    paidDossier: Math.round(paidOnline * between(draw, 0.2, 0.8)),
    all,
    connected: Math.round(all * between(draw, 0.05, 0.3)),
  };
}
