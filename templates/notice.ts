import type { Masthead } from "../src/domain/edition.ts";

/**
 * A masthead's notice when it warns ("SỐ LIỆU MẪU …"): such a line heads every page and mail. Null when there is none, or when
 * it stands in parentheses and only says what the paper is for.
 */
export function warningOf(masthead: Masthead): string | null {
  const { notice } = masthead;
  return notice === undefined || notice === "" || notice.startsWith("(") ? null : notice;
}
