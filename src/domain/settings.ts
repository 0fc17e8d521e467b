import type { ReportSettings } from "./office.ts";
import type { Thresholds } from "./thresholds.ts";

/** Until when a bulletin waits for the day's complete figures ("08:30"), and what becomes of it when there are none then. */
export type Readiness = { readonly deadline: string; readonly whenNoData: "last_complete" | "skip" };

/** What has to happen before a weekly leaves: a person's word; the hour, unless somebody holds it; nothing. */
export type WeeklyApproval =
  | { readonly kind: "required" | "none" }
  | { readonly kind: "auto" /** "06:45", on the day of issue. */; readonly at: string };

/** Everything an operator may set, checked and complete. Secrets are not here: they stay in the environment and its adapters. */
export type Settings = {
  /** The province's H-code; null when no configuration names one. */
  readonly province: string | null;
  readonly issuer: {
    /** Lines above the issuing body: "UBND TỈNH GIA LAI". */
    readonly superior: readonly string[];
    /** The issuing body: "VĂN PHÒNG". */
    readonly name: readonly string[];
    /** One line for the digest's head: "VĂN PHÒNG UBND TỈNH GIA LAI". */
    readonly line: string;
    /** How running text calls the body that computed the ranks: "Văn phòng UBND tỉnh". */
    readonly inText: string;
    /** Place in "Gia Lai, ngày …". */
    readonly place: string;
    /** Who answers questions, printed in every note: "Phòng Kiểm soát thủ tục hành chính, điện thoại 0269 …". */
    readonly contact: string;
    /** A warning printed at the head of every page and mail (the demo's "số liệu mẫu"); usually absent. */
    readonly notice?: string;
  };
  readonly periods: readonly ("year" | "quarter" | "month")[];
  readonly schedule: Readonly<
    Record<"collect" | "publish-daily" | "publish-weekly" | "redeliver" | "preview-weekly" | "receipt", string>
  >;
  /** Where the resident process answers questions about itself. */
  readonly serve: {
    readonly address: string;
    readonly port: number;
    /** Where readers reach it from outside, without closing slash; absent: no mail carries a link. */
    readonly publicUrl?: string;
  };
  readonly timeZone: "Asia/Ho_Chi_Minh";
  readonly classes: {
    /** The document that sets the bounds; without it no class is printed. */
    readonly source: string | null;
    /** Lower bounds in hundredths of a point, best first. */
    readonly bounds: readonly { readonly name: string; readonly from: number }[];
  };
  /** Hundredths of a point. */
  readonly floors: {
    /** Below it a change is "cơ bản giữ nguyên". */
    readonly noise: number;
    /** From it on a change is named among movers. */
    readonly headline: number;
    /** From it on a change is a headline and is remembered. */
    readonly large: number;
    /** Rank news need at least this many places. */
    readonly ranks: number;
    /** Units with fewer dossiers are marked and kept out of highest and lowest. */
    readonly dossiers: number;
  };
  /** From when on the analysis speaks. */
  readonly thresholds: Thresholds;
  readonly portal: { readonly pauseMs: number; readonly timeoutMs: number; readonly maxBytes: number };
  readonly mail: {
    readonly from: { readonly name: string; readonly address: string };
    readonly replyTo?: string;
    /** Who hears of faults. */
    readonly admin?: string;
    /** While set, every edition goes to this one mailbox and to nobody else. */
    readonly rehearsalTo?: string;
    /** True when the resident process may run although mail only goes into a folder. */
    readonly folder?: boolean;
    /** The domains an address may be at, "*.gialai.gov.vn" for all below one; absent: any. */
    readonly allowedDomains?: readonly string[];
    /** Where notices of failure come back: "bounce@domain", sent as bounce+TOKEN@domain. Absent: to the sender, without a token. */
    readonly bounceAddress?: string;
    /** Under which name of the DNS the public half of the signing key stands: SELECTOR._domainkey.DOMAIN. Absent: mail is not signed. */
    readonly dkim?: { readonly domain: string; readonly selector: string };
    /** The most mails a process hands to the relay in one second; 0 or absent: no limit. */
    readonly perSecond?: number;
    /** For how many months send logs keep addresses and replies; 12 when absent. */
    readonly keepLogMonths?: number;
  };
  readonly delivery: {
    /** Until when an edition is sent by itself; apart from the hour until which its figures are waited for. */
    readonly deadline: {
      /** The clock time on the day of a daily issue: "12:00". */
      readonly daily: string;
      /** Hours after a weekly issue was made. */
      readonly weeklyHours: number;
      /** Hours after somebody asked for a daily by hand. */
      readonly byHandHours: number;
    };
  };
  readonly daily: Readiness & { readonly whenUnchanged: "short" | "full" | "skip" };
  readonly digest: { readonly ranking: "full_names" | "anonymous" | "none" };
  readonly weekly: Readiness & {
    readonly masthead: "nd30" | "simple";
    /** The frame of the Báo cáo made beside the bulletin; null when no papers for the office are wanted. */
    readonly report: ReportSettings | null;
    readonly approval: WeeklyApproval;
    /** Addresses that are shown the weekly before it leaves. */
    readonly approvers: readonly string[];
  };
  /** "Tra cứu: …" per group, printed with advice. */
  readonly whereToLook: Readonly<Partial<Record<"CKMB" | "TDGQ" | "CLGQ" | "TTTT" | "MDHL" | "MDSH", string>>>;
};
