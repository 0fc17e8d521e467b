/**
 * A body the index scores: a province, one of its agencies, or a commune. Known by its code; names change.
 * "Cả nước" and the province a scope belongs to are places observations may speak of, never units of that scope.
 */
export type Level = "country" | "province" | "agency" | "district" | "commune";

/** Levels that are ranked, each within itself. */
export type RankedLevel = Exclude<Level, "country">;

/** A unit as one snapshot names it. */
export type Unit = {
  /** The publisher's H-code ("H21", "H21.17"), or "X-…" for a body without one. */
  readonly code: string;
  /** The publisher's name in NFC, untouched otherwise. */
  readonly name: string;
  readonly level: Level;
  /** The province's code, for a province's agencies and communes. */
  readonly parent?: string;
  /** The publisher's own id, in the source the unit was read from. */
  readonly portalId?: string;
};

/** The pseudo-code of "Cả nước". */
export const COUNTRY = "VN";

/** The scope that holds all provinces. */
export const PROVINCES = "provinces";

/** True for "H21": a province's code. */
export function isProvinceCode(code: string): boolean {
  return /^H\d{2}$/.test(code);
}

/** True for "provinces" or a province's code. */
export function isScope(text: string): boolean {
  return text === PROVINCES || isProvinceCode(text);
}

/** The publisher's code without the prefix some rows carry (portal observation: Lạng Sơn comes as 000.00.00.H37). */
export function normaliseCode(raw: string): string {
  return raw
    .trim()
    .normalize("NFC")
    .replace(/^(000\.00\.00\.)/, "");
}

/** True for a code the publisher gives to a scored body: "H21", "H21.17", "H21.17.3". */
export function isUnitCode(code: string): boolean {
  return /^H\d{2}(?:\.\d{1,4}){0,3}$/.test(code);
}

/** The scope whose snapshots hold a unit's totals: provinces for a province, otherwise its province. */
export function scopeOf(code: string): string {
  if (code === COUNTRY || isProvinceCode(code)) return PROVINCES;
  return code.split(".")[0] ?? code;
}

/** The provinces' names as the portal hangs some of them, without "tỉnh", on the names of their units. */
const PROVINCE_NAMES: ReadonlySet<string> = new Set(
  (
    "An Giang,Bắc Ninh,Cà Mau,Cần Thơ,Cao Bằng,Đắk Lắk,Đà Nẵng,Điện Biên,Đồng Nai,Đồng Tháp,Gia Lai,Hải Phòng,Hà Nội," +
    "Hà Tĩnh,Hồ Chí Minh,Hưng Yên,Khánh Hòa,Lai Châu,Lâm Đồng,Lạng Sơn,Lào Cai,Nghệ An,Ninh Bình,Phú Thọ,Quảng Ngãi," +
    "Quảng Ninh,Quảng Trị,Sơn La,Tây Ninh,Thái Nguyên,Thanh Hóa,Huế,Tuyên Quang,Vĩnh Long"
  ).split(","),
);

/**
 * The name to print: the suffix " - tỉnh Gia Lai", " - Gia Lai" removed ("phường Phan Rang - Tháp Chàm" has none);
 * "UBND xã …" loses nothing but is lower-cased after UBND ("UBND Phường X" → "UBND phường X"). An override from
 * `units import` wins before this is asked.
 */
export function printName(name: string): string {
  const whole = name
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ - (?:[Tt]ỉnh|[Tt]hành phố|TP\.?) .+$/u, "");
  const suffix = whole.lastIndexOf(" - ");
  const bare = suffix > 0 && PROVINCE_NAMES.has(whole.slice(suffix + 3)) ? whole.slice(0, suffix) : whole;
  return bare.replace(
    /^UBND\s+(Xã|Phường|Đặc khu|Thị trấn|Tỉnh|Thành phố|Huyện|Quận|Thị xã)(?=\s)/u,
    (_, kind: string) => `UBND ${kind.toLocaleLowerCase("vi")}`,
  );
}

/** The short name used inside sentences and tables: "UBND phường An Bình" → "phường An Bình", "UBND tỉnh Gia Lai" → "Gia Lai". */
export function shortName(name: string): string {
  const printed = printName(name);
  const province = /^UBND (?:tỉnh|thành phố) (.+)$/u.exec(printed);
  if (province?.[1] !== undefined) return province[1];
  return printed.replace(/^UBND (?=xã|phường|đặc khu|thị trấn|huyện|quận|thị xã)/u, "");
}
