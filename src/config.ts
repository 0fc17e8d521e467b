import { dirname, resolve } from "node:path";
import { type Environment, type LogLevel, readEnvironment } from "./config-environment.ts";
import { emptyFile, readConfigFile } from "./config-file.ts";
import type { ConfigFile } from "./config-schema.ts";
import { TIME_ZONE } from "./domain/calendar.ts";
import { UsageError } from "./domain/errors.ts";
import type { ReportSettings } from "./domain/office.ts";
import type { Readiness, Settings, WeeklyApproval } from "./domain/settings.ts";
import type { Thresholds } from "./domain/thresholds.ts";
import { SOURCES } from "./sources/index.ts";

const DEFAULT_FILE = "diemtin.yaml";

/** Everything that may differ from one installation to the next. Holds secrets: never log it, never print it. */
export type Config = {
  readonly settings: Settings;
  /** Absolute. The embedded database and other state. */
  readonly home: string;
  /** Absolute. Where editions and pages are written. */
  readonly out: string;
  readonly logLevel: LogLevel;
  /** A PostgreSQL server; null for the embedded one below `home`. */
  readonly databaseUrl: string | null;
  /** A mail relay; null for a folder below `out`. */
  readonly smtpUrl: string | null;
  /** Told after a job's good run; null for nobody. Secret. */
  readonly pingUrl: string | null;
  /** Told of faults that mail cannot carry; null for nobody. Secret. */
  readonly alarmUrl: string | null;
  /** Absolute. The browser that photographs a preview; null for the usual places. */
  readonly chromium: string | null;
  /** What links in mails are signed with; null without links. Secret. */
  readonly linkSecret?: string | null;
  /** The private key mail is signed with, PEM; null: mail is not signed. Secret. */
  readonly dkimKey?: string | null;
  /** The mailbox bounces come to; null for none. Secret. */
  readonly imapUrl?: string | null;
  /** The address of each asked source, without closing slash. */
  readonly bases: Readonly<Record<string, string>>;
  /** Absolute path of the file that was read; null when the defaults hold. */
  readonly file: string | null;
  readonly province: string | null;
  /** Absolute paths of the operator's own four fonts; null for the shipped ones. */
  readonly fonts: FontFiles | null;
};

/** One TTF file per style; beside the configuration file when not absolute. */
export type FontFiles = Readonly<Record<"regular" | "bold" | "italic" | "boldItalic", string>>;

/** Settings that name a province: what composing, drawing and sending need. */
export type ProvinceSettings = Settings & { readonly province: string };

/**
 * Reads the configuration: the file named in DIEMTIN_CONFIG, else diemtin.yaml in the working directory, else the defaults;
 * secrets and addresses from the environment. Throws UsageError with every mistake of both, one line each.
 */
export function readConfig(given: {
  readonly env: Environment;
  readonly cwd: string /** False reads no file at all. */;
  readonly file?: boolean;
}): Config {
  const environment = readEnvironment(given.env, given.cwd);
  const name = environment.configFile ?? DEFAULT_FILE;
  const path = resolve(given.cwd, name);
  const read = given.file === false ? null : readConfigFile(path);
  const mistakes = [...environment.mistakes];
  if (read === null && environment.configFile !== null && given.file !== false) {
    mistakes.push(`DIEMTIN_CONFIG: there is no file ${path}; correct the variable, or unset it to use ${DEFAULT_FILE}`);
  }
  if (read?.ok === false) {
    mistakes.push(...read.mistakes.map((mistake) => [name, mistake.path, mistake.message].filter(Boolean).join(": ")));
  }
  if (read?.ok === true && read.file.serve.public_url !== null && environment.linkSecret === null)
    mistakes.push(
      "serve.public_url: links in mails are signed with DIEMTIN_LINK_SECRET, which is not set: give it at least 32 characters, or leave public_url out",
    );
  if (read?.ok === true) mistakes.push(...dkimMistakes(read.file.mail, environment.dkimKey));
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const settings = settingsOf(read?.ok === true ? read.file : emptyFile());
  return {
    settings,
    home: environment.home,
    out: environment.out,
    logLevel: environment.logLevel,
    databaseUrl: environment.databaseUrl,
    smtpUrl: environment.smtpUrl,
    pingUrl: environment.pingUrl,
    alarmUrl: environment.alarmUrl,
    chromium: environment.chromium,
    linkSecret: environment.linkSecret,
    imapUrl: environment.imapUrl,
    dkimKey: environment.dkimKey,
    bases: basesOf(environment.portalUrl),
    file: read === null ? null : path,
    province: settings.province,
    fonts: read?.ok === true && read.file.fonts !== null ? fontFilesOf(read.file.fonts, dirname(path)) : null,
  };
}

function fontFilesOf(fonts: NonNullable<ConfigFile["fonts"]>, folder: string): FontFiles {
  const { regular, bold, italic, bold_italic: boldItalic } = fonts;
  const at = (file: string) => resolve(folder, file);
  return { regular: at(regular), bold: at(bold), italic: at(italic), boldItalic: at(boldItalic) };
}

