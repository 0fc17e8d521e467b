import { PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";
import { fingerprint } from "./random.ts";

/** A scored body of the sample: a real province by name and id, or an invented unit of the sample province. */
export type SampleBody = {
  readonly code: string;
  readonly name: string;
  readonly departmentId: string;
  readonly level: "province" | "agency" | "commune";
};

/** The only province whose units the sample knows. */
export const SAMPLE_PROVINCE = "H21";

/** Names of departments that exist in no province, so that no sample figure speaks of a real one. */
const AGENCIES = [
  "Sở Kế hoạch và Thống kê",
  "Sở Đất đai và Rừng",
  "Sở Cầu đường và Đô thị",
  "Sở Nghề truyền thống và Chợ phiên",
  "Sở Thủy lợi và Nước sạch",
  "Sở Học tập suốt đời",
  "Sở Chăm sóc sức khỏe cộng đồng",
  "Sở Di sản, Lễ hội và Du khách",
  "Sở Hộ tịch và Công chứng",
  "Sở Việc làm và Đào tạo nghề",
  "Sở Dữ liệu và Kết nối số",
  "Sở Cà phê và Cây công nghiệp",
  "Ban Quản lý các cụm nghề cao nguyên",
  "Văn phòng Điều phối vùng",
] as const;

/** Invented places: each first part with each second part, in the manner of the highlands and the coast. */
const FIRST = "Ia Đăk Chư Kon Suối Đồi Trảng Bàu Rẫy Gò Ngàn Sương Thạch Lộc Mây".split(" ");
const SECOND = ["Lam", "Hạc Vân", "Trúc", "Ksơm", "Diệp Thượng", "Thơm", "Mơ Nưng", "Quế", "Biếc"];
/** The parts whose places are wards. */
const WARDS = new Set(["Suối", "Lộc", "Sương"]);

/** The 34 provinces. */
export const PROVINCE_BODIES: readonly SampleBody[] = PROVINCES_CATALOGUE.map(({ code, name, departmentId }) => ({
  code,
  name,
  departmentId,
  level: "province",
}));

/** The sample province's 14 agencies and 135 communes and wards, in the order of their codes. */
export const UNIT_BODIES: readonly SampleBody[] = [...agencies(), ...communes()];

/** A body by its code. Throws for a code the sample does not have. */
export function bodyOf(code: string): SampleBody {
  const body = BY_CODE.get(code);
  if (body === undefined) throw new RangeError(`the sample portal has no body with code ${code}`);
  return body;
}

const BY_CODE = new Map([...PROVINCE_BODIES, ...UNIT_BODIES].map((body) => [body.code, body]));

function agencies(): SampleBody[] {
  return AGENCIES.map((name, index) =>
    unit("agency", `${SAMPLE_PROVINCE}.${pad(index + 1)}`, `${name} - tỉnh Gia Lai`),
  );
}

function communes(): SampleBody[] {
  const units: SampleBody[] = [];
  for (const first of FIRST) {
    for (const second of SECOND) {
      const code = `${SAMPLE_PROVINCE}.${101 + units.length}`;
      units.push(unit("commune", code, communeName(`${first} ${second}`, WARDS.has(first), units.length)));
    }
  }
  return units;
}

/** The portal writes "UBND Xã" and "UBND xã" side by side, and some communes with their province. */
function communeName(place: string, ward: boolean, index: number): string {
  const kind = ward ? "phường" : "xã";
  const written = index % 23 === 7 ? kind.charAt(0).toLocaleUpperCase("vi") + kind.slice(1) : kind;
  return `UBND ${written} ${place}${index % 61 === 40 ? " - Gia Lai" : ""}`;
}

function unit(level: "agency" | "commune", code: string, name: string): SampleBody {
  return { code, name, departmentId: idOf(code), level };
}

/** An id in the portal's form, with a time stamp of zero so that nobody takes it for one of the portal's own. */
function idOf(code: string): string {
  const hex = [1, 2, 3].map((part) => fingerprint(`${code}/${part}`).toString(16).padStart(8, "0")).join("");
  return `00000000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
