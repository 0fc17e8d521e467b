import type { Block, Cell, Column, Content, Edition, Row, Run, Table } from "../../src/domain/edition.ts";
import type { OfficePapers, ReportFrame } from "../../src/domain/office.ts";

/** Editions with the texts of the design's targets, and hard ones made from them. */

const left = (title: string, width: number): Column => ({ title, align: "left", width });
const right = (title: string, width: number): Column => ({ title, align: "right", width });
const cells = (...texts: string[]): Cell[] => texts.map((text) => ({ text }));
const item = (text: string): Block => ({ kind: "item", runs: [{ text }] });

/** A table cell of the score column, with its bar. */
const score = (text: string): Cell => {
  const [points = "0", most = "1"] = text.split("/");
  return { text, share: Number(points.replace(",", ".")) / Number(most) };
};

const GROUPS: Table = {
  caption: "Sáu nhóm chỉ số, lũy kế năm 2026, so với bản tin ngày 09/10",
  columns: [
    left("Nhóm chỉ số", 24),
    right("Điểm/tối đa", 12),
    right("So với 09/10", 12),
    right("Bình quân khối", 12),
    left("Số liệu gốc trên Cổng", 40),
  ],
  rows: [
    ["Công khai, minh bạch", "11,80/18", "0,00", "11,80", "Đồng bộ 2.290/2.290 hồ sơ (tạm tính)"],
    ["Tiến độ giải quyết", "17,89/20", "▼ −0,01", "17,20", "Đúng hạn 2.102/2.350; quá hạn 248"],
    ["Dịch vụ công trực tuyến", "8,95/12", "0,00", "8,90", "Cổng không công bố số gốc cấp xã"],
    ["Thanh toán trực tuyến", "7,41/10", "0,00", "6,95", "Hồ sơ thanh toán trực tuyến 1.204/1.310"],
    ["Mức độ hài lòng", "5,96/18", "▼ −12,01", "15,11", "Phản ánh: đúng hạn 0/1, hài lòng 0/1"],
    ["Số hóa hồ sơ", "7,16/22", "▲ +0,01", "9,60", "Kết quả điện tử 1.880/2.350; số hóa 85/2.350"],
    ["Tổng điểm", "59,17/100", "▼ −12,01", "69,56", ""],
  ].map(([name = "", points = "", ...rest], at): Row => {
    const row = { cells: [{ text: name }, score(points), ...cells(...rest)] };
    return at === 6 ? { ...row, mark: "total" } : row;
  }),
};

const RANK_COLUMNS = [right("Hạng", 8), left("Đơn vị", 27), right("Tổng điểm", 13)];

const RANKING: Table = {
  caption: "Vị trí trong khối xã, phường",
  columns: [...RANK_COLUMNS, ...RANK_COLUMNS],
  rows: [
    { cells: cells("1", "xã Vân Canh", "75,25", "126", "phường An Bình", "59,35") },
    {
      cells: [
        ...cells("2", "xã Đề Gi", "73,74"),
        { text: "127", strong: true },
        { text: "phường Quy Nhơn Tây", strong: true },
        { text: "59,17", strong: true },
      ],
    },
    { cells: cells("3", "xã Canh Vinh", "73,64", "128", "xã Tuy Phước", "58,87") },
    { cells: cells("125", "xã Uar", "59,66", "135", "xã Ia Dom", "54,21") },
  ],
};

