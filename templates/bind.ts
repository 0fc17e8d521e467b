/** Where a line must not break. Editions carry plain spaces; pages and HTML get non-breaking ones here. */

const NBSP = "\u00a0";
const FIGURE = "[+\u2212-]?\\d[\\d.,/:%–]*";
const UNITS =
  "điểm phần trăm|điểm|tỉnh|thành phố|xã|phường|đặc khu|sở|đơn vị|hồ sơ|thủ tục|nhiệm vụ|bậc|nhóm|chỉ số|tuần|bản tin|trường hợp|lần|phản ánh|kiến nghị|tăng|giảm";

/** "0,8 điểm", "127/135 xã": the figure stays with its unit. */
const FIGURE_AND_UNIT = new RegExp(`(?<![\\p{L}\\d])(${FIGURE}) (?=(?:${UNITS})(?![\\p{L}]))`, "gu");
/** "ngày 05", "tháng 10", "năm 2026", "hạng 3", "Mục III", "Tuần 41", "lúc 06:00". */
const WORD_AND_FIGURE = /(?<!\p{L})((?:ngày|tháng|năm|quý|tuần|hạng|thứ|mục|điều|lúc|số)) (?=\d|[IVX]+(?!\p{L}))/giu;
/** "thứ Sáu". */
const WEEKDAY = /(?<!\p{L})(thứ) (?=(?:Hai|Ba|Tư|Năm|Sáu|Bảy)(?!\p{L}))/giu;
/** "▼ −12,01", "► phường …". */
const MARK = /([▲▼►●]) /gu;
/** "8,26 (*)", "TP. Hồ". */
const STAR = / (?=\(\*+\))/gu;
const CITY = /(?<!\p{L})(TP\.) /gu;
/** "- ", "a) ", "1. ", "I. " at the start of an item. */
const MARKER = /^(-|\p{Ll}\)|\d{1,2}[.)]|[IVX]{1,4}\.) /u;

/**
 * Puts U+00A0 between words that belong on one line. Takes NFC text with plain spaces; changes nothing but spaces.
 * "766/QĐ-TTg" needs no help: lines break at U+0020 only.
 */
export function bind(text: string): string {
  return text
    .replace(FIGURE_AND_UNIT, `$1${NBSP}`)
    .replace(WORD_AND_FIGURE, `$1${NBSP}`)
    .replace(WEEKDAY, `$1${NBSP}`)
    .replace(MARK, `$1${NBSP}`)
    .replace(STAR, NBSP)
    .replace(CITY, `$1${NBSP}`);
}

/** As `bind`, and keeps an item's marker with its first word. */
export function bindItem(text: string): string {
  return bind(text).replace(MARKER, `$1${NBSP}`);
}

/** Plain spaces again, for text mail and bookmarks. */
export function unbind(text: string): string {
  return text.replaceAll(NBSP, " ");
}
