import { isIP } from "node:net";
import { z } from "zod";
import {
  address,
  bounceAddress,
  cron,
  DOMAIN,
  domainName,
  isPublicUrl,
  lines,
  points,
  selector,
  text,
  whole,
} from "./config-scalars.ts";
import { TIME_ZONE } from "./domain/calendar.ts";
import { isProvinceCode } from "./domain/unit.ts";

const issuer = z.strictObject({
  superior: lines.optional(),
  name: lines.optional(),
  line: text.optional(),
  in_text: text.optional(),
  place: text.optional(),
  contact: text.optional(),
  notice: text.optional(),
});

const periods = z
  .array(z.enum(["year", "quarter", "month"]))
  .refine((kinds) => new Set(kinds).size === kinds.length, "names a period twice")
  .refine((kinds) => kinds.includes("year"), 'lacks "year", the headline period of every bulletin')
  .prefault(["year", "quarter", "month"]);

const bounds = z
  .record(text, points(100))
  .refine((classes) => Object.keys(classes).length > 0, "names no class")
  .refine(
    (classes) => Object.values(classes).every((from, index, all) => index === 0 || from < (all[index - 1] ?? 0)),
    "does not fall strictly from the first class to the last",
  )
  .prefault({ "Xuất sắc": 90, Tốt: 80, Khá: 70, "Trung bình": 50, Yếu: 0 });

const floors = z
  .strictObject({
    noise: points(100).prefault(0.05),
    headline: points(100).prefault(0.5),
    large: points(100).prefault(1),
    ranks: whole(1, 1000).prefault(3),
    dossiers: whole(0, 1_000_000).prefault(30),
  })
  .refine(
    ({ noise, headline, large }) => noise <= headline && headline <= large,
    "does not rise from noise over headline to large",
  )
  .prefault({});

const percent = whole(1, 100);
const analysis = z
  .strictObject({
    shift: z
      .strictObject({
        take: points(100).prefault(0.5),
        window: points(100).prefault(0.1),
        window_percent: whole(0, 90).prefault(10),
        units: whole(2, 10_000).prefault(5),
        mass_percent: percent.prefault(80),
        partial_percent: percent.prefault(30),
        partial_from: points(100).prefault(1),
      })
      .prefault({}),
    zero: z.strictObject({ percent: percent.prefault(20), units: whole(1, 10_000).prefault(3) }).prefault({}),
    jump: z
      .strictObject({
        from: points(100).prefault(1),
        factor: whole(1, 100).prefault(3),
        days: whole(1, 31).prefault(3),
      })
      .prefault({}),
    trend: z
      .strictObject({
        steps: whole(4, 60).prefault(10),
        agree: whole(4, 60).prefault(9),
        sum: points(100).prefault(0.5),
      })
      .refine(({ steps, agree }) => agree <= steps, "wants more agreeing steps than there are")
      .prefault({}),
    memory: z.strictObject({ issues: whole(0, 30).prefault(5) }).prefault({}),
    flow: z.strictObject({ dossiers: whole(1, 1_000_000).prefault(10) }).prefault({}),
  })
  .prefault({});

const timeOfDay = (usual: string) =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as "08:30"')
    .prefault(usual);

const weeklyApproval = z
  .string()
  .regex(/^(?:required|none|auto_at (?:[01]\d|2[0-3]):[0-5]\d)$/, 'is not "required", "auto_at HH:MM" or "none"')
  .prefault("auto_at 06:45");

const readiness = (deadline: string) => ({
  deadline: timeOfDay(deadline),
  when_no_data: z.enum(["last_complete", "skip"]).prefault("last_complete"),
});

const report = z
  .strictObject({
    symbol: z
      .string()
      .regex(/^BC-[\p{Lu}\p{N}][\p{L}\p{N}.-]{0,36}$/u, 'is not a symbol such as "BC-VP"')
      .nullable()
      .prefault(null),
    to: z.array(text).max(10).prefault([]),
    signer: z.array(text).max(3).prefault([]),
    receivers: z.array(text).max(15).prefault([]),
    filed_by: text.nullable().prefault(null),
  })
  .prefault({});

const hint = text.optional();

/**
 * The configuration file, key by key: what may stand there and what holds when nothing does.
 * What a province makes mandatory is checked in config-file.ts, so that every mistake is told at once.
 */
