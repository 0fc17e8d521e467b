/** From when on the analysis says something. Points in hundredths, shares in whole percent, days as days. */
export type Thresholds = {
  /** Portal-wide shifts: changes from `take` on are looked at; a window is ± the larger of `window` and `windowPercent` of its middle. */
  readonly shift: {
    readonly take: number;
    readonly window: number;
    readonly windowPercent: number;
    /** The least number of units that moved alike. */
    readonly units: number;
    /** Of the units that had room: from here on everybody moved … */
    readonly massPercent: number;
    /** … or many did, by at least `partialFrom`. */
    readonly partialPercent: number;
    readonly partialFrom: number;
  };
  /** A group that drops to 0 or blank in so many units of a block at once is the source's fault, never their fall. */
  readonly zero: { readonly percent: number; readonly units: number };
  /** A single unit's jump: at least `from`, and `factor` times an even day's share of the maximum; pairs at most `days` apart. */
  readonly jump: { readonly from: number; readonly factor: number; readonly days: number };
  /** A trend: so many working-day steps, so many of one sign, at least this sum. */
  readonly trend: { readonly steps: number; readonly agree: number; readonly sum: number };
  /** A large change stays on the page for so many issues. */
  readonly memory: { readonly issues: number };
  /** Counts that grew by fewer than this say nothing about how a unit works now. */
  readonly flow: { readonly dossiers: number };
};

/** The defaults; tried on real answers of October 2025 and October 2026. */
export const THRESHOLDS: Thresholds = {
  shift: { take: 50, window: 10, windowPercent: 10, units: 5, massPercent: 80, partialPercent: 30, partialFrom: 100 },
  zero: { percent: 20, units: 3 },
  jump: { from: 100, factor: 3, days: 3 },
  trend: { steps: 10, agree: 9, sum: 50 },
  memory: { issues: 5 },
  flow: { dossiers: 10 },
};
