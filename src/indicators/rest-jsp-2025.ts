import type { Scheme } from "../domain/indicator.ts";

/**
 * What the portal's rest.jsp service spoke in, 2022 to 2025: the same six groups and maxima, another scoring base
 * (mean of 34 provinces 86,49 in October 2025 against 62,58 in October 2026), so the two are never joined or compared.
 * CLGQ is "Dịch vụ công trực tuyến" (12) and TTTT "Thanh toán trực tuyến" (10); some documents have them swapped.
 */
export const REST_JSP_2025: Scheme = {
  id: "dvc2025",
  decimals: 2,
  groups: ["CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH"],
  maxima: { TOTAL: 10000, CKMB: 1800, TDGQ: 2000, CLGQ: 1200, TTTT: 1000, MDHL: 1800, MDSH: 2200 },
  components: [],
};
