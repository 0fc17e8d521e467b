import type { SampleBody } from "./bodies.ts";
import { characterOf } from "./character.ts";
import { type Figures, share } from "./scoring.ts";
import { scoreOf } from "./shape-metrics.ts";
import { monthName } from "./shape-ranking.ts";
import type { Row, View } from "./view.ts";

/** The answer of dvc-progress-tree (TDGQ): the parent's score is `totalScore`, a child's is `score`, as on the portal. */
export function progressOf(view: View): Record<string, unknown> {
  const { counts, groups } = view.parent;
  return {
    parent: {
      ...identityOf(view.place),
      totalReceived: counts.received,
      totalOnTime: counts.onTime,
      totalCompleted: counts.received - Math.floor((counts.received - counts.onTime) / 3),
      avgProcessingDays: 6.4,
      ratio: share(10_000, counts.onTime, counts.received) / 100,
      totalScore: groups.TDGQ / 100,
      totalMaxScore: 20,
    },
    children: view.rows.map(progressChild),
    monthlyChart: view.months.map((month, index) => {
      // The portal writes 0 here for months outside the period, not null.
      const onTime = month === null ? 0 : share(10_000, month.onTime, month.received);
      const overdue = month === null || month.received === 0 ? 0 : 10_000 - onTime;
      return { month: monthName(index), onTimePct: onTime / 100, overduePct: overdue / 100 };
    }),
  };
}

/** The answer of provide-online-tree (CLGQ): counts only for the parent. */
export function onlineOf(view: View): Record<string, unknown> {
  const { counts, groups, procedures } = view.parent;
  const overdue = Math.min(counts.online, counts.received - counts.onTime);
  return {
    parent: {
      ...identityOf(view.place),
      ...scoreOf(groups.CLGQ, 12),
      authorityCount: procedures.full + procedures.partial + procedures.none,
      partialCount: procedures.partial,
      fullCount: procedures.full,
      onlineDossierCount: procedures.paidOnline,
      onlineServiceTotal: procedures.all,
      channelOnlineSum: counts.online,
      channelDirectSum: counts.received - counts.online,
      channelPostalSum: 0,
      channelTotalSum: counts.received,
      onlineOnTimeSum: counts.online - overdue,
      onlineOverdueSum: overdue,
    },
    children: view.rows.map(({ body, figures }) => ({
      ...identityOf(body),
      level: levelOf(body),
      ...scoreOf(figures.groups.CLGQ, 12),
      scoreDelta: null,
    })),
    monthlyChart: view.months.map((_, index) => ({ label: monthName(index), onlineDossierPct: 0 })),
  };
}

/** The answer of formality-online-payment-tree (TTTT). */
export function paymentOf(view: View): Record<string, unknown> {
  return {
    parent: { ...identityOf(view.place), ...paymentFigures(view.parent) },
    children: view.rows.map(({ body, figures }) => ({
      ...identityOf(body),
      level: levelOf(body),
      ...paymentFigures(figures),
      scoreDelta: null,
    })),
  };
}

function progressChild({ body, figures }: Row): Record<string, unknown> {
  const { received, onTime } = figures.counts;
  return {
    ...identityOf(body),
    level: levelOf(body),
    totalReceived: received,
    totalOnTime: onTime,
    totalOverdue: received - onTime,
    avgProcessingDays: received === 0 ? 0 : Math.round(characterOf(body).processingDays * 100) / 100,
    ratio: share(10_000, onTime, received) / 100,
    score: figures.groups.TDGQ / 100,
    maxScore: 20,
    scoreDelta: null,
  };
}

function paymentFigures({ counts, groups, procedures }: Figures): Record<string, unknown> {
  return {
    ...scoreOf(groups.TTTT, 10),
    totalDossierOnlinePaymentSuccess: counts.paid,
    totalDossierFinancialObligation: counts.obliged,
    totalDossierOnlineFormalityPaymentSuccess: procedures.paidOnline,
    totalFeeDossierFormalityDistinct: procedures.withFee,
    totalFeeDossierFormality: procedures.paidDossier,
    totalFeeFormality: procedures.withFee,
  };
}

function identityOf(body: SampleBody | null): Record<string, unknown> {
  return {
    departmentId: body?.departmentId ?? null,
    departmentName: body?.name ?? "Cả nước",
    departmentCode: body?.code ?? null,
  };
}

function levelOf(body: SampleBody): string {
  return body.level === "commune" ? "COMMUNE" : "PROVINCE";
}
