import { describe, expect, test } from "vitest";
import {
  formatMaximum,
  groupSentence,
  moved,
  placeSentence,
  ranked,
  rankMoved,
  risersSentence,
} from "../../src/bulletins/wording.ts";

/** The figures of 19 August 2024 as the source gave them, with one decimal. */
const GROUPS = [
  { title: "Công khai, minh bạch", value: 1300, maximum: 1800, country: 1040, delta: 80 },
  { title: "Tiến độ giải quyết", value: 1810, maximum: 2000, country: 1820, delta: 0 },
  { title: "Dịch vụ công trực tuyến", value: 780, maximum: 1200, country: 610, delta: -10 },
  { title: "Thanh toán trực tuyến", value: 770, maximum: 1000, country: 640, delta: 0 },
  { title: "Mức độ hài lòng", value: 1760, maximum: 1800, country: 1740, delta: 0 },
  { title: "Số hóa hồ sơ", value: 1540, maximum: 2200, country: 1360, delta: 10 },
] as const;

describe("from a source of one decimal", () => {
  test.each([
    [0, "Công khai, minh bạch đạt 13/18 điểm, bình quân cả nước là 10,4 điểm; tăng 0,8 điểm."],
    [1, "Tiến độ giải quyết đạt 18,1/20 điểm, bình quân cả nước là 18,2 điểm; không tăng điểm."],
    [2, "Dịch vụ công trực tuyến đạt 7,8/12 điểm, bình quân cả nước là 6,1 điểm; giảm 0,1 điểm."],
    [3, "Thanh toán trực tuyến đạt 7,7/10 điểm, bình quân cả nước là 6,4 điểm; không tăng điểm."],
    [4, "Mức độ hài lòng đạt 17,6/18 điểm, bình quân cả nước là 17,4 điểm; không tăng điểm."],
    [5, "Số hóa hồ sơ đạt 15,4/22 điểm, bình quân cả nước là 13,6 điểm; tăng 0,1 điểm."],
  ])("group %i has its sentence", (index, sentence) => {
    const group = GROUPS[index];
    expect(group === undefined ? "" : groupSentence(group, 1)).toBe(sentence);
  });

  test("the rising groups have theirs, and none when none rose", () => {
    expect(risersSentence(GROUPS, 1)).toBe(
      "Trong đó có 2 chỉ số tăng điểm gồm: Công khai, minh bạch tăng 0,8 điểm; Số hóa hồ sơ tăng 0,1 điểm.",
    );
    expect(
      risersSentence(
        GROUPS.map((group) => ({ ...group, delta: Math.min(group.delta, 0) })),
        1,
      ),
    ).toBe("");
  });

  test("the province has its place, and its groups add up to its total", () => {
    const place = { name: "Quảng Nam", value: 7960, country: 7220, rank: 15, of: 63 };
    expect(placeSentence(place, 1)).toBe("Quảng Nam đạt 79,6/100 điểm (cả nước 72,2 điểm), xếp vị trí 15/63.");
    expect(GROUPS.reduce((sum, { value }) => sum + value, 0)).toBe(place.value);
    expect(GROUPS.reduce((sum, { country }) => sum + country, 0)).toBe(place.country - 10);
  });
});

describe("from a source of two decimals", () => {
  test("always two, whole numbers too; maxima stay bare", () => {
    expect(groupSentence(GROUPS[0], 2)).toBe(
      "Công khai, minh bạch đạt 13,00/18 điểm, bình quân cả nước là 10,40 điểm; tăng 0,80 điểm.",
    );
    expect(groupSentence({ ...GROUPS[1], delta: 2 }, 2)).toMatch(/; tăng 0,02 điểm\.$/);
    expect([1800, 10_000, 1250].map(formatMaximum)).toEqual(["18", "100", "12,50"]);
  });

  test("zero, noise and change have different words, each with the figure of the table", () => {
    expect([0, 2, -4, 5, -1201].map((delta) => moved(delta, 5))).toEqual([
      "không thay đổi",
      "cơ bản giữ nguyên (tăng 0,02 điểm)",
      "cơ bản giữ nguyên (giảm 0,04 điểm)",
      "tăng 0,05 điểm",
      "giảm 12,01 điểm",
    ]);
  });
});

test("places: a tie says so, and a larger number is a fall", () => {
  const standing = { rank: 12, of: 135, sharing: 2, above: null, below: null };
  expect(ranked(standing, "commune", 7322)).toBe("Đồng hạng 12/135 xã, phường (02 đơn vị cùng 73,22 điểm)");
  expect(ranked({ ...standing, rank: 9, of: 14, sharing: 1 }, "agency", 7000)).toBe("Xếp thứ 9/14 sở, ban, ngành");
  expect([rankMoved(71, 127), rankMoved(15, 12), rankMoved(3, 3)]).toEqual([
    ", giảm 56 bậc",
    ", tăng 3 bậc",
    ", giữ nguyên vị trí",
  ]);
});

test("only plain spaces: templates place the others", () => {
  const all = [...GROUPS.map((group) => groupSentence(group, 1)), risersSentence(GROUPS, 1)].join(" ");
  expect(all).not.toMatch(/[\u00a0\u202f\u2009\t\n]/);
});
