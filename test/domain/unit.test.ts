import { expect, test } from "vitest";
import {
  isProvinceCode,
  isScope,
  isUnitCode,
  normaliseCode,
  printName,
  scopeOf,
  shortName,
} from "../../src/domain/unit.ts";
import { PROVINCES_CATALOGUE } from "../../src/sources/province-catalogue.ts";

test("codes lose the prefix some rows carry, and only that", () => {
  expect(["000.00.00.H37", " H05 ", "H01.13", "000.00.17.H21"].map(normaliseCode)).toEqual([
    "H37",
    "H05",
    "H01.13",
    "000.00.17.H21",
  ]);
});

test("what is a code", () => {
  expect(["H21", "H21.17", "H21.101", "H21.17.3"].filter(isUnitCode)).toHaveLength(4);
  expect(
    ["H1", "H211", "h21", "H21.", "H21.x", "X-1", "", "H21.17 ", "000.00.00.H37", "constructor"].filter(isUnitCode),
  ).toEqual([]);
  expect(["H21", "H21.17", "VN", "provinces"].filter(isProvinceCode)).toEqual(["H21"]);
  expect(["H21", "H21.17", "VN", "provinces"].filter(isScope)).toEqual(["H21", "provinces"]);
});

test("the scope that holds a unit's totals", () => {
  expect(["VN", "H21", "H21.17", "H21.17.3"].map(scopeOf)).toEqual(["provinces", "provinces", "H21", "H21"]);
});

test.each([
  ["Sở Văn hóa, Thể thao và Du lịch - tỉnh Gia Lai", "Sở Văn hóa, Thể thao và Du lịch"],
  ["UBND phường Long Phú - tỉnh An Giang", "phường Long Phú"],
  ["UBND Xã Ia Dom - Tỉnh Gia Lai", "xã Ia Dom"],
  ["UBND Đặc khu Phú Quốc", "đặc khu Phú Quốc"],
  ["UBND tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"],
  ["UBND Thành phố Hồ Chí Minh", "Hồ Chí Minh"],
  ["UBND tỉnh Gia Lai", "Gia Lai"],
  ["UBND xã Phan Rang - Tháp Chàm - tỉnh Khánh Hòa", "xã Phan Rang - Tháp Chàm"],
  ["UBND huyện Châu Đức - tỉnh Bà Rịa - Vũng Tàu", "huyện Châu Đức"],
  ["UBND xã Ia Dom - Gia Lai", "xã Ia Dom"],
  ["Trung tâm Phục vụ hành chính công - Thành phố Huế", "Trung tâm Phục vụ hành chính công"],
  ["Ban Quản lý Khu kinh tế - tỉnh An Giang", "Ban Quản lý Khu kinh tế"],
  ["Văn phòng UBND Tỉnh - Tỉnh Phú Thọ", "Văn phòng UBND Tỉnh"],
  ["UBND phường Phan Rang - Tháp Chàm", "phường Phan Rang - Tháp Chàm"],
])("%s is printed %s", (name, expected) => {
  expect(shortName(name)).toBe(expected);
});

test("decomposed letters come out composed", () => {
  expect(printName("Sở Nội vụ".normalize("NFD"))).toBe("Sở Nội vụ");
});

test("every shipped province hangs its name on its units in a way we know", () => {
  for (const { name } of PROVINCES_CATALOGUE) expect(shortName(`UBND xã Thử - ${shortName(name)}`)).toBe("xã Thử");
});