const DAILY_CONTENT: Content = {
  subject: "[766] 59,17 điểm (-12,01), hạng 127/135 – phường Quy Nhơn Tây, 12/10/2026",
  lines: [
    "Lũy kế năm 2026: 59,17/100 điểm, giảm 12,01 điểm so với bản tin thứ Sáu 09/10; xếp thứ 127/135 xã, phường, giảm 56 bậc.",
    "Mức độ hài lòng giảm 12,01 điểm: 01 phản ánh, kiến nghị, đúng hạn 0/1, hài lòng 0/1.",
    "Liền trên: phường An Bình 59,35 (cách 0,18); liền dưới: xã Tuy Phước 58,87 (hơn 0,30).",
  ],
  summary: "phường Quy Nhơn Tây: 59,17 điểm (-12,01), hạng 127/135",
  title: "Điểm tin chỉ số 766 ngày 12/10/2026: phường Quy Nhơn Tây, lũy kế năm 2026",
  pages: true,
  masthead: {
    kind: "digest",
    left: "VĂN PHÒNG UBND TỈNH GIA LAI",
    right: "ĐIỂM TIN CHỈ SỐ 766 – Thứ Hai, ngày 12/10/2026",
    unit: "UBND PHƯỜNG QUY NHƠN TÂY",
  },
  blocks: [
    {
      kind: "headline",
      runs: [
        {
          text: "Lũy kế năm 2026 đạt 59,17/100 điểm, giảm 12,01 điểm so với bản tin trước (thứ Sáu, 09/10). Xếp thứ 127/135 xã, phường, giảm 56 bậc (bản tin trước: 71/135).",
        },
      ],
    },
    item(
      "- Mức độ hài lòng giảm 12,01 điểm: trong kỳ có 01 phản ánh, kiến nghị, xử lý đúng hạn 0/1, hài lòng 0/1 (đạt 0/12 điểm; khi không phát sinh phản ánh, Cổng tính 12/12 điểm). Năm nhóm còn lại cơ bản giữ nguyên.",
    ),
    item(
      "- Liền trên: phường An Bình, 59,35 điểm (cách 0,18 điểm). Liền dưới: xã Tuy Phước, 58,87 điểm (hơn 0,30 điểm).",
    ),
    item(
      "- Tháng 10/2026 (chưa kết thúc): 55,40 điểm, hạng 129/135. Tháng 9/2026 (đã kết thúc): 70,20 điểm, hạng 88/135.",
    ),
    { kind: "heading", text: "1. Sáu nhóm chỉ số (lũy kế năm 2026)" },
    { kind: "table", table: GROUPS },
    { kind: "heading", text: "2. Nội dung cần chú ý" },
    item(
      "a) Phản ánh, kiến nghị: 01 phản ánh, đúng hạn 0/1, hài lòng 0/1. Tra cứu: Hệ thống tiếp nhận, trả lời phản ánh, kiến nghị (tài khoản của phường).",
    ),
    item(
      "b) Tiến độ: 248 hồ sơ quá hạn (10,6%). Từ 09/10 thêm 12 hồ sơ, 9 đúng hạn. Tra cứu: Hệ thống thông tin giải quyết TTHC của tỉnh, mục hồ sơ quá hạn.",
    ),
    item(
      "c) Số hóa thành phần hồ sơ: 85/2.350 hồ sơ (3,6%), đạt 0,14/4 điểm; 25% xã, phường dẫn đầu đạt từ 0,65 điểm.",
    ),
    { kind: "heading", text: "3. Vị trí trong khối xã, phường" },
    { kind: "table", table: RANKING },
    {
      kind: "note",
      text: "Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc 06:00 ngày 12/10/2026; năm 2026 chưa kết thúc, điểm có thể thay đổi. Hạng do Văn phòng UBND tỉnh tính từ điểm Cổng công bố. Cổng tính lại nhiều lần trong ngày và hiển thị mức tăng so với năm 2025, nên số xem trực tiếp có thể khác bản tin. Số liệu để theo dõi nội bộ. Đầu mối: Phòng Kiểm soát thủ tục hành chính, điện thoại ……. Bản tin tiếp theo: thứ Ba, 13/10/2026.",
    },
  ],
  figures: [],
};

/** A weekly point: words between asterisks are strong. */
function runs(marked: string): Run[] {
  return marked
    .split("*")
    .map((text, at) => (at % 2 === 1 ? { text, strong: true } : { text }))
    .filter((run) => run.text !== "");
}

const POINTS = [
  "*1.* Lũy kế năm 2026, tỉnh đạt *66,14/100 điểm, tăng 0,50 điểm* so với tuần trước (05/10); *xếp thứ 4/34* tỉnh, thành phố, giữ nguyên vị trí.",
  "*2.* Cao hơn điểm cả nước 3,74 điểm (cả nước 62,40 điểm, tăng 0,52 điểm). 5/6 nhóm cao hơn cả nước; *Tiến độ giải quyết thấp hơn 0,38 điểm*.",
  "*3.* Cách hạng 3 (Hải Phòng, 67,01 điểm) 0,87 điểm; chỉ hơn hạng 5 (Quảng Ninh, 65,97 điểm) 0,17 điểm.",
  "*4.* Khối sở, ban, ngành (14): 05 tăng, 02 giảm, 07 cơ bản giữ nguyên; giảm nhiều nhất: Sở Giáo dục và Đào tạo, 3,70 điểm (còn 56,87 điểm, hạng 10/14).",
  "*5.* Khối xã, phường (135): 39 tăng, 26 giảm, 70 cơ bản giữ nguyên; *07 đơn vị biến động khoảng 12 điểm* ở phần phản ánh, kiến nghị (05 giảm, 02 tăng), theo dõi riêng tại Mục III.",
];

