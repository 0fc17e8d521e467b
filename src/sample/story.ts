import type { Day } from "../domain/calendar.ts";
import type { Counts } from "./counts.ts";
import type { Character } from "./traits.ts";

/**
 * Something that happens to a body on a day, on top of its ordinary days. `backfill`: the publisher restates the running year;
 * months and quarters stay as they were.
 */
export type Happening = {
  readonly day: Day;
  readonly adds: Partial<Counts>;
  readonly backfill?: boolean;
};

/** A body whose character is written, not drawn. `twinOf`: shares another body's luck, so that ranks have ties on every day. */
export type Override = {
  readonly twinOf?: string;
  readonly character?: Partial<Character>;
};

const NO_PROCEDURES = { full: 0, partial: 0, none: 3, withFee: 0, paidOnline: 0, paidDossier: 0, all: 3, connected: 0 };

/** The bodies of the demonstration by what they show; tests and readers name them from here. */
export const CAST = {
  /** Falls by 3,70 points between 5 and 9 October 2026: a batch of old dossiers, late and on paper. */
  fallingAgency: "H21.05",
  /** Its first petition, unresolved, between 9 and 12 October: 12,00 points of satisfaction. */
  firstPetition: "H21.133",
  /** Its only petition, open since 2 October, is settled on the 11th: 12,00 points back. */
  recovered: "H21.171",
  /** Fewer than 30 dossiers a year. */
  fewDossiers: "H21.158",
  /** No payment is ever due: 0/0. */
  noObligation: "H21.146",
  /** No dossier at all: the portal's floor of 16 points. */
  noDossiers: "H21.14",
  /** An agency whose late updates (8 October) and one whose timely publications (11 October) are added to the year. */
  lateUpdates: "H21.12",
  timelyPublications: "H21.11",
  /** Provinces whose transparency the publisher restates on 11 October 2026, upwards and downwards. */
  restatedUp: "H18",
  restatedDown: "H61",
} as const;

export const OVERRIDES: Readonly<Record<string, Override>> = {
  [CAST.fallingAgency]: { character: { rate: 6, petitionRate: 0, onTime: 0.95 } },
  [CAST.firstPetition]: { character: { petitionRate: 0, rate: 9, satisfied: 0.86 } },
  [CAST.recovered]: { character: { petitionRate: 0, rate: 7 } },
  [CAST.fewDossiers]: { character: { petitionRate: 0, rate: 0.07 } },
  [CAST.noObligation]: { character: { petitionRate: 0, obliged: 0 } },
  [CAST.noDossiers]: { character: { petitionRate: 0, rate: 0, publishes: 0, procedures: NO_PROCEDURES } },
  [CAST.restatedUp]: { character: { publishes: 0 } },
  "H21.117": { twinOf: "H21.109" },
  "H21.204": { twinOf: "H21.188" },
};

/** Bodies that have no ordinary days in a stretch, so that what happens to them there is exact. First and last day. */
export const QUIET: Readonly<Record<string, readonly [Day, Day]>> = {
  [CAST.fallingAgency]: ["2026-10-02", "2026-10-12"],
  [CAST.firstPetition]: ["2026-10-02", "2026-10-12"],
  [CAST.recovered]: ["2026-10-03", "2026-10-12"],
};

export const HAPPENINGS: Readonly<Record<string, readonly Happening[]>> = {
  [CAST.fallingAgency]: [
    { day: "2026-10-07", adds: { received: 256, onTime: 3, online: 102, synced: 230, satisfied: 97, electronic: 60 } },
  ],
  [CAST.lateUpdates]: [{ day: "2026-10-08", backfill: true, adds: { updated: 12, updatedOnTime: 1 } }],
  [CAST.timelyPublications]: [{ day: "2026-10-11", backfill: true, adds: { published: 38, publishedOnTime: 36 } }],
  [CAST.firstPetition]: [{ day: "2026-10-10", adds: { petitions: 1, petitionsRules: 1 } }],
  [CAST.recovered]: [
    { day: "2026-10-02", adds: { petitions: 1, petitionsRules: 1 } },
    { day: "2026-10-11", adds: { petitionsOnTime: 1, petitionsSatisfied: 1 } },
  ],
  [CAST.restatedUp]: [
    { day: "2026-10-11", backfill: true, adds: { published: 84, publishedOnTime: 63, updated: 80, updatedOnTime: 52 } },
  ],
  [CAST.restatedDown]: [{ day: "2026-10-11", backfill: true, adds: { published: 130, publishedOnTime: 4 } }],
};
