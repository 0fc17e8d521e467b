import { mean } from "../domain/figure.ts";
import type { SampleBody } from "./bodies.ts";
import type { Figures, SampleMetric } from "./scoring.ts";
import type { View } from "./view.ts";

/** A page of rows as a question asks for it. */
export type Page = { readonly currentPage: number; readonly pageSize: number };

const NAMES: Readonly<Record<string, string>> = {
  PUBLISH_ON_TIME: "Thủ tục hành chính công bố đúng hạn",
  PUBLIC_UPDATE_ON_TIME: "Thủ tục hành chính cập nhật, công khai đúng hạn",
  PUBLIC_CONTENT_FULL: "Thủ tục hành chính công khai đủ nội dung",
  DOSSIER_SYNC: "Hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia",
  PETITION_CLASSIFICATION_TTHC: "Phản ánh, kiến nghị về quy định, thủ tục",
  PETITION_CLASSIFICATION_STAFF: "Phản ánh, kiến nghị về cán bộ, công chức",
  DOSSIER_RECEIVING_SATISFACTION: "Hài lòng trong tiếp nhận, giải quyết hồ sơ",
  PETITION_PROCESSING_ON_TIME: "Phản ánh, kiến nghị xử lý đúng hạn",
  PETITION_HANDLING_SATISFACTION: "Hài lòng về xử lý phản ánh, kiến nghị",
  ORIGINAL_RESULT_AVAILABLE: "Hồ sơ có kết quả điện tử",
  SO_HOA_GIAY_TO_GIAI_QUYET: "Hồ sơ được số hóa thành phần",
  REUSED_DIGITIZED_DATA: "Hồ sơ khai thác lại dữ liệu số hóa",
  SYNCED_WITH_DVCQG_PERSONAL_STORAGE: "Hồ sơ kết nối kho dữ liệu cá nhân",
  CITIZEN_DATA_CONNECTED_DOSSIER: "Hồ sơ dùng dữ liệu dân cư",
  CITIZEN_DATA_CONNECTED_FORMALITY: "Thủ tục kết nối dữ liệu dân cư",
  ELECTRONIC_CERTIFIED_COPY: "Chứng thực bản sao điện tử",
};

const KINDS = {
  province: ["PROVINCE", "PROVINCE", "level_1"],
  agency: ["PROVINCIAL_DEPARTMENT", "PROVINCE", "level_2"],
  commune: ["COMMUNE_PEOPLE_COMMITTEE", "COMMUNE", "level_2"],
} as const;

/** The answer of transparency (CKMB): no codes in its rows, as on the portal. */
export function transparencyOf(view: View, page: Page): Record<string, unknown> {
  const row = (body: SampleBody | null, figures: Figures, stt: number) => ({
    ...headOf(body, stt),
    ...scoreOf(figures.groups.CKMB, 18),
    scoreDelta: null,
    metrics: figures.transparency.map(metricOf),
  });
  const average = mean(view.rows.map(({ figures }) => figures.groups.CKMB));
  const overview = { ...row(view.place, view.parent, 1), averageScore: average === null ? null : average / 100 };
  return { overview, monthlyChart: [], ...pagedRows(view, page, row), source: "sample transparency" };
}

/** The answer of handling-satisfaction (MDHL): petitions and dossiers counted beside the metrics. */
export function satisfactionOf(view: View, page: Page): Record<string, unknown> {
  const row = (body: SampleBody | null, figures: Figures, stt: number) => ({
    ...headOf(body, stt),
    ...scoreOf(figures.groups.MDHL, 18),
    scoreDelta: null,
    metrics: figures.satisfaction.map(metricOf),
    totalPetitions: figures.counts.petitions,
    classifiedPetitions: figures.counts.petitions,
    totalDossiers: figures.counts.received,
    averageScore: null,
  });
  const overview = row(view.place, view.parent, 1);
  return { overview, ...pagedRows(view, page, row), source: "sample satisfaction" };
}

/** The answer of dossier-digitized (MDSH): its rows do have codes. */
export function digitizedOf(view: View, page: Page): Record<string, unknown> {
  const row = (body: SampleBody | null, figures: Figures, stt: number) => ({
    ...headOf(body, stt),
    departmentCode: body?.code ?? null,
    ...scoreOf(figures.groups.MDSH, 22),
    metrics: figures.digitized.map(metricOf),
    scoreDelta: null,
  });
  const overview = row(view.place, view.parent, 1);
  return { overview, ...pagedRows(view, page, row), source: "sample digitisation" };
}

/** A score with its maximum and ratio in percent, two decimals. */
export function scoreOf(hundredths: number, maximum: number) {
  return {
    totalScore: hundredths / 100,
    totalMaxScore: maximum,
    ratio: Math.round((hundredths * 100) / maximum) / 100,
  };
}

function headOf(body: SampleBody | null, stt: number) {
  const [departmentType, departmentLevel, agencyLevel] = KINDS[body?.level ?? "province"];
  const departmentId = body?.departmentId ?? null;
  return { stt, departmentId, departmentName: body?.name ?? "Cả nước", departmentType, departmentLevel, agencyLevel };
}

function metricOf({ code, numerator, denominator, ratio, score, maximum }: SampleMetric) {
  const points = (hundredths: number | null) => (hundredths === null ? null : hundredths / 100);
  const metric = {
    code,
    name: NAMES[code] ?? code,
    numerator,
    denominator,
    ratio: points(ratio),
    score: points(score),
    maxScore: maximum / 100,
  };
  if (code !== "DOSSIER_SYNC") return metric;
  return denominator === 0
    ? { ...metric, dataQualityStatus: "NO_NATIONAL_REPORT_DATA", dataQualityMessage: "Chưa có số liệu tổng hợp." }
    : { ...metric, dataQualityStatus: "TEMP_NATIONAL_REPORT_DENOMINATOR", dataQualityMessage: "Mẫu số tạm tính." };
}

function pagedRows<T>(
  { rows }: View,
  { currentPage, pageSize }: Page,
  shape: (body: SampleBody, figures: Figures, stt: number) => T,
) {
  const start = (currentPage - 1) * pageSize;
  return {
    evaluation: rows
      .slice(start, start + pageSize)
      .map(({ body, figures }, index) => shape(body, figures, start + index + 1)),
    pagination: { total: rows.length, currentPage, pageSize, totalPages: Math.ceil(rows.length / pageSize) },
  };
}
