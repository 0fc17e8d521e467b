import { formatCount, formatPoints } from "../domain/figure.ts";
import type { Group } from "../domain/indicator.ts";
import type { Level } from "../domain/unit.ts";
import type { View } from "../domain/view.ts";
import { EVALUATION_2026 } from "../indicators/evaluation-2026.ts";

/** A count or figure of one unit: its code without the scheme, e.g. "TDGQ.received". */
export type Count = (code: string) => number | null;

/** Looks up one unit's counts in a view; absent and blank are both null here, because both print as "chưa có số liệu". */
export function countsOf(view: View | null, unit: string): Count {
  return (code) => view?.value(unit, code) ?? null;
}

/** The portal's mark of a provisional denominator. */
const PROVISIONAL = "TEMP_NATIONAL_REPORT_DENOMINATOR";

/** What stands in the column "Số liệu gốc trên Cổng" for one group of one unit. */
export function rawCounts(group: Group, view: View | null, at: { unit: string; level: Level }): string {
  const count = countsOf(view, at.unit);
  const of = (part: string, whole: string) => share(count(part), count(whole));
  if (group === "CKMB") return publicity(view, at.unit, count);
  if (group === "TDGQ") {
    const onTime = of("TDGQ.onTime", "TDGQ.received");
    const overdue = count("TDGQ.overdue");
    if (onTime === null) return "Cổng chưa có số liệu gốc";
    return count("TDGQ.received") === 0
      ? "Chưa phát sinh hồ sơ"
      : `Đúng hạn ${onTime}${overdue === null ? "" : `; quá hạn ${formatCount(overdue)}`}`;
  }
  if (group === "CLGQ") {
    const online = of("CLGQ.channelOnline", "CLGQ.channelTotal");
    if (online !== null) return `Hồ sơ trực tuyến ${online}`;
    return at.level === "commune"
      ? "Cổng không công bố số gốc cấp xã"
      : at.level === "agency"
        ? "Cổng không công bố số gốc cấp sở"
        : "Cổng chưa có số liệu gốc";
  }
  if (group === "TTTT") return payments(count);
  if (group === "MDHL") return petitions(count);
  const results = of("MDSH.ORIGINAL_RESULT_AVAILABLE.numerator", "MDSH.ORIGINAL_RESULT_AVAILABLE.denominator");
  const digitised = of("MDSH.SO_HOA_GIAY_TO_GIAI_QUYET.numerator", "MDSH.SO_HOA_GIAY_TO_GIAI_QUYET.denominator");
  if (results === null && digitised === null) return "Cổng chưa có số liệu gốc";
  return [results === null ? null : `Kết quả điện tử ${results}`, digitised === null ? null : `số hóa ${digitised}`]
    .filter((part) => part !== null)
    .join("; ");
}

/** "2.102/2.350", null when either side is not known. */
function share(part: number | null, whole: number | null): string | null {
  return part === null || whole === null ? null : `${formatCount(part)}/${formatCount(whole)}`;
}

function publicity(view: View | null, unit: string, count: Count): string {
  const synced = share(count("CKMB.DOSSIER_SYNC.numerator"), count("CKMB.DOSSIER_SYNC.denominator"));
  const blank = EVALUATION_2026.components
    .filter(({ group, code }) => group === "CKMB" && view?.value(unit, `CKMB.${code}.score`) === null)
    .reduce((sum, { maximum }) => sum + maximum, 0);
  const provisional = view?.flag(unit, "CKMB.DOSSIER_SYNC.score") === PROVISIONAL ? " (tạm tính)" : "";
  if (synced !== null && count("CKMB.DOSSIER_SYNC.denominator") !== 0) return `Đồng bộ ${synced} hồ sơ${provisional}`;
  return blank > 0 ? `${formatPoints(blank, 1)}/18 điểm Cổng chưa có số liệu` : "Cổng chưa có số liệu gốc";
}

function payments(count: Count): string {
  const paid = share(count("TTTT.paidOnline"), count("TTTT.obligation"));
  if (paid === null) return "Cổng chưa có số liệu gốc";
  return count("TTTT.obligation") === 0
    ? "Không phát sinh hồ sơ có nghĩa vụ tài chính (0/0)"
    : `Hồ sơ thanh toán trực tuyến ${paid}`;
}

function petitions(count: Count): string {
  const all = count("MDHL.petitions");
  if (all === null) return "Cổng chưa có số liệu gốc";
  if (all === 0) return "Không phát sinh phản ánh, kiến nghị";
  const onTime = share(
    count("MDHL.PETITION_PROCESSING_ON_TIME.numerator"),
    count("MDHL.PETITION_PROCESSING_ON_TIME.denominator"),
  );
  const satisfied = share(
    count("MDHL.PETITION_HANDLING_SATISFACTION.numerator"),
    count("MDHL.PETITION_HANDLING_SATISFACTION.denominator"),
  );
  if (onTime === null || satisfied === null) return `Phản ánh, kiến nghị: ${formatCount(all)}`;
  return `Phản ánh: đúng hạn ${onTime}, hài lòng ${satisfied}`;
}
