import type { BulletChart, Chart, DotChart, LineChart, MultiplesChart, Sparkline } from "../../../src/domain/chart.ts";

/** Charts as a bulletin makes them, with a gap, a break and a long name where they may come. */

const TOLD = {
  alt: "Gia Lai từ 63,10 điểm (20/07) lên 66,14 điểm (12/10); cả nước từ 61,00 lên 62,40 điểm.",
  source: "Nguồn: Cổng Dịch vụ công quốc gia; điểm lúc 07:00 thứ Hai của từng tuần.",
};
const WEEKS = [
  "20/07",
  "27/07",
  "03/08",
  "10/08",
  "17/08",
  "24/08",
  "31/08",
  "07/09",
  "14/09",
  "21/09",
  "28/09",
  "05/10",
  "12/10",
];

/** Thirteen weeks, one of them missing. */
export const lineChart: LineChart = {
  kind: "line",
  title: "Tổng điểm lũy kế năm 2026 của tỉnh và cả nước, 13 tuần (điểm)",
  ...TOLD,
  points: WEEKS,
  series: [
    {
      name: "Gia Lai",
      own: true,
      values: [6310, 6322, 6390, null, 6401, 6420, 6455, 6450, 6490, 6520, 6530, 6564, 6614],
    },
    {
      name: "Cả nước",
      own: false,
      values: [6100, 6105, 6120, null, 6128, 6140, 6150, 6171, 6180, 6190, 6201, 6188, 6240],
    },
  ],
  breaks: [],
};

/** The same over 1 January. */
export const brokenLine: LineChart = {
  ...lineChart,
  title: "Tổng điểm lũy kế của tỉnh và cả nước, 8 tuần (điểm)",
  points: ["30/11", "07/12", "14/12", "21/12", "28/12", "04/01", "11/01", "18/01"],
  series: [
    { name: "Gia Lai", own: true, values: [7010, 7022, 7040, 7051, 7060, 4120, 4630, 5010] },
    { name: "Cả nước", own: false, values: [6710, 6712, 6730, 6731, 6740, 4420, 4530, 4810] },
  ],
  breaks: [{ before: 5, label: "01/01/2027: kỳ tính mới" }],
};

const GROUPS = [
  "Công khai, minh bạch",
  "Tiến độ giải quyết",
  "Dịch vụ công trực tuyến",
  "Thanh toán trực tuyến",
  "Mức độ hài lòng",
  "Số hóa hồ sơ",
];

/** Six groups as per cent of their maximum. */
export const multiplesChart: MultiplesChart = {
  kind: "multiples",
  title: "Sáu nhóm chỉ số so với cả nước (% điểm tối đa của nhóm), 13 tuần",
  ...TOLD,
  points: WEEKS,
  panels: GROUPS.map((title, at) => ({
    title,
    series: [
      { name: "Gia Lai", own: true, values: WEEKS.map((_, week) => (week === 3 ? null : 4500 + at * 700 + week * 60)) },
      {
        name: "Cả nước",
        own: false,
        values: WEEKS.map((_, week) => (week === 3 ? null : 4700 + at * 600 + week * 40)),
      },
    ],
  })),
  breaks: [],
};

/** A block of units, ranked; in a large one only ends and movers are named. */
export function dotChart(
  count: number,
  name = (at: number) => `${at % 3 === 0 ? "phường" : "xã"} Đơn vị thứ ${at + 1}`,
): DotChart {
  const isNamed = (at: number) => count <= 40 || at < 5 || at >= count - 5 || at % 17 === 0;
  return {
    kind: "dots",
    title: `Khối ${count} đơn vị: tổng điểm kỳ này (●) và tuần trước (○), xếp từ cao xuống thấp (điểm)`,
    ...TOLD,
    rows: Array.from({ length: count }, (_, at) => ({
      label: name(at),
      value: 7525 - Math.round((at * 2100) / count),
      before:
        at % 11 === 5 ? null : 7525 - Math.round((at * 2100) / count) + (at % 17 === 0 ? 400 : ((at * 37) % 90) - 45),
      named: isNamed(at),
      ...(at === Math.min(3, count - 1) ? { own: true as const } : {}),
    })),
    mean: { label: "Bình quân khối", value: 6475 },
  };
}

export const bulletChart: BulletChart = {
  kind: "bullet",
  title: "Điểm sáu nhóm chỉ số so với điểm tối đa và cả nước (điểm)",
  ...TOLD,
  meanName: "cả nước",
  rows: GROUPS.map((label, at) => ({
    label,
    value: at === 4 ? null : 800 + at * 90,
    maximum: [1800, 2000, 1200, 1000, 1800, 2200][at] ?? 1800,
    mean: at === 5 ? null : 760 + at * 100,
    target: at === 1 ? 1800 : null,
  })),
};

export const sparkline: Sparkline = {
  kind: "sparkline",
  values: [7118, 7118, 7120, null, 7101, 7118, 7119, 7118, 5917],
  breaks: [],
  from: "29/09",
  to: "12/10",
  alt: "Tổng điểm 09 bản tin từ 29/09 đến 12/10: cao nhất 71,20, thấp nhất 59,17 điểm.",
};

/** One of each kind. */
export const KINDS: readonly (readonly [string, Chart])[] = [
  ["line", lineChart],
  ["line over 1 January", brokenLine],
  ["multiples", multiplesChart],
  ["dots of 14", dotChart(14)],
  ["dots of 34", dotChart(34)],
  ["dots of 135", dotChart(135)],
  ["dots of 200", dotChart(200)],
  ["bullet", bulletChart],
  ["sparkline", sparkline],
];
