import type { Board } from "../domain/board.ts";
import { formatCount, formatPoints, formatShare, formatSmallCount } from "../domain/figure.ts";
import { GROUPS, type Group } from "../domain/indicator.ts";
import type { Settings } from "../domain/settings.ts";
import type { Level } from "../domain/unit.ts";
import type { View } from "../domain/view.ts";
import { GROUP_TITLES } from "../indicators/groups.ts";
import { type Count, countsOf } from "./raw-counts.ts";

/** At most three matters a unit can look into, from its counts; figures only, no promise and no blame. */
export function attention(
  board: Board,
  at: { unit: string; level: Level; counts: View | null },
  settings: Pick<Settings, "whereToLook">,
): readonly string[] {
  const count = countsOf(at.counts, at.unit);
  const shortfall = (group: Group) => {
    const own = board.view.value(at.unit, group);
    const block = board.mean(at.level, group);
    return typeof own === "number" && block !== null ? block - own : Number.NEGATIVE_INFINITY;
  };
  const order = [...GROUPS].sort((a, b) => shortfall(b) - shortfall(a));
  const matters: string[] = [];
  for (const group of order) {
    const matter = MATTERS[group]?.(count);
    if (matter === null || matter === undefined) continue;
    const where = settings.whereToLook[group];
    matters.push(`${matter}.${where === undefined ? "" : ` Tra cứu: ${where}.`}`);
  }
  return matters.slice(0, 3).map((matter, index) => `${"abc".charAt(index)}) ${matter}`);
}

const MATTERS: Readonly<Partial<Record<Group, (count: Count) => string | null>>> = {
  TDGQ: (count) => {
    const [overdue, received] = [count("TDGQ.overdue"), count("TDGQ.received")];
    if (overdue === null || received === null || overdue === 0) return null;
    const share = received < 30 ? `${formatCount(overdue)}/${formatCount(received)}` : formatShare(overdue, received);
    return `Tiến độ: ${formatCount(overdue)} hồ sơ quá hạn (${share})`;
  },
  MDHL: (count) => {
    const [petitions, onTime, satisfied] = [
      count("MDHL.petitions"),
      count("MDHL.PETITION_PROCESSING_ON_TIME.numerator"),
      count("MDHL.PETITION_HANDLING_SATISFACTION.numerator"),
    ];
    const [due, rated] = [
      count("MDHL.PETITION_PROCESSING_ON_TIME.denominator"),
      count("MDHL.PETITION_HANDLING_SATISFACTION.denominator"),
    ];
    if (
      petitions === null ||
      petitions === 0 ||
      onTime === null ||
      satisfied === null ||
      due === null ||
      rated === null
    )
      return null;
    if (onTime === due && satisfied === rated) return null;
    return `Phản ánh, kiến nghị: ${formatSmallCount(petitions)} phản ánh, kiến nghị, đúng hạn ${formatCount(onTime)}/${formatCount(due)}, hài lòng ${formatCount(satisfied)}/${formatCount(rated)}`;
  },
  TTTT: (count) => {
    const [paid, due] = [count("TTTT.paidOnline"), count("TTTT.obligation")];
    if (paid === null || due === null || due === 0 || paid >= due) return null;
    return `${GROUP_TITLES.TTTT}: ${formatCount(due - paid)}/${formatCount(due)} hồ sơ có nghĩa vụ tài chính chưa thanh toán trực tuyến`;
  },
  MDSH: (count) => {
    const [done, all, score] = [
      count("MDSH.SO_HOA_GIAY_TO_GIAI_QUYET.numerator"),
      count("MDSH.SO_HOA_GIAY_TO_GIAI_QUYET.denominator"),
      count("MDSH.SO_HOA_GIAY_TO_GIAI_QUYET.score"),
    ];
    if (done === null || all === null || score === null || all === 0 || done >= all) return null;
    const share = all < 30 ? "" : ` (${formatShare(done, all)})`;
    return `Số hóa thành phần hồ sơ: ${formatCount(done)}/${formatCount(all)} hồ sơ${share}, đạt ${formatPoints(score)}/4 điểm`;
  },
  CKMB: (count) => {
    const [done, all] = [count("CKMB.DOSSIER_SYNC.numerator"), count("CKMB.DOSSIER_SYNC.denominator")];
    if (done === null || all === null || done >= all) return null;
    return `Đồng bộ hồ sơ: còn ${formatCount(all - done)}/${formatCount(all)} hồ sơ chưa đồng bộ`;
  },
};