/** A key without a name signs nothing, and a signature for another domain than the sender's helps nobody (RFC 7489 3.1.1). */
function dkimMistakes({ dkim, from }: ConfigFile["mail"], key: string | null): readonly string[] {
  if (dkim === null)
    return key === null
      ? []
      : ["DIEMTIN_DKIM_KEY: it is set, but mail.dkim is not: write domain and selector there, or unset the variable"];
  const sender = from.address?.slice(from.address.lastIndexOf("@") + 1).toLowerCase() ?? dkim.domain;
  const isAligned = `.${sender}`.endsWith(`.${dkim.domain}`) || dkim.domain.endsWith(`.${sender}`);
  return [
    ...(key === null ? ["mail.dkim: mail is signed with the key in DIEMTIN_DKIM_KEY, which is not set"] : []),
    ...(isAligned ? [] : [`mail.dkim.domain: mail is sent from ${sender}, which ${dkim.domain} does not speak for`]),
  ];
}

/** The settings of a command that needs a province. Throws UsageError when no file names one. */
export function requireProvince(config: Pick<Config, "settings" | "file">): ProvinceSettings {
  const { province } = config.settings;
  if (province !== null) return { ...config.settings, province };
  const where = config.file ?? `${DEFAULT_FILE}, made from diemtin.example.yaml (or in the file DIEMTIN_CONFIG names)`;
  throw new UsageError(`this command needs a province: write "province: H21" with your province's code in ${where}`);
}

/** A source without an address of its own is only imported, never asked. */
function basesOf(portalUrl: string | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    SOURCES.flatMap(({ name, defaultBase }) => (defaultBase === null ? [] : [[name, portalUrl ?? defaultBase]])),
  );
}

function settingsOf(file: ConfigFile): Settings {
  const { issuer, mail, schedule } = file;
  const { from } = mail;
  return {
    province: file.province ?? null,
    issuer: {
      superior: issuer.superior ?? [],
      name: issuer.name ?? [],
      line: issuer.line ?? "",
      inText: issuer.in_text ?? "",
      place: issuer.place ?? "",
      contact: issuer.contact ?? "",
      ...(issuer.notice === undefined ? {} : { notice: issuer.notice }),
    },
    periods: file.periods,
    schedule: {
      collect: schedule.collect,
      "publish-daily": schedule.publish_daily,
      "publish-weekly": schedule.publish_weekly,
      redeliver: schedule.redeliver,
      "preview-weekly": schedule.preview_weekly,
      receipt: schedule.receipt,
    },
    timeZone: TIME_ZONE,
    serve: serveOf(file.serve),
    classes: {
      source: file.class.source,
      bounds: Object.entries(file.class.bounds).map(([name, lower]) => ({ name, from: lower })),
    },
    floors: file.floors,
    thresholds: thresholdsOf(file.analysis),
    portal: {
      pauseMs: file.portal.pause_ms,
      timeoutMs: file.portal.timeout_ms,
      maxBytes: file.portal.max_mb * 1024 * 1024,
    },
    mail: {
      from: { name: from.name ?? "", address: from.address ?? "" },
      folder: mail.folder,
      keepLogMonths: mail.keep_log_months,
      ...(mail.allowed_domains === undefined ? {} : { allowedDomains: mail.allowed_domains }),
      ...(mail.reply_to === undefined ? {} : { replyTo: mail.reply_to }),
      ...(mail.admin === undefined ? {} : { admin: mail.admin }),
      ...(mail.rehearsal_to === undefined ? {} : { rehearsalTo: mail.rehearsal_to }),
      ...(mail.bounce_address === undefined ? {} : { bounceAddress: mail.bounce_address }),
      ...(mail.dkim === null ? {} : { dkim: mail.dkim }),
      perSecond: mail.per_second,
    },
    delivery: {
      deadline: {
        daily: file.delivery.deadline.daily,
        weeklyHours: file.delivery.deadline.weekly_hours,
        byHandHours: file.delivery.deadline.by_hand_hours,
      },
    },
    daily: { whenUnchanged: file.daily.when_unchanged, ...readinessOf(file.daily) },
    digest: { ranking: file.digest.ranking },
    weekly: {
      masthead: file.weekly.masthead,
      ...readinessOf(file.weekly),
      approval: approvalOf(file.weekly.approval),
      approvers: file.weekly.approvers,
      report: reportOf(file.weekly),
    },
    whereToLook: Object.fromEntries(Object.entries(file.where_to_look).filter(([, hint]) => hint !== undefined)),
  };
}

function serveOf({ address, port, public_url }: ConfigFile["serve"]): Settings["serve"] {
  return { address, port, ...(public_url === null ? {} : { publicUrl: public_url.replace(/\/+$/, "") }) };
}

function reportOf({ office_papers, report }: ConfigFile["weekly"]): ReportSettings | null {
  if (!office_papers) return null;
  const { symbol, to, signer, receivers, filed_by } = report;
  return { symbol, to, signer, receivers, filedBy: filed_by };
}

function readinessOf(bulletin: ConfigFile["daily" | "weekly"]): Readiness {
  return { deadline: bulletin.deadline, whenNoData: bulletin.when_no_data };
}

function approvalOf(text: string): WeeklyApproval {
  const at = /^auto_at (.*)$/.exec(text)?.[1];
  if (at !== undefined) return { kind: "auto", at };
  return { kind: text === "required" ? "required" : "none" };
}

function thresholdsOf({ shift, zero, jump, trend, memory, flow }: ConfigFile["analysis"]): Thresholds {
  const { window_percent, mass_percent, partial_percent, partial_from, ...rest } = shift;
  return {
    shift: {
      ...rest,
      windowPercent: window_percent,
      massPercent: mass_percent,
      partialPercent: partial_percent,
      partialFrom: partial_from,
    },
    zero,
    jump,
    trend,
    memory,
    flow,
  };
}
