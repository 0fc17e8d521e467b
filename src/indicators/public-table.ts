import type { Scheme } from "../domain/indicator.ts";

/** The group of 22 points the public ranking prints where the API gives CLGQ and TTTT. */
export const ONLINE_SERVICE = { code: "ONLINE_SERVICE", maximum: 2200 } as const;

/** What the public ranking page shows: five columns. CLGQ and TTTT stay absent: they cannot be told apart there. */
export const PUBLIC_TABLE: Scheme = {
  id: "dvctable",
  decimals: 2,
  groups: ["CKMB", "TDGQ", "MDHL", "MDSH"],
  maxima: { TOTAL: 10000, CKMB: 1800, TDGQ: 2000, CLGQ: 1200, TTTT: 1000, MDHL: 1800, MDSH: 2200 },
  components: [],
};