const ASKED: Table = {
  caption: "Nội dung đề nghị Ban Chỉ đạo cho ý kiến",
  columns: [right("TT", 5), left("Nội dung (theo số liệu)", 53), left("Đơn vị báo cáo", 25), left("Thời hạn", 17)],
  rows: [
    {
      cells: cells(
        "1",
        "05 xã, phường giảm khoảng 12 điểm, có phản ánh, kiến nghị quá hạn hoặc chưa hài lòng",
        "Phù Mỹ, Quy Nhơn Tây, Đak Đoa, Ngô Mây, Bình Phú",
        "……/……/2026",
      ),
    },
    { cells: cells("2", "Sở Giáo dục và Đào tạo: 60,57 → 56,87 điểm", "Sở Giáo dục và Đào tạo", "……/……/2026") },
    {
      cells: cells("3", "Tiến độ giải quyết 17,18/20 điểm, thấp hơn cả nước 0,38 điểm", "……………………", "……/……/2026"),
    },
  ],
};

const COUNTRY: Table = {
  caption: "Kết quả chung, lũy kế năm 2026, so với cả nước",
  columns: [
    left("Nhóm chỉ số", 30),
    right("Tối đa", 9),
    right("Tỉnh", 9),
    right("So với tuần trước", 23),
    right("Cả nước", 13),
    right("Chênh lệch", 16),
  ],
  rows: [
    ["Công khai, minh bạch", "18", "11,79", "0,00", "10,46", "+1,33"],
    ["Tiến độ giải quyết", "20", "17,18", "▲ +0,04", "17,56", "−0,38"],
    ["Dịch vụ công trực tuyến", "12", "9,14", "▲ +0,01", "8,26 (*)", "+0,88"],
    ["Thanh toán trực tuyến", "10", "7,12", "▲ +0,03", "6,36 (*)", "+0,76"],
    ["Mức độ hài lòng", "18", "11,33", "▲ +0,29", "10,21", "+1,12"],
    ["Số hóa hồ sơ", "22", "9,58", "▲ +0,13", "9,55", "+0,03"],
    ["Tổng điểm", "100", "66,14", "▲ +0,50", "62,40", "+3,74"],
  ].map((texts, at): Row => (at === 6 ? { cells: cells(...texts), mark: "total" } : { cells: cells(...texts) })),
};

/** A block of 135 units for the appendix. */
export function appendix(rows = 135): Table {
  return {
    caption: "Phụ lục: tổng điểm 135 xã, phường, lũy kế năm 2026",
    columns: [
      right("Hạng", 8),
      left("Đơn vị", 34),
      right("Tổng điểm", 14),
      right("So với 05/10", 18),
      right("Quá hạn", 12),
    ],
    rows: Array.from({ length: rows }, (_, at): Row => {
      const points = String(7525 - at * 15);
      return {
        cells: cells(
          String(at + 1),
          `${at % 3 === 0 ? "phường" : "xã"} Đơn vị thứ ${at + 1}`,
          `${points.slice(0, 2)},${points.slice(2)}`,
          at % 2 === 0 ? "▲ +0,04" : "▼ −0,38",
          String(at * 7),
        ),
      };
    }),
  };
}

const WEEKLY_CONTENT: Content = {
  subject: "[766] Tuần 41: Gia Lai 66,14 điểm (+0,50), hạng 4/34 – Bản tin Ban Chỉ đạo",
  lines: POINTS.slice(0, 3).map((point) => point.replaceAll("*", "").replace(/^\d\. /, "")),
  summary: "Gia Lai: 66,14 điểm (+0,50), hạng 4/34",
  title: "Bản tin Kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp, tuần 41/2026",
  pages: true,
  masthead: {
    kind: "nd30",
    superior: ["UBND TỈNH GIA LAI"],
    issuer: ["VĂN PHÒNG"],
    placeAndDate: "Gia Lai, ngày 12 tháng 10 năm 2026",
    kindOfPaper: "BẢN TIN",
    titles: ["Kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp", "Tuần 41, từ ngày 05/10/2026 đến ngày 11/10/2026"],
    notice: "(Tài liệu phục vụ cuộc họp Ban Chỉ đạo; số liệu theo dõi nội bộ, không thay thế báo cáo chính thức)",
  },
  blocks: [
    { kind: "box", items: POINTS.map(runs) },
    { kind: "heading", text: "NỘI DUNG ĐỀ NGHỊ BAN CHỈ ĐẠO CHO Ý KIẾN" },
    { kind: "table", table: ASKED },
    {
      kind: "paragraph",
      runs: [{ text: "Nhận xét của cơ quan thường trực (nếu có): ……………………………………………" }],
    },
    { kind: "heading", text: "I. KẾT QUẢ CHUNG (lũy kế năm 2026)" },
    { kind: "table", table: COUNTRY },
    {
      kind: "note",
      text: "(*) Bình quân 34 tỉnh, thành phố; Cổng chỉ công bố tổng hai nhóm của cả nước (14,62 điểm). Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc 06:00 ngày 12/10/2026 và 05/10/2026; năm 2026 chưa kết thúc, điểm có thể thay đổi. Không so sánh với năm 2025 do số liệu hai năm trên Cổng không cùng cơ sở (bình quân 34 tỉnh, thành phố: 86,09 điểm ngày 15/10/2025; 62,39 điểm kỳ này).",
    },
    { kind: "page-break" },
    { kind: "heading", text: "PHỤ LỤC. TỔNG ĐIỂM CÁC XÃ, PHƯỜNG (lũy kế năm 2026)" },
    { kind: "table", table: appendix() },
    { kind: "note", text: "Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc 06:00 ngày 12/10/2026." },
  ],
  figures: [],
};

