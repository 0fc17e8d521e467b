import { readHundredths } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { ONLINE_SERVICE, PUBLIC_TABLE } from "../indicators/public-table.ts";
import { lookUp } from "./json.ts";

/** Headings as folded text → what the column holds. A heading not listed here is refused. */
const HEADINGS: Readonly<Record<string, string>> = {
  stt: "number",
  "xếp hạng": "number",
  hạng: "number",
  "mã cơ quan": "unit-code",
  "mã đơn vị": "unit-code",
  mã: "unit-code",
  "tên cơ quan": "name",
  "tên đơn vị": "name",
  "cơ quan": "name",
  "đơn vị": "name",
  "tỉnh, thành phố": "name",
  "tỉnh/thành phố": "name",
  "công khai, minh bạch": "CKMB",
  "công khai minh bạch": "CKMB",
  "tiến độ giải quyết": "TDGQ",
  "tiến độ, kết quả giải quyết": "TDGQ",
  "dịch vụ trực tuyến": ONLINE_SERVICE.code,
  "dịch vụ công trực tuyến": ONLINE_SERVICE.code,
  "cung cấp dịch vụ trực tuyến": ONLINE_SERVICE.code,
  "mức độ hài lòng": "MDHL",
  "mức độ số hóa": "MDSH",
  "số hóa hồ sơ": "MDSH",
  "mức độ số hóa hồ sơ": "MDSH",
  "tổng điểm": TOTAL,
  điểm: TOTAL,
};
/** What a column may hold at most, hundredths of a point. */
export const MAXIMA: Readonly<Record<string, number>> = {
  ...PUBLIC_TABLE.maxima,
  [ONLINE_SERVICE.code]: ONLINE_SERVICE.maximum,
};
/** The columns of points every table must have, the total first. */
export const FIGURES = [TOTAL, "CKMB", "TDGQ", ONLINE_SERVICE.code, "MDHL", "MDSH"] as const;

/** What a heading's column holds. A maximum in parentheses must be the one we know: "Dịch vụ trực tuyến (12)" is another column. */
export function columnOf(heading: string): string | undefined {
  const parts = /^(.*?)\s*(?:\((?:tối đa )?([0-9,]+)?[^)]*\))?$/u.exec(heading.toLocaleLowerCase("vi"));
  const column = lookUp(HEADINGS, parts?.[1]);
  const stated = parts?.[2];
  const maximum = lookUp(MAXIMA, column);
  const agrees = stated === undefined || (maximum !== undefined && readHundredths(stated, ",") === maximum);
  return agrees ? column : undefined;
}
