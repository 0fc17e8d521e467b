import { GROUPS, type Group, type Headline, TOTAL } from "../domain/indicator.ts";

/** Names of the groups as printed. */
export const GROUP_TITLES: Readonly<Record<Group, string>> = {
  CKMB: "Công khai, minh bạch",
  TDGQ: "Tiến độ giải quyết",
  CLGQ: "Dịch vụ công trực tuyến",
  TTTT: "Thanh toán trực tuyến",
  MDHL: "Mức độ hài lòng",
  MDSH: "Số hóa hồ sơ",
};

/** The printed name of TOTAL or a group. */
export function headlineTitle(code: Headline): string {
  return code === TOTAL ? "Tổng điểm" : GROUP_TITLES[code];
}

/** The groups in the order of every table. */
export const GROUP_ORDER = GROUPS;