export const fileSchema = z.strictObject({
  province: z.string().refine(isProvinceCode, "is not a province's H-code such as H21").optional(),
  issuer: issuer.prefault({}),
  periods,
  fonts: z.strictObject({ regular: text, bold: text, italic: text, bold_italic: text }).nullable().prefault(null),
  schedule: z
    .strictObject({
      collect: cron("0 6 * * *"),
      publish_daily: cron("0 7 * * *"),
      publish_weekly: cron("30 6 * * *"),
      redeliver: cron("*/10 * * * *"),
      preview_weekly: cron("0 15 * * *"),
      receipt: cron("10 12 * * *"),
    })
    .prefault({}),
  serve: z
    .strictObject({
      address: z
        .string()
        .refine((value) => isIP(value) !== 0, "is not an IP address of this machine")
        .prefault("127.0.0.1"),
      port: whole(1, 65_535).prefault(8767),
      public_url: z
        .string()
        .refine(isPublicUrl, "is not an address such as https://766.gialai.gov.vn, without account, query and fragment")
        .nullable()
        .prefault(null),
    })
    .prefault({}),
  time_zone: z.literal(TIME_ZONE).prefault(TIME_ZONE),
  class: z.strictObject({ source: text.nullable().prefault(null), bounds }).prefault({}),
  floors,
  analysis,
  portal: z
    .strictObject({
      pause_ms: whole(0, 60_000).prefault(1000),
      timeout_ms: whole(100, 600_000).prefault(60_000),
      max_mb: whole(1, 500).prefault(50),
    })
    .prefault({}),
  mail: z
    .strictObject({
      from: z.strictObject({ name: text.optional(), address: address.optional() }).prefault({}),
      reply_to: address.optional(),
      admin: address.optional(),
      rehearsal_to: address.optional(),
      bounce_address: bounceAddress.optional(),
      dkim: z.strictObject({ domain: domainName, selector }).nullable().prefault(null),
      per_second: whole(0, 1000).prefault(5),
      folder: z.boolean().prefault(false),
      allowed_domains: z
        .array(z.string().regex(DOMAIN, "is not a domain such as gialai.gov.vn or *.gialai.gov.vn"))
        .min(1)
        .optional(),
      keep_log_months: whole(1, 120).prefault(12),
    })
    .prefault({}),
  delivery: z
    .strictObject({
      deadline: z
        .strictObject({
          daily: timeOfDay("12:00"),
          weekly_hours: whole(1, 168).prefault(24),
          by_hand_hours: whole(1, 48).prefault(5),
        })
        .prefault({}),
    })
    .prefault({}),
  daily: z
    .strictObject({ when_unchanged: z.enum(["short", "full", "skip"]).prefault("short"), ...readiness("08:30") })
    .prefault({}),
  digest: z.strictObject({ ranking: z.enum(["full_names", "anonymous", "none"]).prefault("full_names") }).prefault({}),
  weekly: z
    .strictObject({
      masthead: z.enum(["nd30", "simple"]).prefault("nd30"),
      ...readiness("06:45"),
      office_papers: z.boolean().prefault(true),
      report,
      approval: weeklyApproval,
      approvers: z.array(address).max(20).prefault([]),
    })
    .refine(({ approval, approvers }) => approval !== "required" || approvers.length > 0, {
      path: ["approvers"],
      error: "names nobody, although weekly.approval is required: nobody would be shown the bulletin to approve",
    })
    .prefault({}),
  where_to_look: z
    .strictObject({
      CKMB: hint,
      TDGQ: hint,
      CLGQ: hint,
      TTTT: hint,
      MDHL: hint,
      MDSH: hint,
    })
    .prefault({}),
});

/** The file as checked: snake_case as written, defaults filled in, points already in hundredths. */
export type ConfigFile = z.output<typeof fileSchema>;

/** The keys a file may hold at its top, in the order of the example. */
export const CONFIG_KEYS: readonly string[] = Object.keys(fileSchema.shape);

/** Every key a file may hold, as dotted paths: "issuer.contact". Names of classes are free and not among them. */
export function configPaths(): readonly string[] {
  return pathsBelow(z.toJSONSchema(fileSchema, { io: "input" }), "");
}

function pathsBelow(schema: z.core.JSONSchema._JSONSchema, prefix: string): readonly string[] {
  if (typeof schema === "boolean") return [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    `${prefix}${key}`,
    ...pathsBelow(value, `${prefix}${key}.`),
  ]);
}
