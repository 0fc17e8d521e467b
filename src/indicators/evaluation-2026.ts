import type { Component, Scheme } from "../domain/indicator.ts";

/** Maxima of Decision 766/QĐ-TTg as the portal splits them: its 22 points for online service are 12 (CLGQ) and 10 (TTTT). */
const MAXIMA = { TOTAL: 10000, CKMB: 1800, TDGQ: 2000, CLGQ: 1200, TTTT: 1000, MDHL: 1800, MDSH: 2200 } as const;

/**
 * The components the portal publishes since 2026 with numerator, denominator and score.
 * `repairable`: done late still counts, because the denominator is fixed (digitising, synchronising).
 */
const COMPONENTS: readonly Component[] = [
  {
    group: "CKMB",
    code: "PUBLISH_ON_TIME",
    title: "công bố đúng hạn",
    maximum: 600,
    repairable: false,
    counted: "thủ tục",
  },
  {
    group: "CKMB",
    code: "PUBLIC_UPDATE_ON_TIME",
    title: "công khai đúng hạn",
    maximum: 400,
    repairable: false,
    counted: "thủ tục",
  },
  {
    group: "CKMB",
    code: "PUBLIC_CONTENT_FULL",
    title: "nội dung công khai đầy đủ",
    maximum: 200,
    repairable: true,
    counted: "thủ tục",
  },
  { group: "CKMB", code: "DOSSIER_SYNC", title: "đồng bộ hồ sơ", maximum: 600, repairable: true, counted: "hồ sơ" },
  {
    group: "MDHL",
    code: "PETITION_CLASSIFICATION_TTHC",
    title: "phản ánh, kiến nghị về thủ tục hành chính",
    maximum: 0,
    repairable: false,
    counted: "phản ánh, kiến nghị",
  },
  {
    group: "MDHL",
    code: "PETITION_CLASSIFICATION_STAFF",
    title: "phản ánh, kiến nghị về cán bộ",
    maximum: 0,
    repairable: false,
    counted: "phản ánh, kiến nghị",
  },
  {
    group: "MDHL",
    code: "PETITION_PROCESSING_ON_TIME",
    title: "xử lý phản ánh, kiến nghị đúng hạn",
    maximum: 600,
    repairable: false,
    counted: "phản ánh, kiến nghị",
  },
  {
    group: "MDHL",
    code: "PETITION_HANDLING_SATISFACTION",
    title: "hài lòng về xử lý phản ánh, kiến nghị",
    maximum: 600,
    repairable: false,
    counted: "phản ánh, kiến nghị",
  },
  {
    group: "MDHL",
    code: "DOSSIER_RECEIVING_SATISFACTION",
    title: "hài lòng trong tiếp nhận, giải quyết",
    maximum: 600,
    repairable: false,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "ORIGINAL_RESULT_AVAILABLE",
    title: "cấp kết quả điện tử",
    maximum: 600,
    repairable: true,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "SO_HOA_GIAY_TO_GIAI_QUYET",
    title: "số hóa thành phần hồ sơ",
    maximum: 400,
    repairable: true,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "REUSED_DIGITIZED_DATA",
    title: "khai thác, sử dụng lại dữ liệu số hóa",
    maximum: 200,
    repairable: true,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "SYNCED_WITH_DVCQG_PERSONAL_STORAGE",
    title: "kho dữ liệu cá nhân",
    maximum: 400,
    repairable: true,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "CITIZEN_DATA_CONNECTED_DOSSIER",
    title: "sử dụng dữ liệu dân cư",
    maximum: 200,
    repairable: true,
    counted: "hồ sơ",
  },
  {
    group: "MDSH",
    code: "CITIZEN_DATA_CONNECTED_FORMALITY",
    title: "thủ tục kết nối dữ liệu dân cư",
    maximum: 200,
    repairable: true,
    counted: "thủ tục",
  },
  {
    group: "MDSH",
    code: "ELECTRONIC_CERTIFIED_COPY",
    title: "bản sao chứng thực điện tử",
    maximum: 200,
    repairable: true,
    counted: "hồ sơ",
  },
];

/** What the portal's evaluation API speaks in since 2026. Two decimals. */
export const EVALUATION_2026: Scheme = {
  id: "dvc2026",
  decimals: 2,
  groups: ["CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH"],
  maxima: MAXIMA,
  components: COMPONENTS,
};

/** Counts the portal gives beside the scores, as observation codes. The publisher's field names are on the right. */
export const COUNTS = {
  TDGQ: { received: "totalReceived", onTime: "totalOnTime", overdue: "totalOverdue", completed: "totalCompleted" },
  CLGQ: {
    full: "fullCount",
    partial: "partialCount",
    authority: "authorityCount",
    onlineDossiers: "onlineDossierCount",
    services: "onlineServiceTotal",
    channelOnline: "channelOnlineSum",
    channelDirect: "channelDirectSum",
    channelPostal: "channelPostalSum",
    channelTotal: "channelTotalSum",
    onlineOnTime: "onlineOnTimeSum",
    onlineOverdue: "onlineOverdueSum",
  },
  TTTT: {
    paidOnline: "totalDossierOnlinePaymentSuccess",
    obligation: "totalDossierFinancialObligation",
    formalityPaidOnline: "totalDossierOnlineFormalityPaymentSuccess",
    formalityWithFee: "totalFeeDossierFormality",
    formalityFeeDistinct: "totalFeeDossierFormalityDistinct",
    formalityFee: "totalFeeFormality",
  },
  MDHL: { petitions: "totalPetitions", classified: "classifiedPetitions", dossiers: "totalDossiers" },
} as const;
