import { stringify } from "csv-stringify/sync";
import type { CellObject } from "write-excel-file/node";
import writeXlsxFile from "write-excel-file/node";
import type { Recipient } from "../domain/delivery.ts";

/** A unit as the list to fill in shows it, with those who are on the list now. */
export type TemplateUnit = {
  readonly code: string;
  readonly name: string;
  readonly level: string;
  readonly recipients: readonly Recipient[];
};

/** Column, width in letters, and what a Vietnamese reader writes there. */
const COLUMNS: readonly (readonly [string, number, string])[] = [
  ["unit", 12, "# Mã đơn vị (không sửa). Dòng bắt đầu bằng dấu # là ghi chú, không được đọc"],
  ["print_name", 42, "Tên đơn vị như in trên bản tin (không đọc khi nhập)"],
  ["block", 18, "Khối xếp hạng (không đọc khi nhập)"],
  ["email", 34, "Địa chỉ thư công vụ; để trống cả thư, họ tên và chức vụ nếu chưa có"],
  ["name", 28, "Họ và tên người nhận"],
  ["position", 30, "Chức vụ"],
  ["bulletins", 14, "daily: điểm tin ngày; weekly: bản tin tuần; cả hai: daily;weekly"],
  ["role", 12, "head: thủ trưởng; deputy: cấp phó; copy: nhận để biết; committee: Ban Chỉ đạo"],
  ["from", 12, "Nhận từ ngày (2026-10-12 hoặc 12/10/2026); trống: ngay"],
  [
    "until",
    12,
    "Nhận đến hết ngày; trống: không thời hạn. Đổi thủ trưởng: ghi ngày cuối ở đây và thêm một dòng cho người mới",
  ],
];
const BLOCKS: Readonly<Record<string, string>> = {
  province: "tỉnh",
  agency: "sở, ban, ngành",
  commune: "xã, phường",
  district: "huyện",
};
/** Rows for people who are added: deputies, copies, the committee. */
const SPARE_ROWS = 200;

/** The list to fill in as CSV with a byte order mark, formulas defused. */
export function templateCsv(units: readonly TemplateUnit[]): string {
  const notes = COLUMNS.map(([, , note]) => note);
  const columns = COLUMNS.map(([column]) => column);
  return stringify([columns, notes, ...rowsOf(units)], { bom: true, escape_formulas: true });
}

/** The same as a workbook: one sheet, every cell formatted as text, so that nothing typed or stored becomes a formula or a number. */
export async function templateXlsx(units: readonly TemplateUnit[]): Promise<Buffer> {
  const text = (value: string, style: Partial<CellObject> = {}): CellObject => ({
    ...{ value, type: String, format: "@" },
    ...style,
  });
  const head = COLUMNS.map(([column]) => text(column, { fontWeight: "bold", backgroundColor: "#d9e2f3" }));
  const notes = COLUMNS.map(([, , note]) => text(note, { wrap: true, fontStyle: "italic", alignVertical: "top" }));
  const rows = rowsOf(units).map((row) => row.map((cell) => text(cell)));
  const spare = Array.from({ length: SPARE_ROWS }, () => COLUMNS.map(() => text("")));
  const sheet = {
    ...{ sheet: "nguoi-nhan", stickyRowsCount: 2 },
    columns: COLUMNS.map(([, width]) => ({ width })),
  };
  return writeXlsxFile([head, notes, ...rows, ...spare], sheet).toBuffer();
}

function rowsOf(units: readonly TemplateUnit[]): readonly (readonly string[])[] {
  return units.flatMap(({ code, name, level, recipients }) => {
    const unit = [code, name, BLOCKS[level] ?? level];
    if (recipients.length === 0) return [[...unit, "", "", "", "daily", "head", "", ""]];
    return recipients.map(({ email, name: person, position, bulletins, role = "head", from = "", until = "" }) => [
      ...unit,
      ...[email, person, position, bulletins.join(";"), role, from, until],
    ]);
  });
}
