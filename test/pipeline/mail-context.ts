import { createHash } from "node:crypto";
import type { BulletinName, Edition } from "../../src/domain/edition.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import type { Channel, Context } from "../../src/pipeline/context.ts";
import type { EditionFile, Store } from "../../src/pipeline/store.ts";

/** A configuration of Gia Lai's, as far as mail needs one. */
export const SETTINGS: Settings = {
  province: "H21",
  issuer: {
    superior: [],
    name: ["VĂN PHÒNG"],
    line: "",
    inText: "Văn phòng UBND tỉnh",
    place: "Gia Lai",
    contact: "0269 0000000",
  },
  periods: ["year"],
  schedule: {
    collect: "0 6 * * *",
    "publish-daily": "15 6 * * *",
    "publish-weekly": "30 6 * * 1",
    redeliver: "*/10 * * * *",
    "preview-weekly": "0 15 * * *",
    receipt: "10 12 * * *",
  },
  timeZone: "Asia/Ho_Chi_Minh",
  serve: { address: "127.0.0.1", port: 0 },
  thresholds: THRESHOLDS,
  classes: { source: null, bounds: [] },
  floors: { noise: 5, headline: 100, large: 100, ranks: 3, dossiers: 30 },
  portal: { pauseMs: 0, timeoutMs: 1000, maxBytes: 1000 },
  mail: {
    from: { name: "Bản tin 766 tỉnh Gia Lai", address: "bantin766@tinh.example.vn" },
    replyTo: "kstthc@tinh.example.vn",
    admin: "Quan.Tri@tinh.example.vn",
  },
  delivery: { deadline: { daily: "12:00", weeklyHours: 24, byHandHours: 5 } },
  daily: { whenUnchanged: "short", deadline: "08:30", whenNoData: "last_complete" },
  digest: { ranking: "full_names" },
  weekly: {
    ...{ masthead: "nd30", deadline: "06:45", whenNoData: "last_complete", report: null },
    ...{ approval: { kind: "none" }, approvers: [] },
  },
  whereToLook: {},
};

/** A context with a real store and a real channel; clock, log and terminal are recorded. What mail does not use is refused. */
export function mailContext(store: Store, channel: Channel, settings: Settings = SETTINGS) {
  const said: string[] = [];
  const logged: string[] = [];
  const unused = (): never => {
    throw new Error("mail does not use this");
  };
  const ctx: Context = {
    now: () => new Date("2026-10-12T00:20:00.000Z"),
    sleep: () => Promise.resolve(),
    instance: "test:1",
    settings,
    portal: { ask: unused },
    store,
    press: { pdf: unused, html: unused, text: unused, picture: unused, day: unused, office: unused },
    channel,
    out: { write: unused, directory: "out" },
    log: (event, facts) => logged.push(`${event} ${JSON.stringify(facts)}`),
    progress: (line) => said.push(line),
  };
  return { ctx, said, logged };
}

/** Freezes an edition for an audience with its three files; gives its key. */
export async function freezeEdition(
  store: Store,
  what: {
    bulletin?: BulletinName;
    audience: string;
    issue?: string;
    reissue?: number;
    pages?: boolean;
    subject?: string;
  },
): Promise<string> {
  const { bulletin = "daily", audience, issue = bulletin === "daily" ? "2026-10-12" : "2026-W41", pages = true } = what;
  const edition: Edition = {
    bulletin,
    audience,
    issue,
    reissue: what.reissue ?? 0,
    asOf: new Date("2026-10-11T23:00:00.000Z"),
    composedAt: new Date("2026-10-12T00:15:00.000Z"),
    snapshots: [],
    baseline: null,
    content: {
      subject: what.subject ?? `[766] 12/10: ${audience} 59,17 điểm (−12,01) – lũy kế năm 2026`,
      lines: ["Lũy kế năm 2026 đạt 59,17/100 điểm."],
      summary: "",
      title: "ĐIỂM TIN",
      pages,
      masthead: { kind: "digest", left: "", right: "", unit: audience },
      blocks: [],
      figures: [],
    },
  };
  const file = (kind: EditionFile["kind"], text: string): EditionFile => {
    const bytes = new TextEncoder().encode(text);
    return { kind, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
  };
  const files = [file("text", `Lũy kế của ${audience}: 59,17 điểm.`), file("html", `<p>${audience}: 59,17 điểm</p>`)];
  return store.editions.freeze(edition, pages ? [...files, file("pdf", `%PDF-1.7 ${audience} \u0001\u0002`)] : files);
}