const TIMES = {
  reissue: 0,
  asOf: new Date("2026-10-11T23:00:00Z"),
  composedAt: new Date("2026-10-11T23:05:00Z"),
  snapshots: ["1"],
  baseline: null,
} as const;

/** The digest of a ward, with parts of its content changed. */
export function daily(change: Partial<Content> = {}): Edition {
  return {
    bulletin: "daily",
    audience: "H21.17",
    issue: "2026-10-12",
    ...TIMES,
    content: { ...DAILY_CONTENT, ...change },
  };
}

/** The weekly bulletin of the province, with parts of its content changed. */
export function weekly(change: Partial<Content> = {}): Edition {
  return {
    bulletin: "weekly",
    audience: "H21",
    issue: "2026-W41",
    ...TIMES,
    content: { ...WEEKLY_CONTENT, ...change },
  };
}

/** A name as long as a source may send, with spaces or without. */
export function longName(glue = " "): string {
  return Array.from({ length: 20 }, () => "phường")
    .join(glue)
    .slice(0, 120);
}

/** A block of up to 20 units printed whole, in halves; every name is `name`. */
export function wholeBlock(rows: number, name: string): Table {
  const half = Math.ceil(rows / 2);
  return {
    ...RANKING,
    rows: Array.from({ length: half }, (_, at) => ({
      cells: cells(
        String(at + 1),
        name,
        "70,00",
        ...(at + half < rows ? [String(at + half + 1), name, "60,00"] : ["", "", ""]),
      ),
    })),
  };
}

/** The digest with its ranking replaced. */
export function dailyWithRanking(table: Table): Edition {
  const blocks = DAILY_CONTENT.blocks.map((block): Block => {
    return block.kind === "table" && block.table === RANKING ? { kind: "table", table } : block;
  });
  return daily({ blocks });
}

/** What makes a Báo cáo and a workbook of the weekly, every part of the frame filled in. */
export function office(change: Partial<ReportFrame> = {}): OfficePapers {
  const weeks = "tuần 41, từ ngày 05/10/2026 đến ngày 11/10/2026";
  return {
    report: {
      symbol: "BC-VP",
      to: ["Ban Chỉ đạo của tỉnh"],
      signer: ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
      receivers: ["Như trên", "Chủ tịch, các Phó Chủ tịch UBND tỉnh (báo cáo)"],
      filedBy: "KSTTHC",
      place: "Gia Lai",
      day: "2026-10-12",
      issuer: "Văn phòng UBND tỉnh",
      opening: `Thực hiện Quyết định số 766/QĐ-TTg, Văn phòng UBND tỉnh báo cáo kết quả ${weeks} như sau:`,
      closing: "Trên đây là kết quả tuần 41, Văn phòng UBND tỉnh báo cáo để theo dõi, chỉ đạo.",
      ...change,
    },
    sheets: [
      {
        name: "Xã, phường",
        columns: [
          { title: "Hạng", kind: "count" },
          { title: "Đơn vị", kind: "text" },
          { title: "Tổng điểm", kind: "points" },
          { title: "So với tuần trước (05/10)", kind: "change" },
        ],
        rows: [
          [1, "xã Vân Canh", 7525, 29],
          [2, "=cmd|' /C calc'!A0", 8531, -1201],
          ["chưa xếp hạng", "-xã Uar", null, null],
        ],
        notes: ["Nguồn: Cổng Dịch vụ công quốc gia, trích xuất lúc 06:00 ngày 12/10/2026."],
      },
    ],
  };
}
