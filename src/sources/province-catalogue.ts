import { MERGER_DAY } from "../domain/merger.ts";
import { type Period, periodEnd } from "../domain/period.ts";

/** A province as the portal listed it on 10 October 2026. */
export type CatalogueProvince = {
  readonly code: string;
  /** The portal's own name, untouched. */
  readonly name: string;
  /** Its id in the rest.jsp service (2022–2025). */
  readonly agencyId: string;
  /** Its id in the evaluation API (since 2026). */
  readonly departmentId: string;
  /** How many agencies, and how many communes, wards and special zones. */
  readonly agencies: number;
  readonly communes: number;
};

/**
 * The 34 provinces since 1 July 2025. Source: the portal's own answers, both generations, as gathered in October 2026 (codes, names
 * and ids from the 766 tables; counts from the unit lists of 2 October 2026). The shipped counts are what a scope's first complete
 * snapshot is measured against.
 */
export const PROVINCES_CATALOGUE: readonly CatalogueProvince[] = (
  [
    ["H01", "UBND tỉnh An Giang", "398126", "019d2be3-6a84-779d-b3e7-e214bdb86482", 15, 102],
    ["H05", "UBND thành phố Bắc Ninh", "401621", "019d2be3-6a84-779d-b3ed-9649c4f016cd", 14, 99],
    ["H12", "UBND tỉnh Cà Mau", "408562", "019d2be3-6a85-74ec-a337-73acd0627180", 13, 64],
    ["H13", "UBND Thành phố Cần Thơ", "409587", "019d2be3-6a85-74ec-a339-9985e7aba649", 15, 103],
    ["H14", "UBND tỉnh Cao Bằng", "410516", "019d2be3-6a85-74ec-a33b-e8250c0580ce", 16, 56],
    ["H15", "UBND tỉnh Đắk Lắk", "381137", "019d2be3-6a85-74ec-a33c-a7c04919ba00", 16, 102],
    ["H17", "UBND Thành phố Đà Nẵng", "426100", "019d2be3-6a85-74ec-a33d-803cf2496575", 14, 93],
    ["H18", "UBND tỉnh Điện Biên", "383348", "019d2be3-6a85-74ec-a341-16615c474af4", 14, 45],
    ["H19", "UBND Thành phố Đồng Nai", "426101", "019d2be3-6a85-74ec-a342-8635701ddf34", 13, 95],
    ["H20", "UBND tỉnh Đồng Tháp", "374613", "019d2be3-6a85-74ec-a344-751a7a0bbdb5", 14, 102],
    ["H21", "UBND tỉnh Gia Lai", "384251", "019d2be3-6a85-74ec-a346-6489e82ae4c7", 14, 135],
    ["H24", "UBND Thành phố Hải Phòng", "387628", "019d2be3-6a85-74ec-a349-88e0abf6a032", 12, 114],
    ["H26", "UBND Thành phố Hà Nội", "389181", "019d2be3-6a86-70a8-a0af-76e986804225", 16, 126],
    ["H27", "UBND tỉnh Hà Tĩnh", "390693", "019d2be3-6a87-7317-8557-a2fade51b5ae", 14, 69],
    ["H29", "UBND Thành phố Hồ Chí Minh", "411312", "019d2be3-6a87-7317-855a-9a81af57b106", 19, 169],
    ["H31", "UBND tỉnh Hưng Yên", "426108", "019d2be3-6a88-732b-8b0b-a4fad4f39fbc", 12, 104],
    ["H32", "UBND tỉnh Khánh Hòa", "415139", "019d2be3-6a88-732b-8b0b-eac587d5c164", 26, 64],
    ["H35", "UBND tỉnh Lai Châu", "420192", "019d2be3-6a88-732b-8b10-4fd42fc9139b", 18, 39],
    ["H36", "UBND tỉnh Lâm Đồng", "421149", "019d2be3-6a88-732b-8b10-c1c15a42daee", 14, 124],
    ["H37", "UBND tỉnh Lạng Sơn", "417489", "019d2be3-6a81-771b-b671-9078297c4a7b", 14, 66],
    ["H38", "UBND tỉnh Lào Cai", "426105", "019d2be3-6a88-732b-8b12-58410ba7b5df", 15, 99],
    ["H41", "UBND tỉnh Nghệ An", "418979", "019d2be3-6a88-732b-8b14-23b0bf40ce58", 13, 130],
    ["H42", "UBND tỉnh Ninh Bình", "393975", "019d2be3-6a88-732b-8b15-828ae2e74c00", 14, 129],
    ["H44", "UBND tỉnh Phú Thọ", "422607", "019d2be3-6a88-732b-8b17-b68020c8553a", 15, 148],
    ["H48", "UBND tỉnh Quảng Ngãi", "365792", "019d2be3-6a88-732b-8b1a-b8df51d5f6bf", 31, 96],
    ["H49", "UBND thành phố Quảng Ninh", "426106", "019d2be3-6a88-732b-8b1c-46b23e7f2084", 16, 54],
    ["H50", "UBND tỉnh Quảng Trị", "6715", "019d2be3-6a88-732b-8b20-29251b1ac762", 17, 78],
    ["H52", "UBND tỉnh Sơn La", "426103", "019d2be3-6a88-732b-8b23-90f0216d78e2", 13, 75],
    ["H53", "UBND tỉnh Tây Ninh", "369810", "019d2be3-6a88-732b-8b23-f5575505c632", 14, 96],
    ["H55", "UBND tỉnh Thái Nguyên", "370865", "019d2be3-6a88-732b-8b25-68dfdcdcff0e", 15, 92],
    ["H56", "UBND tỉnh Thanh Hóa", "371854", "019d2be3-6a88-732b-8b26-f3a94b76f008", 14, 166],
    ["H57", "UBND Thành phố Huế", "374087", "019d2be3-6a89-70fe-8e5d-edfb72e6be7f", 15, 40],
    ["H60", "UBND tỉnh Tuyên Quang", "384979", "019d2be3-6a89-70fe-8e60-6458eb08bfe1", 13, 124],
    ["H61", "UBND tỉnh Vĩnh Long", "377087", "019d2be3-6a89-70fe-8e61-5ec4a2701203", 13, 124],
  ] as const
).map(([code, name, agencyId, departmentId, agencies, communes]) => ({
  code,
  name,
  agencyId,
  departmentId,
  agencies,
  communes,
}));

/**
 * Whether a unit's code belongs to a scope. A province formed in 2025 may still list bodies under the code of a province that was
 * merged into it (Khánh Hòa and Quảng Ngãi list as many agencies as two provinces have); only a code of another province of today
 * is somebody else's. For periods that ended before the merger every other code is.
 */
export function belongsToScope(code: string, scope: string, period: Period): boolean {
  if (code.startsWith(`${scope}.`)) return true;
  if (periodEnd(period) < MERGER_DAY) return false;
  const province = code.split(".")[0] ?? code;
  return code !== province && !PROVINCES_CATALOGUE.some((entry) => entry.code === province);
}
